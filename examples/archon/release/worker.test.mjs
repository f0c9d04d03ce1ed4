// `node --test`: what the worker passes on, and what it does not.
import assert from "node:assert/strict";
import { test } from "node:test";

import worker, { passedOn } from "./worker.mjs";

const BATCH = JSON.stringify({ api_key: "phc_0", batch: [{ event: "binary.startup" }] });

/** What would tell somebody who sent it. */
const TELLING = {
  "cf-connecting-ip": "192.0.2.7",
  "x-forwarded-for": "192.0.2.7",
  "x-real-ip": "192.0.2.7",
  forwarded: "for=192.0.2.7",
  cookie: "ph_canary=secret",
  referer: "https://canary.example/secret",
  "user-agent": "canary/1",
  "cf-ipcountry": "XX",
  "accept-language": "xx-canary",
};

function request(path, { method = "POST", headers = {}, body = BATCH } = {}) {
  return new Request(`https://telemetry.archon.example${path}`, {
    method, headers: { "content-type": "application/json", ...headers },
    body: method === "GET" || method === "HEAD" ? undefined : body,
  });
}

/** A PostHog that keeps what it was asked. */
function posthog(answer = () => new Response('{"status":"Ok"}', { headers: { "content-type": "application/json", "set-cookie": "a=b", server: "x" } })) {
  const asked = [];
  return { asked, send: async (url, init) => { asked.push({ url, init }); return answer(); } };
}

test("a batch arrives as it was sent, and PostHog's answer comes back", async () => {
  const there = posthog();
  const answer = await worker.fetch(request("/batch/"), {}, undefined, there.send);
  assert.equal(answer.status, 200);
  assert.equal(await answer.text(), '{"status":"Ok"}');
  assert.equal(there.asked.length, 1);
  const [{ url, init }] = there.asked;
  assert.equal(url, "https://eu.i.posthog.com/batch/");
  assert.equal(init.method, "POST");
  assert.equal(Buffer.from(init.body).toString(), BATCH);
  assert.equal(init.headers.get("content-type"), "application/json");
});

test("nothing that says who sent it is passed on", async () => {
  const there = posthog();
  await worker.fetch(request("/batch/?ip=192.0.2.7", { headers: TELLING }), {}, undefined, there.send);
  const [{ url, init }] = there.asked;
  assert.equal(url, "https://eu.i.posthog.com/batch/");
  assert.deepEqual([...init.headers.keys()], ["content-type"]);
  assert.ok(!JSON.stringify([url, [...init.headers]]).includes("192.0.2.7"));
});

test("nothing of PostHog's that marks a client comes back", async () => {
  const answer = await worker.fetch(request("/batch/"), {}, undefined, posthog().send);
  assert.deepEqual([...answer.headers.keys()], ["content-type"]);
});

test("compression and the newer form keep what they need", () => {
  const headers = { "content-encoding": "gzip", authorization: "Bearer phc_0", "posthog-attempt": "2" };
  const { init } = passedOn(request("/i/v1/analytics/events", { headers }));
  for (const [name, value] of Object.entries(headers)) assert.equal(init.headers.get(name), value);
});

test("only the places for events, and only to write", () => {
  for (const path of ["/batch", "/batch/", "/capture/", "/e/", "/i/v0/e/", "/i/v1/analytics/events"]) {
    assert.notEqual(typeof passedOn(request(path)), "number", path);
  }
  for (const path of ["/", "/api/projects", "/batch/x", "/static/array.js", "/decide/", "/x/batch/", "//batch/"]) {
    assert.equal(passedOn(request(path)), 404, path);
  }
  for (const method of ["GET", "HEAD", "PUT", "DELETE", "OPTIONS"]) {
    assert.equal(passedOn(request("/batch/", { method })), 405, method);
  }
});

test("what is too large is refused, whatever it says of its size", async () => {
  assert.equal(passedOn(request("/batch/", { headers: { "content-length": "20971521" } })), 413);
  const there = posthog();
  const body = new Uint8Array(20 * 1024 * 1024 + 1);
  const answer = await worker.fetch(request("/batch/", { body }), {}, undefined, there.send);
  assert.equal(answer.status, 413);
  assert.equal(there.asked.length, 0);
});

test("a PostHog that is away or busy is told so that Archon keeps its events", async () => {
  const away = await worker.fetch(request("/batch/"), {}, undefined, async () => { throw new Error("away"); });
  assert.equal(away.status, 502);
  const busy = posthog(() => new Response("", { status: 503, headers: { "retry-after": "60" } }));
  const answer = await worker.fetch(request("/batch/"), {}, undefined, busy.send);
  assert.equal(answer.status, 503);
  assert.equal(answer.headers.get("retry-after"), "60");
});

test("another region is a setting", async () => {
  const there = posthog();
  await worker.fetch(request("/batch/"), { UPSTREAM: "https://us.i.posthog.com" }, undefined, there.send);
  assert.equal(there.asked[0].url, "https://us.i.posthog.com/batch/");
});

// The proxy between Archon and PostHog, as a Cloudflare Worker. It passes on the events and what is
// needed to read them, and nothing that says who sent them: no address, no cookie, no user agent.

const UPSTREAM = "https://eu.i.posthog.com";

/** The places where clients send events. Nothing else is passed on. */
const PATHS = /^\/(batch|capture|e|i\/v0\/e|i\/v1\/analytics\/events)\/?$/;

/** Of the headers that came in, these go on and no others. */
const HEADERS = [
  "content-type", "content-encoding", "authorization",
  "posthog-attempt", "posthog-request-id", "posthog-request-timestamp", "posthog-sdk-info",
];

/** What PostHog itself takes, in bytes. */
const MOST = 20 * 1024 * 1024;

/** The request for PostHog, or the status with which this one is refused. */
export function passedOn(request, upstream = UPSTREAM) {
  const url = new URL(request.url);
  if (!PATHS.test(url.pathname)) return 404;
  if (request.method !== "POST") return 405;
  if (Number(request.headers.get("content-length") ?? 0) > MOST) return 413;
  const headers = new Headers();
  for (const name of HEADERS) {
    const value = request.headers.get(name);
    if (value !== null) headers.set(name, value);
  }
  // Without the query: no client needs one, and anybody could add theirs.
  return { url: upstream + url.pathname, init: { method: "POST", headers, redirect: "manual" } };
}

export default {
  async fetch(request, environment = {}, _context = undefined, send = fetch) {
    const passed = passedOn(request, environment.UPSTREAM);
    if (typeof passed === "number") return new Response(null, { status: passed });
    try {
      const body = await request.arrayBuffer();
      if (body.byteLength > MOST) return new Response(null, { status: 413 });
      const answer = await send(passed.url, { ...passed.init, body });
      const headers = new Headers();
      for (const name of ["content-type", "retry-after"]) {
        const value = answer.headers.get(name);
        if (value !== null) headers.set(name, value);
      }
      return new Response(answer.body, { status: answer.status, headers });
    } catch {
      // Archon keeps what is answered 502, and comes again.
      return new Response(null, { status: 502 });
    }
  },
};

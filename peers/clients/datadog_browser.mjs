// Datadog's library for browsers, in jsdom. Reads what to send from standard input; see
// peers/README.md.
import { readFileSync } from "node:fs";
import { JSDOM } from "jsdom";

const task = JSON.parse(readFileSync(0, "utf8"));
const { planted } = task;
const dom = new JSDOM("<!doctype html><title>page</title>", {
  url: planted?.url ?? "http://localhost/",
  ...(planted ? { referrer: planted.url } : {}),
  pretendToBeVisual: true,
});
const { window } = dom;
// The library takes this program's own global object for the page's. Sending is counted, so that the
// program ends when every answer is in.
const { fetch } = globalThis;
let open = 0;
let sent = 0;
globalThis.fetch = async (input, init) => {
  open += 1;
  sent += 1;
  try {
    return await fetch(input, init);
  } finally {
    open -= 1;
  }
};
for (const name of ["document", "location", "XMLHttpRequest", "HTMLElement", "Node", "history"]) {
  globalThis[name] = window[name];
}
for (const name of ["addEventListener", "removeEventListener", "dispatchEvent"]) {
  globalThis[name] = window[name].bind(window);
}
globalThis.window = globalThis;
Object.defineProperty(globalThis, "navigator", { value: window.navigator, configurable: true });

const { datadogLogs } = await import("@datadog/browser-logs");
datadogLogs.init({
  clientToken: task.key,
  service: task.service,
  version: "1.2.3",
  env: "test",
  site: "datadoghq.com",
  proxy: ({ path, parameters }) => `${task.url}${path}?${parameters}`,
  sessionPersistence: "memory",
  sessionSampleRate: 100,
  telemetrySampleRate: 0,
});
if (planted) {
  datadogLogs.setUser({ id: planted.mail, name: planted.person, email: planted.mail });
  datadogLogs.setGlobalContextProperty("host", planted.host);
}
for (const event of task.events) {
  datadogLogs.logger.info(event.name ?? task.name, {
    ...event.properties,
    ...(event.context ?? {}),
    device_id: event.device,
    ...(planted ? { cwd: planted.path, nested: { word: planted.word } } : {}),
  });
}
// It begins to send once its session has begun, which is not at once.
const pause = (milliseconds) => new Promise((done) => setTimeout(done, milliseconds));
for (let turn = 0; sent === 0 && turn < 30; turn += 1) {
  await pause(50);
}
// What waits is sent when the page is left; the library heeds only what a browser says itself.
const leaving = new window.Event("beforeunload");
leaving.__ddIsTrusted = true;
window.dispatchEvent(leaving);
const end = Date.now() + 40_000;
while ((sent === 0 || open > 0) && Date.now() < end) {
  await pause(50);
}
// What a retry would need.
await pause(task.patience ?? 200);
process.exit(sent > 0 ? 0 : 1);

// PostHog's client for Node. Reads what to send from standard input; see peers/README.md.
import { readFileSync } from "node:fs";
import { PostHog } from "posthog-node";

const task = JSON.parse(readFileSync(0, "utf8"));
const { planted } = task;
process.env.POSTHOG_CAPTURE_MODE = task.form;
const client = new PostHog(task.key, {
  host: task.url,
  flushAt: 20,
  flushInterval: 200,
  fetchRetryDelay: 200,
  disableCompression: task.encoding === "plain",
  enableExceptionAutocapture: true,
});
client.on("error", (error) => console.error(`posthog-node: ${error}`));
for (const event of task.events) {
  client.capture({
    distinctId: event.device,
    event: task.name,
    properties: {
      ...event.properties,
      $ip: planted.address,
      $current_url: planted.url,
      $session_id: planted.word,
      $set: { email: planted.mail, name: planted.person },
      hostname: planted.host,
      arguments: [planted.path, planted.word],
      nested: { cwd: planted.path },
    },
    groups: { company: planted.company },
  });
}
// The client's own timers do not keep a program alive that has nothing else to do.
const alive = setInterval(() => {}, 1_000);
await client.shutdown(20_000);
clearInterval(alive);

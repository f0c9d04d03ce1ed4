// The host with Node's posthog-node: one event a run, and the client shut down before it ends.
// Without an endpoint in the environment it is the bare host of that language.
console.log("Hello.");
const endpoint = process.env.PROOF_ENDPOINT;
if (endpoint) {
  const { PostHog } = await import("posthog-node");
  const client = new PostHog("phc_proof", { host: endpoint });
  client.capture({
    distinctId: "d5a9",
    event: "command",
    properties: { command: "hello", success: true, version: "0.1.0", os: process.platform },
  });
  await client.shutdown();
}

// OpenTelemetry's SDK for Node, with its JSON and its protobuf exporter. Reads what to send from
// standard input; see peers/README.md.
import { readFileSync } from "node:fs";
import { SeverityNumber } from "@opentelemetry/api-logs";
import { OTLPLogExporter as Json } from "@opentelemetry/exporter-logs-otlp-http";
import { OTLPLogExporter as Protobuf } from "@opentelemetry/exporter-logs-otlp-proto";
import { resourceFromAttributes } from "@opentelemetry/resources";
import { BatchLogRecordProcessor, LoggerProvider } from "@opentelemetry/sdk-logs";

const task = JSON.parse(readFileSync(0, "utf8"));
const { planted } = task;
const Exporter = task.form === "json" ? Json : Protobuf;
const exporter = new Exporter({
  url: `${task.url}/v1/logs`,
  headers: task.key ? { Authorization: `Bearer ${task.key}` } : {},
  compression: task.encoding === "gzip" ? "gzip" : "none",
});
const provider = new LoggerProvider({
  resource: resourceFromAttributes({
    "service.name": task.service,
    "service.version": "1.2.3",
    "os.type": "linux",
    "host.name": planted.host,
    "host.id": planted.word,
    "process.command_args": [planted.path, planted.word],
    "process.owner": planted.person,
  }),
  processors: [new BatchLogRecordProcessor({ exporter, maxExportBatchSize: 20 })],
});
const logger = provider.getLogger("peers", planted.word);
for (const event of task.events) {
  logger.emit({
    eventName: task.name,
    timestamp: Date.now(),
    severityNumber: SeverityNumber.INFO,
    body: planted.url,
    attributes: {
      ...event.properties,
      device_id: event.device,
      "client.address": planted.address,
      "url.full": planted.url,
      nothing: null,
      nested: { path: planted.path },
    },
  });
}
await provider.forceFlush();
await provider.shutdown();

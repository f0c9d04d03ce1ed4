"""OpenTelemetry's SDK for Python in the part of a coding agent: logs, spans with events, and metrics at
once. Reads what to send from standard input, and says what it heard; see peers/README.md."""

import json
import logging
import sys
import time

from opentelemetry._logs import LogRecord
from opentelemetry.exporter.otlp.proto.http import Compression
from opentelemetry.exporter.otlp.proto.http._log_exporter import OTLPLogExporter
from opentelemetry.exporter.otlp.proto.http.metric_exporter import OTLPMetricExporter
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk._logs import LoggerProvider
from opentelemetry.sdk._logs.export import BatchLogRecordProcessor
from opentelemetry.sdk.metrics import MeterProvider
from opentelemetry.sdk.metrics.export import PeriodicExportingMetricReader
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor

# What an exporter does not like of an answer it tells here.
logging.basicConfig(stream=sys.stdout, level=logging.WARNING)

task = json.load(sys.stdin)
planted = task["planted"]
private = {
    "user.email": planted["mail"],
    "user.account_id": planted["word"],
    "prompt": planted["url"],
    "tool_parameters": json.dumps({"command": planted["path"]}),
    planted["word"]: planted["person"],
}
resource = Resource.create(
    {
        "service.name": task["service"],
        "service.version": "1.2.3",
        "os.type": "linux",
        "host.name": planted["host"],
        "process.command_args": [planted["path"], planted["word"]],
    }
)
compression = Compression.Gzip if task["encoding"] == "gzip" else Compression.NoCompression


def aimed(path):
    """Where an exporter sends, and how."""
    return {
        "endpoint": f"{task['url']}{path}",
        "headers": {"Authorization": f"Bearer {task['key']}"},
        "compression": compression,
    }


logs = LoggerProvider(resource=resource)
logs.add_log_record_processor(BatchLogRecordProcessor(OTLPLogExporter(**aimed("/v1/logs"))))
spans = TracerProvider(resource=resource)
spans.add_span_processor(BatchSpanProcessor(OTLPSpanExporter(**aimed("/v1/traces"))))
reader = PeriodicExportingMetricReader(OTLPMetricExporter(**aimed("/v1/metrics")), 3_600_000)
metrics = MeterProvider(resource=resource, metric_readers=[reader])

logger = logs.get_logger("peers", planted["word"])
for place, event in enumerate(task["logs"]):
    attributes = {**event, **private, "session.id": planted["word"], "event.sequence": place}
    logger.emit(LogRecord(timestamp=time.time_ns(), body=planted["url"], attributes=attributes))
tracer = spans.get_tracer("peers")
for events in task["spans"]:
    with tracer.start_as_current_span(planted["word"], attributes=private) as span:
        for name, attributes in events:
            span.add_event(name, {**attributes, **private})
counter = metrics.get_meter("peers").create_counter("peer.count", description=planted["word"])
histogram = metrics.get_meter("peers").create_histogram("peer.took")
for place in range(task["points"]):
    counter.add(1, {"place": place, **private})
histogram.record(3.5, private)
for provider in (logs, spans, metrics):
    provider.shutdown()

"""OpenTelemetry's SDK for Python. Reads what to send from standard input; see peers/README.md."""

import json
import sys
import time

from opentelemetry._logs import LogRecord, SeverityNumber
from opentelemetry.exporter.otlp.proto.http import Compression
from opentelemetry.exporter.otlp.proto.http._log_exporter import OTLPLogExporter
from opentelemetry.sdk._logs import LoggerProvider
from opentelemetry.sdk._logs.export import BatchLogRecordProcessor
from opentelemetry.sdk.resources import Resource

task = json.load(sys.stdin)
planted = task["planted"]
resource = Resource.create(
    {
        "service.name": task["service"],
        "service.version": "1.2.3",
        "os.type": "linux",
        "host.name": planted["host"],
        "host.id": planted["word"],
        "process.command_args": [planted["path"], planted["word"]],
        "process.owner": planted["person"],
        "enduser.id": planted["mail"],
    }
)
exporter = OTLPLogExporter(
    endpoint=f"{task['url']}/v1/logs",
    headers={"Authorization": f"Bearer {task['key']}"} if task["key"] else None,
    compression=Compression.Gzip if task["encoding"] == "gzip" else Compression.NoCompression,
)
provider = LoggerProvider(resource=resource)
provider.add_log_record_processor(BatchLogRecordProcessor(exporter, max_export_batch_size=20))
logger = provider.get_logger("peers", planted["word"])
for event in task["events"]:
    logger.emit(
        LogRecord(
            timestamp=time.time_ns(),
            severity_number=SeverityNumber.INFO,
            event_name=task["name"],
            body=planted["url"],
            attributes={
                **event["properties"],
                "device_id": event["device"],
                "client.address": planted["address"],
                "url.full": planted["url"],
                "nothing": None,
                "bytes": planted["word"].encode(),
            },
        )
    )
provider.shutdown()

"""The OpenTelemetry Collector as a process, and what it wrote of what it received."""

import json
import subprocess

from . import waiting

CONFIGURATION = """\
receivers:
  otlp:
    protocols:
      http:
        endpoint: 127.0.0.1:{port}
exporters:
  file:
    path: {output}
    append: true
    flush_interval: 20ms
service:
  telemetry:
    metrics:
      level: none
  pipelines:
    logs:
      receivers: [otlp]
      exporters: [file]
"""


class Otelcol:
    """A Collector that appends what it receives to a file."""

    def __init__(self, program, folder, port=None):
        folder.mkdir(parents=True, exist_ok=True)
        self.program, self.port = program, port or waiting.free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.output = folder / "received.jsonl"
        self.configuration = folder / "otelcol.yaml"
        self.configuration.write_text(CONFIGURATION.format(port=self.port, output=self.output))
        self.log = (folder / "otelcol.log").open("a")
        self.process = None

    def start(self):
        self.process = subprocess.Popen(
            [self.program, "--config", self.configuration],
            stdin=subprocess.DEVNULL, stdout=self.log, stderr=subprocess.STDOUT,
        )
        waiting.until(lambda: waiting.listens(self.port) or self._ended(), 30, "the Collector listens")
        return self

    def _ended(self):
        if self.process.poll() is not None:
            with open(self.log.name) as log:
                raise RuntimeError(f"the Collector ended: {log.read()[-800:]}")

    def kill(self):
        """kill -9."""
        if self.process and self.process.poll() is None:
            self.process.kill()
            self.process.wait()

    def lines(self):
        """Each request that it took, as it wrote it."""
        if not self.output.exists():
            return []
        text = self.output.read_text()
        # The last line may still be on its way.
        return [json.loads(line) for line in text.split("\n")[:-1] if line]

    def records(self):
        """Every log record as (resource, scope, name, nanoseconds, severity, attributes)."""
        return [record for line in self.lines() for record in records(line)]


def records(export):
    """The log records of an export request in JSON, flat."""
    found = []
    for group in export.get("resourceLogs", []):
        resource = attributes(group["resource"])
        for scoped in group["scopeLogs"]:
            for log in scoped["logRecords"]:
                found.append(
                    {
                        "resource": resource,
                        "scope": scoped.get("scope", {}),
                        "name": log.get("eventName"),
                        "nanoseconds": int(log.get("timeUnixNano", 0)),
                        "severity": log.get("severityNumber"),
                        "attributes": attributes(log),
                        # What is empty is what nobody sent.
                        "other": sorted(name for name in {*log} - FIELDS if log[name]),
                    }
                )
    return found


FIELDS = {"eventName", "timeUnixNano", "severityNumber", "attributes"}


def attributes(holder):
    """Attributes with their types: 1 is no 1.0, and no "1"."""
    return {it["key"]: value(it.get("value", {})) for it in holder.get("attributes", [])}


def value(any_value):
    """An AnyValue as Python has it."""
    for kind, found in any_value.items():
        return {
            "stringValue": lambda: found,
            "boolValue": lambda: bool(found),
            "intValue": lambda: int(found),
            "doubleValue": lambda: float(found),
            "arrayValue": lambda: [value(it) for it in found.get("values", [])],
        }[kind]()
    return None

"""PostHog's client for Python. Reads what to send from standard input; see peers/README.md."""

import json
import sys

from posthog import Posthog
from posthog.capture_compression import CaptureCompression
from posthog.capture_mode import CaptureMode

task = json.load(sys.stdin)
planted = task["planted"]
options = {"capture_mode": CaptureMode(task["form"])}
if task["form"] == "v1":
    names = {"plain": CaptureCompression.NONE}
    options["capture_compression"] = names.get(task["encoding"]) or CaptureCompression(task["encoding"])
client = Posthog(
    task["key"],
    host=task["url"],
    gzip=task["encoding"] == "gzip",
    flush_at=20,
    flush_interval=0.2,
    on_error=lambda error, _events: print(f"posthog-python: {error}", file=sys.stderr),
    **options,
)
for event in task["events"]:
    more = {}
    if "uuid" in event:
        more = {"uuid": event["uuid"], "timestamp": event["timestamp"]}
    client.capture(
        event.get("name", task.get("name")),
        distinct_id=event["device"],
        properties={
            **event["properties"],
            **(
                {
                    "$ip": planted["address"],
                    "$current_url": planted["url"],
                    "$session_id": planted["word"],
                    "$set": {"email": planted["mail"], "name": planted["person"]},
                    "hostname": planted["host"],
                    "arguments": [planted["path"], planted["word"]],
                    "nested": {"cwd": planted["path"]},
                }
                if planted
                else {}
            ),
        },
        groups={"company": planted["company"]} if planted else None,
        **more,
    )
client.shutdown()

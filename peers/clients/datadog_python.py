"""Datadog's client for its API. Reads what to send from standard input; see peers/README.md."""

import json
import sys

from datadog_api_client import ApiClient, Configuration
from datadog_api_client.v2.api.logs_api import LogsApi
from datadog_api_client.v2.model.content_encoding import ContentEncoding
from datadog_api_client.v2.model.http_log import HTTPLog
from datadog_api_client.v2.model.http_log_item import HTTPLogItem

task = json.load(sys.stdin)
planted = task["planted"]


def attribute(value):
    """This client knows attributes of text alone; a list is a text of JSON to it."""
    return value if isinstance(value, str) else json.dumps(value)


configuration = Configuration(host=task["url"])
configuration.api_key["apiKeyAuth"] = task["key"]
configuration._servers = None  # Otherwise it sends to Datadog's own, whatever the host.
configuration.enable_retry = True
configuration.ssl_ca_cert = task.get("authority")
items = []
for event in task["events"]:
    foreign = {}
    if planted:
        foreign = {
            "hostname": planted["host"],
            "process": planted["path"],
            "http": planted["url"],
            "user": planted["mail"],
        }
    items.append(
        HTTPLogItem(
            message=event.get("name", task.get("name")),
            ddsource="python",
            ddtags=f"env:test,owner:{planted['word']}" if planted else "env:test",
            service=task["service"],
            device_id=event["device"],
            timestamp=event["timestamp"],
            **foreign,
            **{name: attribute(value) for name, value in event["properties"].items()},
        )
    )
with ApiClient(configuration) as client:
    api = LogsApi(client)
    api._submit_log_endpoint.settings["servers"] = None
    encoding = {"plain": "identity"}.get(task["encoding"], task["encoding"])
    api.submit_log(body=HTTPLog(items), content_encoding=ContentEncoding(encoding))

"""A client that nobody has written: it shows what becomes of each single event while keys change."""

import http.client
import json
import threading
import uuid


class Writer:
    """Sends one event after the other with one key until that is refused, then goes on with the next."""

    def __init__(self, collector, key, moment):
        self.collector, self.key, self.next_key = collector, key, None
        self.moment = moment
        self.sent = self.refused = 0
        self.error = None
        self.stopping = threading.Event()
        self.thread = threading.Thread(target=self._run, daemon=True)

    def __enter__(self):
        self.thread.start()
        return self

    def __exit__(self, *_error):
        self.stopping.set()
        self.thread.join(30)

    def _run(self):
        port = int(self.collector.url.rsplit(":", 1)[1])
        connection = http.client.HTTPSConnection("localhost", port, timeout=20, context=self.collector.context)
        try:
            event = self._event()
            while not self.stopping.is_set():
                body = json.dumps({"api_key": self.key, "batch": [event]})
                connection.request("POST", "/batch/", body, {"Content-Type": "application/json"})
                answer = connection.getresponse()
                answer.read()
                if answer.status == 200:
                    self.sent += 1
                    event = self._event()
                elif answer.status == 401 and self.next_key:
                    self.refused += 1
                    self.key = self.next_key
                else:
                    self.error = f"an event was answered {answer.status}"
                    return
        except (OSError, http.client.HTTPException) as error:
            self.error = f"the writer: {error}"
        finally:
            connection.close()

    def _event(self):
        properties = {"client": "posthog-python", "control": "writer", "place": 1, "worked": True, "took": 5}
        return {"event": "peer.run", "uuid": str(uuid.uuid4()), "timestamp": self.moment,
                "distinct_id": str(uuid.uuid4()), "properties": properties}

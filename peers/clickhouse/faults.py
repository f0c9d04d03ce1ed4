"""What a test lets go wrong, by `POST /test/fault` with these parameters:

    kind     what happens, see KINDS
    count    to how many requests; 1 if it is not said, 0 for all until the faults are removed
    match    only to queries in which this regular expression is found
    code     the exception of the kind `error`
    seconds  of the kinds `delay` and `hang`

`DELETE /test/fault` removes them all and lets go of what hangs. `GET /test/fault` says how many wait for a
request that they are for.
"""

import dataclasses
import re
import threading

KINDS = {
    "refuse": "503 from whoever stands in front; nothing is done",
    "close": "the connection is closed; nothing is done",
    "half-body": "the connection is closed when half of the body has been read; nothing is done",
    "hang": "nothing is done and nothing answered until the faults are removed, or for so many seconds",
    "delay": "done after so many seconds",
    "error": "an exception of this code; nothing is done",
    "lost-answer": "done, and the connection is closed instead of an answer",
    "half-answer": "done, and the connection is closed within the answer",
    "late-error": "done, answered with 200, and an exception of this code at the end of the answer",
    "die": "done, and the process ends as by `kill -9`",
}


@dataclasses.dataclass
class Fault:
    kind: str
    count: int = 1
    match: str = ""
    code: int = 243
    seconds: float = 0.0
    # Set once the faults are removed.
    released: threading.Event | None = None

    def wait(self):
        self.released.wait(self.seconds or None)


class Faults:
    """The faults that wait for their requests."""

    def __init__(self):
        self._lock = threading.Lock()
        self._waiting = []
        self._released = threading.Event()

    def add(self, options):
        kind = options.get("kind", "")
        if kind not in KINDS:
            raise ValueError(f"unknown kind `{kind}`: use {', '.join(KINDS)}")
        fault = Fault(kind, int(options.get("count", 1)), options.get("match", ""),
                      int(options.get("code", 243)), float(options.get("seconds", 0)))
        re.compile(fault.match)
        with self._lock:
            self._waiting.append(fault)

    def waiting(self):
        with self._lock:
            return len(self._waiting)

    def clear(self):
        with self._lock:
            self._waiting.clear()
            released, self._released = self._released, threading.Event()
        released.set()

    def take(self, query):
        """The fault of this query, or None."""
        with self._lock:
            for fault in self._waiting:
                if re.search(fault.match, query):
                    if fault.count == 1:
                        self._waiting.remove(fault)
                    elif fault.count > 1:
                        fault.count -= 1
                    return dataclasses.replace(fault, released=self._released)
        return None

"""A host on a person's machine: `headcount record` with a catalog, in a home of its own."""

import json
import subprocess
import uuid

from .install import HERE

# A value of every kind; what is outside its set becomes what its catalog says.
GIVEN = [
    "worked=true",
    "command=elsewhere",
    "flags=--release,--offline",
    "files=12",
    "took=1500",
    "cost=0.25",
    "exit_code=-1",
    "compiler=1.89.0",
    "model=any-1.5",
    "began=2026-11-20T10:00:00Z",
]


class Host:
    """One person's queue, and what is in it."""

    def __init__(self, headcount, encoding, folder):
        self.headcount = headcount
        self.catalog = HERE / f"shipping/{encoding}.toml"
        self.prefix = f"PEER_{encoding.upper()}"
        self.home = folder
        self.queue = folder / ".peer/events.jsonl"
        self.state = folder / ".peer/telemetry-state"
        folder.mkdir(parents=True)
        self.recorded = {}
        self._tell()

    def _tell(self):
        """An earlier run tells the person: only then is anything sent."""
        words = [self.headcount, "notice", "--catalog", self.catalog]
        subprocess.run(
            words, env={"HOME": str(self.home)}, cwd=self.home, check=True, stderr=subprocess.PIPE, timeout=60
        )

    def record(self, count):
        """One event as a script records it, and so many in all: the others are its likeness, each
        with an id of its own, so that a queue of hundreds does not take hundreds of processes. One
        alone is short, so that its request is under the kilobyte from which bodies are compressed."""
        event = ["peer.sent", *GIVEN] if count > 1 else ["peer.small", "worked=true"]
        # The marker says that a shipper is at work, so that recording starts none.
        self._run("record", "--strict", "--host-version", "1.2.3", *event, marked=True)
        lines = self.queue.read_text().splitlines()
        last = json.loads(lines[-1])
        with self.queue.open("a") as queue:
            for place in range(1, count):
                likeness = {**last, "id": last["id"][:19] + str(uuid.uuid4())[19:]}
                likeness["took"] = place
                if place % 5 == 0:
                    likeness["flags"], likeness["flag_count"] = None, 0
                queue.write(json.dumps(likeness, separators=(",", ":")) + "\n")
        for line in self.queue.read_text().splitlines():
            record = json.loads(line)
            self.recorded[record["id"]] = record

    def flush(self, url):
        """One attempt of the shipper."""
        self._run("flush", url=url)

    def pause(self):
        """What the last failures led to, or nothing."""
        files = list(self.state.glob("*.backoff.json"))
        return json.loads(files[0].read_text()) if files else None

    def let_time_pass(self):
        """As if the pause were over."""
        for file in self.state.glob("*.backoff.json"):
            pause = json.loads(file.read_text())
            file.write_text(json.dumps({**pause, "until": 1}))

    def left(self):
        """Whether anything still waits to be sent."""
        return [it for it in self.queue.parent.glob("events*.jsonl") if it.stat().st_size]

    def _run(self, command, *words, url="http://127.0.0.1:9", marked=False):
        environment = {"HOME": str(self.home), f"{self.prefix}_TELEMETRY_ENDPOINT": url}
        if marked:
            environment[f"{self.prefix}_TELEMETRY_FLUSH"] = "1"
        done = subprocess.run(
            [self.headcount, command, "--catalog", self.catalog, *words],
            env=environment,
            cwd=self.home,
            capture_output=True,
            text=True,
            timeout=60,
        )
        if done.returncode or done.stdout or done.stderr:
            raise RuntimeError(f"headcount {command}: {done.returncode} {done.stdout}{done.stderr}")

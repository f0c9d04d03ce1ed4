"""Official clients send to our collector: every event arrives once, and nothing that the catalog does
not allow reaches the disk."""

import datetime
import json
import os
import subprocess
import uuid

from stage import canaries
from stage.canaries import PLANTED
from stage.collector import Collector, since
from stage.front import Front
from stage.install import HERE, Missing
from stage.report import differences

# These, and one that must be refused.
EVENTS = 49

# Client, what it is installed with, its program, dialect, form, encodings.
CLIENTS = [
    ("posthog-node", "node", "posthog_node.mjs", "posthog", "v0", ["gzip", "plain"]),
    ("posthog-node", "node", "posthog_node.mjs", "posthog", "v1", ["gzip", "plain"]),
    ("posthog-python", "python", "posthog_python.py", "posthog", "v0", ["gzip", "plain"]),
    ("posthog-python", "python", "posthog_python.py", "posthog", "v1", ["gzip", "deflate", "plain"]),
    ("datadog-python", "python", "datadog_python.py", "datadog", "api", ["gzip", "deflate", "plain"]),
    ("datadog-browser", "node", "datadog_browser.mjs", "datadog", "browser", ["plain"]),
    ("opentelemetry-python", "python", "opentelemetry_python.py", "otlp", "protobuf", ["gzip", "plain"]),
    ("opentelemetry-node-json", "node", "opentelemetry_node.mjs", "otlp", "json", ["gzip", "plain"]),
    ("opentelemetry-node-protobuf", "node", "opentelemetry_node.mjs", "otlp", "protobuf", ["gzip", "plain"]),
    ("posthog-rust", "rust", "v0", "posthog", "v0", ["gzip", "plain"]),
    ("posthog-rust", "rust", "v1", "posthog", "v1", ["gzip", "deflate", "zstd", "plain"]),
]

# What a catalog's key is in each dialect; OTLP's product is named by its resource.
KEYS = {"posthog": "phc_peers", "datadog": "pubpeers", "otlp": None}


def run(client, installed, program, task):
    """Runs a client's program on a task; what it said if it failed."""
    folder = installed.ready()
    commands = {
        "node": lambda: ["node", folder / program],
        "python": lambda: [folder / "bin/python", HERE / "clients" / program],
        "rust": lambda: [folder / program],
    }
    kind = client[1]
    # A client that is told by its environment what to do is told nothing.
    kept = {"PATH", "HOME", "LANG", "LD_LIBRARY_PATH", "REQUESTS_CA_BUNDLE"}
    environment = {name: value for name, value in os.environ.items() if name in kept}
    environment["PYTHONDONTWRITEBYTECODE"] = "1"
    environment.update(task.get("environment", {}))
    done = subprocess.run(
        commands[kind](),
        input=json.dumps(task),
        env=environment,
        capture_output=True,
        text=True,
        timeout=90,
    )
    said = f"{done.stdout}{done.stderr}".strip()
    return said, done.returncode


def now():
    """The time, as events have it."""
    return datetime.datetime.now(datetime.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def task(client, encoding, url, control, device):
    """What a client is to send: events that fit, and one of somebody's address."""
    name, _, _, dialect, form, _ = client
    moment = now()
    events = [
        {
            "device": device if place < EVENTS else PLANTED["mail"],
            "timestamp": moment,
            "properties": {
                "client": name,
                "control": control,
                "place": place,
                "worked": place % 2 == 0,
                "took": 10 * place,
                "words": ["one", "two"] if place % 3 else ["two"],
                # As nothing but foreign fields can come from a client that does not know the system.
                **({"os": "linux", "version": "1.2.3"} if dialect == "datadog" else {}),
            },
        }
        for place in range(EVENTS + 1)
    ]
    return {
        "url": url,
        "key": KEYS[dialect],
        "service": f"peer-{dialect}",
        "form": form,
        "encoding": encoding,
        "name": "peer.run",
        "planted": PLANTED,
        "events": events,
    }


class Senders:
    """One collector for all of them."""

    def __init__(self, report, programs, installed, folder):
        self.report, self.installed = report, installed
        self.collector = Collector(programs / "headcount", HERE / "catalogs", folder / "senders")
        self.sent = {}
        self.controls = []
        self.devices = []

    def all(self):
        """Every client in each of its forms, then the disk."""
        for client in CLIENTS:
            name, tool, _, dialect, form, encodings = client
            for encoding in encodings:
                title = f"{name} {form} {encoding}: {EVENTS} of {EVENTS + 1} events stored once"
                self._check(title, client, encoding, lose=False)
            title = f"{name} {form}: the answer is lost, and nothing is stored twice"
            self._check(title, client, encodings[0], lose=True)
        self.report.attempt("by every question, each client's events are there once", self._asked)
        said = self.collector.stop()
        self.report.attempt("what no catalog allows is nowhere on the disk", lambda: self._disk(said))

    def _check(self, title, client, encoding, lose):
        try:
            self.installed[client[1]].ready()
        except Missing as missing:
            self.report.skip(title, str(missing))
            return
        self.report.attempt(title, lambda: self._run(client, encoding, lose))

    def _run(self, client, encoding, lose):
        name, tool, program, dialect, _, _ = client
        product = f"peer-{dialect}"
        # In version 4's form, and no two alike.
        device, control = str(uuid.uuid4()), f"control{uuid.uuid4().hex[:12]}"
        self.devices.append(device)
        self.controls.append(control)
        before = self.collector.outcomes()
        if not lose:
            said, code = run(
                client, self.installed[tool], program,
                task(client, encoding, self.collector.url, control, device),
            )
        else:
            decide = lambda number, _seen: "lose" if number == 1 else "pass"
            with Front(self.collector.url, decide) as front:
                whole = task(client, encoding, front.url, control, device)
                whole["patience"] = 4_000
                said, code = run(client, self.installed[tool], program, whole)
                requests = len(front.seen)
        self.sent[dialect, name] = self.sent.get((dialect, name), 0) + EVENTS
        found = since(before, self.collector.outcomes(), product)
        # The event of somebody's address is refused each time it comes.
        rejected = found.get("rejected", 0)
        wanted = {"stored": EVENTS, "rejected": 1}
        if lose:
            wanted["rejected"] = rejected if rejected in (1, 2) else 1
            duplicates = found.get("duplicate", 0)
            wanted["duplicate"] = duplicates if 1 <= duplicates <= EVENTS else "some"
            if requests < 2:
                return [f"the client sent nothing again after a 503; it said {said[-500:]!r}"]
        mistakes = differences(wanted, found)
        if code:
            mistakes.append(f"the client ended with {code}")
        return mistakes and [*mistakes, f"the client said {said[-700:]!r}"]

    def _asked(self):
        mistakes = []
        for dialect in KEYS:
            wanted = {name: count for (of, name), count in self.sent.items() if of == dialect}
            product = f"peer-{dialect}"
            rows = self.collector.ask("by-property", product=product, event="peer.run", property="client")
            found = {}
            for row in rows:
                found[row["value"]] = found.get(row["value"], 0) + row["count"]
            mistakes += differences(wanted, found)
            rows = self.collector.ask("events", product=product)
            total = sum(row["count"] for row in rows if row["event"] == "peer.run")
            if total != sum(wanted.values()) or len({row["event"] for row in rows}) > 1:
                mistakes.append(f"{product}: {rows}, not {sum(wanted.values())} of peer.run")
        return mistakes

    def _disk(self, said):
        data = self.collector.data
        # First, that the search sees what lies there.
        seen = {text for text, _ in canaries.finds(data, self.controls)}
        unseen = [control for control in self.controls if control not in seen]
        mistakes = [f"{len(unseen)} of {len(self.controls)} allowed words cannot be seen"] if unseen else []
        forbidden = [*canaries.TELLING, *PLANTED.values(), *self.devices]
        mistakes += [f"{text} is in {file}" for text, file in canaries.finds(data, forbidden)]
        mistakes += [f"{text} was said on standard error" for text in forbidden if text in said]
        return mistakes if self.controls else ["nothing was sent"]


def check(report, programs, installed, folder):
    """The whole part."""
    Senders(report, programs, installed, folder).all()

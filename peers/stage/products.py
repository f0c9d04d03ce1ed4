"""The five products as their authors build them, with an address and a key, on a person's machine."""

import json
import os
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from .canaries import PLANTED
from .install import HERE

EXAMPLES = HERE.parent / "examples"


@dataclass(frozen=True)
class Product:
    """How a product is built, and what a person does with it."""

    name: str
    # The variables that give its address and its key when it is built.
    endpoint: str
    key: str
    # Marks its shipper: with it, recording starts none.
    marker: str
    flush: list
    # A person's answer, and then a day's work, with what is nobody's business in it.
    consent: list
    work: list
    queue: str
    # The entry of a line that has the event's name.
    event: str = "event"


PRODUCTS = [
    Product(
        "atomic", "ATOMIC_BUILD_ENDPOINT", "ATOMIC_BUILD_KEY", "ATOMIC_TELEMETRY_UPLOAD",
        ["--upload-telemetry"], ["config", "set", "telemetry", "true"],
        [["init", "--agent", "claude"], ["update"], ["init", "--agent", "copilot"],
         ["-a", "opencode", "--", f"/commit {PLANTED['path']}"]],
        ".local/share/atomic/telemetry-events.jsonl", "eventType",
    ),
    Product(
        "atomcode", "ATOMCODE_BUILD_ENDPOINT", "ATOMCODE_BUILD_KEY", "ATOMCODE_TELEMETRY_FLUSH",
        ["telemetry", "flush"], ["telemetry", "enable"],
        [["-p", f"look at {PLANTED['path']}"], ["-p", PLANTED["mail"]]],
        ".atomcode/telemetry/queue/events.ndjson", "event_id",
    ),
    Product(
        "archon", "POSTHOG_HOST", "POSTHOG_PUBLIC_KEY", "ARCHON_TELEMETRY_FLUSH",
        ["telemetry", "flush"], ["telemetry", "on"],
        [["setup"], ["workflow", "list"], ["workflow", "run", PLANTED["word"]]],
        ".archon/telemetry-events.jsonl",
    ),
    Product(
        "assembly", "AAI_BUILD_ENDPOINT", "AAI_TELEMETRY_CLIENT_TOKEN", "AAI_TELEMETRY_FLUSH",
        ["telemetry", "flush"], ["telemetry", "enable"],
        [["whoami"], ["transcribe", PLANTED["path"]]],
        ".config/assemblyai/telemetry-events.jsonl",
    ),
]

# It sends at once, tries once and keeps nothing: its queue is never there.
CLACKY = Product(
    "clacky", "CLACKY_BUILD_ENDPOINT", "CLACKY_BUILD_KEY", "CLACKY_TELEMETRY_FLUSH",
    ["telemetry", "flush"], ["telemetry", "on"],
    [["agent", "-m", f"look at {PLANTED['path']}", "--model", PLANTED["mail"]]],
    ".clacky/telemetry-events.jsonl",
)

BUILT = [*PRODUCTS, CLACKY]


def build(target, url, keys, into):
    """A release of each product, with this address and these keys."""
    _cargo(target, {it.endpoint: url for it in BUILT} | {it.key: keys[it.name] for it in BUILT})
    into.mkdir()
    for product in BUILT:
        shutil.copy2(target / "debug" / product.name, into)
    return into


def restore(target):
    """Whoever uses the folder of builds next finds programs without keys."""
    _cargo(target, {})


def _cargo(target, settings):
    packages = [word for it in BUILT for word in ("--package", f"headcount-example-{it.name}")]
    done = subprocess.run(
        ["cargo", "build", "--quiet", "--locked", "--target-dir", target, *packages],
        cwd=HERE.parent, env={**os.environ, **settings},
        stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=600,
    )
    if done.returncode:
        raise RuntimeError(f"cargo build: {done.stderr[-800:]}")


class Machine:
    """A person's machine with one product on it."""

    def __init__(self, product, home, trusted):
        self.product, self.home = product, home
        home.mkdir(parents=True)
        # What the machine trusts.
        self.trusted = {"SSL_CERT_FILE": str(trusted)}
        self.queue = home / product.queue

    def record(self, release):
        """A day's work, of which nothing is sent yet; the names of the events that wait then."""
        if not self.queue.exists():
            self.run(release, self.product.consent)
        for words in self.product.work:
            self.run(release, words)
        return self.waiting()

    def waiting(self):
        """The names of the events that wait, but for the shipper's own report."""
        lines = [
            json.loads(line)
            for file in sorted(self.queue.parent.glob(f"{self.queue.stem}*{self.queue.suffix}"))
            for line in file.read_text().splitlines()
        ]
        names = [line[self.product.event] for line in lines]
        return sorted(name for name in names if name != "telemetry_report")

    def run(self, release, words, ships=False, trusts=True):
        """The product's program, as this person starts it."""
        environment = {"HOME": str(self.home), "USER": PLANTED["word"], "PATH": "/usr/bin:/bin"}
        if trusts:
            environment |= self.trusted
        if not ships:
            environment[self.product.marker] = "1"
        return subprocess.run(
            [release / self.product.name, *words], env=environment, cwd=self.home,
            stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=60,
        )

    def flush(self, release, trusts=True):
        """One attempt to ship."""
        return self.run(release, self.product.flush, ships=True, trusts=trusts)

    def let_time_pass(self):
        """As if the pause after a refusal were over."""
        for file in self.pauses():
            pause = json.loads(file.read_text())
            file.write_text(json.dumps({**pause, "until": 1}))

    def is_running(self, release):
        """Whether a process of this release has not ended yet, such as an attempt of its own."""
        program = str(release / self.product.name)
        def runs(process):
            try:
                return os.readlink(process / "exe") == program
            except OSError:  # It has ended, or is somebody else's.
                return False
        return any(runs(it) for it in Path("/proc").glob("[0-9]*"))

    def pauses(self):
        """What the last failures led to."""
        return list(self.home.rglob("*.backoff.json"))

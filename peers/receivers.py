"""Our shipper sends to the OpenTelemetry Collector and to rotel: whatever happens on the way, every
event arrives as it was recorded, and a second time only where an answer was lost."""

import datetime
import json
import os
import platform
import re
import subprocess
from collections import Counter

from stage import waiting
from stage.collector import Collector, since
from stage.front import Front
from stage.host import Host
from stage.install import HERE, Missing
from stage.otelcol import Otelcol
from stage.report import differences

ARCH = {"x86_64": "amd64", "aarch64": "arm64"}
SYSTEM = {"Linux": "linux", "Darwin": "darwin"}

# As many as one request has, and a few: `BATCH_EVENTS` of the wire's limits.
BATCH = 500


def nanoseconds(text):
    """A time as the queue has it."""
    moment = datetime.datetime.fromisoformat(text.replace("Z", "+00:00"))
    epoch = datetime.datetime(1970, 1, 1, tzinfo=datetime.UTC)
    return (moment - epoch) // datetime.timedelta(microseconds=1) * 1000


def wanted(line, product):
    """What a receiver must make of a line of the queue, by this suite's own reading of both."""
    told = {"event", "at", "version", "os", "arch"}
    return {
        "resource": {
            "service.name": product,
            "service.version": line["version"],
            "os.type": SYSTEM[platform.system()],
            "host.arch": ARCH[platform.machine()],
        },
        "name": line["event"],
        "nanoseconds": nanoseconds(line["at"]),
        "severity": 9,
        # An attribute without a value says nothing.
        "attributes": {name: it for name, it in line.items() if name not in told and it is not None},
        "other": [],
    }


def compare(recorded, received, product, twice=0):
    """Every line once, each as it was; `twice` of them a second time."""
    mistakes = []
    counts = Counter(it["attributes"].get("id") for it in received)
    missing = [id for id in recorded if id not in counts]
    again = sum(count - 1 for count in counts.values())
    if missing:
        mistakes.append(f"{len(missing)} of {len(recorded)} did not arrive")
    if again != twice:
        mistakes.append(f"{again} arrived again, not {twice}")
    for record in received:
        line = recorded.get(record["attributes"].get("id"))
        if line is None:
            mistakes.append(f"nobody recorded {record}")
            continue
        found = dict(record)
        scope = found.pop("scope")
        if scope.get("name") != "headcount":
            mistakes.append(f"the scope is {scope}")
        want = wanted(line, product)
        # 1 == True in Python; here they are not the same.
        if json.dumps(found, sort_keys=True) != json.dumps(want, sort_keys=True):
            mistakes += differences(want, found)
    return mistakes[:6]


class Receivers:
    """Each check has a home and a receiver of its own."""

    def __init__(self, report, programs, installed, folder):
        self.report, self.programs, self.installed = report, programs, installed
        self.folder = folder / "receivers"
        self.count = 0

    def fresh(self, encoding):
        """A host, and the folder beside it."""
        self.count += 1
        folder = self.folder / str(self.count)
        return Host(self.programs / "headcount", encoding, folder / "home"), folder

    def otelcol(self, folder, port=None):
        return Otelcol(self.installed["otelcol"].ready() / "out/otelcol", folder, port)

    def check(self, title, needs, run):
        try:
            self.installed[needs].ready()
        except Missing as missing:
            self.report.skip(title, str(missing))
            return
        self.report.attempt(title, run)

    def all(self):
        for encoding in ("json", "protobuf"):
            for count, compressed in ((1, "plain"), (300, "gzip")):
                for receiver, needs in (("the OpenTelemetry Collector", "otelcol"), ("rotel", "python")):
                    title = f"{receiver}: {encoding} {compressed}, {count} events, every attribute"
                    deliver = self.to_otelcol if needs == "otelcol" else self.to_rotel
                    self.check(title, needs, lambda: deliver(encoding, count, compressed))
            for title, run in (
                ("503 first, then it takes them", self.busy_first),
                ("killed between two batches, each arrives once", self.dies_half_way),
                ("an answer is lost, and only that batch arrives again", self.loses_an_answer),
                ("away for an hour of attempts, then each arrives once", self.away),
            ):
                self.check(f"the Collector, {encoding}: {title}", "otelcol", lambda: run(encoding))
        self.check("the Collector: atomic's own program, JSON", "otelcol", self.atomic)
        self.report.attempt("one of two destinations is dead: the other has everything on time", self.two)

    def to_otelcol(self, encoding, count, compressed):
        host, folder = self.fresh(encoding)
        host.record(count)
        collector = self.otelcol(folder).start()
        try:
            with Front(collector.url, adds={}) as front:
                host.flush(front.url)
                waiting.until(lambda: len(collector.records()) >= count, 10, f"{count} records")
                return compare(host.recorded, collector.records(), f"peer-{encoding}") + wire(
                    front.seen, encoding, compressed
                ) + [f"{it} is still queued" for it in host.left()]
        finally:
            collector.kill()

    def to_rotel(self, encoding, count, compressed):
        host, folder = self.fresh(encoding)
        host.record(count)
        port, log = waiting.free_port(), folder / "rotel.out"
        site = next(self.installed["python"].ready().glob("lib/python*/site-packages"))
        with log.open("w") as out:
            process = subprocess.Popen(
                [site / "rotel/rotel-agent", "start", "--exporter", "blackhole"]
                + ["--otlp-http-endpoint", f"127.0.0.1:{port}"]
                + ["--otlp-grpc-endpoint", f"127.0.0.1:{waiting.free_port()}"]
                + ["--debug-log", "logs", "--debug-log-verbosity", "detailed"]
                + ["--batch-timeout", "100ms"]
                + ["--pid-file", folder / "rotel.pid", "--log-file", folder / "rotel.log"],
                env={"PATH": os.environ["PATH"], "HOME": str(folder)},
                stdin=subprocess.DEVNULL, stdout=out, stderr=subprocess.STDOUT,
            )
        try:
            waiting.until(lambda: waiting.listens(port), 30, "rotel listens")
            with Front(f"http://127.0.0.1:{port}", adds={}) as front:
                host.flush(front.url)
                blocks = lambda: rotel_blocks(log.read_text())
                waiting.until(lambda: len(blocks()) >= count, 15, f"{count} records in rotel")
                return rotel_compare(host.recorded, blocks(), f"peer-{encoding}") + wire(
                    front.seen, encoding, compressed
                ) + [f"{it} is still queued" for it in host.left()]
        finally:
            process.terminate()
            process.wait(20)

    def until_sent(self, host, url):
        """Attempts until nothing is left, each pause taken for over."""
        for _ in range(8):
            host.let_time_pass()
            host.flush(url)
            if not host.left():
                return
        raise TimeoutError("something is still queued after eight attempts")

    def busy_first(self, encoding):
        host, folder = self.fresh(encoding)
        host.record(3)
        collector = self.otelcol(folder).start()
        try:
            with Front(collector.url, lambda number, _: "busy" if number == 1 else "pass", {}) as front:
                host.flush(front.url)
                pause = host.pause()
                mistakes = [] if pause and pause["failures"] == 1 else [f"the pause is {pause}"]
                host.flush(front.url)
                # While the pause lasts, a second at most, nothing is asked again; this time it may.
                self.until_sent(host, front.url)
                waiting.until(lambda: len(collector.records()) >= 3, 10, "3 records")
                if host.pause():
                    mistakes.append("the pause is still there")
                bodies = [seen.body for seen in front.seen]
                if len({*bodies}) != 1:
                    mistakes.append("what was sent again is not what was sent before")
                return mistakes + compare(host.recorded, collector.records(), f"peer-{encoding}")
        finally:
            collector.kill()

    def dies_half_way(self, encoding):
        host, folder = self.fresh(encoding)
        host.record(2 * BATCH + 7)
        collector = self.otelcol(folder).start()

        def decide(number, _seen):
            if number == 2:
                # What it acknowledged is in its file; what comes now finds nobody.
                waiting.until(lambda: len(collector.records()) >= BATCH, 10, "the first batch")
                collector.kill()
            return "pass"

        try:
            with Front(collector.url, decide, {}) as front:
                host.flush(front.url)
                before = len(collector.records())
                collector.start()
                self.until_sent(host, front.url)
                waiting.until(
                    lambda: len(collector.records()) >= len(host.recorded), 15, "all records"
                )
                mistakes = [] if before == BATCH else [f"{before} before the end, not {BATCH}"]
                return mistakes + compare(host.recorded, collector.records(), f"peer-{encoding}")
        finally:
            collector.kill()

    def loses_an_answer(self, encoding):
        host, folder = self.fresh(encoding)
        host.record(BATCH + 40)
        collector = self.otelcol(folder).start()
        try:
            with Front(collector.url, lambda number, _: "drop" if number == 2 else "pass", {}) as front:
                self.until_sent(host, front.url)
                total = len(host.recorded) + 40
                waiting.until(lambda: len(collector.records()) >= total, 15, f"{total} records")
                return compare(host.recorded, collector.records(), f"peer-{encoding}", twice=40)
        finally:
            collector.kill()

    def away(self, encoding):
        host, folder = self.fresh(encoding)
        host.record(5)
        collector = self.otelcol(folder)
        mistakes, waited = [], 0
        # Pauses of a second, two, four and so on: twelve of them are more than an hour.
        for attempt in range(1, 13):
            began = int(datetime.datetime.now().timestamp())
            host.flush(collector.url)
            pause = host.pause()
            seconds = pause["until"] - began
            longest = min(2 ** (attempt - 1), 3600)
            if pause["failures"] != attempt or not longest / 2 <= seconds <= longest + 3:
                mistakes.append(f"after attempt {attempt} the pause is {seconds} s: {pause}")
            waited += longest
            host.let_time_pass()
        if waited < 3600:
            mistakes.append(f"the pauses are {waited} s together, not an hour")
        collector.start()
        try:
            self.until_sent(host, collector.url)
            waiting.until(lambda: len(collector.records()) >= 5, 10, "5 records")
            return mistakes + compare(host.recorded, collector.records(), f"peer-{encoding}")
        finally:
            collector.kill()

    def two(self):
        host, folder = self.fresh("two")
        host.record(30)
        collector = Collector(self.programs / "headcount", HERE / "shipping", folder / "collector")
        dead = True

        def decide(_number, seen):
            return "hang up" if dead and seen.path == "/v1/logs" else "pass"

        def taken(path):
            """The ids that were taken there, each as often as it was."""
            bodies = [it.plain.decode() for it in front.seen if it.path == path and it.status == 200]
            return Counter(id for id in host.recorded for body in bodies for _ in range(body.count(id)))

        try:
            with Front(collector.url, decide, {}) as front:
                host.flush(front.url)
                once = Counter(host.recorded.keys())
                mistakes = [] if taken("/batch/") == once else ["PostHog's has not everything at once"]
                if taken("/v1/logs"):
                    mistakes.append("the dead one took something")
                dead = False
                self.until_sent(host, front.url)
                for path in ("/batch/", "/v1/logs"):
                    if taken(path) != once:
                        mistakes.append(f"{path} has {sum(taken(path).values())}, not each of 30 once")
                # Both are our own collector here, and by id the second is what the first was.
                found = since({}, collector.outcomes(), "peer-two")
                return mistakes + differences({"stored": 30, "duplicate": 30}, found)
        finally:
            collector.stop()

    def atomic(self):
        self.count += 1
        folder = self.folder / str(self.count)
        home = folder / "home"
        home.mkdir(parents=True)
        collector = self.otelcol(folder).start()

        def atomic(*words, **more):
            done = subprocess.run(
                [self.programs / "atomic", *words], cwd=home, capture_output=True, text=True,
                env={"HOME": str(home), "ATOMIC_TELEMETRY_ENDPOINT": collector.url, **more},
                timeout=60,
            )
            if done.returncode:
                raise RuntimeError(f"atomic {words}: {done.stdout}{done.stderr}")

        try:
            marked = {"ATOMIC_TELEMETRY_UPLOAD": "1"}
            atomic("config", "set", "telemetry", "true", **marked)
            atomic("init", "--agent", "claude", **marked)
            atomic("update", **marked)
            queue = home / ".local/share/atomic/telemetry-events.jsonl"
            lines = [json.loads(line) for line in queue.read_text().splitlines()]
            # This one starts the shipper itself.
            atomic("update")
            waiting.until(lambda: len(collector.records()) >= 3, 20, "3 records")
            found = {it["attributes"]["eventId"]: it for it in collector.records()}
            mistakes = [] if len(lines) == 2 and len(found) == 3 else [f"{len(found)} arrived"]
            for line in lines:
                record = found.get(line["eventId"], {})
                want = {
                    "resource": {"service.name": "atomic", "service.version": line["atomicVersion"],
                                 "os.type": SYSTEM[platform.system()]},
                    "name": line["eventType"],
                    "nanoseconds": nanoseconds(line["timestamp"]),
                    "attributes": {
                        name: line[name]
                        for name in ("anonymousId", "eventId", "command", "agentType", "success", "source")
                        if line[name] is not None
                    },
                }
                mistakes += differences(want, {name: record.get(name) for name in want})
            return mistakes
        finally:
            collector.kill()


def wire(seen, encoding, compressed):
    """What of the requests is not what this check is about."""
    mistakes = []
    kind = {"json": "application/json", "protobuf": "application/x-protobuf"}[encoding]
    for request in seen:
        headers = request.headers
        if (request.method, request.path) != ("POST", "/v1/logs"):
            mistakes.append(f"asked {request.method} {request.path}")
        if headers.get("content-type") != kind:
            mistakes.append(f"content-type is {headers.get('content-type')}")
        if headers.get("content-encoding", "plain") != compressed:
            mistakes.append(f"content-encoding is {headers.get('content-encoding')}")
    return mistakes if seen else ["nothing was sent"]


RESOURCE = re.compile(r"^ResourceLog #\d+", re.MULTILINE)
RECORD = re.compile(r"^LogRecord #\d+", re.MULTILINE)
ATTRIBUTE = re.compile(r"^\s*-> (\S+): (\w+)\((.*)\)$", re.MULTILINE)


def rotel_blocks(text):
    """What rotel says of each record, with its resource."""
    blocks = []
    for group in RESOURCE.split(text)[1:]:
        head, *records = RECORD.split(group)
        resource = {name: found for name, _, found in ATTRIBUTE.findall(head)}
        for record in records:
            typed = {name: (kind, found) for name, kind, found in ATTRIBUTE.findall(record)}
            blocks.append((resource, record, typed))
    return blocks


def rotel_compare(recorded, blocks, product):
    """Every line once, with each attribute and its type."""
    mistakes, seen = [], Counter()
    for resource, record, typed in blocks:
        id = typed.get("id", ("", ""))[1]
        seen[id] += 1
        want = wanted(recorded[id], product)
        mistakes += differences(want["resource"], resource)
        for line in (
            f"EventName: {want['name']}",
            f"Timestamp: {want['nanoseconds']}",
            "SeverityNumber: SEVERITY_NUMBER_INFO(9)",
        ):
            if f"\n{line}\n" not in record:
                mistakes.append(f"{line} is not in {record[:300]!r}")
        for name, value in want["attributes"].items():
            kind, found = typed.get(name, ("nothing", ""))
            fits = {
                bool: ("Bool", str(value).lower()),
                int: ("Int", str(value)),
                float: ("Double", repr(value)),
                str: ("Str", value),
                list: (kind, found),
            }[type(value)]
            if (kind, found) != fits or isinstance(value, list) and not all(it in found for it in value):
                mistakes.append(f"{name} is {kind}({found}), not {value!r}")
    if seen != Counter(recorded.keys()):
        mistakes.append(f"{len(seen)} ids in {sum(seen.values())} records, not {len(recorded)}")
    return mistakes[:6]


def check(report, programs, installed, folder):
    """The whole part."""
    Receivers(report, programs, installed, folder).all()

"""Two collectors on one ClickHouse with two addresses, under load, while collectors, the engine and addresses
are killed and taken away at random: what was acknowledged is stored once.

    python3 peers/clickhouse/killed.py HEADCOUNT [ROUNDS [SEED]]

HEADCOUNT is the program. PYTHONPATH has `chdb-core`. Each tenth round the load pauses until the spools are
empty, and then every acknowledged id is there, no other than those that were sent, and the page's own question
counts just as many. In between, an answer never counts more than was sent.
"""

import datetime
import http.client
import json
import pathlib
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time

from node import NodeProcess, Refused
from relay import Relay

ROOT = pathlib.Path(__file__).resolve().parents[2]
CATALOG = ROOT / "examples/atomic/telemetry.toml"
LINES = 20
SENDERS = 3
# Seconds that anything may take before the run is called a failure.
PATIENCE = 120


class Collector:
    def __init__(self, program, folder, store):
        self.command = [program, "serve", "--development", "--listen", "127.0.0.1:0", "--data", str(folder / "data"),
                        "--catalogs", str(CATALOG), "--store", store, "--log-level", "warn"]
        self.log = open(folder / "log", "ab")
        self.folder, self.address = folder, None

    def start(self):
        self.process = subprocess.Popen(self.command, stdout=subprocess.PIPE, stderr=self.log, text=True)
        line = self.process.stdout.readline()
        if not line.startswith("listening on http://"):
            raise RuntimeError(f"a collector has not started: {line!r}; {(self.folder / 'log').read_text()[-2000:]}")
        self.address = line.split("://")[1].strip()

    def kill(self):
        self.address = None
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()
        self.process.stdout.close()

    def waits(self):
        return sorted((self.folder / "data/spool").glob("*.batch"))

    def get(self, path):
        return request(self.address, "GET", path)


def request(address, method, path, body=None, headers=None):
    if address is None:
        raise OSError("it is not there")
    connection = http.client.HTTPConnection(address, timeout=30)
    try:
        connection.request(method, path, body, headers or {})
        answer = connection.getresponse()
        return answer.status, answer.read()
    finally:
        connection.close()


class Load:
    """Sends events with ids of their own, and some of them again, until it is paused."""

    def __init__(self, collectors, seed):
        self.collectors, self.seed = collectors, seed
        self.sent, self.acknowledged, self.lock = set(), set(), threading.Lock()
        self.again, self.is_over, self.refused = [], False, 0

    def begin(self):
        self.is_over = False
        self.threads = [threading.Thread(target=self.send_all, args=(nth,), daemon=True) for nth in range(SENDERS)]
        for thread in self.threads:
            thread.start()

    def pause(self):
        self.is_over = True
        for thread in self.threads:
            thread.join()

    def send_all(self, nth):
        self.seed += 1
        own = random.Random(self.seed * SENDERS + nth)
        while not self.is_over:
            if self.again and own.random() < 0.1:
                ids = own.choice(self.again)
            else:
                ids = [own.getrandbits(128) for _ in range(LINES)]
            with self.lock:
                self.sent.update(ids)
            body = "\n".join(map(line, ids)).encode()
            self.send(own, ids, body)

    def send(self, own, ids, body):
        collector = own.choice(self.collectors)
        try:
            status, told = request(collector.address, "POST", "/api/v1/events", body, {"Authorization": "Bearer atomic"})
        except (OSError, http.client.HTTPException):
            return time.sleep(0.05)
        if status != 200:
            self.refused += 1
            return time.sleep(0.05)
        told = json.loads(told)
        if told.get("rejected") or told.get("refused"):
            raise AssertionError(f"an event was rejected: {told}")
        with self.lock:
            self.acknowledged.update(ids)
            self.again.append(ids)
            del self.again[:-200]


def uuid_of(bits):
    text = f"{bits:032x}"
    return f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"


def line(bits):
    now = datetime.datetime.now(datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")
    return json.dumps({"anonymousId": f"device-{bits % 50}", "eventId": uuid_of(bits), "eventType": "atomic_command",
                       "timestamp": now, "command": "update", "agentType": None, "success": True, "platform": "linux",
                       "atomicVersion": "0.1.0", "source": "cli"})


class Scene:
    def __init__(self, program, folder, seed):
        self.random, self.checks = random.Random(seed), 0
        self.node = NodeProcess(folder / "node")
        self.node.run("CREATE DATABASE headcount")
        self.relays = [Relay(lambda: self.node.address) for _ in range(2)]
        hosts = ",".join(f"127.0.0.1:{relay.port}" for relay in self.relays)
        self.collectors = []
        for nth in range(2):
            own = folder / f"collector-{nth}"
            own.mkdir()
            if nth == 1:
                # All collectors make the same pseudonyms.
                (own / "data").mkdir(mode=0o700)
                shutil.copy2(folder / "collector-0/data/secret", own / "data/secret")
            collector = Collector(program, own, f"clickhouse://{hosts}/headcount")
            collector.start()
            self.collectors.append(collector)
        self.load = Load(self.collectors, seed)

    def round(self):
        """Something goes, and comes back."""
        own = self.random
        time.sleep(own.uniform(0.05, 0.6))
        kind = own.choice(("collector", "collector", "engine", "both", "address"))
        collector = own.choice(self.collectors)
        if kind in ("collector", "both"):
            collector.kill()
        if kind in ("engine", "both"):
            self.node.kill()
        if kind == "address":
            own.choice(self.relays).down()
        time.sleep(own.choice((0, 0.1, 0.5, 1.0)))
        if kind in ("engine", "both"):
            if own.random() < 0.5 and kind == "both":
                collector.start()
            self.node.start()
        for relay in self.relays:
            if relay.listener is None:
                relay.up()
        if collector.address is None:
            collector.start()
        self.look()
        return kind

    def look(self):
        """An answer, if there is one, never counts more than was sent."""
        try:
            counted = self.count(self.random.choice(self.collectors))
        except (OSError, http.client.HTTPException, Unanswered):
            return
        with self.load.lock:
            sent = len(self.load.sent)
        self.checks += 1
        assert counted <= sent, f"{counted} are counted and {sent} were sent"

    def count(self, collector):
        today = datetime.datetime.now(datetime.timezone.utc).date()
        path = f"/api/v1/ask/events?product=atomic&from={today - datetime.timedelta(2)}&to={today}&format=json"
        status, told = collector.get(path)
        if status != 200:
            raise Unanswered(status, told)
        return sum(row["count"] for row in json.loads(told)["rows"])

    def compare(self):
        """Nothing is sent: all that waits arrives, and is what was acknowledged."""
        self.load.pause()
        until = time.monotonic() + PATIENCE
        while any(collector.waits() for collector in self.collectors):
            assert time.monotonic() < until, "the spools are not emptied: " + self.collectors[0].get("/readyz")[1].decode()
            time.sleep(0.2)
        stored = [int(row, 16) for row, in self.node.rows("SELECT hex(id) FROM headcount.events FINAL")]
        assert len(stored) == len(set(stored)), "an event is stored twice"
        lost = self.load.acknowledged - set(stored)
        assert not lost, f"{len(lost)} acknowledged events are lost"
        strange = set(stored) - self.load.sent
        assert not strange, f"{len(strange)} events were never sent"
        for collector in self.collectors:
            counted = self.count(collector)
            assert counted == len(stored), f"the page counts {counted}, and {len(stored)} are stored"
        return len(stored)

    def end(self):
        for collector in self.collectors:
            collector.kill()
        self.node.kill()


class Unanswered(Exception):
    pass


def main():
    program, rounds = sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 20
    seed = int(sys.argv[3]) if len(sys.argv) > 3 else 20261130
    folder = pathlib.Path(tempfile.mkdtemp(prefix="headcount-killed-"))
    began = time.monotonic()
    scene = Scene(program, folder, seed)
    kinds = {}
    try:
        for nth in range(1, rounds + 1):
            if nth % 10 == 1:
                scene.load.begin()
            kind = scene.round()
            kinds[kind] = kinds.get(kind, 0) + 1
            if nth % 10 == 0 or nth == rounds:
                stored = scene.compare()
                print(f"round {nth}: {len(scene.load.acknowledged)} acknowledged, {len(scene.load.sent)} sent, "
                      f"{stored} stored once and counted", flush=True)
        print(f"{rounds} rounds, {kinds}: nothing lost, nothing twice; {scene.checks} answers in between were right, "
              f"{scene.load.refused} requests were answered 503; {time.monotonic() - began:.0f} s")
    except (AssertionError, Refused, RuntimeError) as error:
        print(f"FAIL {error}; seed {seed}; {folder} is kept", flush=True)
        scene.end()
        return 1
    scene.end()
    shutil.rmtree(folder)
    return 0


if __name__ == "__main__":
    sys.exit(main())

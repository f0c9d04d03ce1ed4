"""docs/operate/clickhouse.md with the program itself: from an empty database to two collectors, of which one goes on
while ClickHouse is away.

    python3 peers/clickhouse/walk.py HEADCOUNT             on the engine of a test, behind serve.py
    python3 peers/clickhouse/walk.py HEADCOUNT cluster     on the cluster of docs/operate/clickhouse-compose.yaml

HEADCOUNT is the program. For the first form, PYTHONPATH has `chdb-core`; the second one needs Docker. It prints a
line a check.
"""

import http.client
import json
import pathlib
import random
import shutil
import subprocess
import sys
import tempfile
import time

import cluster
import pages
from killed import CATALOG, Collector, line, request
from node import Node, NodeProcess, as_user, at
from relay import Relay

NAME, PASSWORD = "walked", "choose-a-password"
EVENTS = 20
PATIENCE = 60


class Here:
    """One node at an address that can be taken away."""

    cluster = ""

    def __init__(self, folder):
        self.node = NodeProcess(folder / "node", "--user", f"{NAME}:{PASSWORD}")
        self.relay = Relay(lambda: self.node.address)
        self.hosts = [f"127.0.0.1:{self.relay.port}"]
        self.view = Node(self.hosts[0], as_user(NAME, PASSWORD))

    def prepare(self):
        # The engine has no users of its own: its server has been told this one.
        self.view.run(pages.statements("single node", NAME)[0])

    def away(self):
        self.relay.down()

    def back(self):
        self.relay.up()

    def end(self):
        self.node.end()


class Elsewhere:
    """The cluster, both of whose nodes can be killed."""

    cluster = "?cluster=headcount"
    nodes = ("replica-1", "replica-2")

    def __init__(self):
        self.admins = [at(url) for url in cluster.ADMINS]
        self.hosts = [admin.address for admin in self.admins]
        self.view = cluster.Hosts(Node(host, as_user(NAME, PASSWORD)) for host in self.hosts)

    def prepare(self):
        self.back()
        for statement in pages.statements("cluster", NAME):
            self.admins[0].run(statement)

    def away(self, *nodes):
        cluster.compose("kill", *(nodes or self.nodes))

    def back(self):
        cluster.compose("start", *self.nodes)
        for admin in self.admins:
            cluster.wait("every replica answers", lambda: cluster.answers(admin))

    def end(self):
        pass


class ConfiguredCollector(Collector):
    """As a person starts it, by a file of settings."""

    def __init__(self, program, folder, store, password=PASSWORD):
        super().__init__(program, folder, store)
        secret = folder / "clickhouse-password"
        secret.write_text(password + "\n")
        settings = folder / "headcount.toml"
        told = {"listen": "127.0.0.1:0", "data": "data", "catalogs": str(CATALOG)}
        if store:
            told |= {"store": store, "store-password-file": secret.name}
        settings.write_text("".join(f"{key} = {json.dumps(value)}\n" for key, value in told.items()) + "development = true\n")
        self.command = [program, "serve", "--config", str(settings)]
        self.migrate = [program, "migrate", "--from", str(folder / "data"), "--store-password-file", str(secret)]

    def checked(self):
        done = subprocess.run([*self.command, "--check-config"], capture_output=True, text=True)
        return done.returncode, done.stdout + done.stderr

    def send(self, events):
        body = "\n".join(map(line, events)).encode()
        return request(self.address, "POST", "/api/v1/events", body, {"authorization": "Bearer atomic"})

    def part(self):
        """What /readyz says of ClickHouse: its status, and the part if it is there."""
        status, told = self.get("/readyz")
        return status, next((part for part in parts_of(json.loads(told)) if part["part"] == "ClickHouse"), None)

    def says(self, words):
        return words in (self.folder / "log").read_text()


def parts_of(told):
    return told if isinstance(told, list) else told["parts"]


class Walk:
    def __init__(self, program, folder, scene):
        self.program, self.folder, self.scene = program, folder, scene
        self.random, self.failed, self.sent = random.Random(20261130), 0, []
        self.store = f"clickhouse://{NAME}@{','.join(scene.hosts)}/{NAME}{scene.cluster}"

    def check(self, name, is_right, said=""):
        self.failed += not is_right
        print(f"{'ok  ' if is_right else 'FAIL'} {name}{'' if is_right else f': {said}'}", flush=True)

    def collector(self, name, store=None, **more):
        folder = self.folder / name
        folder.mkdir(exist_ok=True)
        return ConfiguredCollector(self.program, folder, self.store if store is None else store, **more)

    def send(self, name, collector, again=()):
        events = [self.random.getrandbits(128) for _ in range(EVENTS)]
        status, told = collector.send([*again, *events])
        self.sent += events
        told = json.loads(told) if status == 200 else told
        self.check(name, status == 200 and told["accepted"] == EVENTS + len(again), f"{status} {told}")
        return events

    def asked(self, name):
        return self.scene.view.rows(pages.asked(name), {"database": NAME})

    def arrive(self, name):
        """Waits until the page's own question counts what was sent, each event once."""
        until = time.monotonic() + PATIENCE
        while True:
            try:
                told = sum(row[1] for row in self.asked("arrived"))
            except (OSError, http.client.HTTPException):
                told = "nobody answers"
            if told == len(self.sent) or time.monotonic() > until:
                return self.check(name, told == len(self.sent), f"{told} of {len(self.sent)}")
            time.sleep(0.2)

    def wait(self, name, is_true):
        until = time.monotonic() + PATIENCE
        while not is_true() and time.monotonic() < until:
            time.sleep(0.2)
        self.check(name, is_true())

    def run(self):
        self.scene.prepare()
        code, told = self.collector("wrong", password="not-this-one").checked()
        self.check("--check-config says that the password is wrong", code == 1 and "AUTHENTICATION_FAILED (516)" in told, told)
        first = self.collector("first")
        code, told = first.checked()
        self.check("--check-config says that it answers", code == 0 and "has no newer tables" in told, told)
        self.check("and not the password", PASSWORD not in told, told)
        first.start()
        self.check("it is ready, and has nothing to say of ClickHouse", first.part() == (200, None), first.part())
        events = self.send("events are acknowledged", first)
        self.arrive("and arrive")
        tables = len(list((pages.PAGE.parents[2] / "crates/headcount-store/src/clickhouse/sql/tables").glob("*.sql")))
        self.check("each table is there", len(self.asked("tables")) == tables, self.asked("tables"))
        second = self.second()
        self.send("another collector, with a copy of the folder, takes them again and some more", second, events)
        self.arrive("and each is there once")
        self.check("two collectors ship", len(self.asked("shippers")) == 2, self.asked("shippers"))
        self.move()
        self.without(first, second)
        if self.scene.cluster:
            self.scene.away(self.scene.nodes[0])
            self.send("one replica is away: events are acknowledged", first)
            self.arrive("and arrive at the other one")
            self.scene.back()
        for each in (first, second):
            each.kill()

    def second(self):
        ignored = shutil.ignore_patterns(*pages.not_copied())
        shutil.copytree(self.folder / "first/data", self.folder / "second/data", ignore=ignored)
        second = self.collector("second")
        second.start()
        same = [(self.folder / name / "data/secret").read_bytes() for name in ("first", "second")]
        self.check("both have one secret", same[0] == same[1])
        return second

    def move(self):
        """A folder of the embedded store, while its collector runs, and once more."""
        embedded = self.collector("embedded", store="")
        embedded.start()
        self.send("a collector on its folder takes events", embedded)
        for came, known in ((EVENTS, 0), (0, EVENTS)):
            done = subprocess.run([*embedded.migrate, "--to", self.store], capture_output=True, text=True)
            said = f"has everything: {came} events of {bool(came):d} days came now, {known} of {bool(known):d} days were there before"
            self.check(f"its folder is moved: {came} events", done.returncode == 0 and said in done.stdout, done.stdout + done.stderr)
        embedded.kill()
        self.arrive("and they are there")

    def without(self, first, second):
        self.scene.away()
        self.send("ClickHouse is away: events are acknowledged", first)
        self.wait("/readyz says that they wait, and answers 200", lambda: is_waiting(first.part()))
        self.wait("the log says why", lambda: first.says("cannot reach ClickHouse at") or first.says("ended the connection"))
        first.kill()
        first.start()
        self.send("killed and started without ClickHouse: events are acknowledged", first)
        self.send("at the other one too", second)
        self.check("they wait in the spools", first.waits() and second.waits())
        self.scene.back()
        self.arrive("ClickHouse is back: all of them arrive, once")
        self.wait("/readyz has nothing to say any more", lambda: first.part() == (200, None))
        self.wait("the log says so", lambda: first.says("what waited has arrived at ClickHouse"))
        self.wait("the spools are empty", lambda: not first.waits() and not second.waits())


def is_waiting(told):
    status, part = told
    return status == 200 and part is not None and not part["ok"]


def main():
    folder = pathlib.Path(tempfile.mkdtemp(prefix="headcount-walk-"))
    scene = Elsewhere() if sys.argv[2:] == ["cluster"] else Here(folder)
    walk = Walk(sys.argv[1], folder, scene)
    try:
        walk.run()
    finally:
        scene.end()
    if walk.failed:
        print(f"walk: {walk.failed} failed; {folder} is kept")
        return 1
    shutil.rmtree(folder)
    print("walk: all right")
    return 0


if __name__ == "__main__":
    sys.exit(main())

"""Two replicas of ClickHouse itself, of which one is killed while events come: nothing is lost, nothing is there
twice, and every question is answered as brute force says.

    docker compose -f docs/operate/clickhouse-compose.yaml up --wait
    python3 peers/clickhouse/cluster.py [ROWS]

It needs that cluster, fresh, and Docker: it kills and starts `replica-2`. The database, the user and what it may do
are made by the statements of docs/operate/clickhouse.md, as they are there. It prints a line a check.
"""

import http.client
import pathlib
import subprocess
import sys
import time

import pages
import sql
from brute import Brute
from node import Node, Refused, as_user, at
from suite import DAYS, Suite, erase

ROOT = pathlib.Path(__file__).resolve().parents[2]
COMPOSE = ROOT / "docs/operate/clickhouse-compose.yaml"
ADMINS = ("http://admin:admin@127.0.0.1:8123", "http://admin:admin@127.0.0.1:8124")
SECOND = "replica-2"
# Seconds that a replica may take to be there again, and to have everything.
PATIENCE = 120
# Errors after which another host is asked, as crates/headcount-store/src/clickhouse/problem.rs has them.
OF_THE_HOST = ("(TABLE_IS_READ_ONLY)", "(KEEPER_EXCEPTION)", "(NETWORK_ERROR)", "(SOCKET_TIMEOUT)",
               "(ALL_CONNECTION_TRIES_FAILED)", "(TOO_FEW_LIVE_REPLICAS)")


class Hosts(Node):
    """Several hosts with the same data: the next one is asked if one does not answer, as a collector does it."""

    def __init__(self, hosts):
        super().__init__(None)
        self.hosts, self.failed_over = list(hosts), 0

    def request(self, method, query, body=None, headers=None, path="/"):
        for _ in self.hosts:
            try:
                return self.hosts[0].request(method, query, body, headers, path)
            except (OSError, http.client.HTTPException) as error:
                problem = error
            except Refused as error:
                if not any(name in error.text for name in OF_THE_HOST):
                    raise
                problem = error
            self.failed_over += 1
            self.hosts.append(self.hosts.pop(0))
        raise problem


class ClusterSuite(Suite):
    house_words = {"on_cluster": f"ON CLUSTER '{sql.CLUSTER}'", "events": "events_local", "device_days": "device_days_local",
                   "older_devices": "older_devices_local"}

    def create(self):
        for path in sql.tables():
            for _ in range(2):
                for statement in sql.create_in_cluster(path):
                    self.node.run(statement)
        self.tell_columns()


def compose(*arguments):
    subprocess.run(["docker", "compose", "-f", str(COMPOSE), *arguments], check=True)


def answers(node):
    try:
        return node.request("GET", {}, path="/ping")[0] == b"Ok.\n"
    except (OSError, http.client.HTTPException):
        return False


def wait(what, is_true):
    deadline = time.monotonic() + PATIENCE
    while not is_true():
        if time.monotonic() > deadline:
            raise SystemExit(f"cluster: {what}: not after {PATIENCE} s")
        time.sleep(0.2)


def has_all(admin):
    """Whether a replica has fetched what the other one has."""
    waiting = admin.rows("SELECT count(), sum(queue_size), max(absolute_delay), max(is_readonly) FROM system.replicas "
                         "WHERE database = 'headcount'")
    return waiting[0][0] > 0 and waiting[0][1:] == [0, 0, 0]


def settle(admins):
    """Waits until both replicas have the same."""
    for admin in admins:
        for table, in admin.rows("SELECT table FROM system.replicas WHERE database = 'headcount'"):
            admin.run(f"SYSTEM SYNC REPLICA headcount.{table}")
        wait("a replica has everything", lambda: has_all(admin))


def check_both(suite, admins, title):
    """Each replica by itself has every event once."""
    settle(admins)
    brutes = [Brute(product, suite.shipped) for product in ("atomic", "archon")]
    expected = sum(len(brute.events) for brute in brutes)
    for nth, admin in enumerate(admins, 1):
        (count,), = admin.rows("SELECT count() FROM headcount.events_local FINAL")
        suite.check(f"{title}: replica {nth} has every event, once", count == expected, f"{count}, expected {expected}")


def ship(suite, batches):
    """Each batch, and once more through the other host: as a collector that has lost an answer, and fails over."""
    for batch in batches:
        suite.ship([batch])
        suite.node.hosts.append(suite.node.hosts.pop(0))
        suite.ship([batch])
        suite.shipped.append(batch)


def prepare(admins):
    for statement in pages.statements("cluster"):
        admins[0].run(statement)


def check_tables(suite, admins):
    tables = [admin.rows("SELECT name, engine FROM system.tables WHERE database = 'headcount' ORDER BY name") for admin in admins]
    # A sharded table is two: where the rows lie, and the one that asks all shards.
    wanted = len(sql.tables()) + sum("shard" in sql.head(path) for path in sql.tables())
    suite.check("both replicas have every table", tables[0] == tables[1] and len(tables[0]) == wanted, [len(each) for each in tables])
    plain = [name for name, engine in tables[0] if not engine.startswith(("Replicated", "Distributed"))]
    suite.check("and each is replicated, or asks one that is", plain == [], plain)


def ship_without_merges(suite, batches, admins):
    """A token is known to both: what comes again through the other replica is not inserted, nor merged away."""
    for admin in admins:
        admin.run("SYSTEM STOP MERGES headcount.events_local")
    ship(suite, batches)
    settle(admins)
    (rows,), = admins[0].rows("SELECT count() FROM headcount.events_local")
    sent = sum(len(events) for *_, events in suite.shipped)
    suite.check("a batch that comes again through the other replica is not inserted", rows == sent, f"{rows} rows of {sent} sent")
    for admin in admins:
        admin.run("SYSTEM START MERGES headcount.events_local")


def run(suite, admins):
    suite.create()
    check_tables(suite, admins)
    third = len(suite.batches) // 3
    ship_without_merges(suite, suite.batches[:third], admins)
    check_both(suite, admins, "with both")
    compose("kill", SECOND)
    ship(suite, suite.batches[third:2 * third])
    suite.check("the other host was asked while one was away", suite.node.failed_over > 0)
    suite.count()
    check_sums(suite, "without one: every event is counted")
    compose("start", SECOND)
    wait(f"{SECOND} answers", lambda: answers(admins[1]))
    ship(suite, suite.batches[2 * third:])
    check_both(suite, admins, "with both again")
    suite.count()
    settle(admins)
    for product in ("atomic", "archon"):
        suite.tell_vocabulary(product)
    settle(admins)
    brute = Brute("atomic", suite.shipped)
    suite.compare("atomic, counted", brute)
    suite.compare_raw("atomic, counted", brute)
    suite.compare_page(brute, suite.shipped)
    erase(suite, brute)
    settle(admins)
    compose("kill", "replica-1")
    wait("the second replica answers", lambda: answers(admins[1]))
    check_sums(suite, "with the second one alone: nothing is missing")


def check_sums(suite, title):
    told = suite.ask("events", product="atomic", **DAYS, scope="all")
    suite.same(title, told, Brute("atomic", suite.shipped).events_("all"))


def main():
    rows = int(sys.argv[1]) if len(sys.argv) > 1 else 20_000
    admins = [at(url) for url in ADMINS]
    for admin in admins:
        wait("every replica answers", lambda: answers(admin))
    prepare(admins)
    user = as_user("headcount", "choose-a-password")
    hosts = Hosts(Node(admin.address, user, {"database": "headcount"}) for admin in admins)
    suite = ClusterSuite(hosts, rows, max(rows // 12, 500))
    suite.shipped = []
    run(suite, admins)
    print(f"{suite.passed} passed, {suite.failed} failed")
    return min(suite.failed, 1)


if __name__ == "__main__":
    sys.exit(main())

"""What counting new events of a busy day takes, and a question while they are not counted yet: the numbers of
docs/operate/scale.md that depend on how large a day is.

    python3 peers/clickhouse/adding.py [MILLIONS [NEW]]

A day has MILLIONS of events (5 unless said otherwise) that are counted, and NEW more (70,000) that are not: a
minute's of 100 million a day. Told is processor time of the engine, the Python in front of it included, and the
time by the clock. PYTHONPATH has `chdb-core`.
"""

import os
import pathlib
import shutil
import sys
import tempfile
import time

import made_events
import pages
import suite
from node import a_node

DAY = "2026-11-20"
MONTH = {"product": "atomic", "from": "2026-11-01", "to": "2026-11-30"}
# Different events that the day is made of: more than it takes to have every value.
DIFFERENT = 20_000
# Copies of devices, so that a device has ten events a day.
EVENTS_OF_DEVICE = 10


class Adding:
    def __init__(self, node):
        self.node, self.made = node, 0
        self.suite = suite.Suite(node, DIFFERENT * 2, DIFFERENT * 2)
        self.suite.create()
        [(_, _, events), *_] = self.suite.batches
        node.insert(suite.INSERT, made_events.row_binary(1, 1, events), token="seed")
        node.run(f"CREATE TABLE seed ENGINE = Memory AS SELECT * FROM events WHERE product = 'atomic' LIMIT {DIFFERENT}")
        node.run("TRUNCATE TABLE events")
        [(self.different,)] = node.rows("SELECT count() FROM seed")

    def insert(self, count):
        """New events, as one batch."""
        self.made += 1
        own = {"day": f"toDate('{DAY}')", "node": "toUInt32(1)", "batch": str(self.made),
               "id": self.id(),
               "device": f"sipHash128(intDiv(cityHash64(seed.id, copy, {self.made}), {2 ** 64 // self.devices_of(count)}))"}
        own["device"] = f"unhex(leftPad(hex({own['device']}), 32, '0'))"
        columns = [name.strip() for name in made_events.COLUMNS.split(",")]
        told = ", ".join(own.get(name.strip("`"), f"seed.{name}") for name in columns)
        copies = -(-count // self.different)
        self.node.run(f"INSERT INTO events ({made_events.COLUMNS}) SELECT {told} FROM (SELECT number AS copy FROM numbers({copies})) AS n "
                      f"CROSS JOIN seed LIMIT {count}", {"max_insert_block_size": "1000000"})
        self.node.run(f"INSERT INTO batches VALUES ('atomic', '{DAY}', 1, {self.made}, {count})")
        self.node.run(f"INSERT INTO last_batches VALUES ('atomic', '{DAY}', 1, {self.made})")

    def id(self):
        """As UUIDs of version 7 are, which the SDK gives: time first, in milliseconds, and then chance. Batches are minutes."""
        milliseconds = f"{1_790_000_000_000 + self.made * 60_000} + rand() % 60000"
        return f"unhex(concat(leftPad(hex(toUInt64({milliseconds})), 12, '0'), leftPad(hex(sipHash64(seed.id, copy, {self.made})), 20, '7')))"

    @staticmethod
    def devices_of(count):
        return max(count // EVENTS_OF_DEVICE, 1)

    def timed(self, what, run):
        clock, busy = time.monotonic(), self.busy()
        run()
        print(f"{what}: {self.busy() - busy:.2f} s of a processor, {time.monotonic() - clock:.2f} s by the clock", flush=True)

    def busy(self):
        fields = pathlib.Path(f"/proc/{self.node.process.pid}/stat").read_text().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def question(self):
        held, new = self.snapshot
        text = suite.sql.question("by_property", bool(new))
        told = {"scope": "all", "only": "", "event": "run", "property": "command", **MONTH, **held, **new}
        self.node.rows(text, **self.suite.needed(text, told))

    def look(self):
        self.snapshot = self.suite.snapshot(MONTH)


def main():
    millions, new = (int(one) for one in (*sys.argv[1:], *("5", "70000")[len(sys.argv) - 1:]))
    folder = pathlib.Path(tempfile.mkdtemp(prefix="headcount-adding-"))
    node = a_node(folder / "node", pages.privileges())
    try:
        adding = Adding(node)
        for _ in range(millions):
            adding.insert(1_000_000)
        adding.timed(f"{millions} million events of a day are counted whole", adding.suite.count)
        adding.look()
        adding.timed("a question about counts", adding.question)
        for _ in range(2):
            adding.insert(new)
            adding.timed(f"a look at {new:,} new ones, once a page", adding.look)
            adding.timed("a question with them", adding.question)
            adding.timed("they are added", adding.suite.count)
        adding.insert(new)
        adding.timed("more are added, and all is one generation", lambda: adding.suite.count(most_parts=1))
        told = sum(row[3] for row in adding.suite.ask("events", **MONTH))
        [(there,)] = node.rows("SELECT sum(weight) FROM events FINAL")
        print("the counts are right" if told == there else f"the counts are {told}, and should be {there}")
        return int(told != there)
    finally:
        node.end()
        shutil.rmtree(folder)


if __name__ == "__main__":
    sys.exit(main())

"""The tables and questions of the store on ClickHouse, on the real engine: every question is compared with
brute force over the same made-up events, before and after a recount, with copies from two collectors.

    python3 peers/clickhouse/suite.py [ROWS [short]]

With `short`, everything is asked of one product, once counted and once with new events: enough for times
over many rows. PYTHONPATH has `chdb-core`, or HEADCOUNT_CLICKHOUSE_ADDRESS names a real server, such as
http://admin:password@127.0.0.1:8123: then a database is made there and dropped, with a user who has the privileges that
docs/operate/clickhouse.md lists, and nothing is killed. It prints a line a check, and how long each question takes.
"""

import ast
import collections
import dataclasses
import datetime
import pathlib
import shutil
import statistics
import sys
import tempfile
import time

import made_events
import pages
import scale
import sql
from brute import Brute, date
from node import NodeProcess, a_node

FROM, TO = date(made_events.FIRST), date(made_events.FIRST + made_events.DAYS - 1)
EPOCH = datetime.date(1970, 1, 1).toordinal()
EVER = {"from": "2026-10-01", "to": "2026-12-31"}
WEEKS = {"from": "2026-10-26", "to": "2026-12-06"}
DAYS = {"from": FROM, "to": TO}
INSERT = f"INSERT INTO events ({made_events.COLUMNS}) FORMAT RowBinary"


class Suite:
    # What mutations are sent to, where that is not the table itself.
    house_words = {}

    def __init__(self, node, rows, size):
        self.node, self.failed, self.passed, self.times = node, 0, 0, {}
        self.batches = list(made_events.Maker(20261130, max(rows // 20, 100)).batches(rows, size))
        self.generation = 0

    def check(self, name, is_right, said=""):
        self.passed += bool(is_right)
        self.failed += not is_right
        print(f"{'ok  ' if is_right else 'FAIL'} {name}{'' if is_right else f': {said}'}", flush=True)

    def same(self, name, told, expected):
        differing = [pair for pair in zip(told, expected) if pair[0] != pair[1]][:2]
        self.check(name, told == expected, f"{len(told)} rows, expected {len(expected)}: {differing}")

    # Inserts.

    def create(self):
        for path in sql.tables():
            for _ in range(2):
                for statement in sql.create(path):
                    self.node.run(statement)
            for statement in sql.create_in_cluster(path):
                self.node.run("EXPLAIN AST " + statement)
        self.check("every table is made, twice, and its form for a cluster is parsed", True)
        self.tell_columns()

    def tell_columns(self):
        turned = [(product, event, *other, *one) for product, event, *pair in made_events.PAIRS for one, other in [(pair[:2], pair[2:])]]
        self.node.run("INSERT INTO pairs VALUES " + ", ".join(map(str, made_events.PAIRS + turned)))
        self.node.run("INSERT INTO version_columns VALUES ('atomic', 'version'), ('archon', 'version')")

    def ship(self, batches):
        for node, batch, events in batches:
            self.node.insert(INSERT, made_events.row_binary(node, batch, events), token=f"{node}-{batch}")
            days = {}
            for event in events:
                days[(event.product, event.day)] = days.get((event.product, event.day), 0) + 1
            rows = ", ".join(f"('{product}', {day}, {node}, {batch}, {count})" for (product, day), count in days.items())
            self.node.run("INSERT INTO batches VALUES " + rows, {"async_insert": "0"})
            rows = ", ".join(f"('{product}', {day}, {node}, {batch})" for product, day in days)
            self.node.run("INSERT INTO last_batches VALUES " + rows, {"async_insert": "0"})

    def count(self, most_parts=8):
        """As a collector does it: whole days first, then what is new, and now and then all generations as one."""
        self.generation += 1
        contained = self.contained()
        weeks = {}
        for product, day, parts, _ in self.node.rows(sql.house("days_to_count"), **contained):
            week = datetime.date.fromisoformat(day).isocalendar()[:2]
            way = "count" if parts == 0 else "add" if parts < most_parts else "fold"
            weeks.setdefault((product, week, way), []).append(day)
        for (product, _, way), days in weeks.items():
            self.count_days(product, way, days, {**contained, **EVER})
        return sum(len(days) for days in weeks.values())

    def count_days(self, product, way, days, contained):
        generation = str(self.generation)
        counted = self.counted_days(product, days)
        own = {**contained, "product": product, "days": quoted(days), "generation": generation, **self.folded(counted),
               **self.added(product, contained, counted)}
        self.run_house(f"{way}_cells", **own)
        self.run_house(f"{way}_devices", **own)
        parts = {one.day: one.parts for one in counted} if way == "add" else {}
        erased = {one.day: one.erased for one in counted} if way != "count" else {}
        self.hold(own, "0", {day: (erased.get(day, generation), parts.get(day, [])) for day in days})

    def counted_days(self, product, days):
        rows = self.rows_house("counted_days", product=product, days=quoted(days))
        return [CountedDay(day, nodes, dict(map(tuple, counted)), *others) for day, nodes, counted, *others in rows]

    def several_parts(self):
        return self.rows_house("days_to_fold", closed="2026-12-31")

    def folded(self, counted):
        return {"folded": listed(f"({number_of(one.day)}, {part})" for one in counted for part in one.parts),
                "bounds": listed(f"('{one.day}', {one.settled}, {one.erased})" for one in counted)}

    def added(self, product, contained, counted):
        """What the generations of some days do not contain."""
        came = lasts_of(contained)
        new = [(one.day, node, one.counted.get(node, 0), came[node]) for one in counted for node in one.nodes
               if one.counted.get(node, 0) < came[node]]
        return self.new_batches(product, new, [(one.day, *last) for one in counted for last in one.counted.items()])

    def run_house(self, name, **told):
        text = sql.house(name, **self.house_words)
        needed = {key: value for key, value in told.items() if "{" + key + ":" in text}
        return self.node.run(text, {"async_insert": "0"}, **needed).decode()

    def tell_vocabulary(self, product):
        told = {"product": product, "has_devices": "1", "tellers": "5", "most": "1000",
                "revision": str(self.generation)}
        self.run_house("tell_fixed", **told)
        self.run_house("tell_vocabulary", **told)

    def erase(self, product, device):
        """As a collector does it: sums first, then the events, then a generation without them."""
        who = {"product": product, "is_account": "0", "pseudonym": device.hex()}
        who = {**who, **self.contained()}
        weeks = self.node.rows(sql.house("count_erased"), **who)
        self.generation += 1
        told = {**who, **EVER, "generation": str(self.generation)}
        self.run_house("erase_cells", **told)
        copies = self.rows_house("copies", **told)
        copies = "[" + ", ".join(f"({day}, '{one}')" for day, one in copies) + "]"
        for week, _ in weeks:
            self.run_house("erase_events", **told, week=week, copies=copies)
        for week in self.rows_house("weeks_of_device", **told)[0][0]:
            self.run_house("erase_devices", **told, week=week)
        yield sum(events for _, events in weeks)
        days = [day for day, in self.rows_house("erased_days", **told)]
        told["days"] = quoted(days)
        self.run_house("count_cells", **told)
        self.run_house("count_devices", **told)
        self.hold(told, "0", {day: (told["generation"], []) for day in days})
        yield self.node.rows(sql.house("count_erased"), **who)

    def contained(self):
        ends = self.node.rows(sql.house("last_batches"))
        return {"nodes": str([node for node, _ in ends]), "lasts": str([last for _, last in ends])}

    def hold(self, told, settled, days):
        """`days` say up to which erasure events were gone, and which generations there were before."""
        generation, came = int(told["generation"]), lasts_of(told)
        before = {one.day: one for one in self.counted_days(told["product"], days)}
        batches = dict(map(tuple, self.rows_house("day_batches", **told)))
        rank = generation + (2**63 if settled != "0" else 0)
        rows = [f"('{told['product']}', '{day}', {generation}, {before[day].nodes}, {[came[node] for node in before[day].nodes]}, "
                f"{batches.get(day, 0)}, {[*parts, generation]}, {before[day].parts}, {erased}, {settled}, {rank})"
                for day, (erased, parts) in days.items()]
        self.node.run("INSERT INTO counted VALUES " + ", ".join(rows), {"async_insert": "0"})

    def rows_house(self, name, **told):
        text = sql.house(name, **self.house_words)
        return self.node.rows(text, **{key: value for key, value in told.items() if "{" + key + ":" in text})

    def days_to_settle(self, product, first):
        return self.rows_house("days_to_settle", product=product, first=first, first_count="1970-01-01", **EVER)

    def expire(self, product, first):
        """Lets the days before one expire, as a collector does it. Nothing is new."""
        self.generation += 1
        generation = str(self.generation)
        told = {"product": product, "first": first, "first_count": "1970-01-01", "revision": generation,
                "generation": generation, "first_raw": first, "has_devices": "1", **EVER, **self.contained()}
        days = quoted(day for day, in self.rows_house("days_with_devices", **told))
        for step in ("keep_cohorts", "keep_periods", "keep_older"):
            self.run_house(step, **told, days=days)
        days = [day for day, in self.rows_house("days_to_settle", **told)]
        told["days"] = quoted(days)
        counted = self.counted_days(product, days)
        self.run_house("settle_cells", **told, **self.folded(counted), **self.new_batches("atomic", [], []))
        self.hold(told, generation, {day: (generation, []) for day in days})
        self.run_house("note_product", **told)
        for week, *_ in self.rows_house("expired_weeks", **told):
            for step in ("expire_events", "expire_devices"):
                self.run_house(step, **told, week=week)
        for step in ("forget_older", "settle_kept", "forget_values"):
            self.run_house(step, **told)

    # Questions.

    def ask(self, name, words=None, repeats=1, **told):
        held, with_new = self.snapshot(told)
        text = sql.question(name, bool(with_new), **(words or {}))
        told = {"scope": "all", "only": "", **told, **held, **with_new}
        needed = {key: value for key, value in told.items() if "{" + key + ":" in text}
        for _ in range(repeats):
            began = time.monotonic()
            rows = self.node.rows(text, {"max_execution_time": "120"}, **needed)
            self.times.setdefault((name, bool(with_new)), []).append(time.monotonic() - began)
        return rows

    def snapshot(self, told):
        """The generations that hold, and the parameters of what none of them contains."""
        days = self.node.rows(sql.question("snapshot"), product=told["product"])
        days = [one for one in days if told["from"] <= one[0] <= told["to"]]
        held = {"held": listed(f"({number_of(day)}, {one})" for day, parts, *_ in days for one in parts),
                "bounds": listed(f"('{day}', {settled}, {erased})" for day, parts, settled, erased, *_ in days if parts)}
        new = [(day, *one) for day, *_, new, _ in days for one in new]
        counted = [(day, *one) for day, *_, counted in days for one in counted]
        return held, self.new_batches(told["product"], new, counted) if new else {}

    def new_batches(self, product, batches, counted):
        """The parameters of new_events.sql."""
        told = self.batches_told(batches, counted)
        text = sql.question("new_copies")
        copies = self.node.rows(text, product=product, most="100000", **self.needed(text, told)) if batches and counted else []
        return {**told, "copies": listed(f"({day}, '{one}')" for day, one in copies)}

    @staticmethod
    def needed(text, told):
        return {key: value for key, value in told.items() if "{" + key + ":" in text}

    @staticmethod
    def batches_told(batches, counted):
        keys = lambda rows: listed(str(number_of(day) * 2**32 + node) for day, node, *_ in rows) if rows else "[0]"
        numbers = lambda of_nothing, *all: listed(map(str, all)) if all else f"[{of_nothing}]"
        return {"new_days": quoted(sorted({day for day, *_ in batches})), "new_keys": keys(batches),
                "new_lasts": numbers(2**64 - 1, *(last for _, _, last, _ in batches)),
                "new_tops": numbers(0, *(top for *_, top in batches)),
                "new_above": str(min((last for _, _, last, _ in batches), default=2**64 - 1)),
                "old_keys": keys(counted), "old_lasts": numbers(0, *(last for *_, last in counted))}

    def compare(self, title, brute, repeats=1):
        own = {"product": brute.product}
        for scope, only in (("all", ""), ("each", ""), ("only", "1.2.0"), ("only", "other"), ("only", "")):
            told = {**own, **DAYS, "scope": scope, "only": only}
            self.same(f"{title}: events, {scope} {only}", self.ask("events", repeats=repeats, **told), brute.events_(scope, only))
            self.same(f"{title}: active by week, {scope} {only}",
                      self.ask("active", repeats=repeats, **{**told, **WEEKS}, period="week"), brute.active("week", scope, only))
        told = {**own, **DAYS, "scope": "each", "event": "run"}
        for column in ("command", "model", "tools", "success"):
            self.same(f"{title}: by property {column}", self.ask("by_property", repeats=repeats, **told, property=column),
                      brute.by_property("run", column, "each"))
        for _, event, one, one_kind, other, other_kind in [pair for pair in made_events.PAIRS if pair[0] == brute.product]:
            self.same(f"{title}: across {one} and {other}",
                      self.ask("across", repeats=repeats, **told, one=one, other=other),
                      brute.across(event, one, one_kind, other, other_kind, "each"))
        self.same(f"{title}: failures", self.ask("failures", repeats=repeats, **told), brute.failures("run", None, "each"))
        self.same(f"{title}: failures by command", self.ask("failures_by", repeats=repeats, **told, property="command"),
                  brute.failures("run", "command", "each"))
        for column, period in (("took", "week"), ("cost", "day")):
            self.close(f"{title}: quantiles of {column}", self.ask("quantiles", repeats=repeats, **told, property=column, period=period),
                       brute.quantiles("run", column, period, "each"))
        for period in ("day", "week", "month"):
            self.same(f"{title}: active by {period}", self.ask("active", repeats=repeats, **{**own, **EVER}, period=period),
                      brute.active(period, "all"))
            self.same(f"{title}: marks by {period}", self.ask("marks", repeats=repeats, **{**own, **EVER}, period=period),
                      brute.marks(period))
        self.same(f"{title}: retention", self.ask("retention", repeats=repeats, **own, **DAYS), brute.retention())
        self.same(f"{title}: versions", self.ask("versions", repeats=repeats, **own, **DAYS), brute.versions())
        days = [date(event.day) for event in brute.events]
        total = [[min(days), max(days), sum(event.weight for event in brute.events)]]
        self.same(f"{title}: products", self.ask("products", repeats=repeats, **own, **EVER), total)

    def compare_page(self, brute, batches):
        """What docs/operate/clickhouse.md tells people to ask, and whether the rest of its SQL is SQL."""
        self.check("each error of the page is one that the store knows", pages.unknown_errors() == [], pages.unknown_errors())
        for statement in pages.all_sql():
            self.node.rows("SELECT formatQuery({statement:String})", statement=" ".join(statement.split()))
        for name, expected in pages.expected(brute, batches).items():
            self.same(f"the page's question: {name}", self.node.rows(pages.asked(name)), expected)

    def compare_sizes(self):
        """What docs/operate/scale.md calculates with. Small parts pack worse: its bytes are of a million rows."""
        sizes = self.node.rows("SELECT table, sum(rows), sum(bytes_on_disk) FROM system.parts "
                               "WHERE database = currentDatabase() AND active AND rows > 0 GROUP BY table ORDER BY table")
        sizes = {table: (rows, size / rows) for table, rows, size in sizes}
        print("on disk:", "; ".join(f"{table} {rows} rows, {each:.1f} B each" for table, (rows, each) in sizes.items()))
        node, batch, events = self.batches[0]
        sent = len(made_events.row_binary(node, batch, events)) / len(events)
        self.check_size("on its way", sent, scale.ROW_BINARY_BYTES)
        rows, each = sizes["events"]
        if rows > 10_000:
            self.check_size("on disk", each, scale.EVENTS_BYTES)

    def check_size(self, where, bytes, measured):
        self.check(f"an event takes {measured} bytes {where}, to a quarter", measured * 0.75 < bytes < measured * 1.25, bytes)

    def close(self, name, told, expected):
        """Quantiles are the same to the last digit; sums are added in another order."""
        exact = [row[:4] for row in told] == [row[:4] for row in expected]
        sums = all(abs(one[4] - other[4]) <= 1e-9 * other[4] for one, other in zip(told, expected))
        self.check(name, exact and sums, f"{told[:2]} {expected[:2]}")

    def compare_raw(self, title, brute, repeats=1):
        own = {"product": brute.product, **DAYS}
        version = sql.include("[@include(raw_version)]", {})
        split = sql.include("if(empty(@include(shown_values)), [''], @include(shown_values))", {"column": "'agent'"})
        scopes = {"all": "['']", "each": version, "split": split}
        for filters in ([], [("command", ["init", "run"])], [("agent", ["", "claude"]), ("success", ["false"])],
                        [("model", ["other"])], [("version", ["1.2.0", "other"]), ("command", ["test"])]):
            condition = " AND ".join(sql.filter_of(*one) for one in filters) or "1"
            for scope, text in scopes.items():
                by = "agent" if scope == "split" else None
                words = {"scopes": text, "filters": condition, "column": "'model'"}
                said = f"{title}: {filters} {scope}"
                self.same(f"{said}: raw events", self.ask("raw_events", words, repeats, **own), brute.raw_events(filters, scope, by))
                self.same(f"{said}: raw by property", self.ask("raw_by_property", words, repeats, **own, event="run"),
                          brute.raw_by_property(filters, scope, by, "run", "model"))
                shown = lambda column: sql.include("@include(shown_values)", {"column": sql.text(column)})
                pair = {**words, "ones": shown("command"), "others": shown("tools")}
                self.same(f"{said}: raw across", self.ask("raw_across", pair, repeats, **own, event="run"),
                          brute.raw_across(filters, scope, by, "run", "command", "tools"))
                self.same(f"{said}: raw failures", self.ask("raw_failures", words, repeats, **own, event="run"),
                          brute.raw_failures(filters, scope, by, "run", None))
                self.same(f"{said}: raw failures by", self.ask("raw_failures_by", words, repeats, **own, event="run"),
                          brute.raw_failures(filters, scope, by, "run", "model"))
                self.same(f"{said}: raw active", self.ask("raw_active", words, repeats, **own, period="week"),
                          brute.active("week", scope, events=brute.filtered(filters, scope, by)))
                self.close(f"{said}: raw quantiles", self.ask("raw_quantiles", words, repeats, **own, event="run", property="took",
                           period="week"), brute.quantiles("run", "took", "week", scope, brute.filtered(filters, scope, by)))
        words = {"scopes": "['']", "filters": "1", "follower": "hex(device)", "has_follower": "device_kind = 1",
                 "steps": "toUInt8(event = 'run') + 2 * toUInt8(event = 'update')"}
        told = self.ask("raw_steps", words, repeats, **own, times="['time']", most="100000000")
        self.same(f"{title}: events of steps", sorted(map(tuple, told)), brute.step_events(["run", "update"]))


def main():
    rows = int(sys.argv[1]) if len(sys.argv) > 1 else 20_000
    is_short = sys.argv[2:] == ["short"]
    folder = pathlib.Path(tempfile.mkdtemp(prefix="headcount-clickhouse-"))
    node = a_node(folder / "node", pages.privileges())
    try:
        suite = Suite(node, rows, max(rows // 10, 1000))
        run(suite, is_short)
        for (name, with_new), times in sorted(suite.times.items()):
            print(f"{name}{' with new events' if with_new else ''}: {statistics.median(times) * 1e3:.0f} ms, "
                  f"worst {max(times) * 1e3:.0f} ms of {len(times)}")
        print(f"{suite.passed} passed, {suite.failed} failed")
        return min(suite.failed, 1)
    finally:
        node.end()
        shutil.rmtree(folder)


def run(suite, is_short):
    suite.create()
    early, late, last = suite.batches[:-3], suite.batches[-3:-1], suite.batches[-1:]
    suite.batches = early + late
    began = time.monotonic()
    suite.ship(early)
    print(f"shipped {sum(len(events) for *_, events in early)} rows in {time.monotonic() - began:.1f} s")
    began = time.monotonic()
    print(f"counted {suite.count()} days in {time.monotonic() - began:.1f} s")
    suite.compare_sizes()
    for product in ("atomic", "archon"):
        suite.tell_vocabulary(product)
    for product in ("atomic", "archon")[:1 if is_short else 2]:
        suite.compare(f"{product}, counted", Brute(product, early), repeats=3)
    suite.compare_page(Brute("atomic", early), early)
    suite.compare_raw("atomic, counted", Brute("atomic", early))
    suite.ship(late)
    suite.ship(late)
    suite.tell_vocabulary("atomic")
    first = [(node, batch) for node, batch, _ in early]
    suite.compare("atomic, with new events", Brute("atomic", suite.batches, first))
    if is_short:
        return
    print(f"added {suite.count()} days")
    suite.compare("atomic, added", Brute("atomic", suite.batches, first))
    again = last + [(node, batch + 1000, events) for node, batch, events in late]
    suite.ship(again)
    suite.batches += last
    first += [(node, batch) for node, batch, _ in late]
    print(f"folded {suite.count(most_parts=1)} days")
    several = [row for row in suite.several_parts() if not row[2]]
    suite.check("each day is one generation", several == [], several)
    suite.compare("atomic, folded", Brute("atomic", suite.batches, first))
    brute = Brute("atomic", suite.batches, first)
    if isinstance(suite.node, NodeProcess):
        suite.node.kill()
        suite.node.start()
        suite.compare("atomic, after kill -9", brute)
    expire(suite, brute, erase(suite, brute))


@dataclasses.dataclass
class CountedDay:
    """A row of counted_days.sql."""
    day: str
    nodes: list
    counted: dict
    parts: list
    settled: int
    erased: int
    rank: int


def lasts_of(contained):
    return dict(zip(ast.literal_eval(contained["nodes"]), ast.literal_eval(contained["lasts"])))


def quoted(days):
    return listed(f"'{day}'" for day in days)


def listed(items):
    return "[" + ", ".join(items) + "]"


def number_of(day):
    return datetime.date.fromisoformat(day).toordinal() - EPOCH


def monday(day):
    told = datetime.date.fromisoformat(day)
    return (told - datetime.timedelta(told.weekday())).isoformat()


def expire(suite, brute, sums):
    """The first twelve days go: numbers stay, and a device of theirs is new in no week that lives."""
    days = [date(made_events.FIRST + nth) for nth in range(12)]
    before = {period: brute.active(period, "all") for period in ("day", "week", "month")}
    by_version = brute.active("week", "each")
    cohorts = {row[0] for row in brute.retention() if row[0] <= monday(days[-1])}
    kept = [row for row in brute.retention() if row[0] in cohorts]
    for nth in (5, len(days)):
        suite.expire("atomic", date(made_events.FIRST + nth))
    suite.check("nothing is left to settle", suite.days_to_settle("atomic", date(made_events.FIRST + len(days))) == [])
    told = {"product": "atomic", **EVER, "scope": "all"}
    for period, expected in before.items():
        rows = suite.ask("active", **told, period=period) + [row[:3] for row in suite.ask("active_kept", **told, period=period)]
        suite.same(f"devices by {period} stay when days expire", sorted(rows), expected)
    each = {**told, "scope": "each", "period": "week"}
    rows = suite.ask("active", **each) + [row[:3] for row in suite.ask("active_kept", **each)]
    # Of versions without a row, a device counts once for each of them then.
    named = lambda rows: sorted(row for row in rows if row[1] != "other")
    suite.same("and by version", named(rows), named(by_version))
    suite.same("events stay", suite.ask("events", **told), sums)
    seen = {event.device for event in brute.events if event.device_kind == 1 and date(event.day) <= days[-1]}
    left = [event for event in brute.events if date(event.day) > days[-1]]
    brute.events = [event for event in left if event.device not in seen]
    living = [row for row in brute.retention() if row[0] not in cohorts]
    suite.same("cohorts stay, and old devices are in no new one",
               suite.ask("retention", **told), sorted(kept + living))
    brute.events = left
    suite.same("raw events are gone", suite.ask("raw_events", {"scopes": "['']", "filters": "1"}, **told), brute.raw_events([], "all"))


def erase(suite, brute):
    """The busiest device goes. Sums stay, at every moment; raw events, devices and cohorts lose it."""
    busiest = collections.Counter(event.device for event in brute.events if event.device_kind).most_common(1)[0][0]
    own = [event for event in brute.events if event.device_kind and event.device == busiest]
    steps = suite.erase("atomic", busiest)
    suite.check(f"{len(own)} events are erased", next(steps) == len(own))
    told = {"product": "atomic", **DAYS, "scope": "each"}
    sums, all_sums = brute.events_("each"), brute.events_("all")
    suite.same("sums stay while they go", suite.ask("events", **told), sums)
    suite.check("no event is left", next(steps) == [])
    suite.same("sums stay", suite.ask("events", **told), sums)
    suite.same("sums of values stay", suite.ask("by_property", **told, event="run", property="command"),
               brute.by_property("run", "command", "each"))
    brute.events = [event for event in brute.events if event.device != busiest or not event.device_kind]
    words = {"scopes": "['']", "filters": "1"}
    suite.same("raw events lose it", suite.ask("raw_events", words, **told), brute.raw_events([], "all"))
    suite.same("devices lose it", suite.ask("active", **{**told, **WEEKS, "scope": "all"}, period="week"), brute.active("week", "all"))
    suite.same("cohorts lose it", suite.ask("retention", **told), brute.retention())
    return all_sums


if __name__ == "__main__":
    sys.exit(main())

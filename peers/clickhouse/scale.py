"""The arithmetic of docs/operate/scale.md: its tables are made of what was measured, and of nothing else.

    python3 peers/clickhouse/scale.py                            fails if the page says something else
    python3 peers/clickhouse/scale.py --write                    writes the tables into the page
    python3 peers/clickhouse/scale.py cost CORE_HOUR GB_MONTH GB_SENT    what a billion events cost, at your prices

A table of the page stands after `<!-- scale: NAME -->`. What the page takes from the proof of the collector must
still be there. `suite.py` compares bytes with what its own run takes on disk and on the way.
"""

import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs/operate/scale.md"
PROOF = ROOT / "docs/proof-collector.md"

# Of docs/proof-collector.md: our collector on one core, native lines, all checks and syncs.
SENT_BYTES = 284            # an event as it is sent, not compressed
INTAKE = {1: 16_300, 20: 153_900, 500: 340_400}     # events a second, by events in a request
EMBEDDED_BYTES = 19.4       # an event on disk, sealed, at 100 million
FRESH_BYTES = 37.8          # the same before it is sealed: blocks, as in the spool
# Its section "The store on ClickHouse": the same into a spool, with ClickHouse away. None: not measured yet.
SPOOLED = {20: 295_900, 500: 769_800}
TLS_SECONDS = 0.001         # of a core for a new connection with TLS of the collector's own: docs/operate/tls.md

# Of suite.py over 1,000,000 events of two products and 30 days, on 2026-11-30 with ClickHouse 26.9's engine. Rates
# are of processor time, the Python server in front included.
ROW_BINARY_BYTES = 190      # an event on its way to ClickHouse
EVENTS_BYTES = 42.5         # a row of `events`
DEVICE_DAYS_BYTES = 13.8    # a row of `device_days`
CELLS_BYTES = 7.2           # a row of `cells`
SHIPPED = 27_000            # rows that a core takes in a second, merges included
SHIPPED_BY_ONE = 18_000     # rows that go through in a second by the clock, one batch after the other
RECOUNTED = 118_000         # events of a whole day that a core counts in a second
ADDED = 200_000             # events not counted yet that a core adds up in a second: 80,000 of 500,000
# Of adding.py, days of 2 and of 5 million events with 70,000 new ones: 0.35 and 0.90 s of a core to add these, and 0.07 and
# 0.19 s for a question with them. So what is there already takes the time.
PASSED_BY_COUNT = 5_400_000     # events of the day that a core passes in a second when new ones are added
PASSED_BY_QUESTION = 25_000_000     # and when a question has new ones
# Of 3,000,000 rows of `device_days`, 400,000 devices in 30 days.
PRESENT = 3_700_000         # rows that a core looks through in a second for `active` by month
RETAINED = 1_800_000        # and for `retention`
# Of 25,920,000 rows of `batches`, ten collectors in 30 days.
BATCH_BYTES = 4.1           # a row

# What a reader puts in: these are guesses about programs, not measurements.
PEAK = 10                   # the busiest minute against the average, as docs/operate/sizing.md has it
A_REQUEST = 20              # events in a request
A_DEVICE = 10               # events of a device a day
RAW_DAYS = 90               # days for which raw events are kept

DAY = 86_400
SPOOL_GIB = 10              # `--spool-bytes` unless it is set


def number(value):
    """Of two digits, with commas: 115,741 is 120,000."""
    if value < 0.01:
        return "under 0.01"
    rounded = float(f"{value:.2g}")
    return f"{rounded:,.0f}" if rounded >= 10 else f"{rounded:g}"


def size(count):
    for unit, factor in (("TB", 1e12), ("GB", 1e9), ("MB", 1e6), ("kB", 1e3)):
        if count >= factor:
            return f"{number(count / factor)} {unit}"
    return f"{number(count)} B"


def bits(count):
    """A rate in bits a second, of bytes a second."""
    for unit, factor in (("Gbit/s", 1e9), ("Mbit/s", 1e6), ("kbit/s", 1e3)):
        if count * 8 >= factor:
            return f"{number(count * 8 / factor)} {unit}"
    return f"{number(count * 8)} bit/s"


def time(seconds):
    for unit, factor in (("days", DAY), ("hours", 3600), ("minutes", 60)):
        if seconds >= 2 * factor:
            return f"{number(seconds / factor)} {unit}"
    return f"{number(seconds)} s"


def named(events):
    powers = {10 ** 5: "100,000", 10 ** 6: "1 million", 10 ** 7: "10 million", 10 ** 8: "100 million",
              10 ** 9: "1 billion", 10 ** 10: "10 billion"}
    return powers[events]


SIZES = [10 ** power for power in range(5, 11)]


def intake():
    yield "events a day", "a second", "at the peak", "requests at the peak", "cores of collectors", "cores for TLS", "sent to them"
    for events in SIZES:
        rate = events / DAY
        peak = rate * PEAK
        yield (named(events), number(rate), number(peak), number(peak / A_REQUEST), number(peak / INTAKE[A_REQUEST]),
               number(peak / A_REQUEST * TLS_SECONDS), bits(peak * SENT_BYTES))


def embedded():
    yield "events a day", f"raw events of {RAW_DAYS} days", "the newest day more"
    for events in SIZES[:4]:
        yield named(events), size(events * RAW_DAYS * EMBEDDED_BYTES), size(events * (FRESH_BYTES - EMBEDDED_BYTES))


def clickhouse():
    yield ("events a day", f"`events` of {RAW_DAYS} days, a replica", "`device_days`", "shipped, on average",
           "cores that take it, on average", "at the peak")
    for events in SIZES[1:]:
        rate = events / DAY
        yield (named(events), size(events * RAW_DAYS * EVENTS_BYTES), size(events / A_DEVICE * RAW_DAYS * DEVICE_DAYS_BYTES),
               bits(rate * ROW_BINARY_BYTES), number(rate / SHIPPED), number(rate * PEAK / SHIPPED))


def outage():
    collectors = (1, 3, 10)
    yield ("events a day", "spools of a day's outage", f"{SPOOL_GIB} GiB last",
           *(f"then shipped by {count}" for count in ("one collector in", "three", "ten")))
    for events in SIZES[1:]:
        rate = events / DAY
        yield (named(events), size(events * FRESH_BYTES), time(SPOOL_GIB * 2 ** 30 / FRESH_BYTES / rate),
               *(time(events / (SHIPPED_BY_ONE * count - rate)) if SHIPPED_BY_ONE * count > rate else "never" for count in collectors))


def counting():
    yield ("events a day", "cores that count today", "with three late days", "a whole day, once it is over",
           "a question about today more")
    for events in SIZES[1:]:
        # On average half of today is there. It is counted each minute.
        today = events / 2 / PASSED_BY_COUNT / 60
        yield (named(events), number(today), number(today * 7), time(events / RECOUNTED),
               time(events / 2 / PASSED_BY_QUESTION + events / 1440 / ADDED))


def devices():
    yield "events a day", "rows of `device_days` in 30 days", "`active` by month", "`retention`"
    for events in SIZES[1:]:
        rows = events / A_DEVICE * 30
        yield named(events), number(rows), time(rows / PRESENT), time(rows / RETAINED)


def batches():
    yield "collectors", "rows of `batches` a day", "their disk in a year"
    for collectors in (1, 2, 5, 10, 50):
        # A batch a second, with events of two days.
        rows = collectors * DAY * 2
        yield number(collectors), number(rows), size(rows * 365 * BATCH_BYTES)


def amounts():
    """Of a billion events: what, how much, and in which unit it is paid."""
    billion = 10 ** 9
    return [
        ("collectors, requests of 20", billion / INTAKE[20] / 3600, "core hours"),
        ("their TLS, a connection a request", billion / 20 * TLS_SECONDS / 3600, "core hours"),
        ("ClickHouse takes it", billion / SHIPPED / 3600, "core hours, a replica"),
        ("counted whole, once", billion / RECOUNTED / 3600, "core hours"),
        (f"`events` and `device_days` for {RAW_DAYS} days",
         billion * (EVENTS_BYTES + DEVICE_DAYS_BYTES / A_DEVICE) / 1e9 * RAW_DAYS / 30, "GB months, a replica"),
        ("to the collectors", billion * SENT_BYTES / 1e9, "GB sent"),
        ("from there to ClickHouse", billion * ROW_BINARY_BYTES / 1e9, "GB sent"),
        ("to each further replica", billion * EVENTS_BYTES / 1e9, "GB sent"),
    ]


def cost():
    yield "of a billion events", "how much", "unit"
    for what, how_much, unit in amounts():
        yield what, number(how_much), unit


def formula():
    collectors, tls, taken, recounted, disk, sent, shipped, copied = (number(how_much) for _, how_much, _ in amounts())
    return (f"cost of a billion events = C × ({collectors} + {tls} + {taken} × R + {recounted} × K)  +  D × {disk} × R"
            f"  +  N × ({sent} + {shipped} + {copied} × (R − 1))")


def spooled():
    """What the way in takes with a spool, in one line."""
    if None in SPOOLED.values():
        return "That is less work, and its own rate was not measured yet: the table has the embedded store's."
    return (f"One core took {SPOOLED[20]:,} events a second into a spool in requests of 20, and {SPOOLED[500]:,} in requests of 500, with"
            " ClickHouse away. The table has the embedded store's rate.")


TABLES = {table.__name__: table for table in (intake, embedded, clickhouse, outage, counting, devices, batches, cost)}


def markdown(rows):
    head, *body = [f"| {' | '.join(row)} |" for row in rows]
    return "\n".join([head, "|" + " --- |" * (head.count("|") - 1), *body])


def written(text):
    """The page with its tables as they must be."""
    def table(found):
        return f"{found[1]}\n\n{markdown(TABLES[found[2]]())}\n"
    text = re.sub(r"(<!-- scale: (\w+) -->)\n\n(?:\|.*\n)+", table, text)
    text = re.sub(r"^(?:That is less work, and its own rate|One core took [\d,]+ events a second into a spool) .*$",
                  lambda _: spooled(), text, flags=re.MULTILINE)
    return re.sub(r"^cost of a billion events = .*$", lambda _: formula(), text, flags=re.MULTILINE)


# What pages say in words.
WORDS = {
    PAGE: [f"{INTAKE[20]:,} events a second in requests of 20", f"{SENT_BYTES} bytes an event as sent", f"{FRESH_BYTES} bytes on disk",
           f"{EMBEDDED_BYTES} once its day", f"{ROW_BINARY_BYTES} bytes an event on the way", f"{EVENTS_BYTES} on its disk",
           f"{DEVICE_DAYS_BYTES} for a device and day", f"{SHIPPED:,} events a second", f"{RECOUNTED:,} a second of a whole day",
           f"{CELLS_BYTES} bytes each", f"{SHIPPED_BY_ONE:,} events a second of one stream"],
    ROOT / "docs/operate/clickhouse.md": [f"an event takes {EVENTS_BYTES} bytes", f"A device takes {DEVICE_DAYS_BYTES} bytes a day",
                                          f"a count {CELLS_BYTES} in", f"takes {SHIPPED:,} events a second"],
}


def differences():
    text = PAGE.read_text()
    marked = re.findall(r"<!-- scale: (\w+) -->", text)
    if sorted(marked) != sorted(TABLES):
        yield f"{PAGE.name} has the tables {sorted(marked)}, and not {sorted(TABLES)}"
        return
    for has, wanted in zip(text.split("\n"), written(text).split("\n")):
        if has != wanted:
            yield f"{PAGE.name} says: {has}\n  and the arithmetic: {wanted}"
    for page, phrases in WORDS.items():
        flat = " ".join(page.read_text().split())
        yield from (f"{page.name} does not say: {phrase}" for phrase in phrases if phrase not in flat)
    if spooled() not in text.split("\n"):
        yield f"{PAGE.name} does not have the line: {spooled()}"
    proof = PROOF.read_text()
    for batch, rate in SPOOLED.items():
        if rate and not re.search(rf"^\| spool, ClickHouse away \| {batch} \| {rate / 1000:.1f} ± ", proof, re.MULTILINE):
            yield f"{PROOF.name} has another rate than {rate:,} into a spool in requests of {batch}"
    rates = " \\| ".join(rf"{rate / 1000:.1f} ± [\d.]+" for rate in INTAKE.values())
    if not re.search(rf"\*\*headcount\*\*, one core \| native lines \| {SENT_BYTES} \| {rates} ", proof):
        yield f"{PROOF.name} has other rates or bytes than this arithmetic: {SENT_BYTES} B, {list(INTAKE.values())}"
    if not re.search(rf"^\| 1 \| {FRESH_BYTES} \|", proof, re.MULTILINE) or not re.search(rf"^\| 100 \| [\d.]+ \| {EMBEDDED_BYTES} \|", proof, re.MULTILINE):
        yield f"{PROOF.name} has other bytes on disk than this arithmetic: {FRESH_BYTES} and {EMBEDDED_BYTES}"


def main():
    if sys.argv[1:2] == ["cost"]:
        prices = dict(zip(("core", "GB months", "GB sent"), map(float, sys.argv[2:5])))
        for what, how_much, unit in amounts():
            price = next(price for kind, price in prices.items() if unit.startswith(kind))
            print(f"{how_much * price:12.2f}  {what}: {how_much:.1f} {unit}")
        return 0
    if sys.argv[1:] == ["--write"]:
        PAGE.write_text(written(PAGE.read_text()))
    found = list(differences())
    for difference in found:
        print(difference)
    print(f"scale: {len(TABLES)} tables of {PAGE.name} are as measured" if not found else f"scale: {len(found)} differences")
    return min(len(found), 1)


if __name__ == "__main__":
    sys.exit(main())

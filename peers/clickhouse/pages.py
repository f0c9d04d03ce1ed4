"""The SQL of docs/operate/clickhouse.md, so that what a reader copies is what was run.

A block of the page that has `<!-- clickhouse: NAME -->` before it is run by that name: as a question (`asked …`, by
suite.py and walk.py), or as what somebody does who prepares a server (by cluster.py and walk.py)."""

import collections
import pathlib
import re

from brute import date, start

PAGE = pathlib.Path(__file__).resolve().parents[2] / "docs/operate/clickhouse.md"
BLOCK = re.compile(r"^<!-- clickhouse: ([^>\n]+) -->\n```sql\n(.*?)\n```$", re.MULTILINE | re.DOTALL)


def statements(name, database="headcount"):
    """The statements of a block, without their semicolons, for a database and a user of that name."""
    text = dict(BLOCK.findall(PAGE.read_text()))[name]
    text = re.sub(r"\b(DATABASE|USER|TO) headcount\b|\bheadcount(?=\.)", lambda found: found[0].replace("headcount", database), text)
    return [statement.strip() for statement in text.split(";") if statement.strip()]


def all_sql():
    """Every statement of the page, marked or not."""
    blocks = re.findall(r"^```sql\n(.*?)\n```$", PAGE.read_text(), re.MULTILINE | re.DOTALL)
    return [statement.strip() for block in blocks for statement in block.split(";") if statement.strip()]


def not_copied():
    """What the page leaves out when a folder is copied for another collector."""
    (command,) = re.findall(r"^rsync -a .*$", PAGE.read_text(), re.MULTILINE)
    return re.findall(r"--exclude='?([^' ]+)", command)


def privileges():
    """The table of privileges."""
    found = re.search(r"^\| privilege \| for \|\n.*\n((?:\| .*\n)+)", PAGE.read_text(), re.MULTILINE)
    return re.findall(r"^\| `([A-Z ]+)` \|", found[1], re.MULTILINE)


def unknown_errors():
    """Errors of the server that the page explains and the store has no sentence for."""
    problem = (PAGE.parents[2] / "crates/headcount-store/src/clickhouse/problem.rs").read_text()
    named = re.findall(r"\b([A-Z][A-Z_]{3,}) \((\d+)\)", PAGE.read_text())
    return [name for name, number in named if f"`{name}`" not in problem or not re.search(rf"\b{number}\b", problem)]


def asked(name):
    """A question, about the tables of whatever database is asked."""
    (question,) = statements(f"asked {name}")
    return question.replace("headcount.", "")


def expected(brute, batches):
    """What each question of the page is answered, by looking at every event."""
    arrived = collections.defaultdict(lambda: [0, ""])
    raw = collections.defaultdict(lambda: [0, 0, set()])
    counts = collections.Counter()
    for event in brute.events:
        day = date(event.day)
        of_event = arrived[event.event]
        of_event[:] = of_event[0] + event.weight, max(of_event[1], day)
        if "2026-11-01" <= day <= "2026-11-29":
            counts[day, event.event] += event.weight
            if event.event == "run":
                command = next(text for name, *_, text in event.values if name == "command")
                row = raw[start(event.day, "week"), command]
                row[0] += event.weight
                row[1] += event.weight * (event.failed == 2)
                if event.device_kind == 1:
                    row[2].add(event.device)
    shippers = {}
    for node, batch, events in batches:
        newest, rows = shippers.get(node, (0, 0))
        shippers[node] = max(newest, batch), rows + len(events)
    return {
        "arrived": [[name, *row] for name, row in sorted(arrived.items())],
        "shippers": [[node, *row] for node, row in sorted(shippers.items())],
        "raw": [[*key, events, failures, len(devices)] for key, (events, failures, devices) in sorted(raw.items())],
        "counts": [[*key, count] for key, count in sorted(counts.items())],
    }

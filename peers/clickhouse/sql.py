"""The SQL of the store on ClickHouse, as text that a server takes: its README says what is replaced."""

import pathlib
import re

ROOT = pathlib.Path(__file__).resolve().parents[2] / "crates/headcount-store/src/clickhouse/sql"
CLUSTER = "headcount"


def read(path):
    lines = (ROOT / path).read_text().splitlines()
    return "\n".join(line for line in lines if not line.startswith("--"))


def include(text, words):
    """Replaces the words, then `@include(NAME)` and `@include(NAME:KIND)`, and in these again."""
    def part(found):
        name, kind = found[1], found[2]
        return "\n" + include(read(f"parts/{name}.sql"), {**words, **({"kind": kind} if kind else {})}) + "\n"

    for name, value in words.items():
        text = re.sub(rf"@{name}\b", lambda _: value, text)
    return re.sub(r"@include\(([a-z_]+)(?::([a-z_]+))?\)", part, text)


def question(name, is_with_new=True, **words):
    end = "_and_new" if is_with_new else ""
    return include(read(f"questions/{name}.sql"),
                   {"cells": "cells" + end, "present": "present" + end, "source": "new_events", "copies": "copies_told", "held": "held_told", "bounds": "bounds_told", **words})


def house(name, **words):
    # Conditions of a mutation name local tables; on one node these are the tables.
    tables = {"events": "events", "device_days": "device_days", "older_devices": "older_devices"}
    sources = {"erase": "events_of_person", "tell": "all_events", "settle": "new_events", "add": "new_events", "fold": "new_events"}
    source = sources.get(name.split("_")[0], "covered_events")
    return include(read(f"house/{name}.sql"),
                   {"on_cluster": "", "source": source, "present": "present", "copies": "copies_told", "held": "held_now", "bounds": "bounds_now", **tables, **words})


def filter_of(column, values):
    wanted = "[" + ", ".join(text(value) for value in values) + "]"
    return include("@include(filter)", {"column": text(column), "wanted": wanted})


def text(value):
    return "'" + value.replace("\\", "\\\\").replace("'", "\\'") + "'"


def tables():
    return sorted((ROOT / "tables").glob("*.sql"))


def head(path):
    found = re.findall(r"^-- (table|shard|everywhere):? ?(.*)$", path.read_text(), re.MULTILINE)
    return dict(found)


def create(path):
    """The statements of one node."""
    words = {"table": head(path)["table"], "on_cluster": "", "merge_tree": "MergeTree",
             "replacing": "ReplacingMergeTree", "window": "non_replicated_deduplication_window"}
    return [include(read(f"tables/{path.name}"), words)]


def create_in_cluster(path):
    """The statements of a cluster."""
    told = head(path)
    name = told["table"]
    on = f"ON CLUSTER '{CLUSTER}'"
    if "shard" in told:
        local, where = f"{name}_local", f"'/clickhouse/tables/{{shard}}/{{database}}/{name}', '{{replica}}'"
    else:
        local, where = name, f"'/clickhouse/tables/everywhere/{{database}}/{name}', '{{shard}}-{{replica}}'"
    engine = lambda found: f"ReplicatedReplacingMergeTree({where}{', ' + found[1] if found[1] else ''})"
    text = re.sub(r"@replacing\((.*?)\)", engine, read(f"tables/{path.name}"))
    text = text.replace("@merge_tree", f"ReplicatedMergeTree({where})")
    words = {"table": local, "on_cluster": on, "window": "replicated_deduplication_window"}
    statements = [include(text, words)]
    if "shard" in told:
        statements.append(f"CREATE TABLE IF NOT EXISTS {name} {on} AS {local}\n"
                          f"ENGINE = Distributed('{CLUSTER}', currentDatabase(), '{local}', {told['shard']})")
    return statements

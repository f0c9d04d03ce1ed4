"""What receivers make of the very bytes that a host sends: for docs/reference/dialects.md.

The golden bytes of each product are given to a receiver, and what it made of them is compared with
what lies in captured/. With UPDATE=1 in the environment that is written anew; then
`cargo xtask dialects` writes the page."""

import datetime
import json
import os
import re
import shutil
import tomllib
import urllib.error
import urllib.request

import senders
from stage import waiting
from stage.collector import Collector, since
from stage.front import Front
from stage.install import HERE, Missing
from stage.otelcol import Otelcol
from stage.report import differences

GOLDEN = HERE.parent / "crates/headcount-wire/tests/golden"
EXAMPLES = HERE.parent / "examples"
CAPTURED = HERE / "captured"

# The moment of the golden bytes, in each of its forms; events of long ago are not stored, so they are
# sent as of today.
SECOND = "2026-11-20T23:41:20Z"
MILLISECOND = "2026-11-20T23:41:20.123Z"
DATE = 1_795_218_080_000

# Product, its golden bytes, where they go, with which headers.
SENT = [
    ("atomcode", "native.ndjson", "/api/v1/events", {"Authorization": "Bearer atomcode"}),
    ("archon", "posthog.json", "/batch/", {}),
    ("assembly", "datadog.ndjson", "/api/v2/logs?ddsource=browser&dd-api-key=assembly", {}),
    ("clacky", "clacky.json", None, {"Authorization": "Bearer clacky"}),
]
TYPES = {"posthog.json": "application/json", "native.ndjson": "application/x-ndjson",
         "datadog.ndjson": "text/plain;charset=UTF-8", "clacky.json": "application/json"}

# Official clients that say the same: product, client, form.
SAME = [("archon", "posthog-python"), ("assembly", "datadog-browser")]


def check(report, programs, installed, folder):
    """The whole part."""
    folder = folder / "dialects"
    folder.mkdir()
    catalogs = folder / "catalogs"
    catalogs.mkdir()
    for product in ("atomic", "atomcode", "archon", "assembly", "clacky"):
        shutil.copy2(EXAMPLES / product / "telemetry.toml", catalogs / f"{product}.toml")
    try:
        installed["otelcol"].ready()
        report.attempt("atomic: the Collector makes of JSON and protobuf what it did",
                       lambda: of_otelcol(installed, folder))
    except Missing as missing:
        report.skip("atomic: what the Collector makes of it", str(missing))
    for sent in SENT:
        report.attempt(f"{sent[0]}: our intake makes of it what it did",
                       lambda: of_intake(sent, programs, catalogs, folder))
    for product, name in SAME:
        title = f"{product}: our intake makes the same of {name}'s own request"
        client = next(it for it in senders.CLIENTS if it[0] == name)
        try:
            installed[client[1]].ready()
        except Missing as missing:
            report.skip(title, str(missing))
            continue
        report.attempt(title, lambda: of_client(product, client, programs, installed, catalogs, folder))


def kept(name, found):
    """What is said against a capture, which is written anew where that is asked for."""
    file = CAPTURED / name
    text = json.dumps(found, indent=2, ensure_ascii=False) + "\n"
    if os.environ.get("UPDATE"):
        CAPTURED.mkdir(exist_ok=True)
        file.write_text(text)
    if not file.exists():
        return [f"peers/captured/{name} is not there: run with UPDATE=1, then cargo xtask dialects"]
    if file.read_text() != text:
        return [f"peers/captured/{name} is not what came: run with UPDATE=1 and read the difference"]
    return []


def of_otelcol(installed, folder):
    """Both encodings, which must be the same to it."""
    views = []
    for encoding, kind in (("json", "application/json"), ("pb", "application/x-protobuf")):
        collector = Otelcol(installed["otelcol"].ready() / "out/otelcol", folder / encoding).start()
        try:
            post(collector.url + "/v1/logs", (GOLDEN / f"atomic.otlp.{encoding}").read_bytes(), kind)
            waiting.until(collector.lines, 10, "what the Collector received")
            views.append(collector.lines())
        finally:
            collector.kill()
    mistakes = [] if views[0] == views[1] else ["JSON and protobuf are not the same to it"]
    return mistakes + kept("atomic.collector.json", views[0][0])


def of_intake(sent, programs, catalogs, folder):
    """A product's golden bytes, as of today, at our own collector."""
    product, file, path, headers = sent
    collector = Collector(programs / "headcount", catalogs, folder / product)
    try:
        body = today((GOLDEN / f"{product}.{file}").read_bytes(), product)
        answers = []
        for path, body in requests(path, body):
            answers.append(post(collector.url + path, body, TYPES[file], headers))
        return kept(f"{product}.intake.json", {"answers": answers, **stored(collector, product)})
    finally:
        collector.stop()


def of_client(product, client, programs, installed, catalogs, folder):
    """The same events by an official client: our intake must not be able to tell."""
    collector = Collector(programs / "headcount", catalogs, folder / f"{product}-client")
    try:
        with Front(collector.url, adds={}) as front:
            now = datetime.datetime.now(datetime.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
            said, code = senders.run(client, installed[client[1]], client[2], {
                "url": front.url, "key": product, "service": product, "form": client[4],
                "encoding": "plain", "planted": None, "events": events(product, now),
            })
            if code or not front.seen:
                return [f"the client ended with {code}: {said[-700:]}"]
            view = stored(collector, product)
            seen = front.seen[0]
        ours = json.loads((CAPTURED / f"{product}.intake.json").read_text())
        mistakes = differences({it: ours[it] for it in ("outcomes", "stored", "devices")}, view)
        headers = {
            name: it for name, it in sorted(seen.headers.items())
            if name in ("authorization", "content-type", "content-encoding", "dd-api-key")
        }
        return mistakes + kept(f"{product}.client.json", {
            "client": versions()[client[0]],
            "method": seen.method,
            "path": steady(seen.path),
            "headers": headers,
            "body": first(product, seen.plain.decode()),
        })
    finally:
        collector.stop()


def versions():
    """Which version of each client this is."""
    node = json.loads((HERE / "clients/package.json").read_text())["dependencies"]
    python = dict(line.split("==") for line in (HERE / "requirements.txt").read_text().split())
    return {
        "posthog-python": f"posthog {python['posthog']} for Python",
        "datadog-browser": f"@datadog/browser-logs {node['@datadog/browser-logs']}",
    }


def events(product, now):
    """The golden events as a task for a client."""
    if product == "archon":
        batch = json.loads((GOLDEN / "archon.posthog.json").read_text())["batch"]
        return [
            {
                "name": it["event"], "device": it["distinct_id"], "uuid": it["uuid"], "timestamp": now,
                "properties": {name: of for name, of in it["properties"].items() if name[0] != "$"},
            }
            for it in batch
        ]
    found = []
    for line in (GOLDEN / "assembly.datadog.ndjson").read_text().splitlines():
        log = json.loads(line)
        own = {name: it for name, it in log.items()
               if name not in ("date", "message", "service", "status", "ddtags", "device_id")}
        found.append({"name": log["message"], "device": log["device_id"], "properties": own})
    return found


def first(product, body):
    """The first event of a request, with what differs from run to run made steady."""
    if product == "archon":
        whole = json.loads(body)
        return steady({**whole, "batch": whole["batch"][:1]})
    return steady(json.loads(body.splitlines()[0]))


UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
OURS = ("01a1f640-", "a1b2c3d4-", "00000000-")
# Of the machine or the moment.
OWN = {"date": DATE, "timestamp": SECOND, "sent_at": SECOND}
MACHINE = ("$python_runtime", "$python_version", "$os", "$os_version", "$os_distro", "$os_distro_version")


def steady(found):
    """Times, machines and random ids as fixed words."""
    if isinstance(found, dict):
        return {
            name: OWN[name] if name in OWN else "(of the machine)" if name in MACHINE else steady(it)
            for name, it in found.items()
        }
    if isinstance(found, list):
        return [steady(it) for it in found]
    if isinstance(found, str):
        return UUID.sub(lambda it: it[0] if it[0].startswith(OURS) else "(random)", found)
    return found


def today(body, product):
    """The golden bytes with a key that a collector in development knows, and as of today."""
    now = datetime.datetime.now(datetime.UTC).replace(microsecond=0)
    text = body.decode().replace('"api_key":"KEY"', f'"api_key":"{product}"')
    text = text.replace(MILLISECOND, now.strftime("%Y-%m-%dT%H:%M:%S.123Z"))
    text = text.replace(SECOND, now.strftime("%Y-%m-%dT%H:%M:%SZ"))
    return text.replace(str(DATE), str(int(now.timestamp()) * 1000)).encode()


def requests(path, body):
    """Clacky's events have a request and a path each."""
    if path:
        return [(path, body)]
    catalog = tomllib.loads((EXAMPLES / "clacky/telemetry.toml").read_text())
    paths = [event["path"] for event in catalog["event"].values()]
    return list(zip(paths, body.splitlines(), strict=True))


def post(url, body, kind, headers=None):
    """What is answered."""
    request = urllib.request.Request(url, body, {"Content-Type": kind, **(headers or {})})
    with urllib.request.urlopen(request, timeout=10) as answer:
        text = answer.read().decode(errors="replace")
        return {"status": answer.status, "body": text}


def stored(collector, product):
    """All that can be asked about what was stored: events, and the values they are counted by."""
    text = (EXAMPLES / product / "telemetry.toml").read_text()
    catalog = tomllib.loads(text)
    counts = {row["event"]: row["count"] for row in collector.ask("events", product=product)}
    found = {}
    for event, count in sorted(counts.items()):
        names = [*catalog["envelope"], *catalog["event"][event].get("properties", {})]
        by = {}
        for name in names:
            try:
                rows = collector.ask("by-property", product=product, event=event, property=name)
            except urllib.error.HTTPError:
                continue  # Nothing is counted by it.
            if rows:
                by[name] = {row["value"]: row["count"] for row in rows}
        found[event] = {"count": count, "by": by}
    active = collector.ask("active", product=product)
    return {
        "outcomes": since({}, collector.outcomes(), product),
        "stored": found,
        "devices": sum(row["devices"] for row in active),
    }

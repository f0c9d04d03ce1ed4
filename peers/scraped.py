"""A collector under load, a Prometheus that scrapes it each second, and every query of the dashboard.

    python3 peers/scraped.py HEADCOUNT

`.ci/metrics` calls it, with Debian's prometheus and promtool on the path.
"""

import datetime
import json
import os
import pathlib
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
import time
import urllib.error
import urllib.parse
import urllib.request
import uuid

ROOT = pathlib.Path(__file__).resolve().parent.parent
SECONDS = 30
# Without TLS of its own a collector has no certificate.
WITHOUT_DATA = ["headcount_certificate_expiry_timestamp_seconds"]


def line(number):
    """A line of Atomic CLI; every tenth has an event that no catalog knows."""
    day = datetime.datetime.now(datetime.timezone.utc).strftime("%Y-%m-%d")
    kind = "atomic_command" if number % 10 else "invented"
    return json.dumps({
        "anonymousId": f"device-{number % 50}", "eventId": str(uuid.uuid4()), "eventType": kind,
        "timestamp": f"{day}T00:00:00Z", "command": "update", "agentType": None, "success": True,
        "platform": "linux", "atomicVersion": "0.1.0", "source": "cli", "unknownField": 1,
    })


def post(url, path, body, key):
    request = urllib.request.Request(url + path, body.encode(), {"authorization": f"Bearer {key}"})
    try:
        with urllib.request.urlopen(request, timeout=10) as answer:
            return answer.status
    except urllib.error.HTTPError as error:
        return error.code


def load(url, stop):
    number = 0
    while not stop.is_set():
        body = "\n".join(line(number + each) for each in range(20))
        post(url, "/api/v1/events", body, "atomic")
        if number % 200 == 0:
            post(url, "/api/v1/events", "{}", "nobody")
            post(url, "/api/v1/events", "[{", "atomic")
            body = json.dumps({"resourceLogs": [
                {"resource": {"attributes": [{"key": "service.name", "value": {"stringValue": name}}]},
                 "scopeLogs": [{"logRecords": [{"body": {"stringValue": "x"}}]}]}
                for name in ("atomic", "nobody")]})
            request = urllib.request.Request(
                url + "/v1/logs", body.encode(), {"content-type": "application/json"})
            urllib.request.urlopen(request, timeout=10).close()
        number += 20
        time.sleep(0.05)


def get(url):
    with urllib.request.urlopen(url, timeout=10) as answer:
        return answer.read().decode()


def free_port():
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))
        return bound.getsockname()[1]


def queries():
    """Every query of the dashboard, with what Grafana puts in for its variables, and of the alerts."""
    dashboard = json.loads((ROOT / "docs/operate/grafana-dashboard.json").read_text())
    shown = [(panel["title"], target["expr"]) for panel in dashboard["panels"]
             for target in panel.get("targets", [])]
    shown += [(note["name"], note["expr"]) for note in dashboard["annotations"]["list"]]
    for title, query in shown:
        query = query.replace("$__rate_interval", "10s").replace("$job", ".*").replace("$product", ".*")
        assert "$" not in query, f"{title}: a variable that is not known: {query}"
        yield title, query


def ask(prometheus, query):
    answer = json.loads(get(f"{prometheus}/api/v1/query?" + urllib.parse.urlencode({"query": query})))
    return answer["data"]["result"]


def main(headcount):
    folder = pathlib.Path(tempfile.mkdtemp())
    started = []
    stop = threading.Event()
    try:
        server = subprocess.Popen(
            [headcount, "serve", "--development", "--listen", "127.0.0.1:0", "--data", folder / "data",
             "--catalogs", ROOT / "crates/headcount-cli/catalogs", "--log", "json"],
            stdout=subprocess.PIPE, stderr=(folder / "log").open("w"), text=True)
        started.append(server)
        url = server.stdout.readline().strip().removeprefix("listening on ")
        assert url.startswith("http://"), (folder / "log").read_text()
        loading = threading.Thread(target=load, args=(url, stop))
        loading.start()

        port = free_port()
        scrape = {"job_name": "headcount", "static_configs": [{"targets": [url.removeprefix("http://")]}]}
        config = {"global": {"scrape_interval": "1s", "evaluation_interval": "1s"},
                  "rule_files": [str(ROOT / "docs/operate/alerts.yml")], "scrape_configs": [scrape]}
        # JSON is YAML.
        (folder / "prometheus.yml").write_text(json.dumps(config))
        started.append(subprocess.Popen(
            ["prometheus", f"--config.file={folder}/prometheus.yml", f"--storage.tsdb.path={folder}/tsdb",
             f"--web.listen-address=127.0.0.1:{port}"],
            stdout=subprocess.DEVNULL, stderr=(folder / "prometheus.log").open("w")))
        # Housekeeping is 20 s after the start.
        time.sleep(SECONDS)

        metrics = get(url + "/metrics")
        checked = subprocess.run(
            ["promtool", "check", "metrics"], input=metrics, text=True, capture_output=True)
        told = checked.stdout + checked.stderr
        assert checked.returncode == 0 and not told.strip(), f"promtool check metrics: {told}"
        print(f"promtool check metrics: nothing to complain of in {len(metrics.splitlines())} lines")

        prometheus = f"http://127.0.0.1:{port}"
        answered = failed = 0
        for title, query in queries():
            found = ask(prometheus, query)
            is_number = any(each["value"][1] != "NaN" for each in found)
            if any(name in query for name in WITHOUT_DATA) or title == "Starts":
                assert not found, f"{title}: {query}: {found}"
            elif not is_number:
                failed += 1
                print(f"no data: {title}: {query}: {found}", file=sys.stderr)
            else:
                answered += 1
        print(f"{answered} queries of the dashboard are answered with data, {failed} are not")
        assert answered > 40 and failed == 0

        up = ask(prometheus, "sum_over_time(up[25s]) / count_over_time(up[25s])")
        assert up and float(up[0]["value"][1]) == 1, f"a scrape failed: {up}"
        took = ask(prometheus, "max_over_time(scrape_duration_seconds[25s])")
        print(f"every scrape worked; the slowest took {float(took[0]['value'][1]) * 1000:.1f} ms")
        rules = json.loads(get(f"{prometheus}/api/v1/rules"))["data"]["groups"][0]["rules"]
        unwell = [rule for rule in rules if rule["health"] != "ok"]
        assert rules and not unwell, unwell
        print(f"{len(rules)} alerts are evaluated")
        labels = ask(prometheus, 'count({__name__=~"headcount_.*|process_.*"})')
        print(f"{labels[0]['value'][1]} series of five products")

        stop.set()
        loading.join()
        server.terminate()
        assert server.wait(30) == 0, "the collector did not stop with 0"
        lines = [json.loads(each) for each in (folder / "log").read_text().splitlines()]
        assert lines[-1]["sentence"] == "stopped", lines[-1]
        assert any(each.get("reason") == "unknown-key" for each in lines), lines
        assert len(lines) < 40, f"{len(lines)} lines of log in {SECONDS} s"
        print(f"{len(lines)} lines of log")
    except Exception:
        for name in ("log", "prometheus.log"):
            if (folder / name).exists():
                print(f"--- {name}\n" + (folder / name).read_text()[-4000:], file=sys.stderr)
        raise
    finally:
        stop.set()
        for process in reversed(started):
            process.terminate()
            process.wait(30)
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main(sys.argv[1])

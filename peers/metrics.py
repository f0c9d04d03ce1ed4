"""Atomic's four metrics out of Atomic's events, by the very configuration of docs/operate."""

import json
import re
import subprocess
import time
import urllib.request

from stage import waiting
from stage.install import HERE, Missing
from stage.report import differences

OPERATE = HERE.parent / "docs/operate"
GOLDEN = HERE.parent / "crates/headcount-wire/tests/golden/atomic.otlp.json"
SERIES = re.compile(r"^(\w+)\{(.*)\} (\S+)$", re.MULTILINE)


def check(report, programs, installed, folder):
    """Each metric, with the numbers that the events sent must give."""
    title = "the Collector's configuration of docs/operate"
    try:
        program = installed["otelcol"].ready() / "out/otelcol"
    except Missing as missing:
        report.skip(title, str(missing))
        return
    folder = folder / "metrics"
    folder.mkdir()
    port, shown = waiting.free_port(), waiting.free_port()
    files = ["opentelemetry-collector.yaml", "opentelemetry-collector-uploads.yaml"]
    with (folder / "log").open("w+") as log:
        process = subprocess.Popen(
            [program, *(f"--config={OPERATE / file}" for file in files)]
            + ["--config=yaml:service::telemetry::metrics::level: none"],
            env={"OTLP_ADDRESS": f"127.0.0.1:{port}", "PROMETHEUS_ADDRESS": f"127.0.0.1:{shown}"},
            stdin=subprocess.DEVNULL, stdout=log, stderr=subprocess.STDOUT,
        )
        try:
            waiting.until(
                lambda: process.poll() is not None or waiting.listens(port), 30, "the Collector listens"
            )
            if process.poll() is not None:
                log.seek(0)
                report.check(title, f"the Collector ended: {log.read()[-1500:]}")
                return
            try:
                send(port)
            except OSError as error:
                log.seek(0)
                said = error.read().decode(errors="replace") if hasattr(error, "read") else ""
                report.check(title, f"{error}: {said} {log.read()[-800:]}")
                return
            found = lambda: series(shown)
            names = {"atomic_command_count", "slash_command_count",
                     "session_duration_seconds_count", "upload_success_rate"}
            try:
                waiting.until(lambda: names <= {name for name, _ in found()}, 20, "four metrics")
                waiting.until(lambda: judge(found()) == {}, 10, "the last batch")
            except TimeoutError:
                pass
            mistakes = judge(found())
            for name in WANTED:
                report.check(f"{title}: {name}", mistakes.get(name, []))
            report.attempt(f"{title}: all four, by atomic itself",
                           lambda: real(programs / "atomic", f"http://127.0.0.1:{port}", shown, folder))
        finally:
            process.kill()
            process.wait()


def send(port):
    """Three posts, so that what is counted is a sum: two runs of `init`, one of `update` without an
    agent that failed; slash commands on the command line and in two sessions of 431 and 60 s; and
    reports of 10 uploads of which 1 failed, and 30 of which 3 failed."""
    export = json.loads(GOLDEN.read_text())
    command, slash, session, report = export["resourceLogs"][0]["scopeLogs"][0]["logRecords"]
    now = int(time.time())

    def moment(seconds):
        return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(seconds))

    def say(log, **attributes):
        log = json.loads(json.dumps(log))
        log["timeUnixNano"] = str(now * 10**9)
        log["attributes"] = [it for it in log["attributes"] if it["key"] not in attributes]
        log["attributes"] += [{"key": key, "value": it} for key, it in attributes.items() if it]
        return log

    def words(*all):
        return {"arrayValue": {"values": [{"stringValue": word} for word in all]}}

    def text(word):
        return {"stringValue": word}

    def upload(tried, failed):
        counts = {"uploads_tried": tried, "uploads_failed": failed}
        known = {it["key"] for it in report["attributes"]}
        assert report["eventName"] == "telemetry_report" and counts.keys() <= known, report
        return say(report, **{key: {"intValue": str(it)} for key, it in counts.items()})

    posts = [
        [say(command), say(slash, commands=words("/commit", "/create-spec")), upload(10, 1)],
        [
            say(command),
            say(session, sessionStartedAt=text(moment(now - 431)), commands=words("/commit")),
            upload(30, 3),
        ],
        [
            say(command, command=text("update"), success={"boolValue": False}, agentType=None),
            say(session, sessionStartedAt=text(moment(now - 60)), commands=words("/ralph:help")),
        ],
    ]
    for logs in posts:
        export["resourceLogs"][0]["scopeLogs"][0]["logRecords"] = logs
        request = urllib.request.Request(
            f"http://127.0.0.1:{port}/v1/logs",
            json.dumps(export).encode(),
            {"Content-Type": "application/json"},
        )
        with urllib.request.urlopen(request, timeout=10) as answer:
            answer.read()


def real(program, url, shown, folder):
    """Atomic itself, on top of that: what it records and its agents tell it, in three uploads, of which the
    last takes a report of the first two along. A day must be over before a report, so its tally is told
    that two are."""
    home = folder / "home"
    (home / "bin").mkdir(parents=True)
    agent = home / "bin/claude"
    agent.write_text("#!/bin/sh\nexit 0\n")
    agent.chmod(0o755)
    marked = {"ATOMIC_TELEMETRY_UPLOAD": "1"}
    environment = {"HOME": str(home), "PATH": f"{home}/bin:/usr/bin:/bin", "ATOMIC_TELEMETRY_ENDPOINT": url}

    def run(words, **more):
        subprocess.run(words, cwd=home, check=True, capture_output=True, timeout=60, text=True, **more)

    def atomic(*words, **more):
        run([program, *words], env={**environment, **more})

    def hook(event, **payload):
        """Claude Code calls what `init` registered."""
        registered = json.loads((home / ".claude/settings.json").read_text())["hooks"][event]
        payload = {"session_id": "one", "hook_event_name": event, **payload}
        run(["/bin/sh", "-c", registered[0]["hooks"][0]["command"]],
            input=json.dumps(payload), env={**environment, **marked})

    def day():
        atomic("init", "--agent", "claude", **marked)
        atomic("-a", "claude", "--", "/explain-code src/", "/commit", **marked)
        hook("SessionStart", source="startup")
        hook("UserPromptExpansion", expansion_type="slash_command", command_name="create-spec")
        # Longer than nothing, so that the histogram has something to add.
        time.sleep(2.1)
        hook("SessionEnd", reason="other")

    atomic("config", "set", "telemetry", "true", **marked)
    tally = home / ".local/share/atomic/telemetry-state/tally.json"
    for upload in range(3):
        if upload == 0:
            day()
        atomic("update", **marked)
        atomic("--upload-telemetry")
        if upload == 0:
            counted = json.loads(tally.read_text())
            counted["told"]["at"] -= 2 * 86_400
            tally.write_text(json.dumps(counted))

    wanted = {
        "atomic_command_count": {
            **WANTED["atomic_command_count"],
            (CLAUDE, ("command", "init"), ("success", "true")): 3,
            (CLAUDE, ("command", "run"), ("success", "true")): 1,
            (("agentType", "none"), ("command", "update"), ("success", "true")): 3,
        },
        "slash_command_count": {
            **WANTED["slash_command_count"],
            (CLAUDE, ("slash_command", "/commit"), ("source", "cli")): 2,
            (CLAUDE, ("slash_command", "/explain-code"), ("source", "cli")): 1,
            (CLAUDE, ("slash_command", "/create-spec"), ("source", "session_hook")): 1,
        },
        "session_duration_seconds_count": {(CLAUDE,): 3},
        # 40 of which 4 failed, and 2 of which none did.
        "upload_success_rate": {(): round(100 * 38 / 42, 6)},
    }
    try:
        waiting.until(lambda: judge(series(shown), wanted) == {}, 10, "atomic's report")
    except TimeoutError:
        pass
    found = series(shown)
    mistakes = [told for mistakes in judge(found, wanted).values() for told in mistakes]
    # By whole seconds, on a machine that may be slow.
    lasted = found.get(("session_duration_seconds_sum", (CLAUDE,)), 0) - 491
    return mistakes if 2 <= lasted <= 30 else [*mistakes, f"the session took {lasted} s"]


def series(port):
    """What Prometheus would see, added up over the labels that are not in LABELS: what was sent by hand
    and what atomic sends are of two versions, so of two series."""
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics", timeout=5) as answer:
            text = answer.read().decode()
    except OSError:
        return {}
    found = {}
    for name, labels, number in SERIES.findall(text):
        pairs = dict(re.findall(r'(\w+)="(.*?)"', labels))
        kept = {key: pairs[key] for key in sorted(pairs) if key in LABELS and pairs[key]}
        place = name, tuple(kept.items())
        found[place] = round(found.get(place, 0) + float(number), 6)
    return found


LABELS = {"command", "success", "agentType", "slash_command", "source", "le"}
CLAUDE = ("agentType", "claude")
WANTED = {
    "atomic_command_count": {
        (CLAUDE, ("command", "init"), ("success", "true")): 2,
        (("agentType", "none"), ("command", "update"), ("success", "false")): 1,
    },
    "slash_command_count": {
        (CLAUDE, ("slash_command", "/commit"), ("source", "cli")): 1,
        (CLAUDE, ("slash_command", "/create-spec"), ("source", "cli")): 1,
        (CLAUDE, ("slash_command", "/commit"), ("source", "session_hook")): 1,
        (CLAUDE, ("slash_command", "/ralph:help"), ("source", "session_hook")): 1,
    },
    "session_duration_seconds_count": {(CLAUDE,): 2},
    "session_duration_seconds_sum": {(CLAUDE,): 491},
    "upload_success_rate": {(): 90},
}


def judge(found, wanted=WANTED):
    """What of each metric is not as it must be."""
    mistakes = {}
    for name, numbers in wanted.items():
        own = {labels: number for (of, labels), number in found.items() if of == name}
        if told := differences(numbers, own):
            mistakes[name] = told
    return mistakes

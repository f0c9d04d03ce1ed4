"""A client in the part of a coding agent sends logs, spans and metrics at once: what the catalogs of agents
ask for is stored, the rest is counted as not kept, and nothing of it reaches the disk."""

import shutil

import senders
from stage import canaries
from stage.canaries import PLANTED
from stage.collector import Collector
from stage.install import HERE, Missing
from stage.report import differences

CATALOGS = HERE.parent / "crates/headcount-cli/catalogs/agents"

# The names that each agent's records have, some of them in nobody's set.
CLAUDE = [
    {"event.name": "user_prompt", "command_name": "review", "command_source": "builtin"},
    {"event.name": "user_prompt", "command_name": PLANTED["company"]},
    {"event.name": "skill_activated", "skill.name": "custom_skill", "invocation_trigger": "user-slash"},
    {"event.name": "tool_result", "success": "true", "duration_ms": "1200"},
    {"event.name": "api_error", "error": PLANTED["path"]},
]
COPILOT = [
    ("github.copilot.skill.invoked", {"skill.name": "custom", "skill.path": PLANTED["path"]}),
    ("github.copilot.skill.invoked", {"github.copilot.skill.name": PLANTED["company"]}),
    ("exception", {"exception.message": PLANTED["url"]}),
]
SPANS, POINTS = 3, 4

# What is stored of that, and what is not kept: the records that no catalog names, every span, and every
# data point, of which the histogram has one.
WANTED = {
    "claude-code": {"stored": 4, "not-kept": 1 + SPANS * len(COPILOT) + SPANS + POINTS + 1},
    "copilot": {"stored": 2 * SPANS, "not-kept": len(CLAUDE) + SPANS + SPANS + POINTS + 1},
}


def check(report, programs, installed, folder):
    """The whole part."""
    place = folder / "agents"
    shutil.copytree(CATALOGS, place / "catalogs")
    collector = Collector(programs / "headcount", place / "catalogs", place / "served")
    for product, wanted in WANTED.items():
        for encoding in ["gzip", "plain"]:
            title = f"{product} {encoding}: logs, spans and metrics are answered well"
            try:
                installed["python"].ready()
            except Missing as missing:
                report.skip(title, str(missing))
                continue
            report.attempt(title, lambda: sent(collector, installed, product, encoding, wanted))
    report.attempt("skills and commands are words of closed sets", lambda: asked(collector))
    said = collector.stop()
    report.attempt("what no agent's catalog asks for is nowhere", lambda: disk(collector, said))


def sent(collector, installed, product, encoding, wanted):
    """One run of the client."""
    before = counts(collector, product)
    task = {
        "url": collector.url,
        "key": product,
        "service": product,
        "encoding": encoding,
        "planted": PLANTED,
        "logs": CLAUDE,
        "spans": [COPILOT] * SPANS,
        "points": POINTS,
    }
    client = ("opentelemetry-agent", "python", "opentelemetry_agent.py")
    said, code = senders.run(client, installed["python"], client[2], task)
    after = counts(collector, product)
    found = {name: count - before.get(name, 0) for name, count in after.items()}
    mistakes = differences(wanted, {name: count for name, count in found.items() if count})
    if code or said:
        mistakes.append(f"the client ended with {code} and said {said[-700:]!r}")
    return mistakes


def counts(collector, product):
    """Outcomes of a product, by their reason where they have one."""
    outcomes = collector.outcomes().items()
    return {reason or outcome: count for (name, outcome, reason), count in outcomes if name == product}


def asked(collector):
    """What the collector tells of it."""
    mistakes = []
    for product, event, name, wanted in [
        ("claude-code", "user_prompt", "command_name", {"review": 2, "user-defined": 2}),
        ("claude-code", "skill_activated", "skill", {"custom_skill": 2}),
        ("copilot", "github.copilot.skill.invoked", "skill", {"custom": 6, "user-defined": 6}),
    ]:
        rows = collector.ask("by-property", product=product, event=event, property=name)
        found = {}
        for row in rows:
            found[row["value"]] = found.get(row["value"], 0) + row["count"]
        mistakes += differences(wanted, found)
    return mistakes


def disk(collector, said):
    """The folder and standard error."""
    forbidden = [*canaries.TELLING, *PLANTED.values()]
    mistakes = [f"{text} is in {file}" for text, file in canaries.finds(collector.data, forbidden)]
    return mistakes + [f"{text} was said on standard error" for text in forbidden if text in said]

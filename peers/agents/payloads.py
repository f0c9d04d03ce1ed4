"""The payloads that the person's own hooks saw, against those recorded for the tests of
`headcount-agents`: the same keys in the same order. With `UPDATE=1` they are recorded anew, with invented
values."""

import json
import os

from stage.install import HERE

RECORDED = HERE.parent / "crates/headcount-agents/tests/payloads"
# Words of the agent's own, which are kept.
WORDS = {
    "hook_event_name", "source", "reason", "permission_mode", "model", "tool_name", "command_name", "name",
    "memory_type", "load_reason", "trigger",
}
# An agent's text of what a person typed: a command in front of it is kept.
TYPED = {"prompt", "submitted_prompt"}


def observed(owner):
    """Each event that a hook of the person's own saw, with its payload, in order."""
    files = sorted(owner.observed.iterdir(), key=lambda file: file.stat().st_mtime_ns)
    return [(file.name.rsplit(".", 1)[0], json.loads(file.read_text())) for file in files]


def check(agent, owner):
    """The first payload of an event has the recorded keys; one that follows may have fewer."""
    seen = {}
    for event, payload in observed(owner):
        seen.setdefault(event, []).append(payload)
    folder = RECORDED / agent.NAME
    mistakes = [f"no hook saw {event}" for event in agent.OBSERVED if event not in seen]
    for event, payloads in seen.items():
        file = folder / f"{event}.json"
        if os.environ.get("UPDATE"):
            folder.mkdir(parents=True, exist_ok=True)
            file.write_text(json.dumps(invented("", payloads[0]), indent=2) + "\n")
        recorded = list(json.loads(file.read_text()))
        wanted = [recorded] + [[key for key in recorded if key in it] for it in payloads[1:]]
        for keys in [list(it) for it, fits in zip(payloads, wanted) if list(it) != fits]:
            mistakes.append(f"{event} has the keys {', '.join(keys)}; recorded are {', '.join(recorded)}")
    return mistakes


def invented(key, value):
    """A value of the same type that was nobody's."""
    if isinstance(value, dict):
        return {name: invented(name, inner) for name, inner in value.items()}
    if isinstance(value, list):
        return [invented(key, inner) for inner in value]
    if isinstance(value, str) and key not in WORDS:
        return text(key, value)
    return 1 if isinstance(value, (int, float)) and not isinstance(value, bool) else value


def text(key, value):
    mark = value.split()[0] if key in TYPED and value[:1] in "$/" and value.strip() else ""
    if mark:
        return f"{mark} words that a person typed"
    if "timestamp" in key:
        return "2026-11-28T10:00:00.000Z"
    return "/home/person/invented" if value.startswith("/") else f"invented {key}"

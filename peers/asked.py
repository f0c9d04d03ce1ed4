"""The official client of the Model Context Protocol asks `headcount mcp` over the demo's data: what each tool says is
what the collector answers over HTTP, and with --public what everybody may see."""

import json
import shutil
import subprocess

from stage.collector import Collector
from stage.install import CLIENTS, Missing

# The demo takes a fraction of it, also in a build that is not optimised.
DEMO_LONGEST_S = 900
PRODUCT, EVENT = "assembly", "command_run"
# With the handshake of `initialize`, and with the version that has none.
MODES = {"legacy": "2025-11-25", "auto": "2026-07-28"}
# What a parameter that a tool requires is asked with.
ARGUMENTS = {
    "product": PRODUCT, "event": EVENT, "property": "command", "one": "command", "other": "outcome",
    "step": [EVENT, EVENT],
}


def check(report, programs, installed, folder, played=None):
    """The whole part, over what `headcount demo --keep` has left in `played`, or over a demo of its own."""
    place = folder / "mcp"
    try:
        python = installed["python"].ready() / "bin/python"
    except Missing as missing:
        report.skip("the official client of MCP asks the demo", str(missing))
        return
    if played:
        for name in ("data", "catalogs"):
            shutil.copytree(played / name, place / name)
    else:
        play(programs / "headcount", place, folder)
    collector = Collector(programs / "headcount", place / "catalogs", place)
    asking = Asking(programs / "headcount", python, collector)
    try:
        for mode, version in MODES.items():
            report.attempt(f"{mode}: it begins, and lists a tool for each question", lambda: asking.begins(mode, version))
            report.attempt(f"{mode}: every tool says what the collector answers", lambda: asking.every(mode))
            report.attempt(f"{mode}: what cannot be asked is a sentence that says what to do",
                           lambda: asking.wrong(mode))
            report.attempt(f"{mode} --public: the two tools say what the public page does, and no other is answered",
                           lambda: asking.public(mode))
        report.attempt("--url: every tool says the same over HTTP", lambda: asking.every("auto", at_address=True))
    finally:
        collector.stop()


def play(headcount, place, home):
    """The demo, once."""
    done = subprocess.run(
        [headcount, "demo", "--once", "--json", "--keep", place], stdin=subprocess.DEVNULL, capture_output=True,
        text=True, timeout=DEMO_LONGEST_S, env={"HOME": str(home)},
    )
    if done.returncode:
        raise RuntimeError(f"the demo failed: {done.stderr[-700:]}")


class Asking:
    """One collector over the demo's data, and a client for each conversation."""

    def __init__(self, headcount, python, collector):
        self.headcount, self.python, self.collector = headcount, python, collector

    def talk(self, mode, calls, *flags):
        """One conversation; what the client heard."""
        task = {
            "mode": mode, "calls": calls, "environment": {},
            "command": [str(self.headcount), "mcp", *map(str, flags)],
        }
        done = subprocess.run(
            [self.python, "-B", CLIENTS / "mcp_python.py"], input=json.dumps(task), capture_output=True, text=True,
            timeout=120,
        )
        if done.returncode:
            raise RuntimeError(f"the client ended with {done.returncode}: {done.stderr[-700:]}")
        return json.loads(done.stdout)

    def local(self, mode, calls):
        """The same, of the folder."""
        return self.talk(mode, calls, "--data", self.collector.data)

    def begins(self, mode, version):
        """The version, and the names of the tools."""
        heard = self.local(mode, [])
        names = [tool["name"] for tool in heard["tools"]]
        questions = sorted(
            path.rsplit("/", 1)[-1] for path in json.loads(self.collector._get("/api/v1/openapi.json"))["paths"]
            if path.startswith("/api/v1/ask/")
        )
        mistakes = [] if sorted(names) == questions else [f"the tools are {names}, and the questions {questions}"]
        mistakes += [] if heard["protocol"] == version else [f"it speaks {heard['protocol']}, not {version}"]
        for tool in heard["tools"]:
            unknown = [name for name in tool["inputSchema"].get("required", []) if name not in ARGUMENTS]
            mistakes += [f"{tool['name']} requires {unknown}, which is not tried"] if unknown else []
        return mistakes

    def every(self, mode, at_address=False):
        """Each tool with what it requires, beside the answer over HTTP."""
        place = ("--url", self.collector.url) if at_address else ("--data", self.collector.data)
        tools = self.talk(mode, [], *place)["tools"]
        calls = [[tool["name"], self.arguments(tool)] for tool in tools]
        mistakes = []
        for (name, arguments), said in zip(calls, self.talk(mode, calls, *place)["calls"]):
            wanted = self.collector.ask(name, **arguments)
            if said.get("error") is not False:
                mistakes.append(f"{name}: {said}")
                continue
            rows = json.loads(said["text"])["rows"]
            mistakes += [f"{name} has no rows"] if not rows else []
            mistakes += [] if rows == wanted else [f"{name}: {rows[:2]}, and over HTTP {wanted[:2]}"]
        return mistakes

    @staticmethod
    def arguments(tool):
        """What it requires, and the days of the story."""
        own = {name: ARGUMENTS[name] for name in tool["inputSchema"].get("required", [])}
        if tool["name"] == "quantiles":
            own["property"] = "duration_ms"
        if "days" in tool["inputSchema"]["properties"]:
            own["days"] = 60
        return own

    def wrong(self, mode):
        """An unknown product, an unknown parameter, and a tool that is not there."""
        calls = [["events", {"product": "nobody"}], ["events", {"product": PRODUCT, "colour": "red"}],
                 ["erase_everything", {}]]
        product, parameter, tool = self.local(mode, calls)["calls"]
        mistakes = []
        for said, wanted in [(product, PRODUCT), (parameter, "unknown")]:
            if wanted not in said.get("text", "") or not said.get("error"):
                mistakes.append(f"not a sentence about {wanted}: {said}")
        if "refused" not in tool and not tool.get("error"):
            mistakes.append(f"a tool that is not there is answered: {tool}")
        return mistakes

    def public(self, mode):
        """What everybody may see."""
        place = ("--public", "--data", self.collector.data)
        heard = self.talk(mode, [["public_products", {}]], *place)
        names = sorted(tool["name"] for tool in heard["tools"])
        mistakes = [] if names == ["public_numbers", "public_products"] else [f"the tools are {names}"]
        text = heard["calls"][0]["text"]
        products = json.loads(text)["products"]
        if not products:
            return [*mistakes, f"no product of the demo has a public page: {text}"]
        calls = [["public_numbers", {"product": name}] for name in products]
        calls += [["public_numbers", {"product": "nobody"}], ["events", {"product": products[0]}]]
        *numbers, nobody, events = self.talk(mode, calls, *place)["calls"]
        for name, said in zip(products, numbers):
            wanted = json.loads(self.collector._get(f"/public/{name}.json"))
            if said.get("error") is not False or json.loads(said["text"]) != wanted:
                mistakes.append(f"{name}: {str(said)[:300]}, and the page has {str(wanted)[:300]}")
        for said in (nobody, events):
            mistakes += [f"it was answered: {said}"] if not said.get("error") and "refused" not in said else []
        return mistakes

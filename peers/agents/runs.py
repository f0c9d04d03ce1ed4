"""One agent, from the installation of our hooks to their removal, with its sessions in between."""

import json
import platform
import subprocess
from collections import Counter

from stage import canaries, waiting
from stage.canaries import PLANTED
from stage.collector import Collector
from stage.front import Front
from stage.report import differences

from . import payloads, person, terminal
from .model import Model

PRODUCT = "peer-agents"
# Of a session, in milliseconds.
LONGEST = 120_000
KINDS = {"agent_session": "sessions", "agent_command": "commands"}


class Run:
    def __init__(self, agent, installed, node, programs, folder):
        self.agent, self.headcount = agent, programs / "headcount"
        folder = folder / agent.NAME
        folder.mkdir()
        (folder / "catalogs").mkdir()
        (folder / "catalogs/telemetry.toml").write_bytes(person.CATALOG.read_bytes())
        self.collector = Collector(self.headcount, folder / "catalogs", folder / "collector")
        # What is on the wire is seen here.
        self.front = Front(self.collector.url, adds={})
        self.model = Model()
        self.owner = person.Person(folder / "person", self.headcount, self.front.url)
        self.host = agent.Agent(installed, node, self.owner, self.model.url)

    def check(self, report, name):
        """Everything, in the order in which it happens."""
        try:
            report.attempt(f"{name}: hooks that are removed leave every byte as it was", self.come_and_go)
            report.attempt(f"{name}: a command and a tool call, and an end by itself", self.ends)
            report.attempt(f"{name}: an end by a signal in a turn", self.is_ended)
            report.attempt(f"{name}: a command that is not one of the catalog's", self.other_command)
            if hasattr(self.host, "in_terminal"):
                report.attempt(f"{name}: an end by /quit in a terminal", self.in_terminal)
            report.attempt(f"{name}: one session is one event, with its commands", self.counted)
            report.attempt(f"{name}: nothing that is planted is anywhere", self.private)
            report.attempt(f"{name}: after it ran, removal leaves every byte as it was", self.removed)
        finally:
            self.model.stop()
            self.front.stop()
            self.collector.stop()

    def hooks(self, way):
        return self.owner.telemetry("hooks", way, "--agent", self.agent.NAME, "--yes")

    def come_and_go(self):
        """Without the agent: installed, installed again, removed, and then installed to stay."""
        self.before = self.owner.files()
        self.hooks("install")
        first = self.owner.files()
        self.hooks("install")
        again = self.owner.files()
        self.hooks("remove")
        after = self.owner.files()
        self.hooks("install")
        self.owner.telemetry("telemetry", "on")
        self.installed = self.owner.files()
        mistakes = changes(self.before, after)
        if again != first or self.installed != first:
            mistakes.append("to install twice is not the same as to install once")
        if self.agent.FILE not in {*changed(self.before, first)}:
            mistakes.append(f"nothing is installed in {self.agent.FILE}")
        if hasattr(self.host, "trust"):
            for expected, is_said in (({"untrusted"}, "Not reviewed yet"), (None, "Reviewed.")):
                said = self.owner.telemetry("hooks", "status", "--agent", self.agent.NAME)
                mistakes += [] if is_said in said else [f"`hooks status` does not say {is_said!r}: {said}"]
                found = self.host.trust() if expected else expected
                mistakes += [] if found == expected else [f"hooks are {found} before anybody trusts them"]
        return mistakes

    def start(self, command, ends_when=None):
        words = self.host.typed(command, person.TYPED)
        code, printed = self.owner.run(words, self.host.variables, ends_when=ends_when)
        if code and not ends_when:
            raise RuntimeError(f"ended with {code}: {printed[-800:]}")

    def ends(self):
        self.model.begin(call=self.host.tool(self.owner.notes))
        self.start("commit")
        return [] if self.model.called else ["the agent does not offer the tool that reads a file"]

    def is_ended(self):
        self.model.begin(waits=True)
        self.start("create-spec", ends_when=self.model.asked)

    def other_command(self):
        self.model.begin()
        self.start(person.UNLISTED)

    def in_terminal(self):
        self.model.begin()
        starts = self.starts() + 1
        words = [*person.host_name(), *self.host.in_terminal()]
        variables = {**self.owner.variables, **self.host.variables}
        code = terminal.sit(words, self.owner.project, variables, lambda: self.starts() == starts)
        return [] if code == 0 else [f"ended with {code}"]

    def starts(self):
        """How many sessions the person's own hook saw begin."""
        return len(list(self.owner.observed.glob("SessionStart.*")))

    def counted(self):
        """What the collector has, against what was done."""
        wanted = {
            "sessions": Counter((*commands, turns, ending) for commands, turns, ending in self.host.sessions),
            "commands": Counter(self.host.commands),
        }
        count = sum(map(Counter.total, wanted.values()))
        self.owner.telemetry("flush")
        stored = lambda: sum(n for (_, outcome, _), n in self.collector.outcomes().items() if outcome == "stored")
        try:
            waiting.until(lambda: stored() >= count, 20, f"{count} events are stored")
        except TimeoutError:
            pass  # What is there says more.
        found, mistakes = {kind: Counter() for kind in wanted}, []
        for values in self.exported():
            if values["agent"] != self.agent.NAME:
                mistakes.append(f"an event is of {values['agent']}")
            kind = KINDS[values["event"]]
            if kind == "commands":
                found[kind][(values["command"], values["invoked"])] += 1
                continue
            found[kind][(*values["commands"], values["turns"], values["ending"])] += 1
            if values["turns"] and not 0 < values["took"] < LONGEST:
                mistakes.append(f"a session with a turn took {values['took']} ms")
        refused = {key: n for key, n in self.collector.outcomes().items() if key[1] != "stored" and n}
        return mistakes + differences(wanted, found) + [f"not stored: {it}" for it in refused.items()]

    def exported(self):
        data = self.collector.data
        done = subprocess.run(
            [self.headcount, "export", PRODUCT, "--data", data], capture_output=True, text=True, timeout=60, check=True
        )
        return [json.loads(line) for line in done.stdout.splitlines()]

    def private(self):
        """Telemetry's files at home, every request, and the collector's folder."""
        ids = {it.get("session_id") or it.get("sessionID") for _, it in payloads.observed(self.owner)}
        telling = [*canaries.TELLING, str(self.owner.home), self.owner.project.name, platform.node(), *ids]
        # A name that any machine has.
        telling = [it for it in telling if it not in ("", "localhost")]
        mistakes = []
        for place in (self.owner.home / person.TELEMETRY, self.collector.folder):
            mistakes += [f"{text} is in {file}" for text, file in canaries.finds(place, telling)]
        for seen in self.front.seen:
            wire = f"{seen.path} {seen.headers}".encode() + seen.body + seen.plain
            mistakes += [f"{text} is in a request" for text in telling if text.lower().encode() in wire.lower()]
        runs = 4 if hasattr(self.host, "in_terminal") else 3
        if not self.front.seen or len(ids) != runs:
            mistakes.append(f"{len(self.front.seen)} requests and {len(ids)} sessions were seen")
        # The search sees what is there.
        if not any(b"agent_session" in seen.plain for seen in self.front.seen):
            mistakes.append("the search does not see the event's name in any request")
        if not canaries.finds(self.collector.folder, [PRODUCT]):
            mistakes.append("the search does not see the product's name in the collector's folder")
        if not canaries.finds(self.owner.observed, [PLANTED["word"]]):
            mistakes.append("no hook of the person's own saw what was typed")
        return mistakes

    def removed(self):
        """What the agent wrote meanwhile stays as it is, and everything else is as it was."""
        ran = self.owner.files()
        self.hooks("remove")
        after = self.owner.files()
        mistakes = []
        for path in sorted({*self.before, *self.installed, *ran, *after}):
            is_agents = ran.get(path) != self.installed.get(path)
            wanted = ran.get(path) if is_agents else self.before.get(path)
            if is_agents and self.installed.get(path) != self.before.get(path):
                mistakes.append(f"the agent itself changed {path}, which has our hooks in it")
            elif after.get(path) != wanted:
                mistakes.append(f"{path} is not as it was")
        return mistakes


def changed(before, after):
    return [path for path in sorted({*before, *after}) if before.get(path) != after.get(path)]


def changes(before, after):
    return [f"{path} is not as it was" for path in changed(before, after)]

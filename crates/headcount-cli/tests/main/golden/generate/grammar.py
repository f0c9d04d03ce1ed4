"""What The Tool may report, for programs in Python.

Made by `headcount generate` from version 4 of the catalog of `tool`.
Do not change it: `headcount generate --check FILE CATALOG` returns 1 where it
is not what the catalog says.

Each event starts `headcount record` and does not wait for it. Whatever goes
wrong, nothing is recorded and the program goes on, also where there is no
`headcount`. Whether anything is recorded is for the person to say.
"""

from __future__ import annotations

import datetime
import os
import re
import subprocess
import sys
import threading
import uuid
from pathlib import Path
from typing import Literal, Mapping, NewType, Optional, Sequence, Union

Mode = Literal[
    "batch",
    "interactive",
]

RepoHost = Literal[
    "github",
    "gitlab",
    "none",
    "other",
]

Command = Literal[
    "build",
    "test",
    "publish",
    "user-defined",
]

Flags = Literal[
    "--release",
    "--offline",
]

Where = Literal[
    "main",
    "build",
    "publish",
    "elsewhere",
]

Class = Literal[
    "io",
    "network",
    "other",
]

Reference = NewType("Reference", str)


def reference_of(text: str) -> Optional[Reference]:
    """Returns text that fits `account`, or nothing."""
    return Reference(text) if re.fullmatch(r"[A-Za-z0-9._\-]{1,64}", text) else None


Model = NewType("Model", str)


def model_of(text: str) -> Optional[Model]:
    """Returns text that fits `model`, or nothing."""
    return Model(text) if re.fullmatch(r"[a-z0-9.:\x2d]{1,64}", text) else None


Version = NewType("Version", str)


def version_of(text: str) -> Optional[Version]:
    """Returns text that fits `compiler`, or nothing."""
    return Version(text) if re.fullmatch(r"(?:unknown|dev|[A-Za-z.+_\-]*[0-9][A-Za-z0-9.+_\-]*)", text) and len(text) <= 64 else None


Locale = NewType("Locale", str)


def locale_of(text: str) -> Optional[Locale]:
    """Returns text that fits `speaks`, or nothing."""
    return Locale(text) if re.fullmatch(r"(?:C|[A-Za-z]{2,8}(?:[\-_][A-Za-z0-9]{1,8})*)", text) and len(text) <= 35 else None


Location = NewType("Location", str)


def location_of(text: str) -> Optional[Location]:
    """Returns text that fits `place`, or nothing."""
    return Location(text) if re.fullmatch(r"(?:\.|\.{3,}|\.*[A-Za-z0-9_\-][A-Za-z0-9._\-]*)(?:/(?:\.|\.{3,}|\.*[A-Za-z0-9_\-][A-Za-z0-9._\-]*))*:[0-9]{1,7}(?::[0-9]{1,7})?", text) and len(text) <= 160 else None


Frame = NewType("Frame", str)


def frame_of(text: str) -> Optional[Frame]:
    """Returns text that fits `stack`, or nothing."""
    return Frame(text) if re.fullmatch(r"[A-Za-z0-9_:<>\{\}#]{1,120}", text) else None


Message = NewType("Message", str)


def message_of(text: str) -> Optional[Message]:
    """Returns text that fits `message`, or nothing."""
    return Message(text) if re.fullmatch(r"[A-Za-z .,:;()<>_!?\-]*", text) and len(text) <= 120 and not re.search(r"[^ ]\.[^ ]", text) else None



class Telemetry:
    """The events of The Tool. `catalog` is telemetry.toml, by default beside this file."""

    _session = str(uuid.uuid4())

    def __init__(
        self,
        *,
        version: str,
        catalog: Union[str, "os.PathLike[str]", None] = None,
        program: Optional[str] = None,
        no_telemetry: bool = False,
        binary: str = "headcount",
        account: Optional[Reference] = None,
        mode: Optional[Mode] = None,
        repo_host: Optional[RepoHost] = None,
        repo_shared: Optional[bool] = None,
    ) -> None:
        self._catalog = catalog if catalog is not None else Path(__file__).with_name("telemetry.toml")
        self._version = version
        self._program = program
        self._no_telemetry = no_telemetry
        self._binary = binary
        self._context: Mapping[str, _Value] = {
            "session": self._session,
            "account": account,
            "mode": mode,
            "repo.host": repo_host,
            "repo.shared": repo_shared,
        }

    def cli_run(
        self,
        *,
        command: Command,
        flags: Optional[Sequence[Flags]] = None,
        worked: bool,
        exit_code: int,
        took_ms: int,
        files: int,
        warnings: Optional[int] = None,
    ) -> None:
        """Which commands are used, and do they work?

        took_ms: At most 86400000: more becomes that.

        files: Rounded down to 0, 1, 10, 100, 1000.

        warnings: Null where the compiler was not reached. At most 500: more becomes that. Recorded until 2027-06-30.
        """
        self._record("cli.run", {
            "command": command,
            "flags": flags,
            "worked": worked,
            "exit_code": exit_code,
            "took": took_ms,
            "files": files,
            "warnings": warnings,
        })

    def chat(
        self,
        *,
        began: datetime.datetime,
        model: Model,
        cost_usd: float,
        compiler: Optional[Version] = None,
        speaks: Locale,
    ) -> None:
        """What do conversations cost?

        began: Cut to the hour.

        cost_usd: At most 100: more becomes that.
        """
        self._record("chat", {
            "began": began,
            "model": model,
            "cost": cost_usd,
            "compiler": compiler,
            "speaks": speaks,
        })

    def crash(
        self,
        *,
        where: Where,
        class_: Class,
        place: Location,
        stack: Sequence[Frame],
        message: Optional[Message] = None,
    ) -> None:
        """Where does it crash?"""
        self._record("crash", {
            "where": where,
            "class": class_,
            "place": place,
            "stack": stack,
            "message": message,
        })

    def goodbye(
        self,
    ) -> None:
        """How many turn it off?"""
        self._record("goodbye", {
        })

    def notice(self) -> None:
        """Prints the notice of what is reported, once, and waits two seconds at most."""
        self._run("notice", [], 2)

    def ask(self) -> None:
        """Asks whether anything may be reported, where it is due, and waits for the answer."""
        self._run("ask", [], None)

    def person(self, words: Sequence[str]) -> int:
        """Runs `status`, `on`, `off` and the others, with the words after `telemetry`. Returns the exit code."""
        return self._run("telemetry", words, None)

    def _record(self, event: str, given: Mapping[str, _Value]) -> None:
        try:
            pairs = [(key, _text(value)) for key, value in {**self._context, **given}.items()]
            words = [f"{key}={text}" for key, text in pairs if text is not None]
            flags = 0
            if sys.platform == "win32":
                flags = subprocess.CREATE_NO_WINDOW
            child = subprocess.Popen(
                self._words("record", ["--host-version", self._version, event, *words]),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                start_new_session=True,
                creationflags=flags,
            )
            # So that nothing is left of it, in a program that stays.
            threading.Thread(target=child.wait, daemon=True).start()
        except Exception:
            pass  # Nothing is recorded.

    def _run(self, command: str, words: Sequence[str], timeout: Optional[float]) -> int:
        try:
            return subprocess.run(self._words(command, words), timeout=timeout).returncode
        except Exception:
            return 1

    def _words(self, command: str, words: Sequence[str]) -> Sequence[str]:
        program = [] if self._program is None else ["--program", self._program]
        off = ["--no-telemetry"] if self._no_telemetry else []
        return [self._binary, command, "--catalog", os.fspath(self._catalog), *program, *off, *words]


_Value = Union[bool, int, float, str, datetime.datetime, Sequence[str], None]


def _text(value: _Value) -> Optional[str]:
    """Returns a value as `headcount record` takes it."""
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (int, float)):
        return repr(value)
    if isinstance(value, datetime.datetime):
        return value.astimezone(datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")
    return ",".join(value)

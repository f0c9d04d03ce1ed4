"""What every package says of the project, read from where the project says it."""

import dataclasses
import functools
import os
import pathlib
import subprocess
import tomllib

from .executable import Needs
from .platforms import Platform
from .refusal import Refusal

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
LICENCES = ("LICENSE-APACHE", "LICENSE-MIT")
# The texts of the licences of what the binary is made of.
THIRD_PARTY = "LICENSES-THIRD-PARTY.txt"
SUMMARY = "Anonymous usage telemetry for command-line programs and coding agents: the headcount binary"
KEYWORDS = ("telemetry", "cli", "privacy", "opt-in", "analytics")
# The oldest time that a zip file can say, in seconds since 1970: the first day of 1980.
EARLIEST = 315_532_800


@dataclasses.dataclass(frozen=True)
class About:
    """Version, licence and home of all crates, from Cargo.toml."""

    version: str
    licence: str
    repository: str
    # Seconds since 1970: the time of everything in a package.
    time: int

    @property
    def page(self) -> str:
        """The page of a package, for people who look at it in a registry."""
        return (ROOT / "packages/README.md").read_text()


@dataclasses.dataclass(frozen=True)
class Source:
    """What a package is made of."""

    about: About
    platform: Platform
    binary: bytes
    needs: Needs
    licences: str

    def documents(self) -> dict[str, bytes]:
        """The licences that go into each package, by name."""
        texts = {name: (ROOT / name).read_bytes() for name in LICENCES}
        return texts | {THIRD_PARTY: self.licences.encode()}


@functools.cache
def read() -> About:
    """Reads Cargo.toml, and the time."""
    workspace = tomllib.loads((ROOT / "Cargo.toml").read_text())["workspace"]["package"]
    return About(workspace["version"], workspace["license"], workspace["repository"], _time())


def _time() -> int:
    said = os.environ.get("SOURCE_DATE_EPOCH")
    if said is None:
        git = ["git", "-C", os.fspath(ROOT), "log", "-1", "--format=%ct"]
        try:
            said = subprocess.run(git, capture_output=True, text=True, check=True).stdout
        except (OSError, subprocess.CalledProcessError):
            raise Refusal("set SOURCE_DATE_EPOCH: this folder is not a clone") from None
    try:
        time = int(said)
    except ValueError:
        raise Refusal(f"SOURCE_DATE_EPOCH is not a number of seconds: {said!r}") from None
    if time < EARLIEST:
        raise Refusal(f"SOURCE_DATE_EPOCH is before 1980: {time}")
    return time

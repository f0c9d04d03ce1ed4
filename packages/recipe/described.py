"""What the binary says of itself: the pages for `man`, and what shells complete.

They are made by the program, so it has to run here. Where it is for another machine, DESCRIBED_BY names
the same version for this one.
"""

import os
import pathlib
import subprocess
import tempfile

from . import containers
from .containers import PROGRAM, Entry
from .project import Source
from .refusal import Refusal

MAN = "usr/share/man/man1"
# Where Debian's own packages have them.
SHELLS = {
    "bash": "usr/share/bash-completion/completions/headcount",
    "zsh": "usr/share/zsh/vendor-completions/_headcount",
    "fish": "usr/share/fish/vendor_completions.d/headcount.fish",
}


def files(source: Source) -> list[Entry]:
    """The pages, packed as Debian has them, and the completions."""
    with tempfile.TemporaryDirectory() as scratch:
        folder = pathlib.Path(scratch)
        program = _program(source, folder)
        pages = folder / "man1"
        _said(program, "manual", str(pages))
        named = sorted(pages.iterdir())
        return [
            *(Entry(f"{MAN}/{page.name}.gz", containers.gzipped(page.read_bytes(), 9)) for page in named),
            *(Entry(path, _said(program, "completions", shell)) for shell, path in SHELLS.items()),
        ]


def _program(source: Source, folder: pathlib.Path) -> pathlib.Path:
    other = os.environ.get("DESCRIBED_BY")
    if other:
        return pathlib.Path(other).resolve()
    program = folder / "headcount"
    program.write_bytes(source.binary)
    program.chmod(PROGRAM)
    return program


def _said(program: pathlib.Path, *words: str) -> bytes:
    try:
        return subprocess.run([program, *words], check=True, capture_output=True).stdout
    except OSError as failed:
        raise Refusal(
            f"the binary cannot describe itself ({failed.strerror}): set DESCRIBED_BY to a `headcount` of "
            "this version that runs here"
        ) from None
    except subprocess.CalledProcessError as failed:
        raise Refusal(f"`headcount {' '.join(words)}`: {failed.stderr.decode().strip()}") from None

"""SHA256SUMS of a folder of packages."""

import hashlib
import pathlib

NAME = "SHA256SUMS"


def write(folder: pathlib.Path) -> None:
    """Lists every file of the folder, so that `sha256sum --check SHA256SUMS` reads it."""
    paths = sorted(path for path in folder.iterdir() if path.is_file() and path.name != NAME)
    (folder / NAME).write_text("".join(f"{digest(path)}  {path.name}\n" for path in paths))


def digest(path: pathlib.Path) -> str:
    """The SHA-256 of a file, in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()

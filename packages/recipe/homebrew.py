"""The formula for Homebrew, of the archives that it will download."""

import pathlib
import re

from . import checksums, platforms, project
from .refusal import Refusal

NAME = "headcount.rb"
TEMPLATE = project.ROOT / "packages/homebrew" / NAME


def formula(folder: pathlib.Path) -> str:
    """The template with the archives of a folder."""
    about = project.read()

    def filled(match: re.Match) -> str:
        word, _, target = match[1].partition(" ")
        if word == "VERSION":
            return about.version
        if word == "REPOSITORY":
            return about.repository
        archive = folder / platforms.named(target).archive
        if word == "URL":
            return address(about, archive.name)
        if word == "SHA256" and archive.is_file():
            return checksums.digest(archive)
        raise Refusal(f"there is nothing to fill in for {match[0]} of {TEMPLATE.name}: is {archive} there?")

    return re.sub(r"@([^@\n]+)@", filled, TEMPLATE.read_text())


def address(about: project.About, file: str) -> str:
    """Where a file of a release is."""
    return f"{about.repository}/releases/download/v{about.version}/{file}"

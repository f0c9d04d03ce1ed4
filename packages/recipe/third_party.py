"""The licences of the crates that are in the binary: their texts have to go wherever it goes.

cargo says which crates those are for a target, and where their sources are.
"""

import collections
import json
import os
import pathlib
import re
import subprocess

from .project import ROOT
from .refusal import Refusal

# As crates name these files: LICENSE, LICENSE-MIT, LICENSE.txt, COPYING, NOTICE …
NAMES = re.compile(r"(LICEN[CS]E|COPYING|COPYRIGHT|NOTICE|UNLICENSE)([-_.].*)?", re.IGNORECASE)


def texts(target: str) -> str:
    """Every text once, below the crates that have it."""
    in_binary = _in_binary(target)
    by_text = collections.defaultdict(list)
    for package in _metadata(target)["packages"]:
        name = f"{package['name']} {package['version']}"
        if name not in in_binary or package["source"] is None:
            continue
        found = _files(pathlib.Path(package["manifest_path"]).parent)
        line = f"{name} ({package['license'] or 'see below'})"
        if not found:
            by_text[""].append(line)
        for text in found:
            by_text[text].append(line)
    without = by_text.pop("", [])
    pages = sorted((sorted(set(lines)), text) for text, lines in by_text.items())
    rule = "-" * 72 + "\n"
    page = "headcount is made of crates that other people wrote, and of the standard library of Rust,\n"
    page += "which is licensed under MIT or Apache-2.0. These are the licences of the crates.\n"
    for lines, text in pages:
        page += f"\n{rule}" + "".join(f"{line}\n" for line in lines) + f"{rule}\n{text}\n"
    if without:
        page += f"\n{rule}Crates whose packages have no text of their licence:\n{rule}\n"
        page += "".join(f"{line}\n" for line in sorted(set(without)))
    return page


def _files(folder: pathlib.Path) -> list[str]:
    """The texts in a crate's folder, and in folders below it: what C is compiled has its own."""
    found = set()
    for path in sorted(folder.rglob("*")):
        is_near = len(path.relative_to(folder).parts) <= 2
        if is_near and NAMES.fullmatch(path.name) and path.is_file():
            text = path.read_text(errors="replace").replace("\r\n", "\n").strip("\n")
            found.add("\n".join(line.rstrip() for line in text.split("\n")))
    return sorted(found)


def _in_binary(target: str) -> set[str]:
    lines = _cargo(
        "tree", "--locked", "--package", "headcount-cli", "--target", target,
        "--edges", "normal,no-proc-macro", "--prefix", "none", "--format", "{p}",
    ).splitlines()
    # `name v1.2.3 (where)`, once more with `(*)` where it has been told.
    return {" ".join(line.split()[:2]).replace(" v", " ", 1) for line in lines if line}


def _metadata(target: str) -> dict:
    return json.loads(
        _cargo("metadata", "--locked", "--format-version", "1", "--filter-platform", target)
    )


def _cargo(*words: str) -> str:
    try:
        return subprocess.run(
            [os.environ.get("CARGO", "cargo"), *words],
            cwd=ROOT, capture_output=True, text=True, check=True,
        ).stdout
    except FileNotFoundError:
        raise Refusal("cargo is missing") from None
    except subprocess.CalledProcessError as failed:
        raise Refusal(f"cargo {words[0]}: {failed.stderr.strip()}") from None

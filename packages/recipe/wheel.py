"""The wheel for PyPI: the binary, which pip and uv put beside `python`, and a module that finds it there.

Its tag says on which systems it may be installed; it is made of what the binary needs.
"""

import base64
import hashlib
import pathlib
import re

from . import containers
from .containers import PROGRAM, Entry
from .project import KEYWORDS, LICENCES, ROOT, SUMMARY, THIRD_PARTY, Source
from .refusal import Refusal

MODULE = ROOT / "packages/python/__init__.py"
# Its oldest Python, for the schemes of `sysconfig`.
PYTHON = ">=3.10"
# PEP 440 has other words for what comes before a release.
PRE_RELEASES = {"alpha": "a", "beta": "b", "rc": "rc"}


def build(source: Source, folder: pathlib.Path) -> list[pathlib.Path]:
    """Writes `headcount-VERSION-py3-none-PLATFORM.whl`."""
    version = python_version(source.about.version)
    tag = f"py3-none-{platform_tag(source)}"
    stem = f"headcount-{version}"
    info = f"{stem}.dist-info"
    entries = [
        Entry(f"{stem}.data/scripts/{source.platform.program}", source.binary, PROGRAM),
        Entry("headcount/__init__.py", MODULE.read_bytes()),
        Entry(f"{info}/METADATA", _metadata(source, version).encode()),
        Entry(f"{info}/WHEEL", _wheel(tag).encode()),
        *(Entry(f"{info}/licenses/{name}", text) for name, text in source.documents().items()),
    ]
    entries.sort(key=lambda entry: entry.name)
    record = f"{info}/RECORD"
    lines = [f"{entry.name},{_digest(entry.data)},{len(entry.data)}\n" for entry in entries]
    entries.append(Entry(record, "".join([*lines, f"{record},,\n"]).encode()))
    path = folder / f"{stem}-{tag}.whl"
    path.write_bytes(containers.zipped(entries, source.about.time))
    return [path]


def platform_tag(source: Source) -> str:
    """On which systems it may be installed."""
    platform, version = source.platform, source.needs.version
    if platform.form == "pe":
        return f"win_{platform.wheel_machine}"
    system = "manylinux" if platform.form == "elf" else "macosx"
    major, minor = version
    # From macOS 11 on, minor versions are not told apart.
    if system == "macosx" and major >= 11:
        minor = 0
    return f"{system}_{major}_{minor}_{platform.wheel_machine}"


def python_version(version: str) -> str:
    """A version of cargo's, as Python writes it."""
    match = re.fullmatch(r"(\d+\.\d+\.\d+)(?:-(alpha|beta|rc)\.(\d+))?", version)
    if not match:
        raise Refusal(f"version {version} has no form in Python: use X.Y.Z, or X.Y.Z-rc.N")
    release, kind, number = match.groups()
    return release if kind is None else f"{release}{PRE_RELEASES[kind]}{number}"


def _digest(data: bytes) -> str:
    digest = base64.urlsafe_b64encode(hashlib.sha256(data).digest())
    return "sha256=" + digest.rstrip(b"=").decode()


def _wheel(tag: str) -> str:
    return f"Wheel-Version: 1.0\nGenerator: headcount packages/build\nRoot-Is-Purelib: false\nTag: {tag}\n"


def _metadata(source: Source, version: str) -> str:
    about = source.about
    fields = [
        ("Metadata-Version", "2.4"),
        ("Name", "headcount"),
        ("Version", version),
        ("Summary", SUMMARY),
        ("Keywords", ",".join(KEYWORDS)),
        ("License-Expression", about.licence),
        *(("License-File", name) for name in (*LICENCES, THIRD_PARTY)),
        ("Classifier", "Environment :: Console"),
        ("Classifier", "Programming Language :: Rust"),
        ("Project-URL", f"Repository, {about.repository}"),
        ("Project-URL", f"Changelog, {about.repository}/blob/main/CHANGELOG.md"),
        ("Requires-Python", PYTHON),
        ("Description-Content-Type", "text/markdown"),
    ]
    return "".join(f"{name}: {value}\n" for name, value in fields) + f"\n{about.page}"

"""What others say of the release's files, compared with what is made."""

import hashlib
import pathlib
import re
import tempfile
import tomllib

from . import homebrew, platforms, project
from .platforms import Platform

PAGE = "docs/install.md"
WORKFLOW = ".github/workflows/release.yml"
# What a target is written like.
TARGET = re.compile(r"\b(?:x86_64|aarch64)-(?:unknown-linux|apple|pc-windows)[a-z-]*\b")


def findings() -> list[str]:
    """Every disagreement, a sentence each."""
    return [*_binstall(), *_homebrew(), *_workflow(), *_page()]


def _binstall() -> list[str]:
    """As `cargo binstall` fills in its templates."""
    package = tomllib.loads((project.ROOT / "crates/headcount-cli/Cargo.toml").read_text())["package"]
    written, about, found = package["metadata"]["binstall"], project.read(), []
    for platform in platforms.ALL:
        said = written | written.get("overrides", {}).get(platform.target, {})
        words = {
            "repo": about.repository,
            "version": about.version,
            "target": platform.target,
            "bin": "headcount",
            "binary-ext": platform.program.removeprefix("headcount"),
        }
        expected = {
            "pkg-url": homebrew.address(about, platform.archive),
            "pkg-fmt": "zip" if platform.archive.endswith(".zip") else "tgz",
            "bin-dir": f"headcount-{platform.target}/{platform.program}",
        }
        for key, value in expected.items():
            got = re.sub(r"\{ ([a-z-]+) \}", lambda match: words[match[1]], said[key])
            if got != value:
                found.append(f"binstall's {key} for {platform.target} is {got}, not {value}")
    unknown = set(written.get("overrides", {})) - {platform.target for platform in platforms.ALL}
    return found + [f"binstall overrides {target}, which is not released" for target in unknown]


def _homebrew() -> list[str]:
    """With archives that are there, each of another content."""
    homes = [platform for platform in platforms.ALL if platform.form != "pe"]
    with tempfile.TemporaryDirectory() as scratch:
        folder = pathlib.Path(scratch)
        for platform in homes:
            (folder / platform.archive).write_text(platform.target)
        text = homebrew.formula(folder)
    pairs = re.findall(r'url "([^"]+)"\s+sha256 "([0-9a-f]{64})"', text)
    return [
        f"the formula has no address and checksum for {platform.target}"
        for platform in homes
        if (homebrew.address(project.read(), platform.archive), _sha256(platform)) not in pairs
    ]


def _sha256(platform: Platform) -> str:
    return hashlib.sha256(platform.target.encode()).hexdigest()


def _workflow() -> list[str]:
    named = set(TARGET.findall((project.ROOT / WORKFLOW).read_text()))
    made = {platform.target for platform in platforms.ALL}
    return [f"{WORKFLOW} does not build {target}" for target in sorted(made - named)] + [
        f"{WORKFLOW} builds {target}, which packages/recipe/platforms.py does not have"
        for target in sorted(named - made)
    ]


def _page() -> list[str]:
    """The files and targets that the page of installation names."""
    text, version = (project.ROOT / PAGE).read_text(), project.read().version
    machines = {platform.debian for platform in platforms.ALL if platform.debian}
    debs = {f"headcount_{version}-1_{machine}.deb" for machine in machines}
    return [
        f"{PAGE} names {deb}, which is not made"
        for deb in sorted(set(re.findall(r"headcount_[0-9][^/ `]*\.deb", text)) - debs)
    ] + [
        f"{PAGE} names {target}, which is not released"
        for target in sorted(set(TARGET.findall(text)) - {platform.target for platform in platforms.ALL})
    ]

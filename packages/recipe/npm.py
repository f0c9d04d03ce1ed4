"""The packages for npm: `headcount`, which is a launcher, and one for each platform with its binary.

npm installs the optional dependency whose `os`, `cpu` and `libc` fit, and leaves out the others. So
nothing is downloaded at installation and no script is run then: `--ignore-scripts` changes nothing.
"""

import json
import pathlib

from . import containers, platforms
from .containers import PROGRAM, Entry
from .project import KEYWORDS, LICENCES, ROOT, SUMMARY, Source

# Node 18 is the oldest on which `npm ci` knows `libc`.
ENGINE = ">=18"
FILES = ROOT / "packages/npm"


def build(source: Source, folder: pathlib.Path) -> list[pathlib.Path]:
    """Writes both as `npm pack` would; the launcher's bytes are the same on every platform."""
    version, platform = source.about.version, source.platform
    stem = platform.npm_package.removeprefix("@").replace("/", "-")
    return [
        _write(folder / f"headcount-{version}.tgz", _launcher(source), source),
        _write(folder / f"{stem}-{version}.tgz", _with_binary(source), source),
    ]


def _launcher(source: Source) -> list[Entry]:
    version = source.about.version
    package = _described(source, "headcount", SUMMARY) | {
        "bin": {"headcount": "bin/headcount.js"},
        "main": "index.js",
        "types": "index.d.ts",
        "optionalDependencies": {platform.npm_package: version for platform in platforms.ALL},
    }
    return [
        _package(package),
        Entry("package/bin/headcount.js", (FILES / "headcount.js").read_bytes(), PROGRAM),
        Entry("package/index.js", (FILES / "index.js").read_bytes()),
        Entry("package/index.d.ts", (FILES / "index.d.ts").read_bytes()),
        Entry("package/README.md", source.about.page.encode()),
        *(Entry(f"package/{name}", (ROOT / name).read_bytes()) for name in LICENCES),
    ]


def _with_binary(source: Source) -> list[Entry]:
    platform = source.platform
    summary = f"The headcount binary for {platform.target}; install `headcount` instead"
    package = _described(source, platform.npm_package, summary) | {
        # Yarn keeps packages packed, and a binary must not be.
        "preferUnplugged": True,
        "os": [platform.npm_os],
        "cpu": [platform.npm_cpu],
    }
    if platform.npm_libc:
        package["libc"] = [platform.npm_libc]
    readme = f"# {platform.npm_package}\n\n{summary}.\n"
    return [
        _package(package),
        Entry(f"package/bin/{platform.program}", source.binary, PROGRAM),
        Entry("package/README.md", readme.encode()),
        *(Entry(f"package/{name}", text) for name, text in source.documents().items()),
    ]


def _described(source: Source, name: str, summary: str) -> dict:
    about = source.about
    return {
        "name": name,
        "version": about.version,
        "description": summary,
        "keywords": list(KEYWORDS),
        "homepage": f"{about.repository}#readme",
        "repository": {"type": "git", "url": f"git+{about.repository}.git"},
        "bugs": f"{about.repository}/issues",
        # npm has the same expressions, in brackets where there is a choice.
        "license": f"({about.licence})",
        "engines": {"node": ENGINE},
        "publishConfig": {"access": "public"},
    }


def _package(package: dict) -> Entry:
    return Entry("package/package.json", (json.dumps(package, indent=2) + "\n").encode())


def _write(path: pathlib.Path, entries: list[Entry], source: Source) -> pathlib.Path:
    path.write_bytes(containers.gzipped(containers.tar(entries, source.about.time)))
    return path

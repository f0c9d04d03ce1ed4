"""The package for Debian and its relatives: the binary, its pages for `man`, what shells complete, and
the units of systemd for a collector.

What lies in it is written to a folder with one time, and `dpkg-deb` makes the package of that.
"""

import hashlib
import os
import pathlib
import re
import subprocess
import tempfile
import time

from . import containers, described
from .containers import PROGRAM, Entry
from .project import ROOT, THIRD_PARTY, Source
from .refusal import Refusal

FILES = ROOT / "packages/debian"
OPERATE = ROOT / "docs/operate"
UNITS = ("headcount.service", "headcount-backup.service", "headcount-backup.timer")
# Of libgcc_s, as Debian's own rustc asks for it.
LIBGCC = "4.2"
# dpkg's own variable: `gzip` is five times as fast, for a package that is only tried.
FORM = os.environ.get("DPKG_DEB_COMPRESSOR_TYPE", "xz")
MAINTAINER = "Headcount maintainers <maintainers@headcount.example>"


def build(source: Source, folder: pathlib.Path) -> list[pathlib.Path]:
    """Writes `headcount_VERSION-1_ARCHITECTURE.deb`."""
    # A pre-release comes before its release.
    version = source.about.version.replace("-", "~") + "-1"
    path = folder / f"headcount_{version}_{source.platform.debian}.deb"
    with tempfile.TemporaryDirectory() as scratch:
        root = pathlib.Path(scratch) / "root"
        files = _files(source, version)
        size = sum(len(entry.data) for entry in files)
        control = [
            Entry("DEBIAN/control", _control(source, version, size).encode()),
            Entry("DEBIAN/md5sums", _md5sums(files).encode()),
            *(
                Entry(f"DEBIAN/{name}", (FILES / name).read_bytes(), PROGRAM)
                for name in ("postinst", "prerm", "postrm")
            ),
        ]
        _lay(root, files + control, source.about.time)
        _dpkg_deb(root, path, source.about.time)
    return [path]


def _files(source: Source, version: str) -> list[Entry]:
    docs = "usr/share/doc/headcount"
    changes = (ROOT / "CHANGELOG.md").read_bytes()
    debian_changes = _changelog(source, version).encode()
    return [
        Entry("usr/bin/headcount", source.binary, PROGRAM),
        *(Entry(f"usr/lib/systemd/system/{name}", _unit(name)) for name in UNITS),
        Entry("usr/lib/sysusers.d/headcount.conf", (FILES / "headcount.sysusers").read_bytes()),
        Entry("usr/share/lintian/overrides/headcount", (FILES / "lintian-overrides").read_bytes()),
        *described.files(source),
        Entry(f"{docs}/README.md", source.about.page.encode()),
        Entry(f"{docs}/copyright", _copyright(source).encode()),
        Entry(f"{docs}/{THIRD_PARTY}.gz", containers.gzipped(source.licences.encode(), 9)),
        Entry(f"{docs}/changelog.gz", containers.gzipped(changes, 9)),
        Entry(f"{docs}/changelog.Debian.gz", containers.gzipped(debian_changes, 9)),
    ]


def _unit(name: str) -> bytes:
    """A unit of docs/operate, for a binary that came with a package."""
    unit = (OPERATE / name).read_text()
    # What stands above tells how to install it by hand.
    unit = unit[unit.index("[Unit]") :]
    return unit.replace("/usr/local/bin/headcount", "/usr/bin/headcount").encode()


def _control(source: Source, version: str, size: int) -> str:
    major, minor = source.needs.version
    return f"""\
Package: headcount
Version: {version}
Architecture: {source.platform.debian}
Maintainer: {_maintainer()}
Installed-Size: {-(-size // 1024)}
Depends: libc6 (>= {major}.{minor}), libgcc-s1 (>= {LIBGCC})
Recommends: ca-certificates
Section: utils
Priority: optional
Homepage: {source.about.repository}
Description: anonymous usage telemetry for command-line programs
 One file says what a program may ever report; nothing else can leave the
 machine. The headcount binary checks that file, records events for programs
 in any language, asks the person, shows what would be sent, and is the
 collector that receives events and answers questions about them.
 .
 Installing it starts nothing. /usr/share/doc/headcount/README.md says where
 the guide for operators is.
"""


def _maintainer() -> str:
    """As Debian's own tools take it from the environment."""
    name, address = os.environ.get("DEBFULLNAME"), os.environ.get("DEBEMAIL")
    return f"{name} <{address}>" if name and address else MAINTAINER


def _copyright(source: Source) -> str:
    mit = (ROOT / "LICENSE-MIT").read_text()
    owner = re.search(r"Copyright .*", mit)
    if not owner:
        raise Refusal("LICENSE-MIT has no line that begins with Copyright")
    text = "".join(f" {line or '.'}\n" for line in mit.rstrip("\n").split("\n"))
    return f"""\
Format: https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/
Upstream-Name: headcount
Source: {source.about.repository}
Comment: The crates that the binary is made of have licences of their own:
 {THIRD_PARTY}.gz has their texts.

Files: *
Copyright: {owner[0].removeprefix("Copyright ")}
License: Apache-2.0 or Expat

License: Apache-2.0
 On Debian systems the text is in /usr/share/common-licenses/Apache-2.0.

License: Expat
{text}"""


def _changelog(source: Source, version: str) -> str:
    day = time.strftime("%a, %d %b %Y %H:%M:%S +0000", time.gmtime(source.about.time))
    return f"""\
headcount ({version}) unstable; urgency=medium

  * Version {source.about.version}: changelog.gz says what is new.

 -- {_maintainer()}  {day}
"""


def _md5sums(files: list[Entry]) -> str:
    sums = ((hashlib.md5(entry.data, usedforsecurity=False).hexdigest(), entry.name) for entry in files)
    return "".join(f"{digest}  {name}\n" for digest, name in sorted(sums, key=lambda line: line[1]))


def _lay(root: pathlib.Path, entries: list[Entry], seconds: int) -> None:
    for entry in entries:
        path = root / entry.name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(entry.data)
        path.chmod(entry.mode)
    for path in [root, *root.rglob("*")]:
        os.utime(path, (seconds, seconds))


def _dpkg_deb(root: pathlib.Path, path: pathlib.Path, seconds: int) -> None:
    # One thread: with more, xz cuts the data otherwise.
    words = ["dpkg-deb", "--root-owner-group", "--threads-max=1", f"-Z{FORM}", "--build", root, path]
    try:
        subprocess.run(
            words,
            env=os.environ | {"SOURCE_DATE_EPOCH": str(seconds), "LC_ALL": "C"},
            check=True, capture_output=True, text=True,
        )
    except FileNotFoundError:
        raise Refusal("dpkg-deb is missing: install dpkg, or leave out `debian`") from None
    except subprocess.CalledProcessError as failed:
        raise Refusal(f"dpkg-deb: {failed.stderr.strip()}") from None

"""The archive of a release: the binary, its README and the licences, in a folder of its own.

gzip and zip, since every system unpacks them: tar of macOS, Busybox and older Debian has no zstd.
"""

import pathlib

from . import containers
from .containers import PROGRAM, Entry
from .project import Source


def build(source: Source, folder: pathlib.Path) -> list[pathlib.Path]:
    """Writes `headcount-TARGET.tar.gz`, or `.zip` for Windows."""
    inside = f"headcount-{source.platform.target}"
    entries = [
        Entry(f"{inside}/{source.platform.program}", source.binary, PROGRAM),
        Entry(f"{inside}/README.md", source.about.page.encode()),
        *(Entry(f"{inside}/{name}", text) for name, text in source.documents().items()),
    ]
    path = folder / source.platform.archive
    if path.suffix == ".zip":
        entries.sort(key=lambda entry: entry.name)
        path.write_bytes(containers.zipped(entries, source.about.time))
    else:
        path.write_bytes(containers.gzipped(containers.tar(entries, source.about.time)))
    return [path]

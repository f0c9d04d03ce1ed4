"""tar, gzip and zip with the same bytes for the same files: sorted, one time, nobody's name.

The compressed bytes come from the zlib of the Python that runs this. Another zlib packs the same files
otherwise.
"""

import dataclasses
import gzip
import io
import tarfile
import time
import zipfile

# Of zlib. Level 9 takes three times as long and saves one part in a hundred and fifty.
LEVEL = 6
PLAIN = 0o644
PROGRAM = 0o755


@dataclasses.dataclass(frozen=True)
class Entry:
    """A file in a container."""

    name: str
    data: bytes
    mode: int = PLAIN


def tar(entries: list[Entry], seconds: int) -> bytes:
    """A tar file in the form that every reader knows (ustar)."""
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w", format=tarfile.USTAR_FORMAT) as container:
        for entry in sorted(entries, key=lambda entry: entry.name):
            header = tarfile.TarInfo(entry.name)
            header.size, header.mode, header.mtime = len(entry.data), entry.mode, seconds
            container.addfile(header, io.BytesIO(entry.data))
    return out.getvalue()


def gzipped(data: bytes, level: int = LEVEL) -> bytes:
    """The data as gzip, without a name and a time of its own."""
    return gzip.compress(data, compresslevel=level, mtime=0)


def zipped(entries: list[Entry], seconds: int) -> bytes:
    """A zip file. Files keep the order they are given in: wheels end with their own list."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as container:
        for entry in entries:
            header = zipfile.ZipInfo(entry.name, time.gmtime(seconds)[:6])
            # Unix, a regular file.
            header.create_system = 3
            header.external_attr = (0o100000 | entry.mode) << 16
            container.writestr(header, entry.data, zipfile.ZIP_DEFLATED, LEVEL)
    return out.getvalue()

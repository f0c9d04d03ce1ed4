"""What a binary needs of the system it runs on, read from the binary itself.

A package that promises more than its binary keeps is installed, and then does not start.
"""

import dataclasses
import os
import pathlib
import re
import struct
import subprocess

from .platforms import Platform
from .refusal import Refusal

# Every Linux that a wheel may be made for has these (PEP 513 and PEP 600), and none but these are
# on a machine where nobody has installed anything.
EVERYWHERE = re.compile(
    r"(libc\.so\.6|libm\.so\.6|libgcc_s\.so\.1|libpthread\.so\.0|libdl\.so\.2|librt\.so\.1|ld-linux.*)"
)
MACH_O_64 = 0xFEEDFACF
LC_VERSION_MIN_MACOSX = 0x24
LC_BUILD_VERSION = 0x32


@dataclasses.dataclass(frozen=True)
class Needs:
    """The oldest system on which a binary starts."""

    # Of glibc on Linux, of macOS on Apple's machines; none on Windows.
    version: tuple[int, int] | None
    libraries: tuple[str, ...] = ()


def needs(binary: pathlib.Path, platform: Platform) -> Needs:
    """What the binary needs, once it is certain that it was built for the platform."""
    data = binary.read_bytes()
    read = {"elf": _elf, "mach-o": _mach_o, "pe": _pe}[platform.form]
    try:
        machine, found = read(binary, data)
    except (struct.error, IndexError):
        machine, found = None, None
    if machine != platform.machine or found is None:
        raise Refusal(f"{binary} is not a program for {platform.target}")
    return found


def _elf(binary: pathlib.Path, data: bytes):
    if data[:5] != b"\x7fELF\x02":
        return None, None
    told = _readelf(binary, "--dynamic", "--version-info", "--wide")
    libraries = re.findall(r"\(NEEDED\).*\[(.+)\]", told)
    for library in libraries:
        if not EVERYWHERE.fullmatch(library):
            raise Refusal(f"{binary} needs {library}, which not every Linux has")
    # Of what it needs alone: it could define versions of its own.
    needed = told.partition("Version needs section")[2]
    versions = [(int(a), int(b)) for a, b in re.findall(r"Name: GLIBC_(\d+)\.(\d+)", needed)]
    if not versions:
        raise Refusal(f"{binary} does not say which glibc it needs")
    machine = struct.unpack_from("<H", data, 18)[0]
    return machine, Needs(max(versions), tuple(sorted(libraries)))


def _readelf(binary: pathlib.Path, *words: str) -> str:
    try:
        return subprocess.run(
            ["readelf", *words, os.fspath(binary)],
            env=os.environ | {"LC_ALL": "C"},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
    except FileNotFoundError:
        raise Refusal("readelf is missing: install binutils") from None
    except subprocess.CalledProcessError as failed:
        raise Refusal(f"readelf cannot read {binary}: {failed.stderr.strip()}") from None


def _mach_o(_binary: pathlib.Path, data: bytes):
    magic, machine = struct.unpack_from("<II", data)
    if magic != MACH_O_64:
        return None, None
    (count,) = struct.unpack_from("<I", data, 16)
    at = 32
    for _ in range(count):
        command, size = struct.unpack_from("<II", data, at)
        if command in (LC_BUILD_VERSION, LC_VERSION_MIN_MACOSX):
            # The platform stands before the version in the newer command.
            offset = 12 if command == LC_BUILD_VERSION else 8
            (version,) = struct.unpack_from("<I", data, at + offset)
            return machine, Needs((version >> 16, version >> 8 & 0xFF))
        at += size
    return machine, None


def _pe(_binary: pathlib.Path, data: bytes):
    if data[:2] != b"MZ":
        return None, None
    (header,) = struct.unpack_from("<I", data, 60)
    if data[header : header + 4] != b"PE\0\0":
        return None, None
    return struct.unpack_from("<H", data, header + 4)[0], Needs(None)

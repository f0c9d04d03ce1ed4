"""The platforms that are released: what each package format calls them."""

import dataclasses

from .refusal import Refusal


@dataclasses.dataclass(frozen=True)
class Platform:
    """One target of the release."""

    # As rustc says it.
    target: str
    # `elf`, `mach-o` or `pe`, and the machine as its header has it.
    form: str
    machine: int
    # The machine's name in a tag of a wheel.
    wheel_machine: str
    # npm's `os`, `cpu` and `libc`; no libc where there is no choice.
    npm_os: str
    npm_cpu: str
    npm_libc: str | None = None
    debian: str | None = None

    @property
    def program(self) -> str:
        """The name of the binary."""
        return "headcount.exe" if self.form == "pe" else "headcount"

    @property
    def archive(self) -> str:
        """The name of the archive, without a version: its address never changes."""
        return f"headcount-{self.target}.{'zip' if self.form == 'pe' else 'tar.gz'}"

    @property
    def npm_package(self) -> str:
        """The name of the package for this platform alone."""
        return "-".join(filter(None, (f"@headcount/{self.npm_os}", self.npm_cpu, self.npm_libc)))

    @property
    def formats(self) -> list[str]:
        """Every format that there is for it."""
        return ["archive", "wheel", "npm"] + (["debian"] if self.debian else [])


ALL = [
    Platform("x86_64-unknown-linux-gnu", "elf", 0x3E, "x86_64", "linux", "x64", "glibc", "amd64"),
    Platform("aarch64-unknown-linux-gnu", "elf", 0xB7, "aarch64", "linux", "arm64", "glibc", "arm64"),
    Platform("x86_64-apple-darwin", "mach-o", 0x01000007, "x86_64", "darwin", "x64"),
    Platform("aarch64-apple-darwin", "mach-o", 0x0100000C, "arm64", "darwin", "arm64"),
    Platform("x86_64-pc-windows-msvc", "pe", 0x8664, "amd64", "win32", "x64"),
    Platform("aarch64-pc-windows-msvc", "pe", 0xAA64, "arm64", "win32", "arm64"),
]


def named(target: str) -> Platform:
    """The platform of a target triple."""
    for platform in ALL:
        if platform.target == target:
            return platform
    known = ", ".join(platform.target for platform in ALL)
    raise Refusal(f"unknown target `{target}`: use one of {known}")

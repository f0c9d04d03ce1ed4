//! Operating systems and processors, and their names in several vocabularies.

/// A vocabulary for the names of operating systems and processors.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Words {
    /// Rust's `std::env::consts`: `macos`, `x86_64`.
    Rust,
    /// Node's `process`: `darwin`, `win32`, `x64`.
    Node,
    /// OpenTelemetry's `os.type` and `host.arch`: `darwin`, `amd64`.
    OpenTelemetry,
    /// Ruby's `RbConfig`: `darwin`, `mingw32`, `x86_64`.
    Ruby,
    /// Python's `platform.system()`: `Darwin`, `Windows`.
    Python,
}

impl Words {
    /// Every vocabulary, with its name in the grammar.
    pub const ALL: [(Self, &'static str); 5] = [
        (Self::Rust, "rust"),
        (Self::Node, "node"),
        (Self::OpenTelemetry, "opentelemetry"),
        (Self::Ruby, "ruby"),
        (Self::Python, "python"),
    ];
}

/// An operating system. The list is closed; any other is `Other`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Platform {
    /// Linux.
    Linux,
    /// macOS.
    Macos,
    /// Windows.
    Windows,
    /// FreeBSD.
    Freebsd,
    /// OpenBSD.
    Openbsd,
    /// NetBSD.
    Netbsd,
    /// Any other.
    Other,
}

impl Platform {
    /// Every platform.
    pub const ALL: [Self; 7] = [
        Self::Linux,
        Self::Macos,
        Self::Windows,
        Self::Freebsd,
        Self::Openbsd,
        Self::Netbsd,
        Self::Other,
    ];

    /// Returns the platform that this was compiled for.
    #[must_use]
    pub fn here() -> Self {
        Self::read(Words::Rust, std::env::consts::OS).unwrap_or(Self::Other)
    }

    /// Returns the name in a vocabulary.
    #[must_use]
    pub fn word(self, words: Words) -> &'static str {
        match (self, words) {
            (Self::Linux, Words::Python) => "Linux",
            (Self::Linux, _) => "linux",
            (Self::Macos, Words::Rust) => "macos",
            (Self::Macos, Words::Python) => "Darwin",
            (Self::Macos, _) => "darwin",
            (Self::Windows, Words::Node) => "win32",
            (Self::Windows, Words::Ruby) => "mingw32",
            (Self::Windows, Words::Python) => "Windows",
            (Self::Windows, _) => "windows",
            (Self::Freebsd, _) => "freebsd",
            (Self::Openbsd, _) => "openbsd",
            (Self::Netbsd, _) => "netbsd",
            (Self::Other, _) => "other",
        }
    }

    /// Returns the platform with this name in a vocabulary.
    #[must_use]
    pub fn read(words: Words, word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|platform| platform.word(words) == word)
    }

    /// Returns the platform of Ruby's `RbConfig::CONFIG["host_os"]`, which goes
    /// on with a C library, a compiler or a version: `linux-gnu`, `darwin23`,
    /// `mswin64_140`.
    #[must_use]
    pub fn of_host_os(text: &str) -> Option<Self> {
        HOST_OS.into_iter().find(|(head, _)| text.starts_with(head)).map(|(_, platform)| platform)
    }
}

/// How `host_os` begins on each platform.
const HOST_OS: [(&str, Platform); 8] = [
    ("linux", Platform::Linux),
    ("darwin", Platform::Macos),
    ("mingw", Platform::Windows),
    ("mswin", Platform::Windows),
    ("cygwin", Platform::Windows),
    ("freebsd", Platform::Freebsd),
    ("openbsd", Platform::Openbsd),
    ("netbsd", Platform::Netbsd),
];

/// A processor. The list is closed; any other is `Other`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Arch {
    /// 64-bit x86.
    X86_64,
    /// 64-bit ARM.
    Aarch64,
    /// 32-bit x86.
    X86,
    /// 32-bit ARM.
    Arm,
    /// Any other.
    Other,
}

impl Arch {
    /// Every processor.
    pub const ALL: [Self; 5] = [Self::X86_64, Self::Aarch64, Self::X86, Self::Arm, Self::Other];

    /// Returns the processor that this was compiled for.
    #[must_use]
    pub fn here() -> Self {
        Self::read(Words::Rust, std::env::consts::ARCH).unwrap_or(Self::Other)
    }

    /// Returns the name in a vocabulary.
    #[must_use]
    pub fn word(self, words: Words) -> &'static str {
        match (self, words) {
            (Self::X86_64, Words::Node) => "x64",
            (Self::X86_64, Words::OpenTelemetry) => "amd64",
            (Self::X86_64, _) => "x86_64",
            (Self::Aarch64, Words::Node | Words::OpenTelemetry) => "arm64",
            (Self::Aarch64, _) => "aarch64",
            (Self::X86, Words::Node) => "ia32",
            (Self::X86, _) => "x86",
            (Self::Arm, Words::OpenTelemetry) => "arm32",
            (Self::Arm, _) => "arm",
            (Self::Other, _) => "other",
        }
    }

    /// Returns the processor with this name in a vocabulary.
    #[must_use]
    pub fn read(words: Words, word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|arch| arch.word(words) == word)
    }
}

//! Names of platforms and processors in the vocabularies the field uses.

/// A vocabulary.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Words {
    /// As Rust's `std::env::consts` says it: `macos`, `x86_64`.
    Rust,
    /// As Node's `process` says it: `darwin`, `win32`, `x64`.
    Node,
    /// As OpenTelemetry's `os.type` and `host.arch` have it: `darwin`, `amd64`.
    OpenTelemetry,
    /// As Ruby's `RbConfig` says it: `darwin`, `mingw32`, `x86_64`.
    Ruby,
    /// As Python's `platform.system()` says it: `Darwin`, `Windows`.
    Python,
}

impl Words {
    /// Every vocabulary with its name in the grammar.
    pub const ALL: [(Self, &'static str); 5] = [
        (Self::Rust, "rust"),
        (Self::Node, "node"),
        (Self::OpenTelemetry, "opentelemetry"),
        (Self::Ruby, "ruby"),
        (Self::Python, "python"),
    ];
}

/// An operating system. A closed list; anything else is `Other`.
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
    /// None of these.
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

    /// The platform this was compiled for.
    #[must_use]
    pub fn here() -> Self {
        Self::read(Words::Rust, std::env::consts::OS).unwrap_or(Self::Other)
    }

    /// Its name in a vocabulary.
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

    /// The platform of this name in a vocabulary.
    #[must_use]
    pub fn read(words: Words, word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|platform| platform.word(words) == word)
    }
}

/// A processor. A closed list; anything else is `Other`.
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
    /// None of these.
    Other,
}

impl Arch {
    /// Every processor.
    pub const ALL: [Self; 5] = [Self::X86_64, Self::Aarch64, Self::X86, Self::Arm, Self::Other];

    /// The processor this was compiled for.
    #[must_use]
    pub fn here() -> Self {
        Self::read(Words::Rust, std::env::consts::ARCH).unwrap_or(Self::Other)
    }

    /// Its name in a vocabulary.
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

    /// The processor of this name in a vocabulary.
    #[must_use]
    pub fn read(words: Words, word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|arch| arch.word(words) == word)
    }
}

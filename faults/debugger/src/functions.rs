//! The functions of `ntdll.dll` that go to the kernel for a file, with the
//! places of the arguments that are looked at, from 0. Their declarations are
//! in winternl.h and in the documentation of `ZwCreateFile` and its siblings.

/// What a function is told the file by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum File {
    /// A handle, always the first argument.
    Handle,
    /// A pointer to `OBJECT_ATTRIBUTES`.
    Attributes(usize),
}

/// How a function's kind of call is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Always(&'static str),
    /// By the access, the disposition (`None` if it only opens what is there)
    /// and the options.
    Opens {
        access: usize,
        disposition: Option<usize>,
        options: usize,
    },
    /// By the class of what is set.
    Sets {
        class: usize,
    },
}

impl Kind {
    /// Every kind of call that goes through such a function.
    pub(crate) fn all(&self) -> &[&'static str] {
        match self {
            Self::Always(kind) => std::slice::from_ref(kind),
            Self::Opens { .. } => &["open", "create", "mkdir", "delete", "stat"],
            Self::Sets { .. } => &["attributes", "rename", "link", "delete", "truncate", "set"],
        }
    }
}

/// One function.
#[derive(Debug)]
pub(crate) struct Function {
    /// Its name, as C has it.
    pub(crate) name: &'static [u8],
    pub(crate) file: File,
    pub(crate) kind: Kind,
    /// The pointer to `IO_STATUS_BLOCK`.
    pub(crate) status_block: Option<usize>,
}

/// The argument of `NtWriteFile` that says how many bytes.
pub(crate) const WRITE_LENGTH: usize = 6;

const fn by_handle(name: &'static [u8], kind: &'static str, status_block: usize) -> Function {
    let kind = Kind::Always(kind);
    Function { name, file: File::Handle, kind, status_block: Some(status_block) }
}

const fn by_path(name: &'static [u8], kind: &'static str) -> Function {
    let kind = Kind::Always(kind);
    Function { name, file: File::Attributes(0), kind, status_block: None }
}

/// Every function. Closing a file never fails, and unlocking only where
/// nothing is locked.
pub(crate) const FUNCTIONS: [Function; 16] = [
    Function {
        name: b"NtCreateFile\0",
        file: File::Attributes(2),
        kind: Kind::Opens { access: 1, disposition: Some(7), options: 8 },
        status_block: Some(3),
    },
    Function {
        name: b"NtOpenFile\0",
        file: File::Attributes(2),
        kind: Kind::Opens { access: 1, disposition: None, options: 5 },
        status_block: Some(3),
    },
    Function {
        name: b"NtSetInformationFile\0",
        file: File::Handle,
        kind: Kind::Sets { class: 4 },
        status_block: Some(1),
    },
    by_handle(b"NtReadFile\0", "read", 4),
    by_handle(b"NtWriteFile\0", "write", 4),
    by_handle(b"NtFlushBuffersFile\0", "flush", 1),
    by_handle(b"NtFlushBuffersFileEx\0", "flush", 4),
    by_handle(b"NtLockFile\0", "lock", 4),
    by_handle(b"NtQueryInformationFile\0", "query", 1),
    by_handle(b"NtQueryDirectoryFile\0", "list", 4),
    by_handle(b"NtQueryDirectoryFileEx\0", "list", 4),
    by_path(b"NtQueryAttributesFile\0", "stat"),
    by_path(b"NtQueryFullAttributesFile\0", "stat"),
    by_path(b"NtQueryInformationByName\0", "stat"),
    Function {
        name: b"NtQuerySecurityObject\0",
        file: File::Handle,
        kind: Kind::Always("owner"),
        status_block: None,
    },
    Function {
        name: b"NtSetSecurityObject\0",
        file: File::Handle,
        kind: Kind::Always("protect"),
        status_block: None,
    },
];

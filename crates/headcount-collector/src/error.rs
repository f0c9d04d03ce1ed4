//! Why a collector did not start.

use std::fmt;
use std::io;
use std::net::SocketAddr;
use std::path::PathBuf;

use headcount_store::StoreError;

use crate::access::Missing;
use crate::credentials::CredentialError;
use crate::limits;
use crate::registry::RegistryError;

/// Why a collector did not start.
///
/// The message says what cannot be done, where, and what to do, on one line
/// without a full stop. The `is_…` methods tell apart what a caller may react
/// to; an error may be none of these.
pub struct StartError {
    /// Boxed, so that a `Result` stays small.
    cause: Box<StartFailure>,
}

/// What stood in the way.
pub(crate) enum StartFailure {
    /// The data folder or the store in it cannot be used.
    Store(StoreError),
    /// The address can be reached from other machines, and there are no keys.
    NotLoopback(SocketAddr),
    /// The same, and credentials or encryption are not there.
    Unguarded { address: SocketAddr, data: PathBuf, missing: Missing },
    /// The credentials cannot be used.
    Credentials(CredentialError),
    /// The address cannot be listened on.
    Listen { address: SocketAddr, error: io::Error },
    /// The data folder cannot be looked at.
    Folder { path: PathBuf, error: io::Error },
    /// The system starts no thread.
    Thread(io::Error),
    /// The system has no random bytes.
    RandomBytes(getrandom::Error),
    /// The file of the secret cannot be read or written.
    SecretFile { doing: &'static str, path: PathBuf, error: io::Error },
    /// The file of the secret has the wrong length.
    SecretLength { path: PathBuf, bytes: usize },
    /// The file of the secret cannot be trusted; the text says why, and what
    /// to do.
    SecretUnsafe { path: PathBuf, why: &'static str },
    /// There are events, but no secret.
    SecretMissing { folder: PathBuf },
    /// The catalogs that are kept with the data cannot be read or written.
    KeptCatalogs { message: String, error: io::Error },
    /// The certificate or its key cannot be used; the message says why, and
    /// what to do.
    Certificate(String),
    /// A catalog says another thing than the kept one of the same version.
    Catalogs(RegistryError),
}

impl StartError {
    /// Whether another program listens on the address.
    #[must_use]
    pub fn is_address_in_use(&self) -> bool {
        self.system_kind() == Some(io::ErrorKind::AddrInUse)
    }

    /// Whether another process holds the data folder or locks a file in it.
    #[must_use]
    pub fn is_busy(&self) -> bool {
        self.store().is_some_and(StoreError::is_busy)
    }

    /// Whether a file in the data folder is damaged or missing, so that only a
    /// backup helps.
    #[must_use]
    pub fn is_damaged(&self) -> bool {
        matches!(
            &*self.cause,
            StartFailure::SecretLength { .. } | StartFailure::SecretMissing { .. }
        ) || self.store().is_some_and(StoreError::is_damaged)
    }

    /// Whether this user may not use the address, or may not read or write the
    /// data folder.
    #[must_use]
    pub fn is_permission_denied(&self) -> bool {
        self.store().is_some_and(StoreError::is_permission_denied)
            || matches!(
                self.system_kind(),
                Some(io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem)
            )
    }

    /// Whether the disk, or this user's share of it, is full.
    #[must_use]
    pub fn is_storage_full(&self) -> bool {
        self.store().is_some_and(StoreError::is_storage_full)
            || matches!(
                self.system_kind(),
                Some(io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded)
            )
    }

    /// Whether a newer version of Headcount wrote the data folder.
    #[must_use]
    pub fn is_newer_format(&self) -> bool {
        self.store().is_some_and(StoreError::is_newer_format)
    }

    fn store(&self) -> Option<&StoreError> {
        match &*self.cause {
            StartFailure::Store(error) => Some(error),
            _ => None,
        }
    }

    fn system_kind(&self) -> Option<io::ErrorKind> {
        match &*self.cause {
            StartFailure::Listen { error, .. }
            | StartFailure::Thread(error)
            | StartFailure::Folder { error, .. }
            | StartFailure::KeptCatalogs { error, .. }
            | StartFailure::SecretFile { error, .. } => Some(error.kind()),
            StartFailure::Catalogs(error) => error.system_kind(),
            _ => None,
        }
    }
}

impl From<StartFailure> for StartError {
    fn from(cause: StartFailure) -> Self {
        Self { cause: Box::new(cause) }
    }
}

impl From<StoreError> for StartError {
    fn from(error: StoreError) -> Self {
        StartFailure::Store(error).into()
    }
}

impl fmt::Display for StartError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &*self.cause {
            StartFailure::Store(error) => error.fmt(out),
            StartFailure::NotLoopback(address) => write!(
                out,
                "with --development the collector serves without keys, and other machines may reach \
                 {address}; listen on 127.0.0.1"
            ),
            StartFailure::Unguarded { address, data, missing } => write!(
                out,
                "other machines may reach {address}, and there is {}: run {}",
                missing.what(),
                missing.commands(data)
            ),
            StartFailure::Credentials(error) => error.fmt(out),
            StartFailure::Listen { address, error } => {
                let advice = match error.kind() {
                    io::ErrorKind::AddrInUse => {
                        "stop the other program, or choose another port with --listen"
                    }
                    io::ErrorKind::PermissionDenied => {
                        "choose a port above 1023 with --listen, or run as a user who may use this one"
                    }
                    _ => "choose another address with --listen",
                };
                write!(out, "cannot listen on {address}: {error}; {advice}")
            }
            StartFailure::Folder { path, error } => {
                write!(out, "cannot look at the data folder {}: {error}", path.display())
            }
            StartFailure::Thread(error) => write!(out, "cannot start a thread: {error}"),
            StartFailure::RandomBytes(error) => {
                write!(out, "cannot get random bytes for the secret: {error}")
            }
            StartFailure::SecretFile { doing, path, error } => {
                let advice = match error.kind() {
                    io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => "free some space",
                    _ => "make the file and its folder readable and writable for this user",
                };
                write!(out, "cannot {doing} the secret {}: {error}; {advice}", path.display())
            }
            StartFailure::SecretLength { path, bytes } => write!(
                out,
                "the secret {} has {bytes} bytes instead of {}; restore it from a backup, because \
                 with another secret every device would be counted again",
                path.display(),
                limits::SECRET_BYTES
            ),
            StartFailure::SecretUnsafe { path, why } => {
                write!(out, "the secret {} {why}", path.display())
            }
            StartFailure::Certificate(message) | StartFailure::KeptCatalogs { message, .. } => {
                out.write_str(message)
            }
            StartFailure::Catalogs(error) => error.fmt(out),
            StartFailure::SecretMissing { folder } => write!(
                out,
                "the data folder {} has events but no file `secret`; restore it from a backup, \
                 because with a new secret every device would be counted again",
                folder.display()
            ),
        }
    }
}

impl fmt::Debug for StartError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "StartError({:?})", self.to_string())
    }
}

impl std::error::Error for StartError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match &*self.cause {
            StartFailure::Store(error) => std::error::Error::source(error),
            StartFailure::Catalogs(error) => std::error::Error::source(error),
            StartFailure::Listen { error, .. }
            | StartFailure::Thread(error)
            | StartFailure::Folder { error, .. }
            | StartFailure::KeptCatalogs { error, .. }
            | StartFailure::SecretFile { error, .. } => Some(error),
            _ => None,
        }
    }
}

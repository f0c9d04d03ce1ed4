//! Reads a file with secrets in it: a regular one of this user's, that nobody
//! else could have written or read.
//!
//! The rules are those that the SDK has for its own files, by owner and mode
//! (on Unix); here others may not read it either.

use std::io::{self, Read as _};
use std::path::Path;

use crate::private_file::{self, Links, Others};

/// What happens to a file that others may read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Mending {
    /// It is taken away from them, and [`TrustedFile::was_readable`] says so.
    Tried,
    /// It is left as it is, and [`TrustedFile::was_readable`] says so.
    Noted,
    /// It is an error.
    Refused,
}

/// A file that was read.
pub(crate) struct TrustedFile {
    /// Its bytes, as many as were asked for.
    pub(crate) bytes: Vec<u8>,
    /// Whether others could read it, at least until now.
    pub(crate) was_readable: bool,
    /// Its whole length.
    pub(crate) length: u64,
}

/// Why a file cannot be trusted, or not be read.
#[derive(Debug)]
pub(crate) enum Untrusted {
    /// It is a link, a folder, a pipe or a device.
    Irregular,
    /// It belongs to another user.
    OfAnotherUser,
    /// Others may write it.
    Writable,
    /// Others may read it.
    Readable,
    /// The system refuses.
    System(io::Error),
}

/// Reads at most so many bytes of a file; `None` if there is none.
pub(crate) fn read(
    path: &Path,
    most: u64,
    mending: Mending,
) -> Result<Option<TrustedFile>, Untrusted> {
    let mut file = match private_file::open(path, Links::Refused) {
        Err(error) if private_file::is_irregular(&error) => return Err(Untrusted::Irregular),
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        file => file.map_err(Untrusted::System)?,
    };
    let metadata = file.metadata().map_err(Untrusted::System)?;
    let was_readable = match (private_file::others_in(path.parent(), &metadata), mending) {
        (Others::Nobody, _) => false,
        (Others::Owner, _) => return Err(Untrusted::OfAnotherUser),
        (Others::Writers, _) => return Err(Untrusted::Writable),
        (Others::Readers, Mending::Noted) => true,
        (Others::Readers, Mending::Refused) => return Err(Untrusted::Readable),
        (Others::Readers, Mending::Tried) => {
            private_file::make_private(&file).map_err(Untrusted::System)?;
            true
        }
    };
    let mut bytes = Vec::new();
    (&mut file).take(most).read_to_end(&mut bytes).map_err(Untrusted::System)?;
    Ok(Some(TrustedFile { bytes, was_readable, length: metadata.len() }))
}

//! The collector's own secret: created at the first start, and kept beside the
//! events.

use std::path::Path;

use headcount_store::DataFolder;

use crate::error::{StartError, StartFailure};
use crate::operator_log::{LogPart, OperatorLog, Sentence};
use crate::trusted_file::{Mending, Untrusted};
use crate::{limits, private_file, trusted_file};

/// The name of the file in the data folder.
pub(crate) const FILE: &str = "secret";

/// The key of all pseudonyms. Someone who has it and an id can tell whether the
/// id is among the events, so it never leaves the data folder and is never
/// printed.
pub(crate) struct Secret([u8; limits::SECRET_BYTES]);

impl Secret {
    pub(crate) fn bytes(&self) -> &[u8] {
        &self.0
    }

    #[cfg(any(test, feature = "model"))]
    pub(crate) fn of(byte: u8) -> Self {
        Self([byte; limits::SECRET_BYTES])
    }
}

/// Whether the store has events. Their pseudonyms were made with a secret that
/// must still be there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum StoredEvents {
    None,
    Some,
}

/// Reads the secret, or creates it if the store has no events.
///
/// This process has locked the folder, so no other one creates a secret at the
/// same time. A crash leaves the unfinished file, and the next start writes it
/// again.
pub(crate) fn open(
    folder: &DataFolder,
    events: StoredEvents,
    log: &OperatorLog,
) -> Result<Secret, StartError> {
    let path = folder.path().join(FILE);
    match read(&path, Readable::Mended(log))? {
        Some(secret) => Ok(secret),
        None => match events {
            StoredEvents::None => create(&path),
            StoredEvents::Some => {
                Err(StartFailure::SecretMissing { folder: folder.path().to_path_buf() }.into())
            }
        },
    }
}

/// Reads the secret of a data folder that may be in use. Changes nothing.
///
/// # Errors
///
/// Returns an error if there is no secret, or none that can be trusted.
pub(crate) fn examine(data: &Path) -> Result<Secret, StartError> {
    match read(&data.join(FILE), Readable::Refused)? {
        Some(secret) => Ok(secret),
        None => Err(StartFailure::SecretMissing { folder: data.to_path_buf() }.into()),
    }
}

/// Says what [`open`] would say of the secret, if there is one. Changes
/// nothing.
pub(crate) fn foresee(data: &Path, log: &OperatorLog) -> Result<(), StartError> {
    read(&data.join(FILE), Readable::Noted(log)).map(drop)
}

/// What becomes of a secret that others can read, and who hears of it.
#[derive(Clone, Copy)]
enum Readable<'a> {
    /// It is taken away from them.
    Mended(&'a OperatorLog),
    /// It stays as it is.
    Noted(&'a OperatorLog),
    /// It is an error.
    Refused,
}

impl<'a> Readable<'a> {
    fn mending(self) -> Mending {
        match self {
            Self::Mended(_) => Mending::Tried,
            Self::Noted(_) => Mending::Noted,
            Self::Refused => Mending::Refused,
        }
    }

    /// Who is told, and what.
    fn told(self) -> Option<(&'a OperatorLog, &'static str)> {
        match self {
            Self::Mended(log) => Some((log, MENDED)),
            Self::Noted(log) => Some((log, WOULD_BE_MENDED)),
            Self::Refused => None,
        }
    }
}

/// Reads the file; `None` if there is none.
fn read(path: &Path, readable: Readable<'_>) -> Result<Option<Secret>, StartError> {
    let unsafe_because = |why| StartFailure::SecretUnsafe { path: path.to_path_buf(), why };
    // One byte more than a secret has shows that it is too long.
    let read = trusted_file::read(path, limits::SECRET_BYTES as u64 + 1, readable.mending());
    let file = match read {
        Ok(None) => return Ok(None),
        Ok(Some(file)) => file,
        Err(Untrusted::Irregular) => return Err(unsafe_because(IRREGULAR).into()),
        Err(Untrusted::OfAnotherUser) => return Err(unsafe_because(OF_ANOTHER_USER).into()),
        Err(Untrusted::Writable) => return Err(unsafe_because(WRITABLE).into()),
        Err(Untrusted::Readable) => return Err(unsafe_because(READABLE).into()),
        Err(Untrusted::System(error)) => {
            let path = path.to_path_buf();
            return Err(StartFailure::SecretFile { doing: "read", path, error }.into());
        }
    };
    if let Some((log, told)) = readable.told().filter(|_| file.was_readable) {
        let sentence = Sentence::from("the secret ").and(path).and(&" ").and(&told);
        log.warn(LogPart::Secret, sentence);
    }
    let secret: [u8; limits::SECRET_BYTES] = file.bytes.try_into().map_err(|bytes: Vec<u8>| {
        let whole = usize::try_from(file.length).unwrap_or(usize::MAX);
        StartFailure::SecretLength { path: path.to_path_buf(), bytes: whole.max(bytes.len()) }
    })?;
    if is_guessable(&secret) {
        return Err(unsafe_because(GUESSABLE).into());
    }
    Ok(Some(Secret(secret)))
}

const IRREGULAR: &str =
    "is not a regular file: put the file itself in its place, or restore it from a backup";

const OF_ANOTHER_USER: &str = "belongs to another user, who may know it or change it: make this user \
                               its owner if it is the one that this collector has made, or restore \
                               it from a backup";

const WRITABLE: &str = "can be written by other users: if it is the one that this collector has made, \
                        set its mode to 600; otherwise restore it from a backup";

const READABLE: &str = "can be read by other users: set its mode to 600";

const MENDED: &str = "could be read by other users; its mode is 600 now. If one of them may have \
                      read it, pseudonyms do not protect ids from that person";

const WOULD_BE_MENDED: &str = "can be read by other users; a start sets its mode to 600. If one of them \
                               may have read it, pseudonyms do not protect ids from that person";

const GUESSABLE: &str = "is not random: restore it from a backup, because with another secret every \
                         device would be counted again";

/// Whether bytes are so regular that no random source has made them: at most
/// seven different ones (a probability of 10^-36), or equal steps, as in a
/// file of zeros, of one letter, or of a counter.
fn is_guessable(secret: &[u8; limits::SECRET_BYTES]) -> bool {
    let mut distinct = *secret;
    distinct.sort_unstable();
    let changes = distinct.windows(2).filter(|pair| pair[0] != pair[1]).count();
    let step = |pair: &[u8]| pair[1].wrapping_sub(pair[0]);
    let first = step(&secret[..2]);
    changes + 1 < limits::SECRET_DISTINCT_BYTES || secret.windows(2).all(|pair| step(pair) == first)
}

fn create(path: &Path) -> Result<Secret, StartError> {
    let mut secret = [0; limits::SECRET_BYTES];
    getrandom::fill(&mut secret).map_err(StartFailure::RandomBytes)?;
    private_file::write(path, &secret).map_err(|error| StartFailure::SecretFile {
        doing: "write",
        path: path.to_path_buf(),
        error,
    })?;
    Ok(Secret(secret))
}

#[cfg(test)]
#[path = "secret_tests.rs"]
mod tests;

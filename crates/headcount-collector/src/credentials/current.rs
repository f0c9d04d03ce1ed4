//! The credentials of a running collector, which follow the file.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError, RwLock};

use super::file;
use super::set::Credentials;
use super::set_error::CredentialError;
use crate::file_stamp::FileStamp;
use crate::operator_log::{LogPart, OperatorLog, Sentence};
use crate::trusted_file::Mending;

/// The credentials of a running collector.
pub(crate) struct CurrentCredentials {
    data: PathBuf,
    now: RwLock<Arc<Credentials>>,
    /// Held while the file is read.
    seen: Mutex<Seen>,
    log: OperatorLog,
}

struct Seen {
    stamp: Option<FileStamp>,
    /// The mistake that the operator was told last.
    told: Option<String>,
}

impl CurrentCredentials {
    /// Reads the file. There may be none.
    ///
    /// # Errors
    ///
    /// Returns an error if it cannot be used: nobody is let in by half of it.
    pub(crate) fn open(data: &Path, log: OperatorLog) -> Result<Self, CredentialError> {
        let stamp = FileStamp::of(&data.join(file::FILE));
        let credentials = read(data, &log)?;
        let seen = Mutex::new(Seen { stamp, told: None });
        let now = RwLock::new(Arc::new(credentials));
        Ok(Self { data: data.to_path_buf(), now, seen, log })
    }

    /// The credentials now.
    pub(crate) fn now(&self) -> Arc<Credentials> {
        Arc::clone(&self.now.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// Reads the file again if it is another one. Commands replace it whole, so
    /// that one look is enough.
    pub(crate) fn look(&self) {
        let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        let stamp = FileStamp::of(&self.data.join(file::FILE));
        if stamp != seen.stamp || seen.told.is_some() {
            self.take(&mut seen, stamp);
        }
    }

    /// Reads the file again, whether it seems to have changed or not.
    pub(crate) fn reload(&self) {
        let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        let stamp = FileStamp::of(&self.data.join(file::FILE));
        seen.told = None;
        self.take(&mut seen, stamp);
    }

    /// Reads the file again. What cannot be used changes nothing: those who had
    /// access keep it, and nobody else gets it.
    fn take(&self, seen: &mut Seen, stamp: Option<FileStamp>) {
        let read = match stamp {
            None if !self.now().is_empty() => Err(GONE.to_owned()),
            _ => read(&self.data, &self.log).map_err(|error| error.to_string()),
        };
        seen.stamp = stamp;
        match read {
            Ok(credentials) => {
                let (keys, readers) = (credentials.keys().len(), credentials.readers().len());
                *self.now.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(credentials);
                seen.told = None;
                let sentence = Sentence::from("loaded the credentials again: ")
                    .and(&keys)
                    .and(&if keys == 1 { " write key and " } else { " write keys and " })
                    .and(&readers)
                    .and(&if readers == 1 { " reader" } else { " readers" });
                self.log.info(LogPart::Credentials, sentence);
            }
            Err(mistake) => {
                if seen.told.as_ref() != Some(&mistake) {
                    let sentence = Sentence::of_files(&mistake)
                        .and(&"; until then keys and readers stay as they were");
                    self.log.error(LogPart::Credentials, sentence);
                }
                seen.told = Some(mistake);
            }
        }
    }
}

const GONE: &str = "the credentials are gone from the data folder: put the file back from a backup. The \
                    next `headcount keys` or `headcount readers` begins with none, and revokes all that \
                    there were";

/// Reads the credentials as a start would, and changes nothing: what a start
/// would mend is told.
pub(crate) fn foresee(data: &Path, log: &OperatorLog) -> Result<Credentials, CredentialError> {
    let read = file::read(data, Mending::Noted)?;
    if read.was_readable {
        let path = data.join(file::FILE);
        let sentence = Sentence::from("the credentials ").and(&*path).and(
            &" can be read by other users; a start sets the file's mode to 600. It holds hashes alone: \
              give readers new passwords if somebody may have read it",
        );
        log.warn(LogPart::Credentials, sentence);
    }
    Ok(read.credentials)
}

fn read(data: &Path, log: &OperatorLog) -> Result<Credentials, CredentialError> {
    let read = file::read(data, Mending::Tried)?;
    if read.was_readable {
        let path = data.join(file::FILE);
        let sentence = Sentence::from("the credentials ").and(&*path).and(
            &" could be read by other users; the file's mode is 600 now. It holds hashes alone: give \
              readers new passwords if somebody may have read it",
        );
        log.warn(LogPart::Credentials, sentence);
    }
    Ok(read.credentials)
}

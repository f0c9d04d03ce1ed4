//! The collector's own secret: created at the first start, and kept beside the
//! events.

use std::fs::{self, OpenOptions};
use std::io::{self, Write as _};
use std::path::Path;

use headcount_store::DataFolder;

use crate::error::{StartError, StartFailure};
use crate::limits;

/// The name of the file in the data folder.
const FILE: &str = "secret";

/// The name of the file while it is written.
const UNFINISHED: &str = "secret.unfinished";

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
pub(crate) fn open(folder: &DataFolder, events: StoredEvents) -> Result<Secret, StartError> {
    let path = folder.path().join(FILE);
    match fs::read(&path) {
        Ok(bytes) => bytes.try_into().map(Secret).map_err(|bytes: Vec<u8>| {
            StartFailure::SecretLength { path, bytes: bytes.len() }.into()
        }),
        Err(error) if error.kind() == io::ErrorKind::NotFound => match events {
            StoredEvents::None => create(folder, &path),
            StoredEvents::Some => {
                Err(StartFailure::SecretMissing { folder: folder.path().to_path_buf() }.into())
            }
        },
        Err(error) => Err(StartFailure::SecretFile { doing: "read", path, error }.into()),
    }
}

fn create(folder: &DataFolder, path: &Path) -> Result<Secret, StartError> {
    let mut secret = [0; limits::SECRET_BYTES];
    getrandom::fill(&mut secret).map_err(StartFailure::RandomBytes)?;
    write(folder, path, &secret).map_err(|error| StartFailure::SecretFile {
        doing: "write",
        path: path.to_path_buf(),
        error,
    })?;
    Ok(Secret(secret))
}

fn write(folder: &DataFolder, path: &Path, secret: &[u8]) -> io::Result<()> {
    let unfinished = folder.path().join(UNFINISHED);
    match fs::remove_file(&unfinished) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    let mut file =
        folder.open_private(UNFINISHED, OpenOptions::new().create_new(true).write(true))?;
    file.write_all(secret)?;
    file.sync_all()?;
    fs::rename(&unfinished, path)?;
    folder.sync()
}

#[cfg(test)]
mod tests {
    use headcount_testkit::Home;

    use super::*;

    fn locked(home: &Home) -> DataFolder {
        DataFolder::lock(&home.path().join("data"), "collector.lock").unwrap()
    }

    #[test]
    fn created_once_and_read_afterwards() {
        let home = Home::new();
        let folder = locked(&home);
        home.write("data/secret.unfinished", "of a crash");
        let first = open(&folder, StoredEvents::None).unwrap();
        assert_eq!(open(&folder, StoredEvents::Some).unwrap().bytes(), first.bytes());
        assert!(!folder.path().join(UNFINISHED).exists());
        let other = Home::new();
        assert_ne!(open(&locked(&other), StoredEvents::None).unwrap().bytes(), first.bytes());
    }

    #[cfg(unix)]
    #[test]
    fn readable_for_its_owner_alone() {
        use std::os::unix::fs::PermissionsExt;
        let home = Home::new();
        open(&locked(&home), StoredEvents::None).unwrap();
        let mode = home.path().join("data/secret").metadata().unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
    }

    #[test]
    fn a_missing_or_damaged_secret_is_not_replaced() {
        let home = Home::new();
        let folder = locked(&home);
        let Err(missing) = open(&folder, StoredEvents::Some) else { panic!("opened") };
        assert!(missing.to_string().contains("has events but no file `secret`"), "{missing}");
        assert!(missing.is_damaged(), "{missing}");
        home.write("data/secret", "short");
        let Err(short) = open(&folder, StoredEvents::Some) else { panic!("opened") };
        assert!(short.to_string().contains("has 5 bytes instead of 32"), "{short}");
        assert!(short.is_damaged(), "{short}");
        assert_eq!(home.read("data/secret"), "short");
    }

    #[test]
    fn a_secret_that_cannot_be_read_is_an_error() {
        let home = Home::new();
        let folder = locked(&home);
        fs::create_dir(folder.path().join(FILE)).unwrap();
        let Err(error) = open(&folder, StoredEvents::None) else { panic!("opened") };
        assert!(error.to_string().starts_with("cannot read the secret"), "{error}");
        assert!(std::error::Error::source(&error).is_some() && !error.is_damaged(), "{error}");
    }
}

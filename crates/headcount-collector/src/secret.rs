//! The collector's own secret: made at the first start, kept beside the events.

use std::fs::{self, OpenOptions};
use std::io::{self, Write as _};
use std::path::Path;

use crate::folder::{self, Folder};
use crate::{StartError, limits};

/// Its file in the data folder.
const FILE: &str = "secret";

/// Where it is written before it has its name.
const UNFINISHED: &str = "secret.unfinished";

/// What pseudonyms are made under. Whoever has it and an id can tell whether the id is among the
/// events, so it never leaves the folder and is never printed.
pub(crate) struct Secret([u8; limits::SECRET_BYTES]);

impl Secret {
    pub(crate) fn bytes(&self) -> &[u8] {
        &self.0
    }

    #[cfg(test)]
    pub(crate) fn of(byte: u8) -> Self {
        Self([byte; limits::SECRET_BYTES])
    }
}

/// Whether the folder has events already, which were pseudonymised under a secret that must be
/// there too.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Before {
    /// Nothing was stored here yet.
    Nothing,
    /// There are events.
    Events,
}

/// Reads the secret, or makes one where there were no events before.
///
/// The folder is held by this process alone, so nobody else makes one at the same time; a crash
/// leaves the unfinished file, which the next start writes again.
pub(crate) fn open(folder: &Folder, before: Before) -> Result<Secret, StartError> {
    let path = folder.path().join(FILE);
    match fs::read(&path) {
        Ok(bytes) => bytes.try_into().map(Secret).map_err(|bytes: Vec<u8>| {
            StartError::because(format!(
                "the secret in {} has {} bytes and must have {}: bring it back from a backup, since \
                 under another one every device would count as a new one",
                path.display(),
                bytes.len(),
                limits::SECRET_BYTES
            ))
        }),
        Err(error) if error.kind() == io::ErrorKind::NotFound => match before {
            Before::Nothing => make(folder, &path),
            Before::Events => Err(StartError::because(format!(
                "the data folder {} has events but no file `{FILE}`: bring it back from a backup, \
                 since under another secret every device would count as a new one",
                folder.path().display()
            ))),
        },
        Err(error) => Err(StartError::because(format!(
            "the secret in {} cannot be read: {error}. Make it readable for this user",
            path.display()
        ))),
    }
}

fn make(folder: &Folder, path: &Path) -> Result<Secret, StartError> {
    let mut secret = [0; limits::SECRET_BYTES];
    getrandom::fill(&mut secret).map_err(|error| {
        StartError::because(format!("the system gives no random bytes for the secret: {error}"))
    })?;
    write(folder, path, &secret).map_err(|error| {
        StartError::because(format!(
            "the secret {} cannot be written: {error}. Make the folder writable for this user",
            path.display()
        ))
    })?;
    Ok(Secret(secret))
}

fn write(folder: &Folder, path: &Path, secret: &[u8]) -> io::Result<()> {
    let unfinished = folder.path().join(UNFINISHED);
    match fs::remove_file(&unfinished) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    let mut options = OpenOptions::new();
    options.create_new(true).write(true);
    let mut file = folder::private(&mut options).open(&unfinished)?;
    file.write_all(secret)?;
    file.sync_all()?;
    fs::rename(&unfinished, path)?;
    folder::sync(folder.path())
}

#[cfg(test)]
mod tests {
    use headcount_testkit::Home;

    use super::*;

    fn taken(home: &Home) -> Folder {
        Folder::take(&home.path().join("data")).unwrap()
    }

    #[test]
    fn made_once_and_kept() {
        let home = Home::new();
        let folder = taken(&home);
        home.write("data/secret.unfinished", "of a crash");
        let first = open(&folder, Before::Nothing).unwrap();
        assert_eq!(open(&folder, Before::Events).unwrap().bytes(), first.bytes());
        assert!(!folder.path().join(UNFINISHED).exists());
        let other = Home::new();
        assert_ne!(open(&taken(&other), Before::Nothing).unwrap().bytes(), first.bytes());
    }

    #[cfg(unix)]
    #[test]
    fn readable_for_its_owner_alone() {
        use std::os::unix::fs::PermissionsExt;
        let home = Home::new();
        open(&taken(&home), Before::Nothing).unwrap();
        let mode = home.path().join("data/secret").metadata().unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
    }

    #[test]
    fn events_without_their_secret_do_not_start() {
        let home = Home::new();
        let folder = taken(&home);
        let Err(missing) = open(&folder, Before::Events) else { panic!("started") };
        assert!(missing.to_string().contains("has events but no file `secret`"), "{missing}");
        home.write("data/secret", "short");
        let Err(short) = open(&folder, Before::Events) else { panic!("started") };
        assert!(short.to_string().contains("has 5 bytes and must have 32"), "{short}");
    }
}

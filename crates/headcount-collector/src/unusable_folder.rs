//! Why a command cannot use a folder as that of a collector's data.

use std::fmt;
use std::path::{Path, PathBuf};

use headcount_store::DataFolder;

/// A folder that is not one of a collector's data.
#[derive(Debug)]
pub struct UnusableFolder {
    data: PathBuf,
    is_there: bool,
}

impl UnusableFolder {
    /// Refuses a folder that is not one: nothing is created by looking.
    pub(crate) fn check(data: &Path) -> Result<(), Self> {
        let is_there = data.is_dir();
        if is_there && !DataFolder::is_unfinished_backup(data) {
            return Ok(());
        }
        Err(Self { data: data.to_path_buf(), is_there })
    }
}

impl fmt::Display for UnusableFolder {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let data = self.data.display();
        if self.is_there {
            write!(
                out,
                "{data} is a backup that was not finished: remove it, and use another backup"
            )
        } else {
            write!(
                out,
                "there is no data folder at {data}; name the one that `headcount serve` uses with --data"
            )
        }
    }
}

impl std::error::Error for UnusableFolder {}

#[cfg(test)]
mod tests {
    use headcount_testkit::Home;

    use super::*;
    use crate::{CredentialError, NoteError};

    /// Notes, credentials and questions say the same of a folder that is none.
    #[test]
    fn every_command_says_the_same() {
        let home = Home::new();
        assert!(UnusableFolder::check(home.path()).is_ok());
        let nowhere = home.path().join("nowhere");
        let unusable = || UnusableFolder::check(&nowhere).unwrap_err();
        let told = unusable().to_string();
        assert!(told.starts_with("there is no data folder at "), "{told}");
        assert_eq!(NoteError::UnusableFolder(unusable()).to_string(), told);
        assert_eq!(CredentialError::UnusableFolder(unusable()).to_string(), told);
        assert!(!nowhere.exists(), "nothing is created by looking");
    }
}

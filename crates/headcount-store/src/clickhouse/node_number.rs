//! The number by which the server tells one collector from another: a file
//! beside the batches of its spool.

use std::fs::{self, OpenOptions};
use std::hash::{BuildHasher as _, Hasher as _, RandomState};
use std::io::{self, Write as _};
use std::path::Path;

use crate::StoreError;

const NAME: &str = "collector";

/// The number that a spool has, if it has been given one.
pub(super) fn known(folder: &Path) -> Result<Option<u32>, StoreError> {
    let path = folder.join(NAME);
    match fs::read_to_string(&path) {
        Ok(text) => match text.trim().parse() {
            Ok(0) | Err(_) => Err(StoreError::with_source(
                format!(
                    "{} does not hold the number of a collector; restore it from a backup",
                    path.display()
                ),
                io::ErrorKind::InvalidData.into(),
            )),
            Ok(number) => Ok(Some(number)),
        },
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(StoreError::system("read", &path, error)),
    }
}

/// Gives the spool a number, durably. It is random: of a hundred collectors,
/// two have the same with a probability of one in 860,000.
pub(super) fn give(folder: &Path) -> Result<u32, StoreError> {
    // The standard library's hasher starts from the system's random numbers.
    let number = (RandomState::new().build_hasher().finish() as u32).max(1);
    let (fresh, path) = (folder.join("collector.new"), folder.join(NAME));
    let write = || -> io::Result<()> {
        let mut file = OpenOptions::new().write(true).create(true).truncate(true).open(&fresh)?;
        writeln!(file, "{number}")?;
        file.sync_all()?;
        fs::rename(&fresh, &path)
    };
    write().map_err(|error| StoreError::system("write", &path, error))?;
    Ok(number)
}

#[cfg(test)]
mod tests {
    use headcount_testkit::Home;

    use super::*;

    #[test]
    fn a_number_stays_and_a_file_with_other_words_is_an_error() {
        let home = Home::new();
        assert_eq!(known(home.path()).expect("readable"), None);
        let number = give(home.path()).expect("writable");
        assert_eq!(known(home.path()).expect("readable"), Some(number));
        fs::write(home.path().join(NAME), "x").expect("writable");
        assert!(known(home.path()).expect_err("no number").is_damaged());
    }
}

//! A file of Atomic's own in a project: written, and removed again without a
//! trace. A file of the same name that somebody else wrote is left alone.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

/// What is near the beginning of every version of such a file, and of no other.
pub(crate) const MARK: &str = "written by `atomic init`";

/// Lines in which the mark is looked for.
const HEAD: usize = 3;

#[derive(Debug)]
pub(crate) struct OwnFile {
    pub(crate) path: PathBuf,
    pub(crate) text: String,
    /// Whether it is a program.
    pub(crate) is_executable: bool,
}

impl OwnFile {
    /// Writes the file, and says whether anything changed.
    ///
    /// # Errors
    ///
    /// Returns a sentence that says what to do.
    pub(crate) fn write(&self) -> Result<bool, String> {
        if fs::symlink_metadata(&self.path).is_ok() {
            let there = fs::read(&self.path).unwrap_or_default();
            if there == self.text.as_bytes() {
                return Ok(false);
            }
            if !is_own(&self.path, &there) {
                let path = self.path.display();
                return Err(format!("{path}: not written by Atomic: move it away or rename it"));
            }
        }
        self.put()
            .map_err(|error| format!("{}: cannot be written: {error}", self.path.display()))?;
        Ok(true)
    }

    fn put(&self) -> io::Result<()> {
        if let Some(folder) = self.path.parent() {
            fs::create_dir_all(folder)?;
        }
        fs::write(&self.path, &self.text)?;
        if self.is_executable {
            make_executable(&self.path)?;
        }
        Ok(())
    }

    /// Removes the file if it is ours, and the folders above it that are empty
    /// then, up to `floor`.
    ///
    /// # Errors
    ///
    /// Returns a sentence that says what to do.
    pub(crate) fn remove(&self, floor: &Path) -> Result<bool, String> {
        let Ok(there) = fs::read(&self.path) else { return Ok(false) };
        if !is_own(&self.path, &there) {
            return Ok(false);
        }
        fs::remove_file(&self.path)
            .map_err(|error| format!("{}: cannot be removed: {error}", self.path.display()))?;
        let above = self.path.ancestors().skip(1).take_while(|folder| *folder != floor);
        for folder in above {
            // It fails where something is in it, which is what is wanted.
            if fs::remove_dir(folder).is_err() {
                break;
            }
        }
        Ok(true)
    }
}

/// Whether this is a regular file with the mark.
fn is_own(path: &Path, text: &[u8]) -> bool {
    let is_regular = fs::symlink_metadata(path).is_ok_and(|about| about.is_file());
    let text = String::from_utf8_lossy(text);
    is_regular && text.lines().take(HEAD).any(|line| line.contains(MARK))
}

#[cfg(unix)]
fn make_executable(path: &Path) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt as _;

    // What may read it may run it.
    let mode = fs::metadata(path)?.permissions().mode();
    fs::set_permissions(path, fs::Permissions::from_mode(mode | (mode & 0o444) >> 2))
}

#[cfg(not(unix))]
fn make_executable(_: &Path) -> io::Result<()> {
    Ok(())
}

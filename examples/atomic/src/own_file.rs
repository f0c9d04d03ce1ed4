//! A file of Atomic's own in a project: written, and removed again without a
//! trace. A file of the same name that somebody else wrote is left alone.

use std::ffi::OsString;
use std::fs::{self, File, TryLockError};
use std::hash::{BuildHasher as _, Hasher as _, RandomState};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

/// What is near the beginning of every version of such a file, and of no other.
pub(crate) const MARK: &str = "written by `atomic init`";

/// Lines in which the mark is looked for.
const HEAD: usize = 3;

/// New files that are created before the file cannot be written.
const CREATE_TRIES: u32 = 10;

/// The end of the name of a new file that is to replace ours.
const UNFINISHED: &str = ".new";

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
        self.sweep();
        match self.found()? {
            Found::Own(there) if there == self.text.as_bytes() => return Ok(false),
            Found::Own(_) | Found::Nothing => {}
            Found::Others => {
                let path = self.path.display();
                return Err(format!("{path}: not written by Atomic: move it away or rename it"));
            }
        }
        self.put()
            .map_err(|error| format!("{}: cannot be written: {error}", self.path.display()))?;
        Ok(true)
    }

    /// Writes the new text beside the file, and gives it the file's name: it is
    /// the old one or the new one at every moment.
    fn put(&self) -> io::Result<()> {
        if let Some(folder) = self.path.parent() {
            fs::create_dir_all(folder)?;
        }
        let (fresh, mut file) = self.beside()?;
        let done = self.fill(&mut file).and_then(|()| fs::rename(&fresh, &self.path));
        if done.is_err() {
            let _ = fs::remove_file(&fresh);
        }
        done
    }

    /// Creates the new file. It is locked until it is closed, so that nobody
    /// takes it for a leftover.
    fn beside(&self) -> io::Result<(PathBuf, File)> {
        for _ in 0..CREATE_TRIES {
            let mut name = self.unfinished();
            name.push(format!("{}{UNFINISHED}", RandomState::new().build_hasher().finish()));
            let fresh = self.path.with_file_name(name);
            let file = File::create_new(&fresh)?;
            match file.try_lock() {
                Ok(()) if fs::symlink_metadata(&fresh).is_ok() => return Ok((fresh, file)),
                // Whoever sweeps has taken it for one before.
                Ok(()) | Err(TryLockError::WouldBlock) => {}
                Err(TryLockError::Error(error)) => {
                    let _ = fs::remove_file(&fresh);
                    return Err(error);
                }
            }
        }
        Err(io::ErrorKind::WouldBlock.into())
    }

    fn fill(&self, file: &mut File) -> io::Result<()> {
        if let Ok(there) = fs::metadata(&self.path) {
            file.set_permissions(there.permissions())?;
        }
        if self.is_executable {
            make_executable(file)?;
        }
        file.write_all(self.text.as_bytes())?;
        file.sync_all()
    }

    /// Removes the file if it is ours, and the folders above it that are empty
    /// then, up to `floor`.
    ///
    /// # Errors
    ///
    /// Returns a sentence that says what to do.
    pub(crate) fn remove(&self, floor: &Path) -> Result<bool, String> {
        let is_swept = self.sweep();
        let is_own = matches!(self.found()?, Found::Own(_));
        if is_own {
            fs::remove_file(&self.path)
                .map_err(|error| format!("{}: cannot be removed: {error}", self.path.display()))?;
        }
        if !is_own && !is_swept {
            return Ok(false);
        }
        let above = self.path.ancestors().skip(1).take_while(|folder| *folder != floor);
        for folder in above {
            // It fails where something is in it, which is what is wanted.
            if fs::remove_dir(folder).is_err() {
                break;
            }
        }
        Ok(true)
    }

    /// What has the name of the file.
    ///
    /// # Errors
    ///
    /// Returns a sentence if that cannot be told: it may be ours.
    fn found(&self) -> Result<Found, String> {
        let there = match fs::symlink_metadata(&self.path) {
            Ok(about) if !about.is_file() => return Ok(Found::Others),
            Ok(_) => fs::read(&self.path),
            Err(error) => Err(error),
        };
        match there {
            Ok(there) if self.is_own(&there) => Ok(Found::Own(there)),
            Ok(_) => Ok(Found::Others),
            Err(error) if is_absent(&error) => Ok(Found::Nothing),
            Err(error) => Err(format!("{}: cannot be read: {error}", self.path.display())),
        }
    }

    /// Whether this has the mark. An earlier version that was killed while it
    /// wrote has left the beginning, or nothing.
    fn is_own(&self, there: &[u8]) -> bool {
        let first = self.text.find('\n').unwrap_or(0);
        let is_begun = there.len() > first + 1 && self.text.as_bytes().starts_with(there);
        let there = String::from_utf8_lossy(there);
        there.is_empty() || is_begun || there.lines().take(HEAD).any(|line| line.contains(MARK))
    }

    /// The start of the name of a new file that is to replace ours; a number
    /// and [`UNFINISHED`] follow.
    fn unfinished(&self) -> OsString {
        let mut name = OsString::from(".");
        name.push(self.path.file_name().unwrap_or_default());
        name.push(".");
        name
    }

    /// Removes what a process that was killed left beside the file, and says
    /// whether there was anything.
    fn sweep(&self) -> bool {
        let Some(Ok(entries)) = self.path.parent().map(fs::read_dir) else { return false };
        let start = self.unfinished();
        let mut is_swept = false;
        for entry in entries.flatten() {
            let name = entry.file_name();
            let rest = name.as_encoded_bytes().strip_prefix(start.as_encoded_bytes());
            let number = rest.and_then(|rest| rest.strip_suffix(UNFINISHED.as_bytes()));
            let is_ours = number
                .is_some_and(|number| !number.is_empty() && number.iter().all(u8::is_ascii_digit));
            if !is_ours {
                continue;
            }
            // One that is still being written is locked.
            let Ok(file) = File::open(entry.path()) else { continue };
            is_swept |= file.try_lock().is_ok() && fs::remove_file(entry.path()).is_ok();
        }
        is_swept
    }
}

/// What has the name of a file of ours.
enum Found {
    Own(Vec<u8>),
    Others,
    Nothing,
}

/// Where a folder is a file, nothing is below it.
pub(crate) fn is_absent(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory)
}

#[cfg(unix)]
fn make_executable(file: &File) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt as _;

    // What may read it may run it.
    let mode = file.metadata()?.permissions().mode();
    file.set_permissions(fs::Permissions::from_mode(mode | (mode & 0o444) >> 2))
}

#[cfg(not(unix))]
fn make_executable(_: &File) -> io::Result<()> {
    Ok(())
}

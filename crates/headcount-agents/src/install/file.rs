//! Reads a file of an agent, and replaces it in one step.

use std::fs::{self, File, Metadata, TryLockError};
use std::io::{self, Read as _, Write as _};
use std::path::{Path, PathBuf};

use super::error::{InstallError, Problem};
use super::limits::{CREATE_TRIES, FILE_BYTES};

/// A file as it was read.
#[derive(Debug, Clone)]
pub(crate) struct ReadFile {
    /// The path by which the agent knows it.
    pub(crate) path: PathBuf,
    /// Where it is, if that path is a link.
    target: PathBuf,
    /// What is in it; `None` if it does not exist.
    pub(crate) text: Option<String>,
}

/// Reads a file. A link is followed if what it leads to belongs to whoever owns
/// the link, as with files that are kept elsewhere and linked.
pub(crate) fn read(path: &Path) -> Result<ReadFile, InstallError> {
    let fail = |problem| InstallError::new(path, problem);
    let own = match fs::symlink_metadata(path) {
        Ok(own) => own,
        Err(error) if is_absent(&error) => {
            return Ok(ReadFile { path: path.into(), target: path.into(), text: None });
        }
        Err(error) => return Err(fail(Problem::Unreadable(error))),
    };
    let mut target = path.to_path_buf();
    if own.is_symlink() {
        target = fs::canonicalize(path).map_err(|error| match error.kind() {
            io::ErrorKind::NotFound => fail(Problem::Dangling),
            _ => fail(Problem::Unreadable(error)),
        })?;
    }
    let there = fs::metadata(&target).map_err(|error| fail(Problem::Unreadable(error)))?;
    if !there.is_file() {
        return Err(fail(Problem::NotAFile));
    }
    if own.is_symlink() && !is_of_same_owner(&own, &there) {
        return Err(fail(Problem::LinkToAnotherOwner));
    }
    let text = content(&target).map_err(fail)?;
    Ok(ReadFile { path: path.into(), target, text: Some(text) })
}

/// Where a folder is a file, nothing is below it.
fn is_absent(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory)
}

fn content(path: &Path) -> Result<String, Problem> {
    let file = File::open(path).map_err(Problem::Unreadable)?;
    let mut bytes = Vec::new();
    file.take(FILE_BYTES + 1).read_to_end(&mut bytes).map_err(Problem::Unreadable)?;
    if bytes.len() as u64 > FILE_BYTES {
        return Err(Problem::TooLarge);
    }
    String::from_utf8(bytes).map_err(|_| Problem::NotText)
}

impl ReadFile {
    /// Whether it could be replaced, as far as that is known beforehand.
    pub(crate) fn check_writable(&self) -> Result<(), InstallError> {
        let there = match fs::metadata(&self.target) {
            Ok(there) => there,
            Err(_) => return Ok(()),
        };
        match there.permissions().readonly() {
            true => Err(InstallError::new(&self.path, Problem::ReadOnly)),
            false => Ok(()),
        }
    }

    /// Puts a text in the file's place; `None` deletes the file. It is the old
    /// file or the new one at every moment, and nothing is lost that another
    /// program wrote since it was read.
    pub(crate) fn replace(&self, text: Option<&str>) -> Result<(), InstallError> {
        self.check_writable()?;
        let replaced = match text {
            Some(text) => self.write(text),
            None => self
                .check_same()
                .and_then(|()| fs::remove_file(&self.target).map_err(Problem::Unwritable)),
        };
        replaced.map_err(|problem| InstallError::new(&self.path, problem))
    }

    fn write(&self, text: &str) -> Result<(), Problem> {
        let folder = self.target.parent().unwrap_or(Path::new("."));
        fs::create_dir_all(folder).map_err(Problem::Unwritable)?;
        let name = self.target.file_name().unwrap_or_default().to_string_lossy();
        let Beside { path, file } = Beside::create(folder, &name)?;
        let done = self.fill(&file, text).and_then(|()| {
            self.check_same()?;
            fs::rename(&path, &self.target).map_err(Problem::Unwritable)
        });
        if done.is_err() {
            let _ = fs::remove_file(&path);
        }
        done
    }

    /// Writes the new text.
    fn fill(&self, mut file: &File, text: &str) -> Result<(), Problem> {
        if self.text.is_some() {
            let old = fs::metadata(&self.target).map_err(Problem::Unreadable)?;
            let new = file.metadata().map_err(Problem::Unwritable)?;
            if !is_of_same_owner(&old, &new) {
                return Err(Problem::AnotherOwner);
            }
            file.set_permissions(old.permissions()).map_err(Problem::Unwritable)?;
        }
        file.write_all(text.as_bytes()).and_then(|()| file.sync_all()).map_err(Problem::Unwritable)
    }

    /// Removes what a process that was killed left beside the file. Returns
    /// whether there was anything.
    pub(crate) fn sweep(&self) -> bool {
        let (Some(folder), Some(name)) = (self.target.parent(), self.target.file_name()) else {
            return false;
        };
        let Ok(entries) = fs::read_dir(folder) else { return false };
        let start = format!(".{}.", name.to_string_lossy());
        let is_leftover = |found: &str| {
            let number = found.strip_prefix(&start).and_then(|rest| rest.strip_suffix(".new"));
            number.is_some_and(|number| {
                !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit())
            })
        };
        let mut is_swept = false;
        for entry in entries.flatten() {
            let is_file = entry.file_type().is_ok_and(|kind| kind.is_file());
            if is_file && is_leftover(&entry.file_name().to_string_lossy()) {
                let path = entry.path();
                // One that is still being written is locked. So is this one
                // until it is gone: its writer may have just created it.
                let Ok(file) = File::open(&path) else { continue };
                is_swept |= file.try_lock().is_ok() && fs::remove_file(&path).is_ok();
            }
        }
        is_swept
    }

    fn check_same(&self) -> Result<(), Problem> {
        let now = match content(&self.target) {
            Ok(text) => Some(text),
            Err(Problem::Unreadable(error)) if is_absent(&error) => None,
            Err(problem) => return Err(problem),
        };
        if now == self.text { Ok(()) } else { Err(Problem::Changed) }
    }
}

/// A new file that is to replace another one.
struct Beside {
    path: PathBuf,
    /// Locked until it is closed, so that nobody takes it for a leftover.
    file: File,
}

impl Beside {
    /// Creates it under a name that no other process has: in containers all
    /// have the same number. A random number in its place is swept by releases
    /// that look for a process's.
    fn create(folder: &Path, name: &str) -> Result<Self, Problem> {
        let mut problem = io::ErrorKind::AlreadyExists.into();
        for _ in 0..CREATE_TRIES {
            let number = getrandom::u64().map_err(io::Error::other).map_err(Problem::Unwritable)?;
            let path = folder.join(format!(".{name}.{number}.new"));
            let file = match File::create_new(&path) {
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists => continue,
                file => file.map_err(Problem::Unwritable)?,
            };
            match file.try_lock() {
                // Whoever sweeps may have taken it for a leftover before.
                Ok(()) if fs::symlink_metadata(&path).is_ok() => return Ok(Self { path, file }),
                Ok(()) => {}
                Err(TryLockError::WouldBlock) => problem = io::ErrorKind::WouldBlock.into(),
                Err(TryLockError::Error(error)) => {
                    let _ = fs::remove_file(&path);
                    return Err(Problem::Unwritable(error));
                }
            }
        }
        Err(Problem::Unwritable(problem))
    }
}

#[cfg(unix)]
fn is_of_same_owner(one: &Metadata, other: &Metadata) -> bool {
    use std::os::unix::fs::MetadataExt as _;

    one.uid() == other.uid()
}

/// On Windows to make a link needs a privilege already.
#[cfg(not(unix))]
fn is_of_same_owner(_one: &Metadata, _other: &Metadata) -> bool {
    true
}

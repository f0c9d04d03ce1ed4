//! Whether a data folder could be locked, found out without creating or
//! changing anything.

use std::fs::{self, OpenOptions, TryLockError};
use std::io;
use std::path::Path;

use super::{DataFolder, LockHolder};
use crate::StoreError;

impl DataFolder {
    /// Says what [`lock`](Self::lock) would say, as far as that can be known
    /// without creating or changing anything. An existing lock is held for a
    /// moment, together with others who only examine.
    ///
    /// # Errors
    ///
    /// - [`StoreError::is_busy`] if another process holds the lock.
    /// - Any other error if the folder is an unfinished backup, or if it or a
    ///   file in it could not be created or opened.
    pub fn examine(path: &Path, lock_name: &str) -> Result<(), StoreError> {
        if Self::is_unfinished_backup(path) {
            return Err(StoreError::unfinished_backup(path));
        }
        let path = std::path::absolute(path)
            .map_err(|error| StoreError::system("find the data folder", path, error))?;
        let exists = check_place(&path)
            .map_err(|error| StoreError::system("create the data folder", &path, error))?;
        if !exists {
            return Ok(());
        }
        examine_lock(&path, lock_name)?;
        check_writable(&path)
            .map_err(|error| StoreError::system("write to the data folder", &path, error))
    }
}

/// Whether the folder exists. If it does not, it could be created.
fn check_place(path: &Path) -> io::Result<bool> {
    for folder in path.ancestors() {
        match fs::metadata(folder) {
            Ok(found) if !found.is_dir() => return Err(in_the_way(folder == path)),
            Ok(_) if folder == path => return Ok(true),
            Ok(_) => return check_writable(folder).map(|()| false),
            // A link to nothing is in the way of a new folder.
            Err(_) if folder.is_symlink() => return Err(in_the_way(true)),
            Err(error) => match error.kind() {
                io::ErrorKind::NotFound | io::ErrorKind::NotADirectory => {}
                _ => return Err(error),
            },
        }
    }
    Err(io::ErrorKind::NotFound.into())
}

/// The error of the system where something is that is not a folder: at the path
/// itself, or above it.
fn in_the_way(is_at_path: bool) -> io::Error {
    #[cfg(unix)]
    return io::Error::from_raw_os_error(if is_at_path { libc::EEXIST } else { libc::ENOTDIR });
    #[cfg(not(unix))]
    {
        let kind =
            if is_at_path { io::ErrorKind::AlreadyExists } else { io::ErrorKind::NotADirectory };
        kind.into()
    }
}

fn examine_lock(path: &Path, lock_name: &str) -> Result<(), StoreError> {
    let lock_path = path.join(lock_name);
    let mut options = OpenOptions::new();
    options.read(true).write(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::custom_flags(
        &mut options,
        libc::O_NOFOLLOW | libc::O_NONBLOCK,
    );
    let lock = match options.open(&lock_path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            let creating = check_writable(path);
            return creating.map_err(|error| StoreError::system("open", &lock_path, error));
        }
        lock => lock.map_err(|error| StoreError::system("open", &lock_path, error))?,
    };
    match lock.try_lock_shared() {
        Ok(()) => {
            // After an error the system has released the lock already.
            let _ = lock.unlock();
            Ok(())
        }
        Err(TryLockError::WouldBlock) => {
            let note = path.join(format!("{lock_name}.holder"));
            Err(StoreError::folder_in_use(path, LockHolder::read(&note)))
        }
        Err(TryLockError::Error(error)) => Err(StoreError::system("lock", &lock_path, error)),
    }
}

/// Whether this user may create something in a folder. Windows has access
/// lists, which only a try would tell.
fn check_writable(folder: &Path) -> io::Result<()> {
    #[cfg(unix)]
    {
        use std::os::unix::ffi::OsStrExt as _;

        let folder = std::ffi::CString::new(folder.as_os_str().as_bytes())?;
        let (how, flags) = (libc::W_OK | libc::X_OK, libc::AT_EACCESS);
        // SAFETY: faccessat(2) reads the string up to its zero, which the
        // `CString` has and which lives until the end of the call.
        #[expect(unsafe_code, reason = "std has no way to ask what this user may do")]
        let answer = unsafe { libc::faccessat(libc::AT_FDCWD, folder.as_ptr(), how, flags) };
        if answer != 0 {
            return Err(io::Error::last_os_error());
        }
    }
    #[cfg(not(unix))]
    let _ = folder;
    Ok(())
}

#[cfg(test)]
mod tests {
    use headcount_testkit::Home;

    use super::*;

    #[test]
    fn it_says_what_a_lock_would_say_and_creates_nothing() {
        let home = Home::new();
        let path = home.path().join("deep").join("data");
        DataFolder::examine(&path, "a.lock").unwrap();
        assert!(!home.path().join("deep").exists());
        let held = DataFolder::lock(&path, "a.lock").unwrap();
        assert!(DataFolder::examine(&path, "a.lock").unwrap_err().is_busy());
        DataFolder::examine(&path, "b.lock").unwrap();
        assert!(!path.join("b.lock").exists());
        drop(held);
        DataFolder::examine(&path, "a.lock").unwrap();
        let file = home.write("file", "not a folder");
        for path in [file.clone(), file.join("below")] {
            let message = DataFolder::examine(&path, "a.lock").unwrap_err().to_string();
            assert!(message.starts_with("cannot create the data folder"), "{message}");
        }
        let unfinished = home.path().join("a.unfinished");
        drop(DataFolder::begin_backup(&unfinished).unwrap());
        let message = DataFolder::examine(&unfinished, "a.lock").unwrap_err().to_string();
        assert!(message.contains("is a backup that was not finished"), "{message}");
    }

    #[cfg(unix)]
    #[test]
    fn a_link_in_the_way_is_told() {
        let home = Home::new();
        let path = home.path().join("data");
        std::os::unix::fs::symlink(home.path().join("elsewhere"), &path).unwrap();
        DataFolder::examine(&path, "a.lock").unwrap_err();
        DataFolder::lock(&path, "a.lock").unwrap_err();
        assert!(!home.path().join("elsewhere").exists());
    }
}

//! A data folder: created for its owner alone, and locked by one process at a
//! time.

use std::fs::{DirBuilder, File, OpenOptions, TryLockError};
use std::io;
use std::path::{Path, PathBuf};

use crate::StoreError;

/// A data folder that this process has locked. Dropping it releases the lock.
#[derive(Debug)]
pub struct DataFolder {
    path: PathBuf,
    /// The lock ends with the process, also after a crash.
    lock: File,
}

impl DataFolder {
    /// Creates the folder if it does not exist, and locks the file `lock_name`
    /// in it. A store and a collector share a folder: each has a lock file of
    /// its own.
    ///
    /// # Errors
    ///
    /// - [`StoreError::is_busy`] if another process holds the lock.
    /// - Any other error if the folder or the file cannot be created or opened.
    pub fn lock(path: &Path, lock_name: &str) -> Result<Self, StoreError> {
        // Files are opened again later, when the process may have another
        // current folder. SQLite also takes a relative path that begins with
        // `file:` for a URI.
        let path = std::path::absolute(path)
            .map_err(|error| StoreError::system("find the data folder", path, error))?;
        create(&path)
            .map_err(|error| StoreError::system("create the data folder", &path, error))?;
        let lock_path = path.join(lock_name);
        let mut options = OpenOptions::new();
        options.read(true).write(true).create(true).truncate(false);
        let lock = private(&mut options)
            .open(&lock_path)
            .map_err(|error| StoreError::system("open", &lock_path, error))?;
        match lock.try_lock() {
            Ok(()) => Ok(Self { path, lock }),
            Err(TryLockError::WouldBlock) => Err(StoreError::folder_in_use(&path)),
            Err(TryLockError::Error(error)) => Err(StoreError::system("lock", &lock_path, error)),
        }
    }

    /// The absolute path of the folder.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Opens a file in the folder. If this creates the file, only its owner can
    /// read and write it.
    ///
    /// # Errors
    ///
    /// Returns the error of the system if the file cannot be opened.
    pub fn open_private(&self, name: &str, options: &mut OpenOptions) -> io::Result<File> {
        private(options).open(self.path.join(name))
    }

    /// Makes new and renamed files in the folder survive a loss of power.
    ///
    /// # Errors
    ///
    /// Returns the error of the system if the folder cannot be synced.
    pub fn sync(&self) -> io::Result<()> {
        // Windows journals changes of a folder, and cannot open a folder as a
        // file.
        if cfg!(unix) { File::open(&self.path)?.sync_all() } else { Ok(()) }
    }
}

impl Drop for DataFolder {
    /// Closing the file is not enough: a process that another thread is
    /// starting has a copy of it, and so of the lock, until it runs its own
    /// program.
    fn drop(&mut self) {
        // After an error the system has released the lock already.
        let _ = self.lock.unlock();
    }
}

fn create(path: &Path) -> io::Result<()> {
    let mut builder = DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(path)
}

fn private(options: &mut OpenOptions) -> &mut OpenOptions {
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(options, 0o600);
    options
}

#[cfg(test)]
mod tests {
    use headcount_testkit::Home;

    use super::*;

    #[test]
    fn a_second_lock_is_busy_and_another_lock_file_is_not() {
        let home = Home::new();
        let path = home.path().join("deep").join("data");
        let first = DataFolder::lock(&path, "a.lock").unwrap();
        let refused = DataFolder::lock(&path, "a.lock").unwrap_err();
        assert!(refused.is_busy(), "{refused}");
        let message = refused.to_string();
        assert!(message.contains("in use by another process; stop that process"), "{message}");
        assert!(message.contains(&path.display().to_string()), "{message}");
        DataFolder::lock(&path, "b.lock").unwrap();
        drop(first);
        DataFolder::lock(&path, "a.lock").unwrap();
    }

    #[test]
    fn a_path_without_a_folder_is_an_error() {
        let home = Home::new();
        let file = home.write("file", "not a folder");
        for path in [file.clone(), file.join("below")] {
            let message = DataFolder::lock(&path, "a.lock").unwrap_err().to_string();
            assert!(message.starts_with("cannot create the data folder"), "{message}");
            assert!(message.contains(&path.display().to_string()), "{message}");
            assert!(message.ends_with("or choose another data folder"), "{message}");
        }
        assert_eq!(home.read("file"), "not a folder");
        let message = DataFolder::lock("".as_ref(), "a.lock").unwrap_err().to_string();
        assert!(message.starts_with("cannot find the data folder"), "{message}");
    }

    #[cfg(unix)]
    #[test]
    fn folder_and_files_are_for_their_owner_alone() {
        use std::os::unix::fs::PermissionsExt;
        let home = Home::new();
        let path = home.path().join("data");
        let folder = DataFolder::lock(&path, "a.lock").unwrap();
        folder.open_private("b", OpenOptions::new().create_new(true).write(true)).unwrap();
        folder.sync().unwrap();
        let mode = |path: PathBuf| path.metadata().unwrap().permissions().mode() & 0o777;
        assert_eq!(mode(path.clone()), 0o700);
        assert_eq!([mode(path.join("a.lock")), mode(path.join("b"))], [0o600; 2]);
    }

    #[cfg(unix)]
    #[test]
    fn a_folder_that_may_not_be_written_is_told_apart() {
        use std::fs;
        use std::os::unix::fs::PermissionsExt;
        let home = Home::new();
        let path = home.path().join("data");
        fs::create_dir(&path).unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o500)).unwrap();
        // The superuser may write everywhere.
        if File::create(path.join("probe")).is_err() {
            let refused = DataFolder::lock(&path, "a.lock").unwrap_err();
            assert!(refused.is_permission_denied() && !refused.is_busy(), "{refused}");
        }
        fs::set_permissions(&path, fs::Permissions::from_mode(0o700)).unwrap();
    }
}

//! A data folder: created for its owner alone, and locked by one process at a
//! time.

mod examined;
mod lock_holder;

use std::fs::{self, DirBuilder, File, OpenOptions, TryLockError};
use std::io;
use std::path::{Path, PathBuf};

use crate::StoreError;

pub use lock_holder::LockHolder;

/// A data folder that this process has locked. Dropping it releases the lock.
#[derive(Debug)]
pub struct DataFolder {
    path: PathBuf,
    /// The lock ends with the process, also after a crash.
    lock: File,
    /// Where the holder of the lock tells who it is.
    note: PathBuf,
}

impl DataFolder {
    /// The file that says that a backup is not finished. While a backup is
    /// being made, it is locked.
    pub const UNFINISHED: &str = "unfinished-backup";

    /// Creates the folder if it does not exist, and locks the file `lock_name`
    /// in it. A store and a collector share a folder: each has a lock file of
    /// its own.
    ///
    /// # Errors
    ///
    /// - [`StoreError::is_busy`] if another process holds the lock. The message
    ///   says which one, if that has told it.
    /// - Any other error if the folder is an unfinished backup, or if it or the
    ///   file cannot be created or opened.
    pub fn lock(path: &Path, lock_name: &str) -> Result<Self, StoreError> {
        if Self::is_unfinished_backup(path) {
            return Err(StoreError::unfinished_backup(path));
        }
        Self::lock_any(path, lock_name)
    }

    /// Creates the folder in which a backup grows, or locks one that a backup
    /// has left that was ended. Until [`end_backup`](Self::end_backup) it is
    /// refused as a data folder.
    ///
    /// # Errors
    ///
    /// - [`StoreError::is_busy`] if another process makes a backup there.
    /// - Any other error if the folder cannot be created or opened.
    pub fn begin_backup(path: &Path) -> Result<Self, StoreError> {
        Self::lock_any(path, Self::UNFINISHED)
    }

    /// Gives the folder of a backup its name. Everything in it must be on disk.
    ///
    /// # Errors
    ///
    /// Returns the error of the system. Then the folder is still refused.
    pub fn end_backup(self, to: &Path) -> io::Result<()> {
        self.sync()?;
        let from = self.path.clone();
        // Windows renames no folder in which a file is open. Elsewhere the lock
        // keeps other backups out until the folder has its name.
        let lock = if cfg!(windows) { None } else { Some(self) };
        fs::rename(&from, to)?;
        sync_folder(to.parent().unwrap_or(to))?;
        fs::remove_file(to.join(Self::UNFINISHED))?;
        drop(lock);
        sync_folder(to)
    }

    /// Whether a folder is a backup that was not finished.
    #[must_use]
    pub fn is_unfinished_backup(path: &Path) -> bool {
        path.join(Self::UNFINISHED).exists()
    }

    fn lock_any(path: &Path, lock_name: &str) -> Result<Self, StoreError> {
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
        // Whoever may write in the folder must not have another file made.
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::custom_flags(&mut options, libc::O_NOFOLLOW);
        let lock = private(&mut options)
            .open(&lock_path)
            .map_err(|error| StoreError::system("open", &lock_path, error))?;
        let note = path.join(format!("{lock_name}.holder"));
        match lock.try_lock() {
            Ok(()) => {
                // Whoever wrote the note is gone.
                LockHolder::erase(&note);
                Ok(Self { path, lock, note })
            }
            Err(TryLockError::WouldBlock) => {
                Err(StoreError::folder_in_use(&path, LockHolder::read(&note)))
            }
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
        sync_folder(&self.path)
    }

    /// Tells other processes, which the lock keeps out, who holds it. Nothing
    /// depends on it, so an error is not one of the caller's.
    pub fn tell_holder(&self, holder: &LockHolder) {
        holder.write(&self.note, private(OpenOptions::new().create(true)));
    }
}

impl Drop for DataFolder {
    /// Closing the file is not enough: a process that another thread is
    /// starting has a copy of it, and so of the lock, until it runs its own
    /// program.
    fn drop(&mut self) {
        LockHolder::erase(&self.note);
        // After an error the system has released the lock already.
        let _ = self.lock.unlock();
    }
}

fn sync_folder(path: &Path) -> io::Result<()> {
    // Windows journals changes of a folder, and cannot open a folder as a file.
    if cfg!(unix) { File::open(path)?.sync_all() } else { Ok(()) }
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
    use headcount_catalog::Time;
    use headcount_testkit::Home;

    use super::*;

    #[test]
    fn an_unfinished_backup_is_refused_until_it_has_its_name() {
        let home = Home::new();
        let (unfinished, to) = (home.path().join("a.unfinished"), home.path().join("a"));
        let backup = DataFolder::begin_backup(&unfinished).unwrap();
        assert!(DataFolder::begin_backup(&unfinished).unwrap_err().is_busy());
        let message = DataFolder::lock(&unfinished, "a.lock").unwrap_err().to_string();
        assert!(message.contains("is a backup that was not finished"), "{message}");
        drop(backup);
        assert!(DataFolder::lock(&unfinished, "a.lock").is_err(), "also after a kill");
        DataFolder::begin_backup(&unfinished).unwrap().end_backup(&to).unwrap();
        assert!(!unfinished.exists());
        DataFolder::lock(&to, "a.lock").unwrap();
        home.write("a/file", "");
        let again = DataFolder::begin_backup(&unfinished).unwrap();
        again.end_backup(&to).unwrap_err();
        assert!(DataFolder::lock(&unfinished, "a.lock").is_err(), "what has no name is refused");
    }

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
        let (address, since) = (None, Time::from_seconds(1_795_176_000));
        first.tell_holder(&LockHolder { process: 4711, address, since });
        let message = DataFolder::lock(&path, "a.lock").unwrap_err().to_string();
        let told = format!("process 4711 uses the data folder {} since ", path.display());
        assert!(message.starts_with(&told), "{message}");
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
    fn a_link_in_the_place_of_the_lock_is_not_followed() {
        let home = Home::new();
        let path = home.path().join("data");
        std::fs::create_dir(&path).unwrap();
        let elsewhere = home.path().join("elsewhere");
        std::os::unix::fs::symlink(&elsewhere, path.join("a.lock")).unwrap();
        let message = DataFolder::lock(&path, "a.lock").unwrap_err().to_string();
        assert!(message.starts_with("cannot open"), "{message}");
        assert!(!elsewhere.exists());
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

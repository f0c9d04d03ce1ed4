//! A file that gets its name when it is whole.

use std::ffi::OsString;
use std::fs::{self, File, OpenOptions};
use std::io;
use std::path::{Path, PathBuf};

/// A file that is being written under a hidden name beside its own. Dropped
/// before it is finished, it is removed.
pub(super) struct OutputFile {
    path: PathBuf,
    unfinished: PathBuf,
    file: File,
}

impl OutputFile {
    /// Creates the hidden file, for its owner alone: it has raw events.
    pub(super) fn begin(path: &Path, data: &Path) -> io::Result<Self> {
        let Some(name) = path.file_name() else {
            return Err(io::Error::other("name a file"));
        };
        match fs::symlink_metadata(path) {
            Ok(own) if own.is_dir() => return Err(io::ErrorKind::IsADirectory.into()),
            // A device or a link would be replaced by a file.
            Ok(own) if !own.is_file() => {
                return Err(io::Error::other(
                    "it is not a regular file: name another one, or leave --output out and redirect",
                ));
            }
            _ => {}
        }
        let parent = path.parent().filter(|parent| !parent.as_os_str().is_empty());
        let parent = fs::canonicalize(parent.unwrap_or(Path::new(".")))?;
        if fs::canonicalize(data).is_ok_and(|data| parent.starts_with(data)) {
            return Err(io::Error::other(
                "it is in the data folder, which is the collector's own: name another place",
            ));
        }
        let mut hidden = OsString::from(".");
        hidden.push(name);
        hidden.push(".unfinished");
        let unfinished = path.with_file_name(hidden);
        // One that was cut off is of no use.
        match fs::remove_file(&unfinished) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
            _ => {}
        }
        let mut options = OpenOptions::new();
        options.write(true).create_new(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let file = options.open(&unfinished)?;
        Ok(Self { path: path.to_path_buf(), unfinished, file })
    }

    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// The file to write.
    pub(super) fn file(&self) -> io::Result<File> {
        self.file.try_clone()
    }

    /// Makes the file last and gives it its name. One of that name is replaced.
    pub(super) fn finish(self) -> io::Result<()> {
        self.file.sync_all()?;
        fs::rename(&self.unfinished, &self.path)
    }
}

impl Drop for OutputFile {
    fn drop(&mut self) {
        // It is not there if it has its name.
        let _ = fs::remove_file(&self.unfinished);
    }
}

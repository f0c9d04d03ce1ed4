//! A person's home folder, laid out once and copied for every run.

use std::fs;
use std::io;
use std::os::unix::fs::DirBuilderExt as _;
use std::path::{Path, PathBuf};

use tempfile::TempDir;

use crate::Fault;

/// Where the host with Headcount keeps everything, below the home.
pub(crate) const FOLDER: &str = ".hello";

/// The open segment, below that folder.
pub(crate) const QUEUE: &str = "events.jsonl";

/// Variables of no interest that a person's shell has besides: every look-up
/// walks past them.
const OTHERS: u32 = 40;

/// One home. It is gone when dropped.
#[derive(Debug)]
pub(crate) struct Home {
    folder: TempDir,
}

impl Home {
    /// An empty one, below `scratch`.
    ///
    /// # Errors
    ///
    /// It cannot be made.
    pub(crate) fn empty(scratch: &Path) -> Result<Self, Fault> {
        Ok(Self { folder: tempfile::Builder::new().prefix("home-").tempdir_in(scratch)? })
    }

    /// One with the same files.
    ///
    /// # Errors
    ///
    /// They cannot be read or written.
    pub(crate) fn copy(&self) -> Result<Self, Fault> {
        let scratch = self.path().parent().unwrap_or(Path::new("."));
        let copy = Self::empty(scratch)?;
        copy_folder(self.path(), copy.path())?;
        Ok(copy)
    }

    /// Where it is.
    pub(crate) fn path(&self) -> &Path {
        self.folder.path()
    }

    /// The path of the open segment.
    pub(crate) fn queue(&self) -> PathBuf {
        self.path().join(FOLDER).join(QUEUE)
    }

    /// The environment of the person who lives there.
    pub(crate) fn variables(&self) -> Vec<(String, String)> {
        let path = self.path().to_string_lossy().into_owned();
        let names = ["HOME", "XDG_DATA_HOME", "XDG_CONFIG_HOME", "XDG_STATE_HOME", "TMPDIR"];
        let places = names.map(|name| (name.to_owned(), path.clone()));
        let usual = [("PATH", "/usr/bin:/bin"), ("LANG", "en_US.UTF-8")];
        let usual = usual.map(|(name, value)| (name.to_owned(), value.to_owned()));
        let others =
            (0..OTHERS).map(|at| (format!("SHELL_VARIABLE_{at}"), "of some length".to_owned()));
        places.into_iter().chain(usual).chain(others).collect()
    }

    /// Forgets pauses after failures, as time would: their files go.
    ///
    /// # Errors
    ///
    /// The folder cannot be read.
    pub(crate) fn end_pauses(&self) -> Result<(), Fault> {
        let mut folders = vec![self.path().join(FOLDER)];
        while let Some(folder) = folders.pop() {
            for entry in fs::read_dir(folder)? {
                let entry = entry?;
                if entry.file_type()?.is_dir() {
                    folders.push(entry.path());
                } else if entry.file_name().to_string_lossy().ends_with(".backoff.json") {
                    fs::remove_file(entry.path())?;
                }
            }
        }
        Ok(())
    }
}

fn copy_folder(from: &Path, to: &Path) -> io::Result<()> {
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let target = to.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            fs::DirBuilder::new().mode(0o700).create(&target)?;
            copy_folder(&entry.path(), &target)?;
        } else {
            fs::copy(entry.path(), target)?;
        }
    }
    Ok(())
}

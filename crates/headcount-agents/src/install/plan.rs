//! What installing or removing would change, and doing it.

use std::fs;
use std::path::{Path, PathBuf};

use super::diff::unified;
use super::error::InstallError;
use super::file::ReadFile;
use super::places::Places;

/// A change of one file.
#[derive(Debug, Clone)]
pub struct FileChange {
    file: ReadFile,
    after: Option<String>,
}

impl FileChange {
    pub(crate) fn new(file: ReadFile, after: Option<String>) -> Self {
        Self { file, after }
    }

    /// The file.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.file.path
    }

    /// What is in the file; `None` if it does not exist.
    #[must_use]
    pub fn before(&self) -> Option<&str> {
        self.file.text.as_deref()
    }

    /// What will be in the file; `None` if it will not exist.
    #[must_use]
    pub fn after(&self) -> Option<&str> {
        self.after.as_deref()
    }

    /// The change as a unified diff, with the file's name. Text of the file is
    /// as it is there: make it visible before it is shown.
    #[must_use]
    pub fn diff(&self) -> String {
        let name = self.path().display().to_string();
        let side = |text: Option<&str>| text.map_or("/dev/null", |_| name.as_str()).to_owned();
        let lines = unified(self.before(), self.after());
        format!("--- {}\n+++ {}\n{lines}", side(self.before()), side(self.after()))
    }
}

/// What installing or removing the hooks of one agent would change.
#[derive(Debug, Clone)]
pub struct HookPlan {
    pub(crate) changes: Vec<FileChange>,
    /// All files that were looked at.
    pub(crate) files: Vec<ReadFile>,
    pub(crate) still_to_do: Vec<&'static str>,
    /// Folders that are never removed.
    pub(crate) places: Places,
}

impl HookPlan {
    /// The files that would change; none if everything is as it should be.
    #[must_use]
    pub fn changes(&self) -> &[FileChange] {
        &self.changes
    }

    /// What the person must do after the change, as sentences.
    #[must_use]
    pub fn still_to_do(&self) -> &[&'static str] {
        if self.changes.is_empty() { &[] } else { &self.still_to_do }
    }

    /// Makes the changes, and removes what a process that was killed left
    /// beside the files. Each file is the old one or the new one at every
    /// moment.
    ///
    /// # Errors
    ///
    /// Returns an error if a file cannot be written, or changed since the plan
    /// was made. What was done before stays done.
    pub fn apply(&self) -> Result<(), InstallError> {
        for file in &self.files {
            if file.sweep() && file.text.is_none() {
                self.remove_empty_folders(&file.path);
            }
        }
        for change in &self.changes {
            change.file.replace(change.after())?;
            if change.after.is_none() {
                self.remove_empty_folders(change.path());
            }
        }
        Ok(())
    }

    /// Removes the folders around a deleted file that are empty now.
    fn remove_empty_folders(&self, file: &Path) {
        let mut folder: Option<PathBuf> = file.parent().map(Path::to_path_buf);
        while let Some(empty) = folder.filter(|folder| !self.places.is_floor(folder)) {
            // It fails where something is in it, which is what is wanted.
            if fs::remove_dir(&empty).is_err() {
                return;
            }
            folder = empty.parent().map(Path::to_path_buf);
        }
    }
}

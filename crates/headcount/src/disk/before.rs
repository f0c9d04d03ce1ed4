//! What was in a file before a yes is written into it. It stays on the disk
//! under another name until the yes is complete, so that it can be put back
//! where there is no space for a new file.

use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};

use super::{in_use, private_file, refusal};

/// A file as it was.
#[derive(Debug)]
pub(crate) struct Before {
    path: PathBuf,
    text: Option<String>,
    /// What the yes writes instead.
    written: String,
    /// The other name, in our own folder.
    name: PathBuf,
}

/// What has been said since the yes was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Since {
    /// No more: what else was written is the yes's own id and agreement.
    Nothing,
    /// Something refuses now.
    Refused,
}

impl Before {
    /// Keeps a file with this text, or notes that there is none, until it is
    /// put back or forgotten. `written` is what the yes writes instead, and
    /// `number` tells the files of one yes apart.
    pub(crate) fn of(
        path: &Path,
        text: Option<String>,
        written: &str,
        state_folder: &Path,
        number: usize,
    ) -> Self {
        let name = state_folder.join(format!("{NAME}{}-{number}", std::process::id()));
        // A process with the same number that was killed may have left one.
        let _ = in_use::remove(&name);
        if text.is_some() {
            // Not every file system has such names; then the text is written.
            let _ = fs::hard_link(target(path), &name);
        }
        Self { path: path.to_path_buf(), text, written: written.to_owned(), name }
    }

    /// Makes the file what it was, under the lock of changes, unless somebody
    /// has said no and written to it since. Errors are dropped: the caller
    /// already reports why.
    pub(crate) fn put_back(self, since: Since) {
        let now = private_file::read(&self.path);
        // What cannot be read just now is taken for ours.
        let is_others = now.is_ok_and(|now| now.as_deref() != Some(self.written.as_str()));
        if since == Since::Refused && is_others {
            return self.forget();
        }
        let Some(text) = &self.text else {
            if private_file::remove(&self.path).is_err() {
                let _ = in_use::rename(&self.path, &self.name);
            }
            return;
        };
        if in_use::rename(&self.name, &target(&self.path)).is_err() {
            let now = private_file::read(&self.path).ok().flatten();
            let _ = refusal::write(&self.path, now.as_deref(), text);
        }
        // Two names of one file stay both.
        self.forget();
    }

    /// Removes the other name.
    pub(crate) fn forget(self) {
        let _ = in_use::remove(&self.name);
    }
}

/// Removes what other processes have left. If one of them still needs it, that
/// one writes the text instead.
pub(crate) fn sweep(state_folder: &Path) {
    for entry in fs::read_dir(state_folder).into_iter().flatten().flatten() {
        let path = entry.path();
        if is_sure(&path) && !is_in_use(&path) {
            let _ = in_use::remove(&path);
        }
    }
}

/// What a link leads to.
fn target(path: &Path) -> PathBuf {
    fs::canonicalize(path).unwrap_or_else(|_| path.to_path_buf())
}

/// The start of the other name; the process and a number follow.
const NAME: &str = "before-";

/// Whether a file of our own folder has such a name.
pub(crate) fn is_kept(name: &str) -> bool {
    name.starts_with(NAME)
}

/// Whether it is a name that nobody else gives.
pub(crate) fn is_sure(path: &Path) -> bool {
    let name = path.file_name().and_then(OsStr::to_str).unwrap_or_default();
    let is_ours = |byte: u8| byte.is_ascii_hexdigit() || byte == b'-';
    name.strip_prefix(NAME).is_some_and(|rest| !rest.is_empty() && rest.bytes().all(is_ours))
}

/// Whether it is one of a yes that this process is writing.
pub(crate) fn is_in_use(path: &Path) -> bool {
    let own = format!("{NAME}{}-", std::process::id());
    path.file_name().is_some_and(|name| name.to_string_lossy().starts_with(&own))
}

#[cfg(test)]
mod tests {
    use super::*;
    use headcount_testkit::Home;

    fn count(folder: &Path) -> usize {
        fs::read_dir(folder).unwrap().count()
    }

    #[test]
    fn what_was_there_is_put_back_and_what_was_not_goes() {
        let home = Home::new();
        let folder = home.path().join("tool");
        let (old, new) = (folder.join("old.toml"), folder.join("new.toml"));
        private_file::write(&old, "no").unwrap();
        let kept = Before::of(&old, Some("no".to_owned()), "yes", &folder, 0);
        let none = Before::of(&new, None, "yes", &folder, 1);
        for path in [&old, &new] {
            private_file::write(path, "yes").unwrap();
        }
        kept.put_back(Since::Nothing);
        none.put_back(Since::Nothing);
        assert_eq!(fs::read_to_string(&old).unwrap(), "no");
        assert!(!new.exists());
        assert_eq!(count(&folder), 1, "no other name is left");
    }

    #[test]
    fn a_file_that_was_not_changed_stays_and_a_yes_leaves_no_other_name() {
        let home = Home::new();
        let folder = home.path().join("tool");
        let path = folder.join("settings.toml");
        private_file::write(&path, "no").unwrap();
        let keep = || Before::of(&path, Some("no".to_owned()), "yes", &folder, 0);
        keep().put_back(Since::Nothing);
        assert_eq!(fs::read_to_string(&path).unwrap(), "no");
        let kept = keep();
        private_file::write(&path, "yes").unwrap();
        kept.forget();
        assert_eq!(fs::read_to_string(&path).unwrap(), "yes");
        assert_eq!(count(&folder), 1);
    }

    /// A no that came between the yes and its failure is not undone.
    #[test]
    fn what_somebody_else_has_written_since_stays() {
        let home = Home::new();
        let folder = home.path().join("tool");
        let (old, new) = (folder.join("old.toml"), folder.join("new.toml"));
        private_file::write(&old, "yes, once").unwrap();
        let kept = Before::of(&old, Some("yes, once".to_owned()), "yes", &folder, 0);
        let none = Before::of(&new, None, "yes", &folder, 1);
        for path in [&old, &new] {
            private_file::write(path, "yes").unwrap();
            private_file::write(path, "no").unwrap();
        }
        kept.put_back(Since::Refused);
        none.put_back(Since::Refused);
        for path in [&old, &new] {
            assert_eq!(fs::read_to_string(path).unwrap(), "no");
        }
        assert_eq!(count(&folder), 2);
    }

    #[cfg(unix)]
    #[test]
    fn where_there_is_no_other_name_the_text_is_written() {
        let home = Home::new();
        let path = home.path().join("settings.toml");
        private_file::write(&path, "no").unwrap();
        let kept = Before::of(&path, Some("no".to_owned()), "yes", &home.path().join("missing"), 0);
        private_file::write(&path, "yes").unwrap();
        kept.put_back(Since::Nothing);
        assert_eq!(fs::read_to_string(&path).unwrap(), "no");
    }

    #[test]
    fn what_a_killed_yes_left_goes_with_the_next_one() {
        let home = Home::new();
        let paths = crate::Paths::in_tests(&home);
        let file = home.write("tool/telemetry.json", "now");
        let own = Before::of(&file, Some("now".to_owned()), "yes", &paths.state_folder, 0);
        for name in ["tool/telemetry-state/before-1-0", "tool/telemetry-state/beforehand"] {
            home.write(name, "old");
        }
        sweep(&paths.state_folder);
        let names: Vec<String> = home.tree().into_iter().map(|entry| entry.path).collect();
        assert!(!names.contains(&"tool/telemetry-state/before-1-0".to_owned()), "{names:?}");
        assert!(names.contains(&"tool/telemetry-state/beforehand".to_owned()), "{names:?}");
        own.put_back(Since::Nothing);
        assert_eq!(home.read("tool/telemetry.json"), "now");
    }
}

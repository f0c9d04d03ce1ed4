//! A temporary home folder, its environment, and a list of its files.

use std::path::{Path, PathBuf};

/// The folder for temporary files. It is in the home, so that those of a tested
/// program are seen, too.
const TEMPORARY: &str = "tmp";

/// A home folder for a test. It is removed when dropped.
#[derive(Debug)]
pub struct Home {
    folder: tempfile::TempDir,
}

/// A file or folder in a home.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct TreeEntry {
    /// The path relative to the home, with `/` on every platform. The path of a
    /// folder ends with `/`.
    pub path: String,
    /// The size of a file in bytes; 0 for a folder or a link.
    pub bytes: u64,
}

impl Home {
    /// Creates an empty home.
    #[must_use]
    #[expect(clippy::new_without_default, reason = "`default` should not touch the disk")]
    pub fn new() -> Self {
        let folder = tempfile::Builder::new()
            .prefix("headcount-home-")
            .tempdir()
            .expect("cannot create a temporary home: is the temporary folder writable?");
        std::fs::create_dir(folder.path().join(TEMPORARY)).expect("a new folder is writable");
        Self { folder }
    }

    /// Returns the path.
    #[must_use]
    pub fn path(&self) -> &Path {
        self.folder.path()
    }

    /// Returns the environment of a person with this home: all variables that
    /// name a home, a data folder or a temporary folder, and nothing else.
    #[must_use]
    pub fn environment(&self) -> Vec<(String, String)> {
        let places = [
            ("HOME", ""),
            ("USERPROFILE", ""),
            ("XDG_CONFIG_HOME", ".config"),
            ("XDG_DATA_HOME", ".local/share"),
            ("XDG_STATE_HOME", ".local/state"),
            ("XDG_CACHE_HOME", ".cache"),
            ("APPDATA", "AppData/Roaming"),
            ("LOCALAPPDATA", "AppData/Local"),
            ("TMPDIR", TEMPORARY),
            ("TEMP", TEMPORARY),
            ("TMP", TEMPORARY),
        ];
        let mut environment: Vec<(String, String)> = Vec::with_capacity(places.len() + 1);
        for (name, below) in places {
            environment.push((name.to_owned(), self.absolute(below)));
        }
        // No program on Windows can open a socket without it.
        if cfg!(windows)
            && let Ok(root) = std::env::var("SystemRoot")
        {
            environment.push(("SystemRoot".to_owned(), root));
        }
        environment
    }

    /// Lists everything in the home, sorted by path. Links are not followed.
    /// The folder `tmp` itself is not listed, so the list is empty if nothing
    /// was created.
    #[must_use]
    pub fn tree(&self) -> Vec<TreeEntry> {
        let mut entries = Vec::new();
        list(self.path(), "", &mut entries);
        entries.retain(|entry| entry.path != format!("{TEMPORARY}/"));
        entries.sort();
        entries
    }

    /// Returns the text of a file with this path in the home.
    ///
    /// # Panics
    ///
    /// If the file does not exist or is not UTF-8. The message lists what is in
    /// the home.
    #[must_use]
    #[track_caller]
    pub fn read(&self, path: &str) -> String {
        match std::fs::read_to_string(self.path().join(path)) {
            Ok(text) => text,
            Err(error) => panic!("cannot read {path}: {error}. The home has {:?}", self.tree()),
        }
    }

    /// Writes a file, creates its folders, and returns its path.
    ///
    /// # Panics
    ///
    /// If the file cannot be written.
    #[track_caller]
    pub fn write(&self, path: &str, content: impl AsRef<[u8]>) -> PathBuf {
        // With the separator of the system, as programs show it.
        let mut file = self.path().to_path_buf();
        file.extend(path.split('/'));
        let folder = file.parent().expect("a file below a home has a folder");
        let written = std::fs::create_dir_all(folder).and_then(|()| std::fs::write(&file, content));
        written.unwrap_or_else(|error| panic!("cannot write {path}: {error}"));
        file
    }

    fn absolute(&self, below: &str) -> String {
        let mut path = self.path().to_path_buf();
        path.extend(below.split('/').filter(|part| !part.is_empty()));
        path.into_os_string().into_string().expect("a temporary home's path is UTF-8")
    }
}

fn list(folder: &Path, above: &str, entries: &mut Vec<TreeEntry>) {
    let children = std::fs::read_dir(folder)
        .unwrap_or_else(|error| panic!("cannot list {}: {error}", folder.display()));
    for child in children {
        let child = child.expect("an entry of a folder that was just opened");
        // A file may disappear while it is listed, because a shipper renames
        // segments.
        let Ok(about) = child.path().symlink_metadata() else { continue };
        let path = format!("{above}{}", child.file_name().to_string_lossy());
        if about.is_dir() {
            let path = format!("{path}/");
            list(&child.path(), &path, entries);
            entries.push(TreeEntry { path, bytes: 0 });
        } else {
            entries.push(TreeEntry { path, bytes: if about.is_file() { about.len() } else { 0 } });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_new_home_is_empty() {
        assert_eq!(Home::new().tree(), []);
    }

    #[test]
    fn the_tree_has_folders_files_and_what_is_temporary() {
        let home = Home::new();
        home.write(".local/share/atomic/queue", "four");
        home.write("tmp/left-over", "");
        let entry = |path: &str, bytes| TreeEntry { path: path.to_owned(), bytes };
        assert_eq!(
            home.tree(),
            [
                entry(".local/", 0),
                entry(".local/share/", 0),
                entry(".local/share/atomic/", 0),
                entry(".local/share/atomic/queue", 4),
                entry("tmp/left-over", 0),
            ]
        );
        assert_eq!(home.read(".local/share/atomic/queue"), "four");
    }

    #[test]
    #[should_panic(expected = "cannot read settings.json")]
    fn a_missing_file_is_named() {
        let _ = Home::new().read("settings.json");
    }

    #[test]
    fn every_variable_points_into_it() {
        let home = Home::new();
        let environment = home.environment();
        for (name, value) in &environment {
            assert!(name == "SystemRoot" || Path::new(value).starts_with(home.path()), "{name}");
        }
        let data = environment.iter().find(|(name, _)| name == "XDG_DATA_HOME").unwrap();
        assert_eq!(Path::new(&data.1), home.path().join(".local").join("share"));
    }

    #[test]
    fn it_is_gone_when_dropped() {
        let home = Home::new();
        let path = home.path().to_path_buf();
        home.write("file", "text");
        drop(home);
        assert!(!path.exists());
    }
}

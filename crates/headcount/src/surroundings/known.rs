//! The folders that Windows names by variables, as the system itself knows
//! them: `%LOCALAPPDATA%` may be missing, or a project may set it, and a person
//! or an administrator may have moved the folder. Other systems have none.
//!
//! They are read from the registry, where Windows keeps them. The function for
//! it, `SHGetKnownFolderPath`, is in a library that would cost every start of a
//! host milliseconds; a test compares the two.

use std::collections::HashMap;
use std::ffi::OsString;
use std::path::{Path, PathBuf};

/// What the system says of the folders that have a variable on Windows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum KnownFolders {
    /// Ask the system when needed.
    System,
    /// These, by the variable's name in upper case, and no others.
    Given(HashMap<String, PathBuf>),
}

impl KnownFolders {
    /// The folder of a variable, by its name in upper case.
    pub(crate) fn folder(&self, name: &str, home: Option<&Path>) -> Option<PathBuf> {
        match self {
            Self::System => of_the_system(name, home),
            Self::Given(folders) => folders.get(name).cloned(),
        }
    }
}

#[cfg(windows)]
fn of_the_system(name: &str, home: Option<&Path>) -> Option<PathBuf> {
    use super::registry_windows::{Hive, system_drive, text};

    const FOLDERS: &str =
        "Software\\Microsoft\\Windows\\CurrentVersion\\Explorer\\User Shell Folders";
    const PROFILES: &str = "SOFTWARE\\Microsoft\\Windows NT\\CurrentVersion\\ProfileList";
    let written = match name {
        "LOCALAPPDATA" => text(Hive::User, FOLDERS, "Local AppData"),
        "APPDATA" => text(Hive::User, FOLDERS, "AppData"),
        "PROGRAMDATA" => text(Hive::Machine, PROFILES, "ProgramData"),
        _ => None,
    };
    read(written?, home, system_drive().as_deref())
}

#[cfg(not(windows))]
fn of_the_system(_name: &str, _home: Option<&Path>) -> Option<PathBuf> {
    None
}

/// A folder as the registry writes it: `%USERPROFILE%\AppData\Local`. Of the
/// variables in it those two count that the system can tell without the
/// environment.
#[cfg_attr(not(any(windows, test)), expect(dead_code, reason = "only Windows has a registry"))]
fn read(written: OsString, home: Option<&Path>, drive: Option<&Path>) -> Option<PathBuf> {
    let Some(text) = written.to_str() else { return Some(written.into()) };
    let Some((name, tail)) = text.strip_prefix('%').and_then(|rest| rest.split_once('%')) else {
        return (!text.contains('%')).then(|| PathBuf::from(&written));
    };
    let base = match name.to_ascii_uppercase().as_str() {
        "USERPROFILE" => home,
        "SYSTEMDRIVE" => drive,
        _ => None,
    }?;
    let parts = tail.split('\\').filter(|part| !part.is_empty());
    (!tail.contains('%')).then(|| parts.fold(base.to_path_buf(), |path, part| path.join(part)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_of_the_registry_is_read_without_the_environment() {
        let (home, drive) = (Path::new("/home/me"), Path::new("/"));
        for (written, path) in [
            ("%USERPROFILE%\\AppData\\Local", Some("/home/me/AppData/Local")),
            ("%UserProfile%\\AppData\\Roaming\\", Some("/home/me/AppData/Roaming")),
            ("%SystemDrive%\\ProgramData", Some("/ProgramData")),
            ("\\\\server\\share\\me\\AppData", Some("\\\\server\\share\\me\\AppData")),
            ("D:\\Größe", Some("D:\\Größe")),
            ("%HOMESHARE%\\AppData", None),
            ("%USERPROFILE%\\%USERNAME%", None),
            ("C:\\Users\\%USERNAME%", None),
        ] {
            let found = read(written.into(), Some(home), Some(drive));
            assert_eq!(found, path.map(PathBuf::from), "{written}");
        }
        assert_eq!(read("%USERPROFILE%\\x".into(), None, None), None);
    }

    /// The registry says what the system's own function says.
    #[test]
    #[cfg(windows)]
    fn the_registry_says_what_the_system_says() {
        let home = std::env::home_dir().expect("a home");
        for (name, variable) in [
            ("LOCALAPPDATA", "LOCALAPPDATA"),
            ("APPDATA", "APPDATA"),
            ("PROGRAMDATA", "ProgramData"),
        ] {
            let found = KnownFolders::System.folder(name, Some(&home));
            assert_eq!(found, std::env::var_os(variable).map(PathBuf::from), "{name}");
        }
    }
}

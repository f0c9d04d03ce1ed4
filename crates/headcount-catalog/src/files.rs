//! Where files are on the person's machine, and how a path of the catalog
//! becomes a real path.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

/// The product's files.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Files {
    /// The folder that all other paths are relative to.
    pub folder: PerPlatform,
    /// The settings file, with what the person decided.
    pub settings: Settings,
    /// The open segment of the queue, relative to the folder.
    pub queue: &'static str,
    /// The file that marks that the notice was shown, relative to the folder.
    pub marker: Option<&'static str>,
    /// Headcount's own state file, relative to the folder. Its state folder has
    /// the same name without the extension.
    pub state: &'static str,
}

/// A path for each platform.
///
/// `~` at the start is the home folder. `${NAME:-PATH}` is the variable if it
/// contains an absolute path, and `PATH` otherwise. `%NAME%` is the variable.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct PerPlatform {
    /// The path on Linux and every other Unix.
    pub linux: &'static str,
    /// The path on macOS.
    pub macos: &'static str,
    /// The path on Windows.
    pub windows: &'static str,
}

impl PerPlatform {
    /// Returns the path for the platform that this was compiled for.
    #[must_use]
    pub const fn here(&self) -> &'static str {
        if cfg!(windows) {
            self.windows
        } else if cfg!(target_os = "macos") {
            self.macos
        } else {
            self.linux
        }
    }
}

/// The settings file, and Headcount's keys in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Settings {
    /// The path, relative to the folder.
    pub file: &'static str,
    /// The format.
    pub format: SettingsFormat,
    /// The dotted path of the key that turns telemetry on and off:
    /// `telemetry.enabled`.
    pub enabled: &'static str,
    /// The dotted path of the key that says that the person was asked and
    /// agreed, if the product has one.
    pub given: Option<&'static str>,
    /// The dotted path of the time when the file was created, if the product
    /// has one.
    pub created: Option<&'static str>,
}

/// The format of a settings file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum SettingsFormat {
    /// JSON.
    Json,
    /// TOML.
    Toml,
    /// YAML.
    Yaml,
}

/// Turns a path of the grammar into a real path.
///
/// `home` is the person's home folder, and `lookup` reads the environment.
/// Returns `None` if the path needs a home folder or a variable that is not
/// there, or would be relative: nothing may be written relative to the current
/// folder.
///
/// ```
/// # use std::path::Path;
/// let none = |_: &str| None;
/// let path = headcount_catalog::expand("${XDG_DATA_HOME:-~/.local/share}/atomic",
///     Some(Path::new("/home/me")), none);
/// # #[cfg(unix)]
/// assert_eq!(path.unwrap(), Path::new("/home/me/.local/share/atomic"));
/// ```
#[must_use]
pub fn expand(
    written: &str,
    home: Option<&Path>,
    lookup: impl Fn(&str) -> Option<OsString>,
) -> Option<PathBuf> {
    let path = if let Some(rest) = written.strip_prefix("${") {
        let (braced, tail) = rest.split_once('}')?;
        let (name, default) = braced.split_once(":-")?;
        let base = match lookup(name).map(PathBuf::from).filter(|base| base.is_absolute()) {
            Some(base) => base,
            None => from_home(default, home)?,
        };
        join(base, tail)
    } else if let Some(rest) = written.strip_prefix('%') {
        let (name, tail) = rest.split_once('%')?;
        join(PathBuf::from(lookup(name)?), tail)
    } else {
        from_home(written, home)?
    };
    path.is_absolute().then_some(path)
}

/// Turns a path of the grammar into the real path that it has where no variable
/// says otherwise: the *usual place*. A variable may be set by a project; the
/// home folder is believed.
///
/// `None` if there is no home folder, or if only a variable could tell.
///
/// ```
/// # use std::path::Path;
/// let path = headcount_catalog::usual_place("${XDG_DATA_HOME:-~/.local/share}/atomic",
///     Some(Path::new("/home/me")));
/// # #[cfg(unix)]
/// assert_eq!(path.unwrap(), Path::new("/home/me/.local/share/atomic"));
/// ```
#[must_use]
pub fn usual_place(written: &str, home: Option<&Path>) -> Option<PathBuf> {
    expand(written, home, |name| {
        // The places that Windows gives these folders in a profile.
        let below = match name {
            "USERPROFILE" => "",
            "LOCALAPPDATA" => "AppData/Local",
            "APPDATA" => "AppData/Roaming",
            "PROGRAMDATA" => return Some(PROGRAM_DATA.into()),
            _ => return None,
        };
        Some(join(home?.to_path_buf(), below).into_os_string())
    })
}

/// The folder of Windows for the data of all users.
pub const PROGRAM_DATA: &str = "C:\\ProgramData";

/// Returns the variable that a path of the grammar names, if it names one.
#[must_use]
pub fn variable_of(written: &str) -> Option<&str> {
    if let Some(rest) = written.strip_prefix("${") {
        rest.split_once(":-").map(|(name, _)| name)
    } else {
        written.strip_prefix('%')?.split_once('%').map(|(name, _)| name)
    }
}

fn from_home(written: &str, home: Option<&Path>) -> Option<PathBuf> {
    match written.strip_prefix('~') {
        Some(tail) => Some(join(home?.to_path_buf(), tail)),
        None => Some(PathBuf::from(written)),
    }
}

/// Joins part by part, so that `/` in a catalog is a separator on every
/// platform.
fn join(base: PathBuf, tail: &str) -> PathBuf {
    tail.split(['/', '\\']).filter(|part| !part.is_empty()).fold(base, |path, part| path.join(part))
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    #[test]
    fn a_relative_variable_is_ignored() {
        let lookup = |name: &str| (name == "XDG_DATA_HOME").then(|| "relative".into());
        let path = expand("${XDG_DATA_HOME:-~/.local/share}/atomic", Some(Path::new("/h")), lookup);
        assert_eq!(path, Some(PathBuf::from("/h/.local/share/atomic")));
    }

    #[test]
    fn without_a_home_there_is_no_folder() {
        assert_eq!(expand("~/.atomcode", None, |_| None), None);
        assert_eq!(expand("%APPDATA%/aai", None, |_| None), None);
        assert_eq!(expand("atomcode", Some(Path::new("/h")), |_| None), None);
    }
    #[test]
    fn the_usual_place_is_what_no_variable_can_move() {
        let home = Some(Path::new("/h"));
        for (written, usual) in [
            ("${XDG_CONFIG_HOME:-~/.config}/aai", Some("/h/.config/aai")),
            ("${TOOL:-/opt}/x", Some("/opt/x")),
            ("~/.atomcode", Some("/h/.atomcode")),
            ("%LOCALAPPDATA%/atomic", Some("/h/AppData/Local/atomic")),
            ("%APPDATA%\\atomic", Some("/h/AppData/Roaming/atomic")),
            ("%USERPROFILE%/x", Some("/h/x")),
            ("%TOOLDIR%/x", None),
        ] {
            assert_eq!(usual_place(written, home), usual.map(PathBuf::from), "{written}");
        }
    }

    #[test]
    fn a_path_names_its_variable() {
        for (written, name) in [
            ("${XDG_CONFIG_HOME:-~/.config}/aai", Some("XDG_CONFIG_HOME")),
            ("%APPDATA%/aai", Some("APPDATA")),
            ("~/.aai", None),
        ] {
            assert_eq!(variable_of(written), name, "{written}");
        }
    }
}

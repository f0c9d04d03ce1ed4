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
/// contains an absolute path, and `PATH` otherwise. `%NAME%` is the variable,
/// and where it contains none, what the system says of the folder.
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
/// `home` is the person's home folder, `lookup` reads the environment, and
/// `known` is what the system itself says of a folder that Windows names by a
/// variable, by the variable's name in upper case. A variable that is missing,
/// empty or relative does not count: a path that needs one is then its usual
/// place.
///
/// Returns `None` if the path needs a home folder or a variable that is not
/// there, or would be relative: nothing may be written relative to the current
/// folder.
///
/// ```
/// # use std::path::Path;
/// let path = headcount_catalog::expand("${XDG_DATA_HOME:-~/.local/share}/atomic",
///     Some(Path::new("/home/me")), |_| None, |_| None);
/// # #[cfg(unix)]
/// assert_eq!(path.unwrap(), Path::new("/home/me/.local/share/atomic"));
/// ```
#[must_use]
pub fn expand(
    written: &str,
    home: Option<&Path>,
    lookup: impl Fn(&str) -> Option<OsString>,
    known: impl Fn(&str) -> Option<PathBuf>,
) -> Option<PathBuf> {
    expanded(written, home, &lookup, &known)
}

fn expanded(
    written: &str,
    home: Option<&Path>,
    lookup: &dyn Fn(&str) -> Option<OsString>,
    known: &dyn Fn(&str) -> Option<PathBuf>,
) -> Option<PathBuf> {
    let absolute = |base: Option<PathBuf>| base.filter(|base| base.is_absolute());
    let named = |name: &str| absolute(lookup(name).map(PathBuf::from));
    let path = if let Some(rest) = written.strip_prefix("${") {
        let (braced, tail) = rest.split_once('}')?;
        let (name, default) = braced.split_once(":-")?;
        let base = match named(name) {
            Some(base) => base,
            None => from_home(default, home)?,
        };
        join(base, tail)
    } else if let Some(rest) = written.strip_prefix('%') {
        let (name, tail) = rest.split_once('%')?;
        let name = name.to_ascii_uppercase();
        let usual = || absolute(known(&name)).or_else(|| in_profile(&name, home));
        join(named(&name).or_else(usual)?, tail)
    } else {
        from_home(written, home)?
    };
    if !path.is_absolute() {
        return None;
    }
    // A variable of Windows may have slashes of both kinds.
    Some(if cfg!(windows) { path.components().collect() } else { path })
}

/// Turns a path of the grammar into the real path that it has where no variable
/// says otherwise: the *usual place*. A variable may be set by a project; the
/// home folder is believed, and so is the system.
///
/// `None` if there is no home folder, or if only a variable could tell.
///
/// ```
/// # use std::path::Path;
/// let path = headcount_catalog::usual_place("${XDG_DATA_HOME:-~/.local/share}/atomic",
///     Some(Path::new("/home/me")), |_| None);
/// # #[cfg(unix)]
/// assert_eq!(path.unwrap(), Path::new("/home/me/.local/share/atomic"));
/// ```
#[must_use]
pub fn usual_place(
    written: &str,
    home: Option<&Path>,
    known: impl Fn(&str) -> Option<PathBuf>,
) -> Option<PathBuf> {
    expand(written, home, |_| None, known)
}

/// The places that Windows gives these folders in a profile.
fn in_profile(name: &str, home: Option<&Path>) -> Option<PathBuf> {
    let below = match name {
        "USERPROFILE" => "",
        "LOCALAPPDATA" => "AppData/Local",
        "APPDATA" => "AppData/Roaming",
        "PROGRAMDATA" => return Some(PROGRAM_DATA.into()),
        _ => return None,
    };
    Some(join(home?.to_path_buf(), below))
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

#[cfg(test)]
mod tests {
    use super::*;

    /// A path below the root of each system.
    fn at(path: &str) -> PathBuf {
        let root = if cfg!(windows) { "C:\\" } else { "/" };
        join(PathBuf::from(root), path)
    }

    fn text(path: &Path) -> OsString {
        path.as_os_str().to_owned()
    }

    #[test]
    fn a_variable_that_is_no_place_is_ignored() {
        let home = at("h");
        for value in ["", "relative", "./x", "~", "\"/h/quoted\"", "C:x"] {
            let lookup = |_: &str| Some(OsString::from(value));
            for (written, usual) in [
                ("${XDG_DATA_HOME:-~/.local/share}/atomic", at("h/.local/share/atomic")),
                ("%LOCALAPPDATA%/atomic", at("h/AppData/Local/atomic")),
                ("%AppData%/atomic", at("h/AppData/Roaming/atomic")),
                ("%USERPROFILE%/.atomic", at("h/.atomic")),
            ] {
                let path = expand(written, Some(&home), lookup, |_| None);
                assert_eq!(path, Some(usual), "{written} {value}");
            }
            assert_eq!(expand("%TOOLDIR%/x", Some(&home), lookup, |_| None), None, "{value}");
        }
    }

    #[test]
    fn a_variable_counts_before_the_system_and_the_system_before_the_home() {
        let (home, set, said) = (at("h"), at("set"), at("said"));
        let (variable, system) = (|_: &str| Some(text(&set)), |_: &str| Some(said.clone()));
        let written = "%APPDATA%/aai";
        assert_eq!(expand(written, Some(&home), variable, system), Some(at("set/aai")));
        assert_eq!(expand(written, Some(&home), |_| None, system), Some(at("said/aai")));
        assert_eq!(usual_place(written, Some(&home), system), Some(at("said/aai")));
        assert_eq!(usual_place(written, None, system), Some(at("said/aai")));
        // What is not a place is not the system's answer either.
        let nonsense = |_: &str| Some(PathBuf::from("nowhere"));
        assert_eq!(usual_place(written, Some(&home), nonsense), Some(at("h/AppData/Roaming/aai")));
    }

    #[test]
    fn without_a_home_there_is_no_folder() {
        let home = at("h");
        assert_eq!(expand("~/.atomcode", None, |_| None, |_| None), None);
        assert_eq!(expand("%APPDATA%/aai", None, |_| None, |_| None), None);
        assert_eq!(expand("atomcode", Some(&home), |_| None, |_| None), None);
    }

    #[test]
    fn the_usual_place_is_what_no_variable_can_move() {
        let home = at("h");
        for (written, usual) in [
            ("${XDG_CONFIG_HOME:-~/.config}/aai", Some("h/.config/aai")),
            ("~/.atomcode", Some("h/.atomcode")),
            ("%LOCALAPPDATA%/atomic", Some("h/AppData/Local/atomic")),
            ("%APPDATA%\\atomic", Some("h/AppData/Roaming/atomic")),
            ("%USERPROFILE%/x", Some("h/x")),
            ("%TOOLDIR%/x", None),
        ] {
            assert_eq!(usual_place(written, Some(&home), |_| None), usual.map(at), "{written}");
        }
    }

    /// As the variables of Windows are found: by hand, on servers, of services.
    #[test]
    #[cfg(windows)]
    fn whatever_windows_calls_a_place_is_one() {
        for (value, path) in [
            (r"C:\Users\me\AppData\Local", r"C:\Users\me\AppData\Local\atomic"),
            (r"C:\Users\me\AppData\Local\", r"C:\Users\me\AppData\Local\atomic"),
            ("C:/Users/me/AppData/Local/", r"C:\Users\me\AppData\Local\atomic"),
            (r"C:\Users\Jürgen Groß\AppData\Local", r"C:\Users\Jürgen Groß\AppData\Local\atomic"),
            (r"D:\", r"D:\atomic"),
            (r"\\server\share", r"\\server\share\atomic"),
            (r"\\server\share\home\me\", r"\\server\share\home\me\atomic"),
            (r"\\?\C:\Users\me", r"\\?\C:\Users\me\atomic"),
            (
                r"C:\Windows\System32\config\systemprofile\AppData\Local",
                r"C:\Windows\System32\config\systemprofile\AppData\Local\atomic",
            ),
        ] {
            let lookup = |_: &str| Some(OsString::from(value));
            let found = expand("%LOCALAPPDATA%/atomic", None, lookup, |_| None);
            assert_eq!(found, Some(PathBuf::from(path)), "{value}");
            let shown = found.map(|path| path.display().to_string()).unwrap_or_default();
            assert!(!shown.contains('/'), "{shown}");
        }
        for value in [r"\Users\me", "C:", r"C:Users", r#""C:\Users\me""#, "/c/Users/me", "D"] {
            let lookup = |_: &str| Some(OsString::from(value));
            assert_eq!(expand("%LOCALAPPDATA%/x", None, lookup, |_| None), None, "{value}");
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

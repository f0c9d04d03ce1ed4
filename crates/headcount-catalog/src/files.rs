//! Where things lie on the person's machine, and how a written path becomes a
//! real one.

use std::path::{Path, PathBuf};

/// The product's files.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Files {
    /// The folder everything else is relative to.
    pub folder: PerPlatform,
    /// What the person decided.
    pub settings: Settings,
    /// The open segment of the queue, relative to the folder.
    pub queue: &'static str,
    /// The file that says the notice was shown, relative to the folder.
    pub marker: Option<&'static str>,
    /// Our own state, relative to the folder; its folder has the same stem.
    pub state: &'static str,
}

/// One path a platform.
///
/// `~` at the start is the home folder. `${NAME:-PATH}` is the variable where
/// it holds an absolute path and `PATH` otherwise. `%NAME%` is the variable.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct PerPlatform {
    /// Linux and every other Unix.
    pub linux: &'static str,
    /// macOS.
    pub macos: &'static str,
    /// Windows.
    pub windows: &'static str,
}

impl PerPlatform {
    /// The path of the platform this was compiled for.
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

/// The settings file and the keys of ours in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Settings {
    /// Its name, relative to the folder.
    pub file: &'static str,
    /// How it is written.
    pub format: SettingsFormat,
    /// Dotted path of the switch: `telemetry.enabled`.
    pub enabled: &'static str,
    /// Dotted path of "the person was asked and agreed", where a product keeps
    /// one beside the switch.
    pub given: Option<&'static str>,
    /// Dotted path of the time the file was made, where a product keeps one.
    pub created: Option<&'static str>,
}

/// How a settings file is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum SettingsFormat {
    /// JSON.
    Json,
    /// TOML.
    Toml,
    /// YAML.
    Yaml,
}

/// Turns a path as the grammar writes it into a real one.
///
/// `home` is the person's home folder and `lookup` the environment. The answer
/// is `None` where the path needs a home or a variable that is not there, or
/// comes out relative: nothing is ever written relative to where the person
/// happens to stand.
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
    lookup: impl Fn(&str) -> Option<String>,
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

fn from_home(written: &str, home: Option<&Path>) -> Option<PathBuf> {
    match written.strip_prefix('~') {
        Some(tail) => Some(join(home?.to_path_buf(), tail)),
        None => Some(PathBuf::from(written)),
    }
}

/// Joins part by part, so that `/` in a catalog separates on every platform.
fn join(base: PathBuf, tail: &str) -> PathBuf {
    tail.split(['/', '\\']).filter(|part| !part.is_empty()).fold(base, |path, part| path.join(part))
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    #[test]
    fn a_relative_variable_is_no_base() {
        let lookup = |name: &str| (name == "XDG_DATA_HOME").then(|| "relative".to_owned());
        let path = expand("${XDG_DATA_HOME:-~/.local/share}/atomic", Some(Path::new("/h")), lookup);
        assert_eq!(path, Some(PathBuf::from("/h/.local/share/atomic")));
    }

    #[test]
    fn without_a_home_there_is_no_folder() {
        assert_eq!(expand("~/.atomcode", None, |_| None), None);
        assert_eq!(expand("%APPDATA%/aai", None, |_| None), None);
        assert_eq!(expand("atomcode", Some(Path::new("/h")), |_| None), None);
    }
}

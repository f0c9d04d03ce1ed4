//! Whether two products would use each other's files: pure.

use std::fmt;

use crate::{Catalog, IdPlace, PerPlatform};

/// A place that two products would share.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SharedPlace {
    platform: &'static str,
    what: &'static str,
    path: String,
}

impl fmt::Display for SharedPlace {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { platform, what, path } = self;
        write!(out, "{what} `{path}` on {platform}")
    }
}

/// A folder as one platform has it.
type Here = fn(&PerPlatform) -> &'static str;

const PLATFORMS: [(&str, Here); 3] = [
    ("Linux", |folder| folder.linux),
    ("macOS", |folder| folder.macos),
    ("Windows", |folder| folder.windows),
];

impl Catalog {
    /// Returns the first place that this product and another one would share:
    /// the folder, or a file that one of them keeps inside the other's folder.
    /// `None` if they keep apart, or if both catalogs are of one product.
    ///
    /// Paths that differ only in case are the same: on many systems they are
    /// one file. So are `~` and the variables that stand for it, and a folder
    /// counts both with its variable and without.
    #[must_use]
    pub fn shared_with(&self, other: &Self) -> Option<SharedPlace> {
        if self.product.name == other.product.name {
            return None;
        }
        PLATFORMS.into_iter().find_map(|(platform, here)| {
            let written = here(&self.files.folder);
            let folders = spellings(here(&other.files.folder));
            spellings(written).iter().find_map(|ours| {
                folders.iter().find_map(|theirs| {
                    let (what, path) = shared(self, ours, other, theirs)?;
                    let path = if path == *ours { written.to_owned() } else { path };
                    Some(SharedPlace { platform, what, path })
                })
            })
        })
    }
}

/// What two products share if their folders are these.
fn shared(
    one: &Catalog,
    ours: &str,
    other: &Catalog,
    theirs: &str,
) -> Option<(&'static str, String)> {
    if ours == theirs {
        return Some(("the folder", ours.to_owned()));
    }
    let (ours, theirs) = (files(one, ours), files(other, theirs));
    let both = |file: &&String| theirs.iter().any(|other| meet(file, other));
    ours.iter().find(both).map(|file| ("the file", file.clone()))
}

/// Whether two paths are the same, or one lies below the other.
fn meet(one: &str, other: &str) -> bool {
    let below = |inner: &str, outer: &str| {
        inner.strip_prefix(outer).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    };
    below(one, other) || below(other, one)
}

/// Every file of a product, and Headcount's own folder.
fn files(catalog: &Catalog, folder: &str) -> Vec<String> {
    let files = catalog.files;
    let id = match catalog.identity.place {
        IdPlace::File(file) => Some(file),
        IdPlace::Settings { .. } | IdPlace::Nowhere => None,
    };
    let own = files.state.strip_suffix(".json").unwrap_or(files.state);
    let all = [Some(files.settings.file), Some(files.queue), Some(files.state), Some(own)];
    let all = all.into_iter().chain([id, files.marker]).flatten();
    all.map(|file| plain(&format!("{folder}/{file}"))).collect()
}

/// The folders that a path of the grammar can mean.
fn spellings(written: &str) -> Vec<String> {
    if let Some((braced, tail)) = written.strip_prefix("${").and_then(|rest| rest.split_once('}')) {
        let (name, usual) = braced.split_once(":-").unwrap_or((braced, "~"));
        let base = if name == "HOME" { "~" } else { usual };
        let moved = format!("${name}/{tail}");
        return vec![plain(&format!("{base}/{tail}")), plain(&moved)];
    }
    if let Some((name, tail)) = written.strip_prefix('%').and_then(|rest| rest.split_once('%')) {
        let base = match name.to_ascii_uppercase().as_str() {
            "USERPROFILE" => "~".to_owned(),
            "LOCALAPPDATA" => "~/AppData/Local".to_owned(),
            "APPDATA" => "~/AppData/Roaming".to_owned(),
            other => format!("%{other}%"),
        };
        return vec![plain(&format!("{base}/{tail}"))];
    }
    vec![plain(written)]
}

/// A path in lower case, without empty parts, `.` and `..`.
fn plain(path: &str) -> String {
    let mut parts: Vec<String> = Vec::new();
    for part in path.split(['/', '\\']) {
        match part {
            "" | "." => {}
            ".." => _ = parts.pop(),
            part => parts.push(part.to_lowercase()),
        }
    }
    let root = if path.starts_with('/') { "/" } else { "" };
    format!("{root}{}", parts.join("/"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_folder_has_many_spellings() {
        for (one, other) in [
            ("~/.tool", "~/.Tool"),
            ("~/.tool", "~/.tool/"),
            ("~/.tool", "~/x/../.tool"),
            ("~/.tool", "~//./.tool"),
            ("~/.tool", "${HOME:-/root}/.tool"),
            ("~/.tool", "%USERPROFILE%\\.tool"),
            ("~/.config/tool", "${XDG_CONFIG_HOME:-~/.config}/tool"),
            ("${XDG_CONFIG_HOME:-~/.config}/tool", "${XDG_CONFIG_HOME:-~/.local}/tool"),
            ("~/AppData/Local/tool", "%LocalAppData%/tool"),
            ("/opt/tool", "/opt/tool/"),
        ] {
            let (ours, theirs) = (spellings(one), spellings(other));
            assert!(ours.iter().any(|folder| theirs.contains(folder)), "{one} {other}");
        }
        for (one, other) in [
            ("~/.tool", "~/.tools"),
            ("~/.tool", "/.tool"),
            ("${A:-~/.a}/tool", "${B:-~/.b}/tool"),
            ("%APPDATA%/tool", "%LOCALAPPDATA%/tool"),
        ] {
            let (ours, theirs) = (spellings(one), spellings(other));
            assert!(!ours.iter().any(|folder| theirs.contains(folder)), "{one} {other}");
        }
    }

    #[test]
    fn what_lies_below_a_file_meets_it() {
        assert!(meet("~/.a/state", "~/.a/state") && meet("~/.a/state", "~/.a/state/x"));
        assert!(meet("~/.a/state/x", "~/.a/state") && !meet("~/.a/state", "~/.a/state2"));
    }
}

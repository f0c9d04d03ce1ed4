//! Removing what is in a file that may be a link or have more names than one,
//! as dotfile managers make them. What a link leads to is changed, and the link
//! stays; what a hard link shares is changed under every name.
//!
//! In our own folder nobody has to make links, and whoever can plant one there
//! chooses its name. So a file there is emptied behind a link only if it has
//! the link's name and reads as a file of ours, and never under a second name.

use std::ffi::OsStr;
use std::fs::{self, File, OpenOptions};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use serde_json::Value as Json;

use super::error::{Cause, DiskError};
use super::opened::private;
use super::ownership::{check_link, names, ownership};
use super::private_file::{self, sweep};
use super::{NOT_REGULAR, in_use};

/// Removes a file with its content. A missing file is not an error. A link
/// stays, and the file it leads to is emptied. A link that leads nowhere has no
/// content.
///
/// # Errors
///
/// Returns an error if the system refuses, or if the link or the file it leads
/// to belongs to another user.
pub(crate) fn wipe(path: &Path) -> Result<(), DiskError> {
    retire(path, "")
}

/// The same, but what keeps a name gets this text instead of nothing.
///
/// # Errors
///
/// Those of [`wipe`].
pub(crate) fn retire(path: &Path, text: &str) -> Result<(), DiskError> {
    let metadata = match fs::symlink_metadata(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return private_file::remove(path),
        metadata => metadata.map_err(|error| DiskError::new(path, error))?,
    };
    if metadata.is_symlink() {
        return match led_to(path).map_err(|cause| DiskError::new(path, cause))? {
            Some(target) => {
                sweep(&target);
                rewrite(path, text)
            }
            None => Ok(()),
        };
    }
    if metadata.is_file() && names(path, &metadata) > 1 {
        in_place(path, text).map_err(|cause| DiskError::new(path, cause))?;
    }
    private_file::remove(path).inspect_err(|error| {
        // It loses at least what is in it, where the program that keeps it
        // from being removed lets others write to it.
        if error.is_held() {
            let _ = in_place(path, text);
        }
    })
}

/// Replaces the content of a file under all its names. Links stay.
///
/// # Errors
///
/// Those of [`wipe`].
pub(crate) fn rewrite(path: &Path, text: &str) -> Result<(), DiskError> {
    let failed = |cause| DiskError::new(path, cause);
    let Some(target) = led_to(path).map_err(failed)? else { return Ok(()) };
    match fs::metadata(&target) {
        Ok(metadata) if !metadata.is_file() => Ok(()),
        Ok(metadata) if names(&target, &metadata) > 1 => in_place(&target, text).map_err(failed),
        // The folder of a dotfile manager may be closed while its files are
        // not.
        _ => private_file::write(path, text)
            .or_else(|error| in_place(&target, text).map_err(|_| error)),
    }
}

/// Removes a file of our own folder that is on the list of them. A link goes,
/// and what it leads to is emptied only if it has the same name, as a dotfile
/// manager gives it, and reads as a file of ours: any other may be somebody's.
/// So may the other names of a hard link, and only this one goes.
///
/// # Errors
///
/// Those of [`wipe`].
pub(crate) fn remove_ours(path: &Path) -> Result<(), DiskError> {
    let is_behind_a_link = || {
        let target = led_to(path).ok().flatten();
        target
            .is_some_and(|target| target.file_name() == path.file_name() && reads_as_ours(&target))
    };
    if is_shared(path) && !(path.is_symlink() && is_behind_a_link()) {
        return private_file::remove(path);
    }
    wipe(path)
}

/// Whether what is under this name can be under another one too: it is a link,
/// or one of several names of a file.
pub(crate) fn is_shared(path: &Path) -> bool {
    fs::symlink_metadata(path).is_ok_and(|metadata| {
        metadata.is_symlink() || metadata.is_file() && names(path, &metadata) > 1
    })
}

/// Whether this is the only name of a regular file.
pub(crate) fn is_sole(path: &Path) -> bool {
    fs::symlink_metadata(path)
        .is_ok_and(|metadata| metadata.is_file() && names(path, &metadata) == 1)
}

/// The keys that files of ours always have, by the end of their names. In a log
/// each whole line has them.
const KEYS: &[(&str, &[&str])] = &[
    ("new-id.json", &["format", "month", "secret"]),
    ("tally.json", &["format", "tried", "told"]),
    ("agreed.json", &["format", "events", "envelope"]),
    ("erasures.json", &["format", "pending"]),
    ("left.json", &["format", "claims", "found"]),
    (".backoff.json", &["failures", "until"]),
    (".pace.json", &["wish", "until"]),
    ("receipts.jsonl", &["time", "destination", "taken"]),
    ("sent.jsonl", &["at", "destination", "line"]),
    ("agent-notes.jsonl", &["at", "note"]),
];

/// The keys of a file that a version wrote about itself, and how its name
/// starts.
const OF_VERSION: (&str, &[&str]) = ("catalog-", &["format", "catalog", "day"]);

/// Whether a file with a name of ours has what we write under that name, or
/// nothing. Records have the keys that a product has chosen, so that a file of
/// them never counts.
pub(crate) fn reads_as_ours(path: &Path) -> bool {
    let name = path.file_name().and_then(OsStr::to_str).unwrap_or_default();
    let Ok(Some(text)) = private_file::read(path) else { return false };
    let text = text.trim();
    let has = |text: &str, keys: &[&str]| {
        let json: Json = text.parse().unwrap_or_default();
        keys.iter().all(|key| json.get(key).is_some())
    };
    let known = KEYS.iter().find(|(end, _)| name.ends_with(end)).map(|(_, keys)| *keys);
    let known = known.or_else(|| name.starts_with(OF_VERSION.0).then_some(OF_VERSION.1));
    match known {
        _ if text.is_empty() => true,
        // The last one may be torn.
        Some(keys) if name.ends_with(".jsonl") => text.lines().any(|line| has(line, keys)),
        Some(keys) => has(text, keys),
        // Letters of what was lost and what was started, and numbers.
        None => text.bytes().all(|byte| byte.is_ascii_digit() || b"fbws".contains(&byte)),
    }
}

/// Whether a link leads to nothing, so that there is nothing to change.
pub(crate) fn leads_nowhere(path: &Path) -> bool {
    path.is_symlink() && matches!(led_to(path), Ok(None))
}

/// The file that a path means in the end; `None` if a link leads nowhere, or
/// in a circle.
fn led_to(path: &Path) -> Result<Option<PathBuf>, Cause> {
    if let Ok(link) = fs::symlink_metadata(path)
        && link.is_symlink()
    {
        check_link(path, &link)?;
    }
    match fs::canonicalize(path) {
        Ok(target) => Ok(Some(target)),
        Err(error) if error.kind() == io::ErrorKind::NotFound || is_circle(&error) => Ok(None),
        Err(error) => Err(error.into()),
    }
}

/// Replaces the content without another file. The new text is written over the
/// old one first: whenever this ends, no reader finds the old text whole.
fn in_place(path: &Path, text: &str) -> Result<(), Cause> {
    let mut file = open(path)?;
    let metadata = file.metadata()?;
    if !metadata.is_file() {
        return Err(Cause::NotOurs(NOT_REGULAR));
    }
    ownership(&file, &metadata)?.check_owner()?;
    private_file::within_limit(text.len() as u64)?;
    file.write_all(text.as_bytes())?;
    file.set_len(text.len() as u64)?;
    Ok(file.sync_all()?)
}

fn open(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.write(true);
    private(&mut options);
    in_use::open(path, || options.open(path))
}

#[cfg(unix)]
fn is_circle(error: &io::Error) -> bool {
    error.raw_os_error() == Some(libc::ELOOP)
}

/// `ERROR_CANT_RESOLVE_FILENAME`
#[cfg(not(unix))]
fn is_circle(error: &io::Error) -> bool {
    error.raw_os_error() == Some(1921)
}

#[cfg(all(test, unix))]
mod tests {
    use std::os::unix::fs::symlink;

    use headcount_testkit::Home;

    use super::*;

    #[test]
    fn a_chain_of_links_stays_and_its_end_is_emptied() {
        let home = Home::new();
        let end = home.write("dotfiles/tool.json", "secret");
        let (one, two) = (home.path().join("one"), home.path().join("two"));
        symlink(&end, &one).unwrap();
        symlink("one", &two).unwrap();
        wipe(&two).unwrap();
        assert!(one.is_symlink() && two.is_symlink());
        assert_eq!(home.read("dotfiles/tool.json"), "");
    }

    #[test]
    fn a_link_that_leads_nowhere_has_no_content_and_stays() {
        let home = Home::new();
        let (gone, this, that) =
            (home.path().join("gone"), home.path().join("this"), home.path().join("that"));
        symlink("missing/file", &gone).unwrap();
        symlink("that", &this).unwrap();
        symlink("this", &that).unwrap();
        for path in [&gone, &this] {
            assert!(leads_nowhere(path));
            wipe(path).unwrap();
            rewrite(path, "text").unwrap();
            assert!(path.is_symlink());
        }
        assert!(!home.path().join("missing").exists());
        assert!(!leads_nowhere(&home.path().join("nothing")));
    }

    #[test]
    fn every_name_of_a_file_loses_the_content() {
        let home = Home::new();
        let ours = home.write("ours", "secret and more");
        fs::hard_link(&ours, home.path().join("theirs")).unwrap();
        rewrite(&ours, "less").unwrap();
        assert_eq!(home.read("theirs"), "less");
        wipe(&ours).unwrap();
        assert!(!ours.exists());
        assert_eq!(home.read("theirs"), "");
    }

    #[test]
    fn a_file_that_may_be_somebodys_is_not_emptied() {
        let home = Home::new();
        let other = home.write("keys", "mine");
        let same = home.write("dotfiles/tally.json", r#"{"format":1,"tried":1,"told":{}}"#);
        let named = home.write("sums/tally.json", r#"{"format":1,"sum":1}"#);
        let link = |name: &str, target: &Path| {
            let path = home.path().join(name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            symlink(target, &path).unwrap();
            path
        };
        let (planted, stowed) = (link("a/tally.json", &other), link("b/tally.json", &same));
        let alike = link("c/tally.json", &named);
        for path in [&planted, &stowed, &alike] {
            remove_ours(path).unwrap();
        }
        assert!(!planted.is_symlink() && stowed.is_symlink() && !alike.is_symlink());
        assert_eq!(home.read("keys"), "mine");
        assert_eq!(home.read("dotfiles/tally.json"), "");
        assert_eq!(home.read("sums/tally.json"), r#"{"format":1,"sum":1}"#);
        // The name of a hard link proves nothing, nor does what is in it: it is
        // not ours alone.
        let name = home.path().join("tally.json");
        fs::hard_link(&named, &name).unwrap();
        remove_ours(&name).unwrap();
        assert!(!name.exists());
        assert_eq!(home.read("sums/tally.json"), r#"{"format":1,"sum":1}"#);
    }

    /// A person may have put it there to keep anything from being written.
    #[test]
    fn what_is_not_a_file_is_left_alone() {
        let home = Home::new();
        let path = home.path().join("device_id");
        symlink("/dev/null", &path).unwrap();
        wipe(&path).unwrap();
        assert!(path.is_symlink() && Path::new("/dev/null").exists());
    }
}

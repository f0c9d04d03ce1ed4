//! Removing what is in a file that may be a link or have more names than one,
//! as dotfile managers make them. What a link leads to is changed, and the link
//! stays; what a hard link shares is changed under every name.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use super::error::{Cause, DiskError};
use super::opened::private;
use super::ownership::{check_link, names, ownership};
use super::private_file::{self, Expected, sweep};
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
    rewrite_over(path, Expected::Anything, text)
}

/// The same over a file that was read before.
///
/// # Errors
///
/// Those of [`wipe`]. Also returns an error if somebody else wrote the file
/// since it was read.
pub(crate) fn rewrite_over(
    path: &Path,
    expected: Expected<'_>,
    text: &str,
) -> Result<(), DiskError> {
    let failed = |cause| DiskError::new(path, cause);
    let Some(target) = led_to(path).map_err(failed)? else { return Ok(()) };
    let here = || expected.check(&target).and_then(|()| in_place(&target, text)).map_err(failed);
    match fs::metadata(&target) {
        Ok(metadata) if !metadata.is_file() => Ok(()),
        Ok(metadata) if names(&target, &metadata) > 1 => here(),
        // The folder of a dotfile manager may be closed while its files are
        // not.
        _ => match private_file::write_over(path, expected, text) {
            Err(error) if !error.is_changed() => here().map_err(|_| error),
            done => done,
        },
    }
}

/// Removes a file of our own folder. Nobody is expected to link one, so a link
/// goes, and what it leads to is emptied only if it has the same name, as a
/// dotfile manager gives it: any other file may be somebody's.
///
/// # Errors
///
/// Those of [`wipe`].
pub(crate) fn remove_ours(path: &Path) -> Result<(), DiskError> {
    if path.is_symlink() {
        let target = led_to(path).ok().flatten();
        if target.is_some_and(|target| target.file_name() == path.file_name()) {
            return wipe(path);
        }
        return private_file::remove(path);
    }
    wipe(path)
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
        let same = home.write("dotfiles/tally.json", "ours");
        let (planted, stowed) = (home.path().join("tally"), home.path().join("tally.json"));
        symlink(&other, &planted).unwrap();
        symlink(&same, &stowed).unwrap();
        remove_ours(&planted).unwrap();
        remove_ours(&stowed).unwrap();
        assert!(!planted.is_symlink() && stowed.is_symlink());
        assert_eq!(
            (home.read("keys"), home.read("dotfiles/tally.json")),
            ("mine".into(), String::new())
        );
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

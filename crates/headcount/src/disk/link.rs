//! Removing what is in a file that may be a link or have more names than one,
//! as dotfile managers make them. What a link leads to is changed, and the link
//! stays; what a hard link shares is changed under every name.
//!
//! In our own folder nobody has to make links, and whoever can plant one there
//! chooses its name. So a file there is emptied behind a link only if it has
//! the link's name and reads as a file of ours, and never under a second name.

use std::ffi::OsStr;
use std::fs::{self, File, OpenOptions};
use std::io::{self, Read as _, Seek as _, SeekFrom, Write as _};
use std::path::{Path, PathBuf};

use serde_json::Value as Json;

use super::error::{Cause, DiskError};
use super::opened::private;
use super::ownership::{check_link, names, ownership};
use super::private_file::{self, Expected, sweep};
use super::{NOT_REGULAR, in_use};
use crate::limits;

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
        target.is_some_and(|target| {
            let read = || private_file::read(&target).ok().flatten();
            target.file_name() == path.file_name()
                && read().is_some_and(|text| reads_as_ours(path, &text))
        })
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

/// Whether a text is what we write into a file with this name of ours, or
/// nothing. Records have the keys that a product has chosen, so that a file of
/// them never counts.
pub(crate) fn reads_as_ours(path: &Path, text: &str) -> bool {
    let name = path.file_name().and_then(OsStr::to_str).unwrap_or_default();
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

/// Replaces the content without another file.
fn in_place(path: &Path, text: &str) -> Result<(), Cause> {
    let mut file = open(path, !text.is_empty())?;
    let metadata = file.metadata()?;
    if !metadata.is_file() {
        return Err(Cause::NotOurs(NOT_REGULAR));
    }
    ownership(&file, &metadata)?.check_owner()?;
    if text.is_empty() {
        file.set_len(0)?;
        return Ok(file.sync_all()?);
    }
    if metadata.len() > limits::SETTINGS_BYTES {
        return Err(Cause::Damaged("longer than 1 MiB".to_owned()));
    }
    private_file::within_limit(metadata.len().max(text.len() as u64))?;
    let old = Bytes::whole(&mut file)?;
    Ok(write_over(&mut file, &old, text.as_bytes())?)
}

/// What is done to an open file, and to the one of the tests.
trait Bytes {
    fn whole(&mut self) -> io::Result<Vec<u8>>;
    fn put(&mut self, at: usize, bytes: &[u8]) -> io::Result<()>;
    fn cut(&mut self, length: usize) -> io::Result<()>;
    fn sync(&mut self) -> io::Result<()>;
}

impl Bytes for File {
    fn whole(&mut self) -> io::Result<Vec<u8>> {
        let mut bytes = Vec::new();
        self.rewind()?;
        self.take(limits::SETTINGS_BYTES + 1).read_to_end(&mut bytes)?;
        Ok(bytes)
    }

    fn put(&mut self, at: usize, bytes: &[u8]) -> io::Result<()> {
        self.seek(SeekFrom::Start(at as u64))?;
        self.write_all(bytes)
    }

    fn cut(&mut self, length: usize) -> io::Result<()> {
        self.set_len(length as u64)
    }

    fn sync(&mut self) -> io::Result<()> {
        self.sync_all()
    }
}

/// Replaces a text by another one. Both get the same length first, by empty
/// lines at the end, which change nothing in a settings file: so one write
/// makes one of the other, and between two steps there is the old text or the
/// new one.
///
/// A disk that is full in the middle of that write gets the old text back. If
/// even that fails, a byte that is in no text keeps everybody from reading a
/// mixture of both, or only what both begin with is left.
///
/// What remains is a loss of power, or a process that is killed, in the middle
/// of that one write: over several pages there may be such a mixture.
fn write_over(file: &mut impl Bytes, old: &[u8], new: &[u8]) -> io::Result<()> {
    let same = old.iter().zip(new).take_while(|(old, new)| old == new).count();
    let length = old.len().max(new.len());
    let filled = |text: &[u8]| {
        let mut text = text.to_vec();
        text.resize(length, b'\n');
        text
    };
    if let Some(more) = filled(old).get(old.len()..).filter(|more| !more.is_empty())
        && let Err(error) = file.put(old.len(), more)
    {
        let _ = file.cut(old.len());
        return Err(error);
    }
    if let Err(error) = file.put(same, &filled(new)[same..]) {
        let is_back = file.put(same, &filled(old)[same..]).is_ok();
        if is_back || file.whole().is_ok_and(|whole| whole == filled(old)) {
            let _ = file.cut(old.len());
        } else if file.put(same, &[0]).is_err() {
            let _ = file.cut(same);
        }
        let _ = file.sync();
        return Err(error);
    }
    // The length must not be on the disk before the text is.
    let synced = file.sync();
    file.cut(new.len())?;
    synced.and(file.sync())
}

fn open(path: &Path, is_read: bool) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.write(true).read(is_read);
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

#[cfg(test)]
mod tests_in_place {
    use super::*;

    /// A file whose disk gets full, or whose writer is killed.
    struct Disk {
        bytes: Vec<u8>,
        /// Bytes that can still be written.
        room: usize,
        /// Bytes that can be written after that: what was freed meanwhile.
        freed: usize,
        /// Calls until the writer is killed.
        calls: usize,
    }

    impl Disk {
        fn call(&mut self) -> io::Result<()> {
            self.calls = self.calls.checked_sub(1).ok_or(io::ErrorKind::Interrupted)?;
            Ok(())
        }

        fn text(&self) -> &str {
            str::from_utf8(&self.bytes).unwrap()
        }
    }

    impl Bytes for Disk {
        fn whole(&mut self) -> io::Result<Vec<u8>> {
            self.call().map(|()| self.bytes.clone())
        }

        fn put(&mut self, at: usize, bytes: &[u8]) -> io::Result<()> {
            self.call()?;
            let fits = bytes.len().min(self.room);
            self.bytes.resize(self.bytes.len().max(at + fits), b'?');
            self.bytes[at..at + fits].copy_from_slice(&bytes[..fits]);
            self.room -= fits;
            if fits < bytes.len() {
                self.room = std::mem::take(&mut self.freed);
                return Err(io::ErrorKind::StorageFull.into());
            }
            Ok(())
        }

        fn cut(&mut self, length: usize) -> io::Result<()> {
            self.call()?;
            self.bytes.truncate(length);
            Ok(())
        }

        fn sync(&mut self) -> io::Result<()> {
            self.call()
        }
    }

    #[test]
    fn the_byte_that_is_in_no_text_keeps_everybody_from_reading_it() {
        use headcount_settings::{Format, get};

        for (format, text) in [
            (Format::Toml, "\0enabled = true\n"),
            (Format::Toml, "enabled = true\n# a\0b\n"),
            (Format::Yaml, "\0enabled: true\n"),
            (Format::Yaml, "enabled: true\n# a\0b\n"),
            (Format::Json, "\0{\"enabled\": true}\n"),
            (Format::Json, "{\"enabled\": true, \"a\": \"\0\"}\n"),
        ] {
            assert!(get(format, text, "enabled").is_err(), "{text:?}");
        }
    }

    const TEXTS: [(&str, &str); 4] = [
        ("enabled = true\nid = \"5e0f\"\nkey = 1\n", "enabled = true\nkey = 1\n"),
        ("enabled = true\nid = \"5e0f\"\nkey = 1\n", "key = 1\n"),
        ("id = \"5e0f\"\n", "id = \"\"\n# longer than it was\n"),
        ("enabled = true\n", "enabled = true\n"),
    ];

    #[test]
    fn whoever_is_killed_between_two_steps_leaves_the_old_text_or_the_new_one() {
        for (old, new) in TEXTS {
            for calls in 0..6 {
                let bytes = old.as_bytes().to_vec();
                let mut disk = Disk { bytes, room: usize::MAX, freed: 0, calls };
                let done = write_over(&mut disk, old.as_bytes(), new.as_bytes());
                let now = disk.text();
                if done.is_ok() {
                    assert_eq!(now, new, "{calls}");
                } else {
                    // Empty lines at the end say nothing.
                    assert!([old, new].map(str::trim_end).contains(&now.trim_end()), "{now:?}");
                }
            }
        }
    }

    #[test]
    fn a_full_disk_leaves_the_old_text_or_nothing_that_is_a_mixture() {
        for (old, new) in TEXTS {
            for room in 0..80 {
                for freed in [0, 1, usize::MAX] {
                    let bytes = old.as_bytes().to_vec();
                    let mut disk = Disk { bytes, room, freed, calls: usize::MAX };
                    let done = write_over(&mut disk, old.as_bytes(), new.as_bytes());
                    let now = disk.text();
                    let is_common = old.starts_with(now) && new.starts_with(now);
                    match (done, freed) {
                        (Ok(()), _) => assert_eq!(now, new),
                        (Err(_), usize::MAX) => assert_eq!(now, old, "{room}"),
                        (Err(_), _) => {
                            assert!(now == old || is_common || now.contains('\0'), "{now:?}");
                        }
                    }
                }
            }
        }
    }
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

//! Files that only the person may use: read up to a limit, written whole or not
//! at all, mode 0600 in folders of mode 0700. Links and special files are not
//! followed.

#[cfg(test)]
#[path = "tests.rs"]
mod tests;

use std::ffi::OsString;
use std::fs::{self, File, OpenOptions};
use std::io::{self, Read as _, Seek as _, Write as _};
use std::mem;
use std::path::{Path, PathBuf};

use super::error::{Cause, DiskError};
use super::opened::{create_folder, open_or_create, sync_folder, to_read};
use super::ownership::{Writers, owners_alone, ownership};
use super::{NOT_REGULAR, in_use, is_missing};
use crate::{limits, random};

pub(super) use super::opened::{create, private};

/// Reads the text of a file; `None` if there is no file.
///
/// # Errors
///
/// Returns an error if the file cannot be opened, is not a regular file, is too
/// long, is not UTF-8, can be written by everybody, belongs to another user, or
/// is a link to a missing file.
pub(crate) fn read(path: &Path) -> Result<Option<String>, DiskError> {
    Ok(read_with_writers(path)?.map(|(text, _)| text))
}

/// Reads the text of a file, and who else may have written it.
///
/// # Errors
///
/// Those of [`read`].
pub(crate) fn read_with_writers(path: &Path) -> Result<Option<(String, Writers)>, DiskError> {
    match try_read(path) {
        Err(cause) if is_not_found(&cause) => {
            if is_free(path) {
                return Ok(None);
            }
            // It was made just now. If it cannot be opened again, it is there
            // and may hold a no.
            try_read(path)
        }
        read => read,
    }
    .map(Some)
    .map_err(|cause| DiskError::new(path, cause))
}

fn is_not_found(cause: &Cause) -> bool {
    matches!(cause, Cause::System(error) if is_missing(error))
}

/// Whether nothing has this name. A file whose content is lost, as on a network
/// mount, may still have one.
pub(crate) fn is_free(path: &Path) -> bool {
    fs::symlink_metadata(path).is_err_and(|error| is_missing(&error))
}

fn try_read(path: &Path) -> Result<(String, Writers), Cause> {
    let file = to_read(path)?;
    let metadata = file.metadata()?;
    if !metadata.is_file() {
        return Err(Cause::NotOurs(NOT_REGULAR));
    }
    let whose = ownership(&file, &metadata)?;
    whose.check()?;
    if metadata.len() > limits::SETTINGS_BYTES {
        return Err(Cause::Damaged("longer than 1 MiB".to_owned()));
    }
    let text = whole(path, &file, usize::try_from(metadata.len()).unwrap_or(0))?;
    Ok((decoded(text).map_err(|why| Cause::Damaged(why.to_owned()))?, whose.writers))
}

/// The text of these bytes, or why they are none.
fn decoded(bytes: Vec<u8>) -> Result<String, &'static str> {
    // With a mark, or the first letter of any settings file without one. A file
    // of zeros is what a loss of power leaves.
    let is_utf_16 = matches!(&bytes[..], [0xff, 0xfe, ..] | [0xfe, 0xff, ..])
        || matches!(&bytes[..], [first, second, ..] if (*first == 0) != (*second == 0));
    if is_utf_16 {
        return Err("it is UTF-16, as `>` of Windows PowerShell writes it: save it as UTF-8");
    }
    String::from_utf8(bytes).map_err(|_| "not valid UTF-8")
}

/// Reads a file of about `bytes` bytes. Room for one more byte shows the end of
/// the file without a second read.
fn whole(path: &Path, file: &File, bytes: usize) -> io::Result<Vec<u8>> {
    let mut is_first = true;
    in_use::open(path, || {
        if !mem::take(&mut is_first) {
            (&mut &*file).rewind()?;
        }
        try_whole(file, bytes)
    })
}

fn try_whole(mut file: &File, bytes: usize) -> io::Result<Vec<u8>> {
    let mut text = vec![0; bytes + 1];
    let read = loop {
        match file.read(&mut text) {
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            read => break read?,
        }
    };
    text.truncate(read);
    if read != bytes {
        // It grew or shrank meanwhile.
        file.take(limits::SETTINGS_BYTES).read_to_end(&mut text)?;
    }
    Ok(text)
}

/// Writes a whole file: a new one beside it, synced, then renamed over it. The
/// folder is synced too, so that a loss of power cannot bring the old file
/// back.
///
/// # Errors
///
/// Returns an error if the file cannot be written. The old file is then
/// unchanged.
pub(crate) fn write(path: &Path, text: &str) -> Result<(), DiskError> {
    write_over(path, Expected::Anything, text)
}

/// The same over a file that was read before. What somebody else has written
/// meanwhile is not lost: it is looked at once more when the new text is on the
/// disk, right before the rename.
///
/// # Errors
///
/// Those of [`write`]. Also returns an error if the file is not as expected,
/// for which [`retried`] begins anew.
pub(crate) fn write_over(path: &Path, expected: Expected<'_>, text: &str) -> Result<(), DiskError> {
    replace(path, expected, text, Mode::Checked).map_err(|cause| DiskError::new(path, cause))
}

/// What a file is expected to hold when it is replaced.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Expected<'a> {
    /// Whatever is there is replaced.
    Anything,
    /// There is no file.
    Nothing,
    /// This text.
    Text(&'a str),
}

impl<'a> Expected<'a> {
    /// What was read: a text, or that there was no file.
    pub(crate) fn read(text: Option<&'a str>) -> Self {
        text.map_or(Self::Nothing, Self::Text)
    }

    /// Whether a file is so now.
    ///
    /// # Errors
    ///
    /// Returns an error if it is not.
    pub(crate) fn check(self, path: &Path) -> Result<(), Cause> {
        let is_so = match self {
            Self::Anything => true,
            Self::Nothing => is_free(path),
            Self::Text(text) => try_read(path).is_ok_and(|(now, _)| now == text),
        };
        if is_so { Ok(()) } else { Err(Cause::Changed) }
    }
}

/// Whether a change is tried again where somebody else changes the same file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Turn {
    Another,
    Last,
}

impl Turn {
    /// What a file that was read is expected to hold. A no is written in the
    /// last turn, whatever is there.
    pub(crate) fn of_a_no<'a>(self, read: Expected<'a>) -> Expected<'a> {
        if self == Self::Last { Expected::Anything } else { read }
    }
}

/// Reads, edits and writes: begins anew if somebody else has written meanwhile.
///
/// # Errors
///
/// Returns the error of the last turn.
pub(crate) fn retried<T>(
    mut act: impl FnMut(Turn) -> Result<T, DiskError>,
) -> Result<T, DiskError> {
    for _ in 1..limits::CHANGE_TURNS {
        match act(Turn::Another) {
            Err(error) if error.is_changed() => {}
            done => return done,
        }
    }
    act(Turn::Last)
}

/// Whether a file may be replaced that gets another mode than it had.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Mode {
    /// The mode is kept, or nothing is written.
    Checked,
    /// If the mode cannot be kept, only the owner may use the file.
    Tried,
}

/// Replaces a file, as [`write_over`] does.
pub(super) fn replace(
    path: &Path,
    expected: Expected<'_>,
    text: &str,
    mode: Mode,
) -> Result<(), Cause> {
    let folder = path.parent().ok_or_else(|| io::Error::other("its path has no folder"))?;
    within_limit(text.len() as u64)?;
    // A folder that cannot be looked at may be there.
    let made = try_make_folder(folder);
    // A settings file that is a link stays a link: its target is replaced.
    let target = fs::canonicalize(path).unwrap_or_else(|_| path.to_path_buf());
    // A link to the null device, as people make them against telemetry, must
    // not cost whoever is root that device.
    if fs::metadata(&target).is_ok_and(|metadata| !metadata.is_file()) {
        return Err(Cause::NotOurs(NOT_REGULAR));
    }
    sweep(&target);
    let fresh = fresh_beside(&target)?;
    let created = create(&fresh).map_err(|error| made.err().unwrap_or(error));
    let written = created.and_then(|mut file| {
        if let Ok(metadata) = fs::metadata(&target) {
            let kept = file.set_permissions(owners_alone(&metadata));
            if mode == Mode::Checked {
                kept?;
            }
        }
        file.write_all(text.as_bytes())?;
        file.sync_all()
    });
    let written = written.map_err(Cause::from).and_then(|()| expected.check(&target));
    let done = written.and_then(|()| Ok(in_use::rename(&fresh, &target)?));
    if done.is_err() {
        let _ = in_use::remove(&fresh);
    } else if let Some(folder) = target.parent() {
        sync_folder(folder);
    }
    done
}

/// Writes a new file, synced, and returns its path beside `path`, whose name it
/// is to get.
pub(super) fn write_beside(path: &Path, text: &str) -> io::Result<PathBuf> {
    if let Some(folder) = path.parent() {
        try_make_folder(folder)?;
    }
    within_limit(text.len() as u64)?;
    let fresh = fresh_beside(path)?;
    let written = create(&fresh).and_then(|mut file| {
        file.write_all(text.as_bytes())?;
        file.sync_all()
    });
    match written {
        Ok(()) => Ok(fresh),
        Err(error) => {
            let _ = in_use::remove(&fresh);
            Err(error)
        }
    }
}

/// A path for a new file that will get the name of `path`. If its writer is
/// killed, the next one removes it.
fn fresh_beside(path: &Path) -> io::Result<PathBuf> {
    let mut name = beside(path);
    name.push(random::random_hex()?);
    Ok(path.with_file_name(name))
}

/// The start of the name of such a file; 32 hexadecimal digits follow.
fn beside(path: &Path) -> OsString {
    let mut name = OsString::from(".");
    name.push(path.file_name().unwrap_or_default());
    name.push(".");
    name
}

/// Removes the new files of writers that were killed: they may hold an id that
/// is deleted by now. A writer that runs at this moment, without the lock, only
/// fails.
pub(super) fn sweep(path: &Path) {
    let Some(Ok(entries)) = path.parent().map(fs::read_dir) else { return };
    let start = beside(path);
    for entry in entries.flatten() {
        let name = entry.file_name();
        let rest = name.as_encoded_bytes().strip_prefix(start.as_encoded_bytes());
        let is_ours =
            rest.is_some_and(|rest| rest.len() == 32 && rest.iter().all(u8::is_ascii_hexdigit));
        if is_ours {
            let _ = fs::remove_file(entry.path());
        }
    }
}

/// Appends text to a file.
///
/// # Errors
///
/// Returns an error if the system refuses.
pub(crate) fn append(path: &Path, text: &str) -> Result<(), DiskError> {
    try_append(path, text).map_err(|cause| DiskError::new(path, cause))
}

fn try_append(path: &Path, text: &str) -> Result<(), Cause> {
    if let Some(folder) = path.parent() {
        try_make_folder(folder)?;
    }
    let mut options = OpenOptions::new();
    options.append(true);
    private(&mut options);
    let mut file = in_use::open(path, || open_or_create(&options, path))?;
    let metadata = file.metadata()?;
    if !metadata.is_file() {
        return Err(Cause::NotOurs(NOT_REGULAR));
    }
    within_limit(metadata.len().saturating_add(text.len() as u64))?;
    Ok(file.write_all(text.as_bytes())?)
}

/// Refuses to let a file grow beyond the process's limit (RLIMIT_FSIZE): the
/// system would kill the process, and that is the host.
pub(super) fn within_limit(bytes: u64) -> io::Result<()> {
    if bytes <= headcount_queue::file_limit_bytes() {
        Ok(())
    } else {
        Err(io::ErrorKind::FileTooLarge.into())
    }
}

/// Removes a file. A missing file is not an error.
///
/// # Errors
///
/// Returns an error if the system refuses.
pub(crate) fn remove(path: &Path) -> Result<(), DiskError> {
    sweep(path);
    match in_use::remove(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(DiskError::new(path, error)),
        _ => Ok(()),
    }
}

/// Creates a folder that only the person may enter. An existing folder is left
/// as it is.
///
/// # Errors
///
/// Returns an error if the system refuses.
pub(crate) fn make_folder(folder: &Path) -> Result<(), DiskError> {
    try_make_folder(folder).map_err(|error| DiskError::new(folder, error))
}

pub(super) fn try_make_folder(folder: &Path) -> io::Result<()> {
    if folder.is_dir() {
        return Ok(());
    }
    create_folder(folder)
}

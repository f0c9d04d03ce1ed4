//! Files that only the person may use: read up to a limit, written whole or not
//! at all, mode 0600 in folders of mode 0700. Links and special files are not
//! followed.

use std::ffi::OsString;
use std::fs::{self, File, OpenOptions};
use std::io::{self, Read as _, Write as _};
use std::path::{Path, PathBuf};

use super::error::{Cause, DiskError};
use super::ownership::{Writers, is_of_another_user, owners_alone, writable_by_others, writers};
use crate::{limits, random};

/// The path is a folder, a FIFO, a device or a socket.
const NOT_REGULAR: &str = "not a regular file";

/// The missing file may have held a no.
const LEADS_NOWHERE: &str = "a link to a file that does not exist";

#[cfg(test)]
#[path = "tests.rs"]
mod tests;

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
    matches!(cause, Cause::System(error) if error.kind() == io::ErrorKind::NotFound)
}

/// Whether nothing has this name. A file whose content is lost, as on a network
/// mount, may still have one.
pub(crate) fn is_free(path: &Path) -> bool {
    fs::symlink_metadata(path).is_err_and(|error| error.kind() == io::ErrorKind::NotFound)
}

fn try_read(path: &Path) -> Result<(String, Writers), Cause> {
    let file = open(path)?;
    let metadata = file.metadata()?;
    if !metadata.is_file() {
        return Err(Cause::NotOurs(NOT_REGULAR));
    }
    if writable_by_others(&metadata) {
        return Err(Cause::NotOurs("everybody can write to it"));
    }
    if is_of_another_user(&metadata) {
        return Err(Cause::NotOurs("it belongs to another user"));
    }
    if metadata.len() > limits::SETTINGS_BYTES {
        return Err(Cause::Damaged("longer than 1 MiB".to_owned()));
    }
    let text = whole(file, usize::try_from(metadata.len()).unwrap_or(0))?;
    Ok((decoded(text).map_err(|why| Cause::Damaged(why.to_owned()))?, writers(&metadata)))
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
fn whole(mut file: File, bytes: usize) -> io::Result<Vec<u8>> {
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
    replace(path, text, Mode::Checked).map_err(|error| DiskError::new(path, error))
}

/// Whether a file may be replaced that gets another mode than it had.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Mode {
    /// The mode is kept, or nothing is written.
    Checked,
    /// If the mode cannot be kept, only the owner may use the file.
    Tried,
}

pub(super) fn replace(path: &Path, text: &str, mode: Mode) -> io::Result<()> {
    let folder = path.parent().ok_or_else(|| io::Error::other("its path has no folder"))?;
    within_limit(text.len() as u64)?;
    // A folder that cannot be looked at may be there.
    let made = try_make_folder(folder);
    // A settings file that is a link stays a link: its target is replaced.
    let target = fs::canonicalize(path).unwrap_or_else(|_| path.to_path_buf());
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
    let done = written.and_then(|()| fs::rename(&fresh, &target));
    if done.is_err() {
        let _ = fs::remove_file(&fresh);
    } else if let Some(folder) = target.parent() {
        sync_folder(folder);
    }
    done
}

/// Makes a change of names in a folder last. Not every file system can; then
/// the new file is there all the same, unless the power is lost.
#[cfg(unix)]
fn sync_folder(folder: &Path) {
    if let Ok(folder) = File::open(folder) {
        let _ = folder.sync_all();
    }
}

/// Windows has no such call: NTFS writes changes of names to its journal.
#[cfg(not(unix))]
fn sync_folder(_folder: &Path) {}

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
            let _ = fs::remove_file(&fresh);
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
    options.append(true).create(true);
    private(&mut options);
    let mut file = options.open(path)?;
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
    match fs::remove_file(path) {
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
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::DirBuilderExt as _;
        builder.mode(0o700);
    }
    builder.create(folder)
}

/// Creates a file that only the person may use. Nothing may have its name.
pub(super) fn create(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    private(&mut options);
    options.open(path)
}

/// Opens a file for reading. A settings file may be a link that the person
/// made, as dotfile managers do; a FIFO must not block the host.
#[cfg(unix)]
fn open(path: &Path) -> Result<File, Cause> {
    use std::os::unix::fs::OpenOptionsExt as _;

    let with = |more: libc::c_int| {
        let flags = libc::O_NONBLOCK | libc::O_NOCTTY | libc::O_CLOEXEC | more;
        OpenOptions::new().read(true).custom_flags(flags).open(path)
    };
    match with(libc::O_NOFOLLOW) {
        // FreeBSD returns EMLINK where others return ELOOP.
        Err(error) if error.kind() != io::ErrorKind::NotFound && path.is_symlink() => {
            let link = fs::symlink_metadata(path)?;
            if is_of_another_user(&link) {
                // It could point to any file that says yes.
                return Err(Cause::NotOurs("a link made by another user"));
            }
            match with(0) {
                // The missing file may have held a no.
                Err(error) if error.kind() == io::ErrorKind::NotFound => {
                    Err(Cause::NotOurs(LEADS_NOWHERE))
                }
                file => Ok(file?),
            }
        }
        file => Ok(file?),
    }
}

/// Links need a privilege on Windows, and only the user may write to the
/// profile folder.
#[cfg(not(unix))]
fn open(path: &Path) -> Result<File, Cause> {
    match OpenOptions::new().read(true).open(path) {
        // The missing file may have held a no.
        Err(error) if error.kind() == io::ErrorKind::NotFound && path.is_symlink() => {
            Err(Cause::NotOurs(LEADS_NOWHERE))
        }
        file => Ok(file?),
    }
}

#[cfg(unix)]
pub(super) fn private(options: &mut OpenOptions) {
    use std::os::unix::fs::OpenOptionsExt as _;
    let flags = libc::O_NOFOLLOW | libc::O_NONBLOCK | libc::O_NOCTTY | libc::O_CLOEXEC;
    options.mode(0o600).custom_flags(flags);
}

/// On Windows only the user may write to the profile folder.
#[cfg(not(unix))]
pub(super) fn private(_options: &mut OpenOptions) {}

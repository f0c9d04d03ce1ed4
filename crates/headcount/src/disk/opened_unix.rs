//! How files are opened and created on Unix: mode 0600 in folders of mode 0700,
//! no link is followed but a settings file's, and nothing blocks.

use std::fs::{self, File, Metadata, OpenOptions};
use std::io;
use std::os::unix::fs::{MetadataExt as _, OpenOptionsExt as _};
use std::path::Path;

use super::LEADS_NOWHERE;
use super::error::Cause;
use super::ownership::check_link;

pub(super) use headcount_queue::create_private_folder as create_folder;

/// Opens a file for reading. A settings file may be a link that the person
/// made, as dotfile managers do; a FIFO must not block the host.
pub(super) fn to_read(path: &Path) -> Result<File, Cause> {
    let with = |more: libc::c_int| {
        let flags = libc::O_NONBLOCK | libc::O_NOCTTY | libc::O_CLOEXEC | more;
        OpenOptions::new().read(true).custom_flags(flags).open(path)
    };
    match with(libc::O_NOFOLLOW) {
        // FreeBSD returns EMLINK where others return ELOOP.
        Err(error) if error.kind() != io::ErrorKind::NotFound && path.is_symlink() => {
            check_link(path, &fs::symlink_metadata(path)?)?;
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

/// Lets a file be opened or created that only the person may use.
pub(super) fn private(options: &mut OpenOptions) {
    let flags = libc::O_NOFOLLOW | libc::O_NONBLOCK | libc::O_NOCTTY | libc::O_CLOEXEC;
    options.mode(0o600).custom_flags(flags);
}

/// Creates a file that only the person may use. Nothing may have its name.
pub(super) fn create(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    private(&mut options);
    options.open(path)
}

/// Opens a file with these options, and creates it if it is missing.
pub(super) fn open_or_create(options: &OpenOptions, path: &Path) -> io::Result<File> {
    options.clone().create(true).open(path)
}

/// Whether an open file still has this name. A file that was removed, or has
/// another name only, as in a copy by hard links, locks nobody out.
pub(crate) fn is_linked(file: &File, path: &Path) -> io::Result<bool> {
    let itself = |metadata: Metadata| (metadata.dev(), metadata.ino());
    match fs::symlink_metadata(path) {
        Ok(named) => Ok(itself(named) == itself(file.metadata()?)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(false),
        Err(error) => Err(error),
    }
}

/// Makes a change of names in a folder last. Not every file system can; then
/// the new file is there all the same, unless the power is lost.
pub(super) fn sync_folder(folder: &Path) {
    if let Ok(folder) = File::open(folder) {
        let _ = folder.sync_all();
    }
}

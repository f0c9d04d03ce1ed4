//! Writes a no by every means there is. A yes is written whole or not at all; a
//! no must not be lost because a file is a mount point, its mode cannot be kept
//! or the disk is full.

use std::fs::{self, OpenOptions};
use std::io::{self, Seek as _, SeekFrom, Write as _};
use std::path::Path;

use super::error::{Cause, DiskError};
use super::in_use;
use super::private_file::{self, Expected, Mode};

/// Writes a whole file that holds a no: replaced if possible, else changed in
/// place, or created without a replacement. A disk that cannot confirm what was
/// written last does not lose it: then it is there unless the power is lost.
///
/// # Errors
///
/// Returns the error of the replacement if none of that works. The file is then
/// as it was, unless the disk failed while the old text was put back. Also
/// returns an error if somebody else wrote the file since it was read.
pub(crate) fn write(
    path: &Path,
    expected: Expected<'_>,
    before: Option<&str>,
    text: &str,
) -> Result<(), DiskError> {
    private_file::replace(path, expected, text, Mode::Tried)
        .or_else(|cause| {
            if matches!(cause, Cause::Changed) {
                return Err(cause);
            }
            let written = match before {
                Some(before) => in_place(path, before, text),
                None => anew(path, text),
            };
            written.map_err(|_| cause)
        })
        .map_err(|cause| DiskError::new(path, cause))
}

/// Writes over the text of a file, from the first byte that differs: what is
/// before it cannot be damaged. Blocks that the old text has are there, so a
/// full disk refuses only what is longer; then the old text is put back.
fn in_place(path: &Path, before: &str, text: &str) -> io::Result<()> {
    private_file::within_limit(text.len().max(before.len()) as u64)?;
    // What a link leads to may be written, as when the file is replaced.
    let target = fs::canonicalize(path)?;
    let mut options = OpenOptions::new();
    options.write(true);
    private_file::private(&mut options);
    let mut file = in_use::open(&target, || options.open(&target))?;
    if !file.metadata()?.is_file() {
        return Err(io::ErrorKind::InvalidInput.into());
    }
    let same = before.bytes().zip(text.bytes()).take_while(|(old, new)| old == new).count();
    let mut put = |text: &str| {
        file.seek(SeekFrom::Start(same as u64))?;
        file.write_all(&text.as_bytes()[same..])?;
        file.set_len(text.len() as u64)
    };
    let written = put(text);
    if written.is_err() {
        let _ = put(before);
    }
    let _ = file.sync_all();
    written
}

/// Writes a file where there is none.
fn anew(path: &Path, text: &str) -> io::Result<()> {
    private_file::within_limit(text.len() as u64)?;
    let mut file = private_file::create(path)?;
    let written = file.write_all(text.as_bytes());
    if written.is_err() {
        let _ = in_use::remove(path);
    }
    let _ = file.sync_all();
    written
}

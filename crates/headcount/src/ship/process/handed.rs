//! The standard input of a started process: a pipe that is filled already.

use std::io::{self, PipeReader, Write as _};

use crate::limits;

/// Returns a pipe with these bytes in it: the writer never waits for the
/// reader, and gets no error if the reader ends early.
pub(super) fn handed(input: &[u8]) -> io::Result<PipeReader> {
    if input.len() > limits::HANDED_BYTES {
        return Err(io::Error::other("the input is longer than a pipe certainly holds"));
    }
    let (reader, mut writer) = io::pipe()?;
    writer.write_all(input)?;
    Ok(reader)
}

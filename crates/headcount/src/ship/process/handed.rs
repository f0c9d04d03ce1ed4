//! What a process that is started finds on its standard input.

use std::io::{self, PipeReader, Write as _};

use crate::limits;

/// A pipe that has these bytes in it already: nobody waits for a reader, and
/// one that ends early breaks no pipe.
pub(super) fn handed(input: &[u8]) -> io::Result<PipeReader> {
    if input.len() > limits::HANDED_BYTES {
        return Err(io::Error::other("that is more than a pipe surely holds"));
    }
    let (reader, mut writer) = io::pipe()?;
    writer.write_all(input)?;
    Ok(reader)
}

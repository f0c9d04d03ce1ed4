//! The bare system calls that a record and a start are compared with.

use std::fs::{File, OpenOptions};
use std::io::{self, Seek as _, Write as _};
use std::os::unix::fs::FileExt as _;
use std::path::Path;
use std::time::Instant;

/// Opens a segment to append, and to look at it.
pub(crate) fn opened(path: &Path) -> io::Result<File> {
    OpenOptions::new().read(true).append(true).create(true).open(path)
}

/// `open`, `write`, `close`.
pub(crate) fn unlocked(path: &Path, line: &[u8]) -> io::Result<()> {
    opened(path)?.write_all(line)
}

/// `open`, `flock`, `write`, `close`.
pub(crate) fn locked(path: &Path, line: &[u8]) -> io::Result<()> {
    let mut file = opened(path)?;
    file.lock_shared()?;
    file.write_all(line)
}

/// The same with everything else that the queue's protocol asks of the system:
/// `fstat` (is it still the open segment?), `pread` (does it end with a whole
/// line?), `lseek` (where did the line land?) and the second `flock` (a forking
/// thread must not keep the lock).
pub(crate) fn protocol(path: &Path, line: &[u8]) -> io::Result<()> {
    let mut file = opened(path)?;
    file.lock_shared()?;
    let bytes = file.metadata()?.len();
    if bytes > 0 {
        file.read_exact_at(&mut [0], bytes - 1)?;
    }
    file.write_all(line)?;
    file.stream_position()?;
    file.unlock()
}

/// Nanoseconds of one call, averaged over `calls`.
pub(crate) fn turn(calls: u32, mut call: impl FnMut() -> io::Result<()>) -> io::Result<f64> {
    let started = Instant::now();
    for _ in 0..calls {
        call()?;
    }
    Ok(started.elapsed().as_secs_f64() * 1e9 / f64::from(calls))
}

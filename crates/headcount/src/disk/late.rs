//! Debug builds on Linux: what a shipper did before it opened telemetry.
//!
//! A shipper starts without arguments of its own, without open files and with
//! an empty account of what it wrote. So if it has written something by the
//! time it opens telemetry, the program did that: its work is done a second
//! time by each shipper. The next run tells the program's author.

use std::fs;

use super::paths::Paths;
use super::{in_use, private_file};

/// Notes what this process has written so far, or removes the note of an
/// earlier one.
pub(crate) fn note(paths: &Paths, is_on: bool) {
    if !cfg!(debug_assertions) {
        return;
    }
    match written_bytes() {
        Some(bytes @ 1..) if is_on => {
            let _ = private_file::write(&paths.late(), &bytes.to_string());
        }
        _ => {
            let _ = in_use::remove(&paths.late());
        }
    }
}

/// Bytes that the last shipper wrote before it opened telemetry; `None` if it
/// opened it first.
pub(crate) fn read(paths: &Paths) -> Option<u64> {
    fs::read_to_string(paths.late()).ok()?.trim().parse().ok()
}

/// Bytes that this process has given to `write` and its relatives; `None` if
/// the system does not count them.
#[cfg(target_os = "linux")]
fn written_bytes() -> Option<u64> {
    let account = fs::read_to_string("/proc/self/io").ok()?;
    account.lines().find_map(|line| line.strip_prefix("wchar: "))?.parse().ok()
}

#[cfg(not(target_os = "linux"))]
fn written_bytes() -> Option<u64> {
    None
}

//! The Windows console gives whole lines, with Ctrl-C as usual: so no mode is
//! changed, and none has to be put back.

use std::ffi::c_void;
use std::io;
use std::os::windows::io::AsRawHandle as _;

use super::key::Key;

/// The console of standard input.
pub(super) struct Keys(());

#[link(name = "kernel32")]
#[expect(unsafe_code, reason = "std has no way to drop what was typed")]
unsafe extern "system" {
    fn FlushConsoleInputBuffer(input: *mut c_void) -> i32;
}

impl Keys {
    /// Begins, and drops what was typed before.
    ///
    /// # Errors
    ///
    /// Returns an error if standard input is not a console.
    pub(super) fn open() -> io::Result<Self> {
        // SAFETY: the handle is the standard input of this process, or null,
        // which the call refuses; it touches no memory of ours.
        #[expect(unsafe_code, reason = "see the declaration")]
        let done = unsafe { FlushConsoleInputBuffer(io::stdin().as_raw_handle()) };
        if done == 0 { Err(io::Error::last_os_error()) } else { Ok(Self(())) }
    }

    /// Waits for a line: its first letter is the answer.
    ///
    /// # Errors
    ///
    /// Returns an error if the console was closed.
    #[expect(clippy::unused_self, clippy::needless_pass_by_ref_mut, reason = "as on Unix")]
    pub(super) fn next(&mut self) -> io::Result<Key> {
        let mut line = String::new();
        if io::stdin().read_line(&mut line)? == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        Ok(match line.trim_start().chars().next() {
            Some('y' | 'Y') => Key::Yes,
            Some('e' | 'E') => Key::Example,
            _ => Key::No,
        })
    }
}

//! Raw mode of the terminal, from the moment the question is shown until it is
//! answered.
//!
//! The prompt library sets raw mode for each key only. A Ctrl-C between two
//! keys would then end the program with a hidden cursor.

use std::io;

/// The terminal of standard input, in raw mode until this is dropped.
pub(super) struct Raw {
    before: libc::termios,
}

impl Raw {
    /// Enters raw mode and drops what was typed before. Output processing
    /// stays.
    ///
    /// # Errors
    ///
    /// Returns an error if standard input is not a terminal.
    pub(super) fn enter() -> io::Result<Self> {
        // SAFETY: `termios` is a structure of integers, for which zeros are a
        // value; tcgetattr(3) fills it before it is read.
        #[expect(unsafe_code, reason = "std knows no terminal modes")]
        let mut before: libc::termios = unsafe { std::mem::zeroed() };
        // SAFETY: the pointer leads to a `termios` that outlives the call.
        #[expect(unsafe_code, reason = "std knows no terminal modes")]
        let read = unsafe { libc::tcgetattr(libc::STDIN_FILENO, &raw mut before) };
        if read != 0 {
            return Err(io::Error::last_os_error());
        }
        let mut raw = before;
        // SAFETY: cfmakeraw(3) changes the structure and nothing else.
        #[expect(unsafe_code, reason = "std knows no terminal modes")]
        unsafe {
            libc::cfmakeraw(&raw mut raw);
        }
        raw.c_oflag = before.c_oflag;
        set(libc::TCSAFLUSH, &raw)?;
        Ok(Self { before })
    }
}

impl Drop for Raw {
    fn drop(&mut self) {
        // A closed terminal needs no mode.
        let _ = set(libc::TCSADRAIN, &self.before);
    }
}

fn set(when: libc::c_int, mode: &libc::termios) -> io::Result<()> {
    // SAFETY: the pointer leads to a whole `termios` that outlives the call.
    #[expect(unsafe_code, reason = "std knows no terminal modes")]
    let done = unsafe { libc::tcsetattr(libc::STDIN_FILENO, when, mode) };
    if done == 0 { Ok(()) } else { Err(io::Error::last_os_error()) }
}

//! A terminal that hands over every key as it is pressed, from the moment the
//! question stands there until it is answered.
//!
//! The prompt's own library does so for each key alone; a Ctrl-C between two
//! would end the program with its cursor hidden.

use std::io;

/// The terminal behind standard input, raw until this is dropped.
pub(super) struct Raw {
    before: libc::termios,
}

impl Raw {
    /// Makes it raw and throws away what was typed before. Output is processed
    /// as before.
    ///
    /// # Errors
    ///
    /// Where standard input is no terminal.
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
        // A terminal that went away needs no mode.
        let _ = set(libc::TCSADRAIN, &self.before);
    }
}

fn set(when: libc::c_int, mode: &libc::termios) -> io::Result<()> {
    // SAFETY: the pointer leads to a whole `termios` that outlives the call.
    #[expect(unsafe_code, reason = "std knows no terminal modes")]
    let done = unsafe { libc::tcsetattr(libc::STDIN_FILENO, when, mode) };
    if done == 0 { Ok(()) } else { Err(io::Error::last_os_error()) }
}

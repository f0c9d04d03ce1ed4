//! What a Windows console is asked and told. A terminal such as that of Git
//! Bash is a pipe for Windows: it is not a console, and each of these fails.

use std::io;
use std::os::windows::io::AsRawHandle;

use windows_sys::Win32::System::Console::{
    CONSOLE_MODE, CONSOLE_SCREEN_BUFFER_INFO, ENABLE_PROCESSED_OUTPUT,
    ENABLE_VIRTUAL_TERMINAL_PROCESSING, GetConsoleMode, GetConsoleScreenBufferInfo, SetConsoleMode,
};

/// The modes in which a console interprets escape sequences.
pub(super) const ESCAPES: CONSOLE_MODE =
    ENABLE_PROCESSED_OUTPUT | ENABLE_VIRTUAL_TERMINAL_PROCESSING;

/// The modes of a console's input or output.
///
/// # Errors
///
/// Returns an error if the stream does not lead to a console.
pub(super) fn mode(stream: &impl AsRawHandle) -> io::Result<CONSOLE_MODE> {
    let mut mode = 0;
    // SAFETY: the handle is one of this process's streams, or null, which the
    // call refuses; it writes one number, to a place that outlives it.
    #[expect(unsafe_code, reason = "std knows no modes of a console")]
    let done = unsafe { GetConsoleMode(stream.as_raw_handle(), &raw mut mode) };
    if done == 0 { Err(io::Error::last_os_error()) } else { Ok(mode) }
}

/// Sets the modes of a console's input or output.
///
/// # Errors
///
/// Returns an error if the stream does not lead to a console, or if the console
/// does not know a mode.
pub(super) fn set_mode(stream: &impl AsRawHandle, mode: CONSOLE_MODE) -> io::Result<()> {
    // SAFETY: the handle is one of this process's streams, or null, which the
    // call refuses; no pointer is given.
    #[expect(unsafe_code, reason = "std knows no modes of a console")]
    let done = unsafe { SetConsoleMode(stream.as_raw_handle(), mode) };
    if done == 0 { Err(io::Error::last_os_error()) } else { Ok(()) }
}

/// Whether colours can be written to a stream that is a terminal. A console
/// that could interpret them and does not yet is told to, and stays so: a shell
/// sets its own modes again after each program.
pub(super) fn has_colours(stream: &impl AsRawHandle) -> bool {
    match mode(stream) {
        Ok(mode) if mode & ESCAPES == ESCAPES => true,
        Ok(mode) => set_mode(stream, mode | ESCAPES).is_ok(),
        Err(_) => true,
    }
}

/// The columns of a console's window, which its buffer may exceed.
pub(super) fn columns(stream: &impl AsRawHandle) -> Option<usize> {
    let mut buffer = CONSOLE_SCREEN_BUFFER_INFO::default();
    // SAFETY: as in `mode`; it fills the structure, which outlives it.
    #[expect(unsafe_code, reason = "std has no way to ask for a console's size")]
    let done = unsafe { GetConsoleScreenBufferInfo(stream.as_raw_handle(), &raw mut buffer) };
    let columns = i32::from(buffer.srWindow.Right) - i32::from(buffer.srWindow.Left) + 1;
    usize::try_from(columns).ok().filter(|columns| done != 0 && *columns > 0)
}

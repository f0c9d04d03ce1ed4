//! The keyboard, from the moment the question is shown until it is answered, on
//! Windows: single keys of a console that can go back over what it has shown,
//! and else whole lines.
//!
//! Ctrl-C stays what it is, and reaches every program of the console. Before it
//! ends this process, or whatever else the host's own handler does, the cursor
//! is shown and the console has its modes back. A panic drops [`Keys`].

use std::fs::File;
use std::io::{self, IsTerminal as _, Read as _, Write as _};
use std::mem::ManuallyDrop;
use std::os::windows::io::{AsHandle as _, AsRawHandle as _, FromRawHandle as _, OwnedHandle};
use std::ptr;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::thread;

use windows_sys::Win32::Foundation::{FALSE, TRUE, WAIT_OBJECT_0};
use windows_sys::Win32::System::Console::{
    CONSOLE_MODE, ENABLE_PROCESSED_INPUT, ENABLE_VIRTUAL_TERMINAL_INPUT, FlushConsoleInputBuffer,
    INPUT_RECORD, KEY_EVENT, ReadConsoleInputW, SetConsoleCtrlHandler,
};
use windows_sys::Win32::System::Pipes::PeekNamedPipe;
use windows_sys::Win32::System::Threading::{
    CreateEventW, INFINITE, SetEvent, WaitForMultipleObjects,
};
use windows_sys::Win32::UI::Input::KeyboardAndMouse::{
    VK_CAPITAL, VK_CONTROL, VK_DOWN, VK_ESCAPE, VK_LEFT, VK_MENU, VK_NUMLOCK, VK_RETURN, VK_RIGHT,
    VK_SHIFT, VK_UP,
};

use super::console::{ESCAPES, mode, set_mode};
use super::key::{Key, Typing};
use crate::limits;

/// Shows the cursor again.
const SHOW_CURSOR: &[u8] = b"\x1b[?25h";

/// What the handler needs, while a question is asked in a console.
static SAVED: Mutex<Option<Saved>> = Mutex::new(None);

struct Saved {
    before: Modes,
    during: Modes,
    /// Set when an event of the console, such as Ctrl-C, has come.
    interrupted: OwnedHandle,
}

/// The modes of standard input and of standard error.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Modes {
    input: CONSOLE_MODE,
    errors: CONSOLE_MODE,
}

impl Modes {
    fn of_now() -> io::Result<Self> {
        Ok(Self { input: mode(&io::stdin())?, errors: mode(&io::stderr())? })
    }

    fn set(self) -> io::Result<()> {
        set_mode(&io::stdin(), self.input)?;
        set_mode(&io::stderr(), self.errors)
    }
}

fn saved() -> MutexGuard<'static, Option<Saved>> {
    SAVED.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The keyboard of standard input, until this is dropped.
pub(super) struct Keys {
    input: File,
    source: Source,
}

/// Where the answer comes from.
enum Source {
    /// A console that gives single keys. The handle is that of [`Saved`].
    Console { interrupted: OwnedHandle },
    /// A console without escape sequences.
    OldConsole,
    /// A terminal that is a pipe, such as that of Git Bash: it shows and edits
    /// the line itself.
    Pipe,
}

impl Keys {
    /// Begins, and drops what was typed before.
    ///
    /// # Errors
    ///
    /// Returns an error if standard input is not a terminal, or if another
    /// question is being asked.
    pub(super) fn open() -> io::Result<Self> {
        let input = File::from(io::stdin().as_handle().try_clone_to_owned()?);
        let source = match Modes::of_now() {
            Ok(before) => console(before)?,
            Err(_) if mode(&input).is_ok() => Source::OldConsole,
            Err(_) if io::stdin().is_terminal() => Source::Pipe,
            Err(error) => return Err(error),
        };
        let mut keys = Self { input, source };
        keys.drop_what_was_typed()?;
        Ok(keys)
    }

    /// What the person types.
    pub(super) fn typing(&self) -> Typing {
        match self.source {
            Source::Console { .. } => Typing::Keys,
            Source::OldConsole | Source::Pipe => Typing::Lines,
        }
    }

    fn drop_what_was_typed(&mut self) -> io::Result<()> {
        if !matches!(self.source, Source::Pipe) {
            // SAFETY: the handle is open as long as `input` lives, and no
            // pointer is given.
            #[expect(unsafe_code, reason = "std has no way to drop what was typed")]
            let done = unsafe { FlushConsoleInputBuffer(self.input.as_raw_handle()) };
            return if done == 0 { Err(io::Error::last_os_error()) } else { Ok(()) };
        }
        let mut bytes = 0;
        // SAFETY: the handle is open as long as `input` lives. The call writes
        // one number, to a place that outlives it; nothing else is asked.
        #[expect(unsafe_code, reason = "std has no way to look into a pipe")]
        let done = unsafe {
            let nothing = ptr::null_mut();
            let (pipe, count) = (self.input.as_raw_handle(), &raw mut bytes);
            PeekNamedPipe(pipe, ptr::null_mut(), 0, nothing, count, nothing)
        };
        if done == 0 {
            return Err(io::Error::last_os_error());
        }
        // They are there, so nobody waits for them.
        io::copy(&mut (&self.input).take(u64::from(bytes)), &mut io::sink()).map(drop)
    }

    /// Waits for the next key, or for a line, whose first letter is the answer.
    ///
    /// # Errors
    ///
    /// - [`io::ErrorKind::Interrupted`] if Ctrl-C, or another event that would
    ///   have ended the process, came, but for a handler of the host.
    /// - [`io::ErrorKind::UnexpectedEof`] if the terminal was closed.
    pub(super) fn next(&mut self) -> io::Result<Key> {
        match &self.source {
            Source::Console { interrupted } => loop {
                wait(interrupted, &self.input)?;
                if let Some(key) = key_of(&record(&self.input)?) {
                    return key;
                }
            },
            // Std decodes what a console gives.
            Source::OldConsole => {
                let mut line = String::new();
                match io::stdin().read_line(&mut line)? {
                    0 => Err(io::ErrorKind::UnexpectedEof.into()),
                    _ => Ok(answer(line.as_bytes())),
                }
            }
            Source::Pipe => line(&self.input).map(|line| answer(&line)),
        }
    }
}

impl Drop for Keys {
    fn drop(&mut self) {
        if !matches!(self.source, Source::Console { .. }) {
            return;
        }
        // SAFETY: the handler is the one that `console` has added.
        #[expect(unsafe_code, reason = "std knows no events of a console")]
        unsafe {
            SetConsoleCtrlHandler(Some(on_event), FALSE);
        }
        if let Some(saved) = saved().take() {
            // A closed console needs no mode.
            let _ = saved.before.set();
        }
    }
}

/// Prepares a console for single keys, if it interprets escape sequences. A
/// host that takes Ctrl-C as a letter gets it as an event while it asks.
fn console(before: Modes) -> io::Result<Source> {
    let during = Modes {
        input: (before.input | ENABLE_PROCESSED_INPUT) & !ENABLE_VIRTUAL_TERMINAL_INPUT,
        errors: before.errors | ESCAPES,
    };
    let mut saved = saved();
    if saved.is_some() {
        return Err(io::Error::other("another question is being asked"));
    }
    let interrupted = event()?;
    let ours = interrupted.try_clone()?;
    if during.set().is_err() {
        let _ = before.set();
        return Ok(Source::OldConsole);
    }
    *saved = Some(Saved { before, during, interrupted });
    drop(saved);
    // SAFETY: the handler is a function of this program, which is never
    // unloaded, and may run on any thread.
    #[expect(unsafe_code, reason = "std knows no events of a console")]
    unsafe {
        SetConsoleCtrlHandler(Some(on_event), TRUE);
    }
    Ok(Source::Console { interrupted: ours })
}

/// An event that is set once and stays so.
fn event() -> io::Result<OwnedHandle> {
    // SAFETY: the null pointers ask for no special rights and no name.
    #[expect(unsafe_code, reason = "std has nothing that is waited for beside a console")]
    let event = unsafe { CreateEventW(ptr::null(), TRUE, FALSE, ptr::null()) };
    if event.is_null() {
        return Err(io::Error::last_os_error());
    }
    // SAFETY: the call has succeeded, so this is a new handle, and nobody else
    // has it.
    #[expect(unsafe_code, reason = "std did not open it")]
    let event = unsafe { OwnedHandle::from_raw_handle(event) };
    Ok(event)
}

/// Waits for a key, or for an event of the console.
fn wait(interrupted: &OwnedHandle, input: &File) -> io::Result<()> {
    let handles = [interrupted.as_raw_handle(), input.as_raw_handle()];
    // SAFETY: the pointer leads to two handles, which are open as long as they
    // are borrowed. If both can be had, the call names the first.
    #[expect(unsafe_code, reason = "std has no way to wait for one of two")]
    let which = unsafe { WaitForMultipleObjects(2, handles.as_ptr(), FALSE, INFINITE) };
    if which == WAIT_OBJECT_0 + 1 {
        return Ok(());
    }
    if which != WAIT_OBJECT_0 {
        return Err(io::Error::last_os_error());
    }
    // Without a handler of the host's the process ends while this waits.
    thread::sleep(limits::INTERRUPTED_WAIT);
    // It goes on, and shows the cursor once more.
    if let Some(saved) = saved().as_ref() {
        let _ = saved.during.set();
    }
    Err(io::ErrorKind::Interrupted.into())
}

fn record(input: &File) -> io::Result<INPUT_RECORD> {
    let mut record = INPUT_RECORD::default();
    let mut count = 0;
    // SAFETY: the handle is open as long as `input` is borrowed; the pointers
    // lead to one record and one number, which outlive the call.
    #[expect(unsafe_code, reason = "std reads lines")]
    let done =
        unsafe { ReadConsoleInputW(input.as_raw_handle(), &raw mut record, 1, &raw mut count) };
    match (done, count) {
        (0, _) => Err(io::Error::last_os_error()),
        (_, 0) => Err(io::ErrorKind::UnexpectedEof.into()),
        _ => Ok(record),
    }
}

/// The key that a record tells of; `None` for a key that is released, or that
/// changes what others mean, and for the mouse.
fn key_of(record: &INPUT_RECORD) -> Option<io::Result<Key>> {
    /// Ctrl-C and Ctrl-D, as letters.
    const INTERRUPT: u16 = 0x03;
    const END: u16 = 0x04;

    if u32::from(record.EventType) != KEY_EVENT {
        return None;
    }
    // SAFETY: the kind of the record says which member was filled; both are
    // plain numbers, of which every value is one.
    #[expect(unsafe_code, reason = "the system's structure is a union")]
    let (is_down, code, letter) = unsafe {
        let key = &record.Event.KeyEvent;
        (key.bKeyDown != 0, key.wVirtualKeyCode, key.uChar.UnicodeChar)
    };
    if !is_down || [VK_SHIFT, VK_CONTROL, VK_MENU, VK_CAPITAL, VK_NUMLOCK].contains(&code) {
        return None;
    }
    Some(Ok(match (code, u8::try_from(letter)) {
        (VK_UP | VK_LEFT, _) => Key::Up,
        (VK_DOWN | VK_RIGHT, _) => Key::Down,
        (VK_RETURN, _) => Key::Enter,
        (VK_ESCAPE, _) => Key::Escape,
        _ if letter == INTERRUPT => return Some(Err(io::ErrorKind::Interrupted.into())),
        _ if letter == END => Key::Escape,
        (_, Ok(letter)) => Key::of_letter(letter),
        (_, Err(_)) => Key::Other,
    }))
}

/// A line of a pipe, byte by byte: what follows it is not ours.
fn line(mut input: &File) -> io::Result<Vec<u8>> {
    let mut line = Vec::new();
    loop {
        let mut byte = [0];
        match input.read(&mut byte) {
            Ok(0) if line.is_empty() => return Err(io::ErrorKind::UnexpectedEof.into()),
            Ok(0) => return Ok(line),
            Ok(_) if byte == *b"\n" => return Ok(line),
            // No more of it than an answer needs.
            Ok(_) if line.len() < limits::ANSWER_LINE_BYTES => line.extend(byte),
            Ok(_) => {}
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
}

fn answer(line: &[u8]) -> Key {
    match line.trim_ascii_start().first() {
        Some(b'y' | b'Y') => Key::Yes,
        Some(b'e' | b'E') => Key::Example,
        Some(b'c' | b'C') => Key::Choose,
        _ => Key::No,
    }
}

/// Puts the console back, and lets the next handler decide: the host's own, or
/// the system's, which ends the process.
extern "system" fn on_event(_event: u32) -> i32 {
    if let Some(saved) = saved().as_ref() {
        let _ = saved.before.set();
        // SAFETY: the handle is open as long as the lock is held.
        #[expect(unsafe_code, reason = "std has nothing that is waited for beside a console")]
        unsafe {
            SetEvent(saved.interrupted.as_raw_handle());
        }
        // Not through std's lock of that stream: the host may hold it.
        // SAFETY: std leaves the handle of standard error open, and this file
        // is never dropped, so it does not close it.
        #[expect(unsafe_code, reason = "std writes to this stream under a lock")]
        let stream = unsafe { File::from_raw_handle(io::stderr().as_raw_handle()) };
        let _ = ManuallyDrop::new(stream).write_all(SHOW_CURSOR);
    }
    FALSE
}

#[cfg(test)]
#[path = "raw_windows_tests.rs"]
mod tests;

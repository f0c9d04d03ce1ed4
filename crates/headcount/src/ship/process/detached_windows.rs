//! Starting a process that outlives its parent, on Windows: the decisions.
//! `wide` says them in the system's form, `spawn` carries them out.

#[path = "spawn_windows.rs"]
mod spawn;

use std::ffi::{OsStr, OsString};
use std::fs::OpenOptions;
use std::io;
use std::os::windows::ffi::{OsStrExt as _, OsStringExt as _};
use std::path::{Path, PathBuf};

use windows_sys::Win32::Foundation::ERROR_ACCESS_DENIED;
use windows_sys::Win32::System::SystemInformation::GetSystemDirectoryW;
use windows_sys::Win32::System::Threading::{
    CREATE_BREAKAWAY_FROM_JOB, CREATE_NEW_PROCESS_GROUP, CREATE_NO_WINDOW, PROCESS_CREATION_FLAGS,
};

use self::spawn::{Order, Streams};
use crate::limits;
use crate::ship::process::handed::handed;
use crate::ship::process::launch::Launch;
use crate::ship::process::wide;

/// No console flashes up, whether the host has one or not: a console program
/// gets one without a window, which its own children share. Ctrl-C in the
/// host's console does not reach it.
const FLAGS: PROCESS_CREATION_FLAGS = CREATE_NO_WINDOW | CREATE_NEW_PROCESS_GROUP;

/// The null device, whatever the working directory is.
const NOTHING: &str = r"\\.\NUL";

/// Starts a process with `input` on its standard input, and does not wait for
/// it. An ended process leaves nothing, as its handles are closed.
///
/// # Errors
///
/// Returns an error if the process cannot be started.
pub(super) fn start(launch: &Launch, input: &[u8]) -> io::Result<()> {
    let order = order(launch)?;
    let nothing = OpenOptions::new().read(true).write(true).open(NOTHING)?;
    let streams = match input {
        [] => Streams::new(&nothing, &nothing)?,
        input => Streams::new(&handed(input)?, &nothing)?,
    };
    // A job that ends with its host would end the shipper too. A job that lets
    // nobody go says so with this error, and then there is no way out of it.
    let freed = spawn::spawn(&order, &streams, FLAGS | CREATE_BREAKAWAY_FROM_JOB);
    match freed {
        Err(error) if is(&error, ERROR_ACCESS_DENIED) => spawn::spawn(&order, &streams, FLAGS),
        freed => freed,
    }
}

fn is(error: &io::Error, number: u32) -> bool {
    error.raw_os_error().and_then(|known| u32::try_from(known).ok()) == Some(number)
}

/// The start in the system's form.
fn order(launch: &Launch) -> io::Result<Order> {
    let Launch { file, name, arguments, environment, folder } = launch;
    let name = wide_of(name);
    let arguments: Vec<Vec<u16>> = arguments.iter().map(|word| wide_of(word)).collect();
    let environment: Vec<(Vec<u16>, Vec<u16>)> =
        environment.iter().map(|(name, value)| (wide_of(name), wide_of(value))).collect();
    Ok(Order {
        program: wide::ended(&wide::unlimited(&wide_of(file.as_os_str())))?,
        line: wide::command_line(&name, &arguments)?,
        environment: wide::environment_block(&environment)?,
        folder: wide::ended(&wide_of(folder.as_os_str()))?,
    })
}

fn wide_of(text: &OsStr) -> Vec<u16> {
    text.encode_wide().collect()
}

/// The system's own folder, whichever is wanted: a working directory cannot be
/// removed or renamed, its disk cannot be ejected, and it must not be longer
/// than 258 units. Nobody removes this one, and nobody but an administrator can
/// put a library there.
pub(super) fn folder(_wanted: Option<&Path>) -> PathBuf {
    let mut path = [0; limits::PATH_UNITS];
    // SAFETY: the pointer leads to as many units as the second argument says,
    // and they outlive the call.
    #[expect(unsafe_code, reason = "std does not know the folder")]
    let units = unsafe { GetSystemDirectoryW(path.as_mut_ptr(), path.len() as u32) };
    match path.get(..units as usize) {
        Some(path) if !path.is_empty() => OsString::from_wide(path).into(),
        _ => PathBuf::from(r"C:\"),
    }
}

/// Does nothing: a process has only the handles that its start has named.
pub(super) fn close_inherited() {}

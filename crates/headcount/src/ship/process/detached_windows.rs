//! Starting a process that outlives its parent, on Windows.

use std::ffi::c_void;
use std::io;
use std::os::windows::io::AsRawHandle as _;
use std::os::windows::process::CommandExt as _;
use std::process::{Command, Stdio};

use crate::ship::process::handed::handed;
use crate::ship::process::launch::Launch;

/// `CREATE_NO_WINDOW | CREATE_NEW_PROCESS_GROUP`: no console flashes up, and
/// Ctrl-C in the parent's console does not reach it.
const FLAGS: u32 = 0x0800_0000 | 0x0000_0200;

/// `CREATE_BREAKAWAY_FROM_JOB`: a job that ends with its host would end the
/// shipper too. Not every job allows it.
const BREAKAWAY: u32 = 0x0100_0000;

/// Starts a process with `input` on its standard input, and does not wait for
/// it. An ended process leaves nothing once its handle is closed.
///
/// # Errors
///
/// Returns an error if the process cannot be started.
pub(super) fn start(launch: &Launch, input: &[u8]) -> io::Result<()> {
    // With std a child inherits every inheritable handle, and the host's own
    // output may be a pipe that somebody reads to its end.
    let streams = [
        Withheld::new(io::stdin().as_raw_handle()),
        Withheld::new(io::stdout().as_raw_handle()),
        Withheld::new(io::stderr().as_raw_handle()),
    ];
    let done = spawn(launch, input, FLAGS | BREAKAWAY).or_else(|_| spawn(launch, input, FLAGS));
    drop(streams);
    done
}

/// The name by which the program is called cannot be chosen there.
fn spawn(launch: &Launch, input: &[u8], flags: u32) -> io::Result<()> {
    let Launch { file, name: _, arguments, environment, folder } = launch;
    let mut command = Command::new(file);
    command.args(arguments).current_dir(folder);
    command.env_clear().envs(environment.iter().map(|(name, value)| (name, value)));
    let input = match input {
        [] => Stdio::null(),
        input => Stdio::from(handed(input)?),
    };
    command.stdin(input).stdout(Stdio::null()).stderr(Stdio::null());
    command.creation_flags(flags).spawn().map(drop)
}

/// Does nothing: inheritable handles were withheld at the start.
pub(super) fn close_inherited() {}

/// A handle that no child inherits while this lives.
struct Withheld {
    handle: *mut c_void,
    was: Inherited,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Inherited {
    Yes,
    No,
}

/// From winbase.h.
const HANDLE_FLAG_INHERIT: u32 = 1;

#[link(name = "kernel32")]
#[expect(unsafe_code, reason = "std has no way to withhold a handle from a child")]
unsafe extern "system" {
    fn GetHandleInformation(object: *mut c_void, flags: *mut u32) -> i32;
    fn SetHandleInformation(object: *mut c_void, mask: u32, flags: u32) -> i32;
}

impl Withheld {
    fn new(handle: *mut c_void) -> Self {
        let mut flags = 0;
        // SAFETY: the handle is a standard stream of this process, or null,
        // which the call refuses; `flags` outlives the call, which writes one
        // `u32` there.
        #[expect(unsafe_code, reason = "see the declaration")]
        let known = unsafe { GetHandleInformation(handle, &raw mut flags) } != 0;
        let is_inherited = known && flags & HANDLE_FLAG_INHERIT != 0;
        let was = if is_inherited { Inherited::Yes } else { Inherited::No };
        if was == Inherited::Yes {
            set(handle, 0);
        }
        Self { handle, was }
    }
}

impl Drop for Withheld {
    fn drop(&mut self) {
        if self.was == Inherited::Yes {
            set(self.handle, HANDLE_FLAG_INHERIT);
        }
    }
}

fn set(handle: *mut c_void, flags: u32) {
    // SAFETY: the handle is a standard stream of this process, which the call
    // before found to be valid; no pointer is given but the handle itself.
    #[expect(unsafe_code, reason = "see the declaration")]
    let _ = unsafe { SetHandleInformation(handle, HANDLE_FLAG_INHERIT, flags) };
}

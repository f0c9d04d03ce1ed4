//! Runs a program without a breakpoint, and waits for it and for every process
//! that it starts.

use std::io;
use std::mem;
use std::os::windows::io::AsRawHandle as _;
use std::process::{Command, Stdio};
use std::ptr::{null, null_mut};
use std::thread;
use std::time::{Duration, Instant};

use windows_sys::Win32::Foundation::{HANDLE, WAIT_OBJECT_0};
use windows_sys::Win32::System::JobObjects::{
    AssignProcessToJobObject, CreateJobObjectW, JOBOBJECT_BASIC_ACCOUNTING_INFORMATION,
    JobObjectBasicAccountingInformation, QueryInformationJobObject,
};
use windows_sys::Win32::System::Threading::{GetCurrentProcess, WaitForSingleObject};

use crate::events::LATER;
use crate::output::{Ran, gather, text};

/// How often it is looked who still runs.
const PAUSE: Duration = Duration::from_millis(3);

/// A job that this process is in, and so everything that it starts: nobody may
/// leave it.
#[derive(Debug)]
pub struct Job(HANDLE);

impl Job {
    /// Makes the job. It lasts as long as this process.
    ///
    /// # Errors
    ///
    /// Returns an error if the system refuses.
    #[expect(unsafe_code, reason = "std has no jobs")]
    pub fn of_this_process() -> io::Result<Self> {
        // SAFETY: both pointers may be null: no name, and nobody inherits it.
        let job = unsafe { CreateJobObjectW(null(), null()) };
        // SAFETY: the job is open, if it was made; a null handle is refused.
        match unsafe { AssignProcessToJobObject(job, GetCurrentProcess()) } {
            0 => Err(io::Error::last_os_error()),
            _ => Ok(Self(job)),
        }
    }

    /// Runs a program, and ends it after the limit.
    ///
    /// # Errors
    ///
    /// Returns an error if the program cannot be started, or if a process that
    /// it started does not end.
    #[expect(unsafe_code, reason = "std does not wait for a time")]
    pub fn run(&self, command: &mut Command, limit: Duration) -> io::Result<Ran> {
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn()?;
        let (out, err) = (gather(child.stdout.take()), gather(child.stderr.take()));
        let limit = u32::try_from(limit.as_millis()).unwrap_or(u32::MAX);
        // SAFETY: the handle is open as long as `child` lives.
        let in_time = unsafe { WaitForSingleObject(child.as_raw_handle(), limit) } == WAIT_OBJECT_0;
        if !in_time {
            child.kill()?;
        }
        let code = child.wait()?.code().filter(|code| in_time && *code >= 0);
        let until = Instant::now() + LATER;
        while self.processes()? > 1 {
            if Instant::now() > until {
                return Err(io::Error::other("a process that a command started does not end"));
            }
            thread::sleep(PAUSE);
        }
        Ok(Ran { code, out: text(out), err: text(err), met: String::new() })
    }

    /// How many run, this one included.
    #[expect(unsafe_code, reason = "std has no jobs")]
    fn processes(&self) -> io::Result<u32> {
        let mut counts = JOBOBJECT_BASIC_ACCOUNTING_INFORMATION::default();
        // SAFETY: at most as many bytes are written to `counts` as it has.
        let told = unsafe {
            QueryInformationJobObject(
                self.0,
                JobObjectBasicAccountingInformation,
                (&raw mut counts).cast(),
                mem::size_of_val(&counts) as u32,
                null_mut(),
            )
        };
        if told == 0 { Err(io::Error::last_os_error()) } else { Ok(counts.ActiveProcesses) }
    }
}

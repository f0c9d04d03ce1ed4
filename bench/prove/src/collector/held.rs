//! One thread of a process, held: the debugger's way, since a signal would stop
//! the whole process.

use std::fs;

use nix::sys::ptrace::{self, Options};
use nix::sys::wait::{WaitPidFlag, waitpid};
use nix::unistd::Pid;

use crate::Fault;

/// A thread that stands still until it is released, or this is dropped. Only
/// the thread that holds may release.
#[derive(Debug)]
pub(crate) struct Held {
    thread: Option<Pid>,
}

impl Held {
    /// Holds the first thread of a process whose name begins so. The system
    /// keeps fifteen characters of a name.
    ///
    /// # Errors
    ///
    /// There is no such thread, or the system does not allow it.
    pub(crate) fn hold(process: u32, name: &str) -> Result<Self, Fault> {
        let thread = thread_of(process, name)?;
        ptrace::seize(thread, Options::empty())?;
        ptrace::interrupt(thread)?;
        waitpid(thread, Some(WaitPidFlag::__WALL))?;
        Ok(Self { thread: Some(thread) })
    }

    /// Lets it go on.
    ///
    /// # Errors
    ///
    /// The process has ended.
    pub(crate) fn release(&mut self) -> Result<(), Fault> {
        if let Some(thread) = self.thread.take() {
            ptrace::detach(thread, None)?;
        }
        Ok(())
    }
}

impl Drop for Held {
    fn drop(&mut self) {
        // An error means that the process has ended.
        let _ = self.release();
    }
}

fn thread_of(process: u32, name: &str) -> Result<Pid, Fault> {
    for entry in fs::read_dir(format!("/proc/{process}/task"))? {
        let entry = entry?;
        let said = fs::read_to_string(entry.path().join("comm"))?;
        if said.starts_with(name) {
            let number = entry.file_name().to_string_lossy().parse()?;
            return Ok(Pid::from_raw(number));
        }
    }
    Err(format!("no thread of the collector is called `{name}…`").into())
}

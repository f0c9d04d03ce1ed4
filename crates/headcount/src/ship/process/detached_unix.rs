//! Starting a process that outlives its parent, on Unix.
//!
//! `process_group(0)` keeps it from the terminal's signals and leaves std on
//! its `posix_spawn` path, which costs the same whatever the host's size; a
//! `setsid` in `pre_exec` would force a fork of the whole host.

use std::fs::{self, File, OpenOptions};
use std::io;
use std::os::fd::{AsRawFd as _, RawFd};
use std::os::unix::process::CommandExt as _;
use std::process::{Child, Command, Stdio};
use std::sync::{Mutex, PoisonError};

use crate::ship::process::handed::handed;

/// What was started and has not been seen to end. A zombie belongs to the
/// process, whoever started it, and so does this list.
static STARTED: Mutex<Vec<Child>> = Mutex::new(Vec::new());

/// Starts it, with these bytes on its standard input, and does not wait for it.
/// What was started before and has ended is taken off the system's list, so
/// that a host that stays never has more than one such entry.
///
/// # Errors
///
/// What the system says.
pub(super) fn start(command: &mut Command, input: &[u8]) -> io::Result<()> {
    let input = match input {
        [] => Stdio::null(),
        input => Stdio::from(handed(input)?),
    };
    command.stdin(input).stdout(Stdio::null()).stderr(Stdio::null());
    let child = command.process_group(0).spawn()?;
    let mut started = STARTED.lock().unwrap_or_else(PoisonError::into_inner);
    started.retain_mut(|child| matches!(child.try_wait(), Ok(None)));
    started.push(child);
    Ok(())
}

/// Lets go of what this process inherited besides its standard streams. A
/// harness that captures the host's output would otherwise wait for the shipper,
/// which holds the harness's pipes open without knowing of them.
pub(super) fn close_inherited() {
    let folder = if cfg!(target_os = "linux") { "/proc/self/fd" } else { "/dev/fd" };
    let Ok(entries) = fs::read_dir(folder) else { return };
    let numbers: Vec<RawFd> = entries
        .filter_map(|entry| entry.ok()?.file_name().to_str()?.parse().ok())
        .filter(|number| *number > libc::STDERR_FILENO)
        .collect();
    let Ok(nothing) = OpenOptions::new().read(true).write(true).open("/dev/null") else { return };
    for number in numbers.into_iter().filter(|number| may_be_inherited(*number)) {
        replace(number, &nothing);
    }
}

/// What came through `exec` is not marked to be closed there. What std opens
/// always is; what a library in C opens need not be.
fn may_be_inherited(number: RawFd) -> bool {
    // SAFETY: F_GETFD takes no pointer and changes nothing; for a number that
    // is no descriptor it returns -1.
    #[expect(unsafe_code, reason = "std has no way to ask for a descriptor's flags")]
    let flags = unsafe { libc::fcntl(number, libc::F_GETFD) };
    flags >= 0 && flags & libc::FD_CLOEXEC == 0
}

/// Lets a number stand for the null device. It is never free meanwhile, so that
/// no file that is opened later gets it: should something in this process own it
/// after all, such as a preloaded library, that one reads an end and writes into
/// the void, and closes nobody else's file.
fn replace(number: RawFd, by: &File) {
    // SAFETY: dup2(2) takes no pointer, and both numbers are descriptors: `by` is
    // open as long as it is borrowed, and `may_be_inherited` has just looked at
    // the other. No value of std's owns that one, since all of those are marked
    // to be closed at `exec`; whoever else does keeps an open descriptor under
    // its number.
    #[expect(unsafe_code, reason = "std replaces only what it owns")]
    let _ = unsafe { libc::dup2(by.as_raw_fd(), number) };
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use headcount_testkit::{Home, TestProgram};

    use super::*;

    /// Not a test: what a child of the test below does.
    #[test]
    fn let_go() {
        if std::env::var_os("HEADCOUNT_LET_GO").is_some() {
            let own = File::open("/dev/zero").expect("a file");
            close_inherited();
            let later = File::open("/dev/zero").expect("a file");
            for number in [7, 9, own.as_raw_fd(), later.as_raw_fd()] {
                let leads_to = fs::read_link(format!("/proc/self/fd/{number}"));
                println!(
                    "{}",
                    leads_to.map_or("nowhere".to_owned(), |it| it.display().to_string())
                );
            }
        }
    }

    #[test]
    fn a_number_that_was_let_go_is_nobody_elses() {
        let home = Home::new();
        let this = std::env::current_exe().expect("this program");
        let script = "exec \"$0\" \"$@\" 7>&1 9</dev/zero";
        let test = "ship::process::detached::system::tests::let_go";
        let program = TestProgram::new("/bin/sh", &home).env("HEADCOUNT_LET_GO", "1");
        let output = program
            .args(["-c", script, &this.to_string_lossy(), "--exact", test, "--nocapture"])
            .run();
        let said = output.stdout_text();
        let lines: Vec<&str> = said.lines().filter(|line| line.starts_with("/dev/")).collect();
        assert_eq!(lines, ["/dev/null", "/dev/null", "/dev/zero", "/dev/zero"], "{said}");
    }
}

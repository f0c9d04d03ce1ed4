//! Starting a process that outlives its parent, on Unix.
//!
//! A process group of its own keeps it from the terminal's signals; a session
//! of its own would need a fork of the whole host. Nothing that the host has
//! open is open in it: `spawn` sees to that, and what it could not see, because
//! another thread opened it at that moment, the process closes itself, first of
//! all ([`close_inherited`]).

#[cfg(any(target_os = "linux", target_vendor = "apple"))]
#[path = "spawn_posix.rs"]
mod spawn;
#[cfg(not(any(target_os = "linux", target_vendor = "apple")))]
#[path = "spawn_forked.rs"]
mod spawn;

use std::fs::{self, File, OpenOptions};
use std::io;
use std::os::fd::{AsRawFd as _, OwnedFd, RawFd};
use std::path::{Path, PathBuf};
use std::sync::Mutex;

use crate::ship::process::handed::handed;
use crate::ship::process::launch::Launch;
use crate::{limits, no_wait};

/// The null device.
const NOTHING: &str = "/dev/null";

/// Children that were started and not yet waited for. A zombie belongs to the
/// whole process, and so does this list.
static STARTED: Mutex<Vec<libc::pid_t>> = Mutex::new(Vec::new());

/// Starts a process with `input` on its standard input, and does not wait for
/// it. Children that have ended are reaped, so a long-running host has one
/// zombie, and not one for each start. Of two threads that start one at the
/// same moment, one may leave its child unreaped.
///
/// # Errors
///
/// Returns an error if the process cannot be started.
pub(super) fn start(launch: &Launch, input: &[u8]) -> io::Result<()> {
    // Duplicates of std's never have the number of a standard stream, not even
    // if the host has closed those.
    let nothing = OpenOptions::new().read(true).write(true).open(NOTHING)?;
    let nothing = OwnedFd::from(nothing).try_clone()?;
    let input = match input {
        [] => nothing.try_clone()?,
        input => OwnedFd::from(handed(input)?).try_clone()?,
    };
    let child = spawn::spawn(launch, &input, &nothing, &inherited())?;
    if let Some(mut started) = no_wait::try_lock(&STARTED) {
        started.retain(|child| is_running(*child));
        started.push(child);
    }
    Ok(())
}

/// The wanted folder: only a mounted disk is kept by it.
pub(super) fn folder(wanted: Option<&Path>) -> PathBuf {
    wanted.unwrap_or(Path::new("/")).to_path_buf()
}

/// Whether a child has not ended yet. One that has is reaped.
///
/// A host that reaps whatever has ended, or ignores SIGCHLD, frees the number
/// before this looks, and a child of the host's may have it by then. So this
/// waits for a process group: every child that was started here leads one of
/// its own, and a child of the host's usually is in the host's. What is left is
/// a host that reaps whatever has ended and also starts leaders of groups, if
/// one of those gets the very number and has ended: its status is lost.
fn is_running(child: libc::pid_t) -> bool {
    // SAFETY: waitpid(2) accepts a null pointer for the status, touches no
    // other memory, and with WNOHANG does not wait. A negative number is that
    // of a group; the number of a process that was started is over 1, so this
    // is never -1, which would be every child.
    #[expect(unsafe_code, reason = "std reaps only what it started")]
    let reaped = unsafe { libc::waitpid(-child, std::ptr::null_mut(), libc::WNOHANG) };
    reaped == 0
}

/// The descriptors that a started process would inherit, besides the standard
/// streams.
fn inherited() -> Vec<RawFd> {
    let folder = if cfg!(target_os = "linux") { "/proc/self/fd" } else { "/dev/fd" };
    let is_inherited = |number: &RawFd| *number > libc::STDERR_FILENO && may_be_inherited(*number);
    match fs::read_dir(folder) {
        Ok(entries) => entries
            .filter_map(|entry| entry.ok()?.file_name().to_str()?.parse().ok())
            .filter(is_inherited)
            .collect(),
        // A container without that folder: looked for one by one.
        Err(_) => (0..limits::DESCRIPTORS).filter(is_inherited).collect(),
    }
}

/// Closes what this process inherited besides its standard streams. A harness
/// that captures the host's output would otherwise wait for the shipper, which
/// still holds the harness's pipes open.
pub(super) fn close_inherited() {
    let numbers = inherited();
    let Ok(nothing) = OpenOptions::new().read(true).write(true).open(NOTHING) else { return };
    for number in numbers {
        replace(number, &nothing);
    }
}

/// Whether a descriptor is not marked close-on-exec. Inherited descriptors are
/// not marked; those that std opens always are; those of a C library may not
/// be.
fn may_be_inherited(number: RawFd) -> bool {
    // SAFETY: F_GETFD takes no pointer and changes nothing; for a number that
    // is not a descriptor it returns -1.
    #[expect(unsafe_code, reason = "std has no way to ask for a descriptor's flags")]
    let flags = unsafe { libc::fcntl(number, libc::F_GETFD) };
    flags >= 0 && flags & libc::FD_CLOEXEC == 0
}

/// Makes a descriptor refer to the null device. The number stays in use, so no
/// later file gets it: if something in this process does own it, such as a
/// preloaded library, it reads end-of-file, writes to nowhere, and cannot close
/// another file.
fn replace(number: RawFd, by: &File) {
    // SAFETY: dup2(2) takes no pointer, and both numbers are descriptors: `by`
    // is open as long as it is borrowed, and `may_be_inherited` has just looked
    // at the other. No value of std's owns that one, since all of those are
    // marked to be closed at `exec`; whoever else does keeps an open descriptor
    // under its number.
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
                    leads_to.map_or("nowhere".to_owned(), |path| path.display().to_string())
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

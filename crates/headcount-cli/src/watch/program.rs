//! The program that is watched: started with another environment and everything
//! else as it is, waited for, and ended where it takes too long.

use std::ffi::OsString;
use std::io;
use std::process::{Child, Command, ExitStatus};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use headcount::signals;

use super::environment::Changes;
use super::limits;

/// How a program ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Ended {
    /// By itself, with this code; by a signal with 128 and its number, as
    /// shells say it.
    With(u8),
    /// It took too long and was killed.
    TooLate,
}

/// Runs a program to its end, and calls `meanwhile` again and again.
///
/// # Errors
///
/// Why it does not start, as a sentence.
pub(super) fn run(
    words: &[OsString],
    changes: &Changes,
    time: Duration,
    mut meanwhile: impl FnMut(),
) -> Result<Ended, String> {
    let (program, arguments) =
        words.split_first().ok_or("there is no program: name it after `--`")?;
    // Ctrl-C is for the program; what it has recorded by then is judged.
    let interrupted = interruption()
        .map_err(|error| format!("the system's signals cannot be listened for: {error}"))?;
    let mut command = Command::new(program);
    command.args(arguments).envs(changes.set.iter().map(|(name, value)| (name, value)));
    for name in &changes.removed {
        command.env_remove(name);
    }
    let mut child = command
        .spawn()
        .map_err(|error| format!("{} cannot be started: {error}", program.to_string_lossy()))?;
    let began = Instant::now();
    let mut told = None;
    loop {
        let waited = child.try_wait();
        let waited =
            waited.map_err(|error| format!("the program cannot be waited for: {error}"))?;
        if let Some(status) = waited {
            return Ok(Ended::With(code(status)));
        }
        if told.is_none() && interrupted.load(Ordering::Relaxed) {
            told = Some(Instant::now());
        }
        if told.is_some_and(|at| at.elapsed() > limits::ENDING) {
            return Ok(Ended::With(code(kill(&mut child)?)));
        }
        if began.elapsed() > time {
            kill(&mut child)?;
            return Ok(Ended::TooLate);
        }
        meanwhile();
        thread::sleep(limits::LOOK.min(Duration::from_millis(20) + began.elapsed() / 10));
    }
}

fn kill(child: &mut Child) -> Result<ExitStatus, String> {
    let ended = child.kill().and_then(|()| child.wait());
    ended.map_err(|error| format!("the program cannot be ended: {error}"))
}

/// Becomes true at the first signal that would have ended this process.
fn interruption() -> io::Result<Arc<AtomicBool>> {
    let stop = signals::listen()?;
    let interrupted = Arc::new(AtomicBool::new(false));
    let seen = Arc::clone(&interrupted);
    // It ends with the process.
    thread::spawn(move || {
        stop.wait();
        seen.store(true, Ordering::Relaxed);
    });
    Ok(interrupted)
}

#[cfg(unix)]
fn code(status: ExitStatus) -> u8 {
    use std::os::unix::process::ExitStatusExt as _;

    let code = status.code().or_else(|| status.signal().map(|signal| 128 + signal));
    code.and_then(|code| u8::try_from(code).ok()).unwrap_or(1)
}

#[cfg(not(unix))]
fn code(status: ExitStatus) -> u8 {
    status.code().map_or(1, |code| u8::try_from(code).unwrap_or(1))
}

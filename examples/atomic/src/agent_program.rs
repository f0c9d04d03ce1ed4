//! Finds and starts the program of a coding agent.

use std::env;
use std::ffi::{OsStr, OsString};
use std::io;
use std::path::{Path, PathBuf};
use std::process::Command;

/// What a shell returns for a program that is not there, and for one that
/// cannot be started.
pub(crate) const NOT_FOUND: u8 = 127;
pub(crate) const NOT_STARTED: u8 = 126;

/// The program of this name in the folders of a `PATH`. Relative folders are
/// skipped: they would be another one in each project.
pub(crate) fn find(name: &str, path: &OsStr) -> Option<PathBuf> {
    let endings: &[&str] = if cfg!(windows) { &[".exe", ".cmd", ".bat"] } else { &[""] };
    let folders = env::split_paths(path).filter(|folder| folder.is_absolute());
    folders
        .flat_map(|folder| endings.iter().map(move |end| folder.join(format!("{name}{end}"))))
        .find(|program| is_program(program))
}

#[cfg(unix)]
fn is_program(path: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt as _;

    let executable = |mode: u32| mode & 0o111 != 0;
    path.metadata().is_ok_and(|about| about.is_file() && executable(about.permissions().mode()))
}

#[cfg(not(unix))]
fn is_program(path: &Path) -> bool {
    path.is_file()
}

/// Becomes the program: its streams, its signals and its exit code are this
/// process's. It returns only if the program cannot be started.
#[cfg(unix)]
pub(crate) fn become_it(program: &Path, arguments: &[OsString]) -> io::Result<u8> {
    use std::os::unix::process::CommandExt as _;

    Err(Command::new(program).args(arguments).exec())
}

/// Runs the program and waits: Windows cannot replace a process. The console
/// tells Ctrl-C to both.
#[cfg(not(unix))]
pub(crate) fn become_it(program: &Path, arguments: &[OsString]) -> io::Result<u8> {
    let status = Command::new(program).args(arguments).status()?;
    Ok(status.code().and_then(|code| u8::try_from(code).ok()).unwrap_or(1))
}

//! Which call fails, and how: read from the environment once, counted per
//! process.

use std::ffi::c_int;
use std::os::unix::ffi::{OsStrExt, OsStringExt};
use std::path::Path;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU64, Ordering};

use crate::system;

/// What happens to a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fate {
    /// It goes to the system.
    Passes,
    /// It fails with this error.
    Fails(c_int),
    /// Half of the bytes are written.
    IsCutShort,
}

/// How the chosen call fails.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Fault {
    Error(c_int),
    /// One write takes half; the next one works.
    Short,
    /// One write takes half; all others find no space.
    Full,
}

/// The call that fails.
#[derive(Debug)]
struct Chosen {
    call: Vec<u8>,
    /// From 1; `None` for every call.
    at: Option<u64>,
    fault: Fault,
}

#[derive(Debug)]
struct Plan {
    below: Vec<u8>,
    chosen: Option<Chosen>,
    log: Option<Vec<u8>>,
    met: AtomicU64,
    failed: AtomicU64,
}

fn plan() -> Option<&'static Plan> {
    static PLAN: OnceLock<Option<Plan>> = OnceLock::new();
    PLAN.get_or_init(Plan::of_the_environment).as_ref()
}

impl Plan {
    fn of_the_environment() -> Option<Self> {
        let variable = |name| std::env::var_os(name).map(OsStringExt::into_vec);
        let number = |text: &[u8]| std::str::from_utf8(text).ok()?.parse().ok();
        let chosen = || {
            let fault = match variable("FAULTS_ERROR")?.as_slice() {
                b"short" => Fault::Short,
                b"full" => Fault::Full,
                error => Fault::Error(c_int::try_from(number(error)?).ok()?),
            };
            Some(Chosen {
                call: variable("FAULTS_CALL")?,
                at: number(&variable("FAULTS_AT")?),
                fault,
            })
        };
        Some(Self {
            below: variable("FAULTS_BELOW")?,
            chosen: chosen(),
            log: variable("FAULTS_LOG"),
            met: AtomicU64::new(0),
            failed: AtomicU64::new(0),
        })
    }

    fn note(&self, call: &str, path: &[u8]) {
        let Some(log) = &self.log else { return };
        let line = [call.as_bytes(), b" ", path, b"\n"].concat();
        system::append(Path::new(std::ffi::OsStr::from_bytes(log)), &line);
    }

    fn fate(&self, call: &str, path: &[u8]) -> Fate {
        let Some(chosen) = &self.chosen else {
            self.note(call, path);
            return Fate::Passes;
        };
        if chosen.call != call.as_bytes() {
            return Fate::Passes;
        }
        let number = self.met.fetch_add(1, Ordering::Relaxed) + 1;
        let fate = match (chosen.fault, chosen.at) {
            (Fault::Error(error), None) => Fate::Fails(error),
            (Fault::Error(error), Some(at)) if number == at => Fate::Fails(error),
            (Fault::Short | Fault::Full, Some(at)) if number == at => Fate::IsCutShort,
            (Fault::Full, Some(at)) if number > at => Fate::Fails(libc::ENOSPC),
            _ => Fate::Passes,
        };
        // One line is enough to tell that it came to this.
        if fate != Fate::Passes && self.failed.fetch_add(1, Ordering::Relaxed) == 0 {
            self.note(call, path);
        }
        fate
    }
}

/// What happens to a call with a path.
pub(crate) fn at_path(call: &str, folder: c_int, path: &[u8]) -> Fate {
    let Some(plan) = plan() else { return Fate::Passes };
    if path.starts_with(b"/") || folder == libc::AT_FDCWD {
        return if path.starts_with(&plan.below) { plan.fate(call, path) } else { Fate::Passes };
    }
    let Some(mut whole) = system::path_of(folder) else { return Fate::Passes };
    if !path.is_empty() {
        whole.push(b'/');
        whole.extend_from_slice(path);
    }
    if whole.starts_with(&plan.below) { plan.fate(call, &whole) } else { Fate::Passes }
}

/// What happens to a call with an open file.
pub(crate) fn at_file(call: &str, file: c_int) -> Fate {
    // The three that every program has are no files of ours.
    if file <= libc::STDERR_FILENO || plan().is_none() {
        return Fate::Passes;
    }
    at_path(call, file, b"")
}

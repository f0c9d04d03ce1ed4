//! Windows: whoever has a file open says what others may do with it meanwhile.

use std::cell::RefCell;
use std::fs;
use std::io;
use std::marker::PhantomData;
use std::mem;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use windows_sys::Win32::Foundation::ERROR_ACCESS_DENIED;

use super::budget::Budget;
use crate::limits;

pub(crate) use headcount_queue::is_in_use as is_held;

thread_local! {
    static BUDGET: RefCell<Budget> = const { RefCell::new(Budget::of_a_host()) };
}

/// Whether a thread of a host has waited in vain: once in a process is enough.
static HOST_WAITED: AtomicBool = AtomicBool::new(false);

/// While this lives, its thread waits for other programs longer than a host
/// that records.
#[derive(Debug)]
pub(crate) struct Patient {
    before: Budget,
    /// The wait is this thread's.
    _thread: PhantomData<*const ()>,
}

impl Patient {
    /// Lets this thread wait for other programs as a person or a shipper does.
    pub(crate) fn thread() -> Self {
        let before = BUDGET.try_with(|budget| budget.replace(Budget::patient()));
        Self { before: before.unwrap_or(Budget::of_a_host()), _thread: PhantomData }
    }
}

impl Drop for Patient {
    fn drop(&mut self) {
        let before = mem::replace(&mut self.before, Budget::of_a_host());
        let _ = BUDGET.try_with(|budget| budget.replace(before));
    }
}

fn is_denied(error: &io::Error) -> bool {
    error.raw_os_error() == Some(ERROR_ACCESS_DENIED as i32)
}

/// What it means that the system denies access.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Denied {
    /// Mostly that it is not permitted; for a moment also that the file is
    /// about to be removed.
    NotPermitted,
    /// Mostly that another program has the file open.
    InUse,
}

/// Opens or creates a file, or reads it.
pub(crate) fn open<T>(path: &Path, act: impl FnMut() -> io::Result<T>) -> io::Result<T> {
    wait_for(path, Denied::NotPermitted, act)
}

/// Gives a file another name, which may be that of another file, even of one
/// that is marked as read-only.
pub(crate) fn rename(from: &Path, to: &Path) -> io::Result<()> {
    wait_for(to, Denied::InUse, || despite_read_only(to, || fs::rename(from, to)))
}

/// Removes a file, even one that is marked as read-only.
pub(crate) fn remove(path: &Path) -> io::Result<()> {
    let removed = || despite_read_only(path, || fs::remove_file(path));
    wait_for(path, Denied::NotPermitted, removed)
}

fn wait_for<T>(
    path: &Path,
    denied: Denied,
    mut act: impl FnMut() -> io::Result<T>,
) -> io::Result<T> {
    let mut pause = limits::CHANGE_PAUSE;
    let mut started = None;
    loop {
        let error = match act() {
            Err(error) => error,
            done => return done,
        };
        if !is_held(&error) && !is_denied(&error) {
            return Err(error);
        }
        // A thread that is about to end has no budget any more.
        let longest = BUDGET.try_with(|budget| {
            let budget = budget.borrow();
            let is_over = budget.is_of_a_host() && HOST_WAITED.load(Ordering::Relaxed);
            if is_over { Duration::ZERO } else { budget.wait_for(path) }
        });
        let longest = longest.unwrap_or_default();
        let wait = match denied {
            _ if is_held(&error) => longest,
            // A folder is not removed, replaced or opened like a file.
            _ if path.is_dir() => return Err(error),
            Denied::InUse => longest,
            Denied::NotPermitted => longest.min(limits::DENIED_WAIT),
        };
        let waited = started.get_or_insert_with(Instant::now).elapsed();
        if waited >= wait {
            let _ = BUDGET.try_with(|budget| {
                let mut budget = budget.borrow_mut();
                if budget.is_of_a_host() {
                    HOST_WAITED.store(true, Ordering::Relaxed);
                }
                budget.was_in_vain(path, waited);
            });
            return Err(error);
        }
        if wait <= limits::RECORD_WAIT {
            // The shortest sleep is as long as the whole wait.
            thread::yield_now();
        } else {
            thread::sleep(pause);
            pause = (pause * 2).min(limits::CHANGE_PAUSE_LONGEST);
        }
    }
}

/// Does something to a file that its mark as read-only would prevent. Unix has
/// no such mark: there the folder's mode decides.
fn despite_read_only(path: &Path, act: impl Fn() -> io::Result<()>) -> io::Result<()> {
    let denied = match act() {
        Err(error) if is_denied(&error) => error,
        done => return done,
    };
    let Ok(metadata) = fs::symlink_metadata(path) else { return Err(denied) };
    let marked = metadata.permissions();
    if !marked.readonly() || !metadata.is_file() {
        return Err(denied);
    }
    let mut plain = marked.clone();
    #[expect(clippy::permissions_set_readonly_false, reason = "on Windows this is only a mark")]
    plain.set_readonly(false);
    fs::set_permissions(path, plain)?;
    let done = act();
    if done.is_err() {
        let _ = fs::set_permissions(path, marked);
    }
    done
}

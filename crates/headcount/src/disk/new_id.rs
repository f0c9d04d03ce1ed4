//! A secret that is about to become the id's, in `new-id.json`: whoever comes
//! first creates it, and all others use the same. So many hosts that need an id
//! at once get one, although none waits for the lock under which it is saved.

use std::fs;
use std::io;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Instant;

use headcount_catalog::Day;
use serde_json::Value as Json;

use super::error::DiskError;
use super::{in_use, private_file};
use crate::as_json::json;
use crate::{limits, random};

/// The number of this file's layout.
const FORMAT: u64 = 1;

/// The length of a secret in bytes.
type Secret = [u8; 16];

/// Returns the secret for an id of this month: the one that is there, or a new
/// one. Both are found by every other process until [`remove`].
///
/// # Errors
///
/// Returns an error if the system has no randomness or the file cannot be
/// created.
pub(crate) fn take(path: &Path, month: Day) -> Result<Secret, DiskError> {
    let mut problem = DiskError::new(path, io::Error::from(io::ErrorKind::WouldBlock));
    let started = Instant::now();
    for _ in 0..limits::LOCK_TRIES {
        match look(path, month) {
            Coming::Secret(secret) => return Ok(secret),
            Coming::Nothing => {}
            Coming::Useless => {
                let _ = in_use::remove(path);
            }
            // On Windows a file can be kept from being read for a moment. It
            // may have the secret that others use already.
            Coming::Unreadable(error) => {
                if is_over(started) {
                    return Err(error);
                }
                problem = error;
                thread::yield_now();
                continue;
            }
        }
        match try_create(path, month) {
            Ok(secret) => return Ok(secret),
            // Another process was faster, or removed it meanwhile with all that
            // was beside it.
            Err(error) if is_passed(&error) => problem = DiskError::new(path, error),
            // Mostly that is not permitted, and no try helps; for a moment also
            // that a file is about to be removed.
            Err(error) if may_pass(&error) && !is_over(started) => {
                problem = DiskError::new(path, error);
                thread::yield_now();
            }
            Err(error) => return Err(DiskError::new(path, error)),
        }
    }
    Err(problem)
}

/// Whether this process has waited in vain for what others may hold.
static WAITED: AtomicBool = AtomicBool::new(false);

/// Whether what others may hold has been waited for long enough: a host waits
/// in vain once in its life.
fn is_over(started: Instant) -> bool {
    if !WAITED.load(Ordering::Relaxed) && started.elapsed() < limits::NEW_ID_WAIT {
        return false;
    }
    WAITED.store(true, Ordering::Relaxed);
    true
}

/// Whether another process did the same at this moment.
fn is_passed(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::AlreadyExists)
}

/// Whether it may be otherwise at the next try.
fn may_pass(error: &io::Error) -> bool {
    let is_denied = cfg!(windows) && error.kind() == io::ErrorKind::PermissionDenied;
    is_passed(error) || is_denied || in_use::is_held(error)
}

/// What is in the file.
enum Coming {
    /// A secret for an id of this month.
    Secret(Secret),
    /// The file does not exist.
    Nothing,
    /// That of another month, or a damaged one.
    Useless,
    /// It cannot be read.
    Unreadable(DiskError),
}

fn look(path: &Path, month: Day) -> Coming {
    let text = match private_file::read(path) {
        Ok(None) => return Coming::Nothing,
        Ok(Some(text)) => text,
        Err(error) if is_momentary(&error) => return Coming::Unreadable(error),
        Err(_) => return Coming::Useless,
    };
    match secret_of(&text, month) {
        Some(secret) => Coming::Secret(secret),
        None => Coming::Useless,
    }
}

/// Whether another process may keep the file from being read at this moment.
fn is_momentary(error: &DiskError) -> bool {
    error.is_held() || cfg!(windows) && error.kind() == Some(io::ErrorKind::PermissionDenied)
}

fn secret_of(text: &str, month: Day) -> Option<Secret> {
    let json: Json = text.parse().ok()?;
    let text = |key: &str| json.get(key).and_then(Json::as_str);
    let is_ours = json.get("format").and_then(Json::as_u64) == Some(FORMAT)
        && text("month").and_then(Day::parse) == Some(month);
    random::from_hex(text("secret").filter(|_| is_ours)?)
}

/// Returns the secret that is there, if it is for an id of this month.
pub(crate) fn read(path: &Path, month: Day) -> Option<Secret> {
    match look(path, month) {
        Coming::Secret(secret) => Some(secret),
        Coming::Nothing | Coming::Useless | Coming::Unreadable(_) => None,
    }
}

/// Writes the file beside its place, and gives it its name unless another
/// process was faster.
fn try_create(path: &Path, month: Day) -> io::Result<Secret> {
    let secret = random::secret()?;
    let text = json!({
        "format": FORMAT, "month": month.to_string(), "secret": random::hex(&secret),
    });
    let fresh = private_file::write_beside(path, &format!("{text}\n"))?;
    let named = match fs::hard_link(&fresh, path) {
        Err(error) if !may_pass(&error) => {
            // Not every file system has a second name for a file. Whoever is
            // last is found by all who look from then on.
            in_use::rename(&fresh, path)
        }
        named => named,
    };
    // After a rename it does not exist any more.
    let _ = in_use::remove(&fresh);
    named.map(|()| read(path, month).unwrap_or(secret))
}

/// Removes the file, once the id is saved or is to go.
///
/// # Errors
///
/// Returns an error if the system refuses.
pub(crate) fn remove(path: &Path) -> Result<(), DiskError> {
    private_file::remove(path)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::disk::kept::{self, Sweep};
    use headcount_testkit::Home;

    #[test]
    fn all_who_come_at_once_get_one_secret() {
        let home = Home::new();
        let path = home.path().join("state/new-id.json");
        let month = Day::parse("2026-11-01").unwrap();
        let secrets: Vec<Secret> = std::thread::scope(|scope| {
            let takers: Vec<_> = (0..16).map(|_| scope.spawn(|| take(&path, month))).collect();
            takers.into_iter().map(|taker| taker.join().unwrap().unwrap()).collect()
        });
        assert!(secrets.iter().all(|secret| *secret == secrets[0]));
        assert_eq!(home.tree().len(), 2, "{:?}", home.tree());
        let next = take(&path, Day::parse("2026-12-01").unwrap()).unwrap();
        assert_ne!(next, secrets[0]);
        fs::write(&path, "{").unwrap();
        assert_ne!(take(&path, month).unwrap(), secrets[0]);
        remove(&path).unwrap();
        assert_eq!(home.tree().len(), 1);
    }

    /// Whoever saves an id sweeps what killed writers left. Between its two
    /// names a secret looks like that, and others have taken it already.
    #[test]
    fn a_secret_that_still_has_two_names_is_not_swept_away() {
        let home = Home::new();
        let paths = crate::Paths::in_tests(&home);
        let month = Day::parse("2026-11-01").unwrap();
        let secret = take(&paths.new_id(), month).unwrap();
        let fresh = format!(".new-id.json.{}", "0".repeat(32));
        let fresh = paths.new_id().with_file_name(fresh);
        fs::hard_link(paths.new_id(), &fresh).unwrap();
        kept::sweep(&paths, Sweep::Rotation).unwrap();
        assert!(!fresh.exists());
        assert_eq!(read(&paths.new_id(), month), Some(secret));
    }
}

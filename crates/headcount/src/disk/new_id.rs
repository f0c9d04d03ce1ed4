//! A secret that is about to become the id's, in `new-id.json`: whoever comes
//! first creates it, and all others use the same. So many hosts that need an id
//! at once get one, although none waits for the lock under which it is saved.

use std::fs;
use std::io;
use std::path::Path;

use headcount_catalog::Day;
use serde_json::{Value as Json, json};

use super::error::DiskError;
use super::{in_use, private_file, small_json};
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
    let mut problem = io::ErrorKind::WouldBlock.into();
    for _ in 0..limits::LOCK_TRIES {
        if let Some(secret) = read(path, month) {
            return Ok(secret);
        }
        match try_create(path, month) {
            // Another process removed it meanwhile, with all that was beside
            // it.
            Err(error) if error.kind() == io::ErrorKind::NotFound => problem = error,
            created => return created.map_err(|error| DiskError::new(path, error)),
        }
    }
    Err(DiskError::new(path, problem))
}

/// Returns the secret that is there, if it is for an id of this month.
pub(crate) fn read(path: &Path, month: Day) -> Option<Secret> {
    let json = small_json::read_layout(path, FORMAT)?;
    let text = |key: &str| json.get(key).and_then(Json::as_str);
    (text("month").and_then(Day::parse) == Some(month)).then_some(())?;
    random::from_hex(text("secret")?)
}

/// Writes the file beside its place, and gives it its name unless another
/// process was faster.
fn try_create(path: &Path, month: Day) -> io::Result<Secret> {
    let secret = random::secret()?;
    let text = json!({
        "format": FORMAT, "month": month.to_string(), "secret": random::hex(&secret),
    });
    let fresh = private_file::write_beside(path, &format!("{text}\n"))?;
    let mut named = fs::hard_link(&fresh, path);
    if named.as_ref().is_err_and(|error| error.kind() == io::ErrorKind::AlreadyExists) {
        if let Some(faster) = read(path, month) {
            let _ = in_use::remove(&fresh);
            return Ok(faster);
        }
        // That of another month, or a damaged one.
        let _ = in_use::remove(path);
        named = fs::hard_link(&fresh, path);
    }
    let named = match named {
        Err(error) if error.kind() != io::ErrorKind::AlreadyExists => {
            // Not every file system has a second name for a file. Whoever is
            // last is found by all who look from then on.
            in_use::rename(&fresh, path)
        }
        named => {
            let _ = in_use::remove(&fresh);
            named
        }
    };
    match named {
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
            read(path, month).ok_or(error)
        }
        Err(error) => {
            let _ = in_use::remove(&fresh);
            Err(error)
        }
        Ok(()) => Ok(read(path, month).unwrap_or(secret)),
    }
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
}

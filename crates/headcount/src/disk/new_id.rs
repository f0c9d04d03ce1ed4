//! A secret that is about to become the id's, in `new-id.json`: whoever comes
//! first creates it, and all others use the same. So many hosts that need an id
//! at once get one, although none waits for the lock under which it is saved.

use std::fs::{self, File, TryLockError};
use std::io::{self, Write as _};
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Instant;

use headcount_catalog::Day;
use serde_json::Value as Json;

use super::error::DiskError;
use super::lock::{self, Missing};
use super::opened::to_read;
use super::{in_use, private_file};
use crate::as_json::json;
use crate::{limits, random};

/// The number of this file's layout.
const FORMAT: u64 = 1;

/// The length of a secret in bytes.
type Secret = [u8; 16];

/// Whether an id of a month is used today. A clock that was set back makes no
/// other id: a month that has not begun yet is taken for the one that goes on.
/// A clock that was years ahead once must not keep an id for ever, so that is
/// bounded, except where the clock itself is certainly wrong.
pub(crate) fn is_for(month: Day, today: Day) -> bool {
    let ahead = month.days_since(today);
    month == today.month_start()
        || (1..=limits::ID_AHEAD_DAYS).contains(&ahead)
        || ahead > 0 && today < limits::EARLIEST_DAY
}

/// Returns the secret for an id of today: the one that is there, or a new one.
/// Both are found by every other process until [`remove`].
///
/// # Errors
///
/// Returns an error if the system has no randomness, or if the file cannot be
/// read or created.
pub(crate) fn take(path: &Path, today: Day) -> Result<Secret, DiskError> {
    let started = Instant::now();
    let mut tries = 0;
    loop {
        let problem = match look(path, today) {
            Coming::Secret(secret) => return Ok(secret),
            Coming::Nothing => match try_create(path, today) {
                Ok(secret) => return Ok(secret),
                Err(error) => error,
            },
            Coming::Useless => match discard(path, today) {
                Ok(()) => io::ErrorKind::NotFound.into(),
                Err(error) => error,
            },
            // On Windows a file can be kept from being read for a moment. It
            // may have the secret that others use already.
            Coming::Unreadable(error) if is_momentary(&error) && !is_over(started) => {
                thread::yield_now();
                continue;
            }
            Coming::Unreadable(error) => return Err(error),
        };
        // Another process was faster, or removed it meanwhile with all that was
        // beside it. Otherwise, where trying again may help, mostly it does
        // not; for a moment also a file is about to be removed, or written.
        tries += u32::from(is_passed(&problem));
        let is_tried = tries >= limits::LOCK_TRIES || !is_passed(&problem) && is_over(started);
        if is_tried || !may_pass(&problem) {
            return Err(DiskError::new(path, problem));
        }
        if !is_passed(&problem) {
            thread::yield_now();
        }
    }
}

/// Removes a file that has no secret for today, and nothing else: whoever comes
/// later than others may have seen a file that is not there any more, and find
/// the secret that all others use in its place. So it is removed by whoever
/// has its lock, and has seen then what is in the place.
fn discard(path: &Path, today: Day) -> io::Result<()> {
    let seen = match lock::open(path, Missing::IsLeft) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        // It may be another's, or a link.
        Err(error) => to_read(path).map_err(|_| error)?,
        Ok(seen) => seen,
    };
    discard_opened(&seen, path, today)
}

fn discard_opened(seen: &File, path: &Path, today: Day) -> io::Result<()> {
    seen.try_lock()?;
    match look(path, today) {
        Coming::Useless => {}
        // On Windows this lock does that.
        Coming::Unreadable(error) if error.is_held() => {}
        Coming::Secret(_) | Coming::Nothing | Coming::Unreadable(_) => return Ok(()),
    }
    // Of a link the name goes: what it leads to is not ours.
    let is_there = path.is_symlink() || lock::is_linked(seen, path)?;
    if is_there { in_use::remove(path) } else { Ok(()) }
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
    let is_locked = error.kind() == io::ErrorKind::WouldBlock;
    is_passed(error) || is_locked || is_denied || in_use::is_held(error)
}

/// What is in the file.
enum Coming {
    /// A secret for an id of today.
    Secret(Secret),
    /// The file does not exist.
    Nothing,
    /// That of another month, or a damaged one.
    Useless,
    /// It cannot be read, and may be sound.
    Unreadable(DiskError),
}

fn look(path: &Path, today: Day) -> Coming {
    let text = match private_file::read(path) {
        Ok(None) => return Coming::Nothing,
        Ok(Some(text)) => text,
        Err(error) if error.is_damaged() => return Coming::Useless,
        Err(error) => return Coming::Unreadable(error),
    };
    match secret_of(&text, today) {
        Some(secret) => Coming::Secret(secret),
        None => Coming::Useless,
    }
}

/// Whether another process may keep the file from being read at this moment.
fn is_momentary(error: &DiskError) -> bool {
    error.is_held() || cfg!(windows) && error.kind() == Some(io::ErrorKind::PermissionDenied)
}

fn secret_of(text: &str, today: Day) -> Option<Secret> {
    let json: Json = text.parse().ok()?;
    let text = |key: &str| json.get(key).and_then(Json::as_str);
    let is_ours = json.get("format").and_then(Json::as_u64) == Some(FORMAT)
        && text("month").and_then(Day::parse).is_some_and(|month| is_for(month, today));
    random::from_hex(text("secret").filter(|_| is_ours)?)
}

/// Returns the secret that is there, if it is for an id of today.
///
/// # Errors
///
/// Returns an error if the file cannot be read and may have one.
pub(crate) fn read(path: &Path, today: Day) -> Result<Option<Secret>, DiskError> {
    match look(path, today) {
        Coming::Secret(secret) => Ok(Some(secret)),
        Coming::Nothing | Coming::Useless => Ok(None),
        Coming::Unreadable(error) => Err(error),
    }
}

/// Writes the file beside its place, and gives it its name unless another
/// process was faster.
fn try_create(path: &Path, today: Day) -> io::Result<Secret> {
    let secret = random::secret()?;
    let month = today.month_start();
    let text = json!({
        "format": FORMAT, "month": month.to_string(), "secret": random::hex(&secret),
    });
    let text = format!("{text}\n");
    let fresh = private_file::write_beside(path, &text)?;
    let named = match fs::hard_link(&fresh, path) {
        // Not every file system has a second name for a file.
        Err(error) if !may_pass(&error) => create_in_place(path, &text),
        named => named,
    };
    let _ = in_use::remove(&fresh);
    named.map(|()| secret)
}

/// Writes the file in its place, unless there is one. Until it is whole it is
/// locked, so nobody takes it for a damaged one.
fn create_in_place(path: &Path, text: &str) -> io::Result<()> {
    let mut file = private_file::create(path)?;
    match file.try_lock() {
        Ok(()) => {}
        // Somebody has found it empty, and is about to remove it.
        Err(TryLockError::WouldBlock) => return Err(io::ErrorKind::WouldBlock.into()),
        Err(TryLockError::Error(error)) => {
            let _ = in_use::remove(path);
            return Err(error);
        }
    }
    if !lock::is_linked(&file, path)? {
        return Err(io::ErrorKind::NotFound.into());
    }
    if let Err(error) = file.write_all(text.as_bytes()) {
        let _ = in_use::remove(path);
        return Err(error);
    }
    // From here on others may use it, whether it outlasts a loss of power or
    // not.
    let _ = file.sync_all();
    Ok(())
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

    fn day(text: &str) -> Day {
        Day::parse(text).unwrap()
    }

    #[test]
    fn all_who_come_at_once_get_one_secret() {
        let home = Home::new();
        let path = home.path().join("state/new-id.json");
        let today = day("2026-11-05");
        let secrets: Vec<Secret> = std::thread::scope(|scope| {
            let takers: Vec<_> = (0..16).map(|_| scope.spawn(|| take(&path, today))).collect();
            takers.into_iter().map(|taker| taker.join().unwrap().unwrap()).collect()
        });
        assert!(secrets.iter().all(|secret| *secret == secrets[0]));
        assert_eq!(home.tree().len(), 2, "{:?}", home.tree());
        let next = take(&path, day("2026-12-01")).unwrap();
        assert_ne!(next, secrets[0]);
        // A clock that was set back makes no other one.
        assert_eq!(take(&path, today).unwrap(), next);
        fs::write(&path, "{").unwrap();
        assert_ne!(take(&path, today).unwrap(), next);
        remove(&path).unwrap();
        assert_eq!(home.tree().len(), 1);
    }

    /// Two processes see what was left last month. The second one acts on it
    /// after the first has put its secret there and uses it.
    #[test]
    fn a_secret_of_today_is_not_removed_by_who_has_seen_an_old_one() {
        let home = Home::new();
        let path = home.path().join("state/new-id.json");
        let (before, today) = (day("2026-10-05"), day("2026-11-05"));
        let left: [fn(&Path, Day); 4] = [
            |path, before| assert!(take(path, before).is_ok()),
            // It has another name where its writer was killed.
            |path, before| {
                take(path, before).unwrap();
                fs::hard_link(path, path.with_file_name("other-name")).unwrap();
            },
            |path, _| fs::write(path, "{").unwrap(),
            |path, _| fs::write(path, "").unwrap(),
        ];
        for leave in left {
            let _ = fs::remove_dir_all(home.path().join("state"));
            private_file::make_folder(&home.path().join("state")).unwrap();
            leave(&path, before);
            assert!(matches!(look(&path, today), Coming::Useless));
            // Elsewhere an open file may keep its name.
            let seen = cfg!(unix).then(|| lock::open(&path, Missing::IsLeft).unwrap());
            let first = take(&path, today).unwrap();
            if let Some(seen) = seen {
                discard_opened(&seen, &path, today).unwrap();
            }
            discard(&path, today).unwrap();
            assert_eq!(take(&path, today).unwrap(), first);
        }
    }

    #[test]
    fn an_old_one_is_removed_by_whoever_has_its_lock() {
        let home = Home::new();
        let path = home.write("new-id.json", "{");
        let today = day("2026-11-05");
        let other = lock::open(&path, Missing::IsLeft).unwrap();
        other.try_lock().unwrap();
        assert_eq!(discard(&path, today).unwrap_err().kind(), io::ErrorKind::WouldBlock);
        assert!(path.exists());
        drop(other);
        discard(&path, today).unwrap();
        assert!(!path.exists());
    }

    #[test]
    fn without_second_names_one_secret_is_written_and_never_replaced() {
        let home = Home::new();
        let path = home.path().join("new-id.json");
        let today = day("2026-11-05");
        let text = |number: u8| {
            let secret = random::hex(&[number; 16]);
            json!({"format": FORMAT, "month": "2026-11-01", "secret": secret}).to_string()
        };
        create_in_place(&path, &text(1)).unwrap();
        let error = create_in_place(&path, &text(2)).unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::AlreadyExists);
        assert_eq!(take(&path, today).unwrap(), [1; 16]);
        // One that is still being written is not taken for a damaged one.
        fs::remove_file(&path).unwrap();
        let mut half = private_file::create(&path).unwrap();
        half.try_lock().unwrap();
        half.write_all(&text(3).as_bytes()[..20]).unwrap();
        assert_eq!(discard(&path, today).unwrap_err().kind(), io::ErrorKind::WouldBlock);
        half.write_all(&text(3).as_bytes()[20..]).unwrap();
        drop(half);
        discard(&path, today).unwrap();
        assert_eq!(take(&path, today).unwrap(), [3; 16]);
    }

    /// Here it is a circle of links. Too many open files and a disk that
    /// cannot be read are others.
    #[cfg(unix)]
    #[test]
    fn what_cannot_be_read_may_be_sound_and_stays() {
        let home = Home::new();
        let path = home.path().join("new-id.json");
        std::os::unix::fs::symlink("new-id.json", &path).unwrap();
        assert!(take(&path, day("2026-11-05")).is_err());
        assert!(read(&path, day("2026-11-05")).is_err());
        assert!(path.is_symlink());
    }

    #[test]
    fn an_id_outlasts_a_clock_that_goes_back_but_not_one_that_was_years_ahead() {
        for (month, today, holds) in [
            ("2026-11-01", "2026-11-01", true),
            ("2026-11-01", "2026-11-30", true),
            ("2026-11-01", "2026-12-01", false),
            ("2026-11-01", "2027-11-05", false),
            ("2026-12-01", "2026-11-30", true),
            ("2027-01-01", "2026-10-31", true),
            ("2027-01-01", "2026-10-30", false),
            ("2036-01-01", "2026-11-05", false),
            // A board without a battery.
            ("2026-11-01", "1970-01-01", true),
            ("1970-01-01", "2026-11-05", false),
            ("1970-01-01", "1970-02-01", false),
        ] {
            assert_eq!(is_for(day(month), day(today)), holds, "{month} {today}");
        }
    }

    /// Whoever saves an id sweeps what killed writers left. Between its two
    /// names a secret looks like that, and others have taken it already.
    #[test]
    fn a_secret_that_still_has_two_names_is_not_swept_away() {
        let home = Home::new();
        let paths = crate::Paths::in_tests(&home);
        let today = day("2026-11-05");
        let secret = take(&paths.new_id(), today).unwrap();
        let fresh = format!(".new-id.json.{}", "0".repeat(32));
        let fresh = paths.new_id().with_file_name(fresh);
        fs::hard_link(paths.new_id(), &fresh).unwrap();
        kept::sweep(&paths, Sweep::Rotation).unwrap();
        assert!(!fresh.exists());
        assert_eq!(read(&paths.new_id(), today).unwrap(), Some(secret));
    }
}

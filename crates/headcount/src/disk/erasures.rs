//! What proves that a destination has to erase a device's events, until it has
//! answered: ids and their secrets, in `erasures.json`. Only `telemetry forget`
//! adds to it and sends what is in it.

use std::fmt;

use headcount_catalog::Day;
use serde_json::Value as Json;

use super::error::DiskError;
use super::paths::Paths;
use super::{link, lock, private_file, small_json};
use crate::as_json::json;
use crate::{limits, random};

/// The number of this file's layout.
const FORMAT: u64 = 1;

/// An id whose events some destinations still have to erase.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct PendingErasure {
    secret: String,
    /// The day on which the person asked for it.
    pub(crate) asked: Day,
    /// The destinations that have not answered, by their names in the catalog.
    pub(crate) owed_by: Vec<String>,
}

/// Leaves the secret out.
impl fmt::Debug for PendingErasure {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("PendingErasure").field("owed_by", &self.owed_by).finish_non_exhaustive()
    }
}

impl PendingErasure {
    /// An erasure that is asked for today; `None` if that is not a secret.
    pub(crate) fn new(secret: &str, asked: Day, owed_by: Vec<String>) -> Option<Self> {
        random::from_hex(secret)?;
        Some(Self { secret: secret.to_owned(), asked, owed_by })
    }

    pub(crate) fn secret(&self) -> &str {
        &self.secret
    }

    /// The id, which follows from the secret.
    pub(crate) fn device(&self) -> String {
        random::from_hex(&self.secret).map_or_else(String::new, |secret| random::id(&secret))
    }

    fn parse(json: &Json) -> Option<Self> {
        let names = json.get("owedBy")?.as_array()?.iter();
        Self::new(
            json.get("secret")?.as_str()?,
            Day::parse(json.get("asked")?.as_str()?)?,
            names.map(|name| name.as_str().map(str::to_owned)).collect::<Option<_>>()?,
        )
    }

    fn json(&self) -> Json {
        json!({
            "device": self.device(),
            "secret": self.secret,
            "asked": self.asked.to_string(),
            "owedBy": self.owed_by,
        })
    }
}

/// Reads the file, oldest first. What is damaged in it is left out.
pub(crate) fn read(paths: &Paths) -> Vec<PendingErasure> {
    let json = small_json::read_layout(&paths.erasures(), FORMAT);
    json.as_ref().and_then(pending).unwrap_or_default()
}

fn pending(json: &Json) -> Option<Vec<PendingErasure>> {
    Some(json.get("pending")?.as_array()?.iter().filter_map(PendingErasure::parse).collect())
}

/// Adds an erasure. Of more than the limit, the oldest goes.
///
/// # Errors
///
/// Returns an error if the file cannot be locked or written.
pub(crate) fn add(paths: &Paths, erasure: PendingErasure) -> Result<(), DiskError> {
    change(paths, |mut pending| {
        pending.retain(|other| other.secret != erasure.secret);
        pending.push(erasure);
        let excess = pending.len().saturating_sub(limits::ERASURES);
        pending.split_off(excess)
    })
}

/// Notes that a destination has erased what belongs to an id. With the last
/// answer, the proof goes.
///
/// # Errors
///
/// Returns an error if the file cannot be locked or written.
pub(crate) fn answered(
    paths: &Paths,
    erasure: &PendingErasure,
    destination: &str,
) -> Result<(), DiskError> {
    change(paths, |mut pending| {
        for other in pending.iter_mut().filter(|other| other.secret == erasure.secret) {
            other.owed_by.retain(|name| name != destination);
        }
        pending.retain(|other| !other.owed_by.is_empty());
        pending
    })
}

fn change(
    paths: &Paths,
    change: impl FnOnce(Vec<PendingErasure>) -> Vec<PendingErasure>,
) -> Result<(), DiskError> {
    let _held = lock::hold(&paths.lock())?;
    let path = paths.erasures();
    let after = change(read_whole(paths)?);
    if after.is_empty() {
        return link::remove_ours(&path);
    }
    let pending: Vec<Json> = after.iter().map(PendingErasure::json).collect();
    private_file::write(&path, &format!("{:#}\n", json!({"format": FORMAT, "pending": pending})))
}

/// Reads the file to change it, or to say that nothing is in it: what cannot be
/// read, or what a newer release wrote, must not be written over.
///
/// # Errors
///
/// Returns an error if the file is there and cannot be read or understood.
pub(crate) fn read_whole(paths: &Paths) -> Result<Vec<PendingErasure>, DiskError> {
    let path = paths.erasures();
    let Some(text) = private_file::read(&path)? else { return Ok(Vec::new()) };
    let what = "a list of erasures that were asked for";
    small_json::parse_layout(&path, &text, FORMAT, what, pending)
}

#[cfg(test)]
mod tests {
    use super::*;
    use headcount_testkit::Home;

    fn erasure(number: usize, owed_by: &[&str]) -> PendingErasure {
        let owed_by = owed_by.iter().map(|&name| name.to_owned()).collect();
        let today = Day::parse("2026-11-28").expect("a day");
        PendingErasure::new(&format!("{number:032x}"), today, owed_by).expect("a secret")
    }

    #[test]
    fn a_proof_is_kept_until_the_last_destination_has_answered() {
        let home = Home::new();
        let paths = Paths::in_tests(&home);
        assert_eq!(read(&paths), []);
        let (one, two) = (erasure(1, &["a", "b"]), erasure(2, &["a"]));
        add(&paths, one.clone()).unwrap();
        add(&paths, two.clone()).unwrap();
        assert_eq!(read(&paths), [one.clone(), two.clone()]);
        answered(&paths, &one, "a").unwrap();
        assert_eq!(read(&paths)[0].owed_by, ["b"]);
        answered(&paths, &one, "b").unwrap();
        assert_eq!(read(&paths), std::slice::from_ref(&two));
        answered(&paths, &two, "a").unwrap();
        assert!(!paths.erasures().exists());
    }

    #[test]
    fn the_newest_are_kept_and_what_is_no_secret_is_not_read() {
        let home = Home::new();
        let paths = Paths::in_tests(&home);
        for number in 0..limits::ERASURES + 3 {
            add(&paths, erasure(number, &["a"])).unwrap();
        }
        let kept = read(&paths);
        assert_eq!((kept.len(), kept[0].clone()), (limits::ERASURES, erasure(3, &["a"])));
        let text = std::fs::read_to_string(paths.erasures()).unwrap();
        let broken = text.replacen(kept[0].secret(), "/etc/passwd", 1);
        std::fs::write(paths.erasures(), broken).unwrap();
        assert_eq!(read(&paths), kept[1..]);
        std::fs::write(paths.erasures(), "{\"format\":1,\"pending\":7}").unwrap();
        assert_eq!(read(&paths), []);
    }
}

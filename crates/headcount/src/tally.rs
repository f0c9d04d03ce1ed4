//! The tally of shipping: uploads tried and failed, and events lost by reason,
//! kept on disk from one shipper to the next.
//!
//! Only a shipper writes it, under the queue's lock. A host that could not
//! record an event leaves one letter in a file beside it; the next shipper
//! takes that in.

use std::path::Path;

use headcount_queue::{AppendError, Drops, Reason};
use serde_json::{Map, Value as Json, json};

use crate::{Paths, limits, private_file};

/// The number of this file's layout.
const FORMAT: u64 = 1;

/// Why an event never arrived. A closed list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Loss {
    /// The queue was full when it was recorded.
    Full,
    /// Other processes held the queue when it was recorded.
    Busy,
    /// The disk refused it when it was recorded.
    NotWritten,
    /// It waited among too many bytes.
    OverBytes,
    /// It waited among too many others.
    OverCount,
    /// It waited longer than the catalog allows.
    OverAge,
    /// Its line was torn, too long, or no text.
    Spoiled,
    /// Its catalog no longer allows it.
    NotAllowed,
    /// The destination asked for fewer devices, and this one is not of them.
    NotAsked,
    /// The destination rejected it, on its own or with its whole batch.
    Rejected,
}

impl Loss {
    /// Every reason with its name in a report, and the letter with which a host
    /// leaves it, where a host can.
    pub(crate) const ALL: [(Self, &'static str, Option<u8>); 10] = [
        (Self::Full, "full", Some(b'f')),
        (Self::Busy, "busy", Some(b'b')),
        (Self::NotWritten, "not-written", Some(b'w')),
        (Self::OverBytes, "over-bytes", None),
        (Self::OverCount, "over-count", None),
        (Self::OverAge, "over-age", None),
        (Self::Spoiled, "spoiled", None),
        (Self::NotAllowed, "not-allowed", None),
        (Self::NotAsked, "not-asked", None),
        (Self::Rejected, "rejected", None),
    ];
}

/// What was counted.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Tally {
    /// Requests that were begun.
    pub(crate) tried: u64,
    /// Of those, requests that no destination answered for.
    pub(crate) failed: u64,
    /// When it was last told, in seconds since 1970; when it began otherwise.
    pub(crate) told_s: Option<i64>,
    lost: [u64; Loss::ALL.len()],
}

impl Tally {
    /// Counts events lost for a reason.
    pub(crate) fn lose(&mut self, loss: Loss, events: u64) {
        let count = &mut self.lost[loss as usize];
        *count = count.saturating_add(events);
    }

    /// Takes in what a queue gave up.
    pub(crate) fn take_in(&mut self, drops: &Drops) {
        for dropped in drops.iter() {
            let loss = match dropped.reason {
                Reason::OverBytes => Loss::OverBytes,
                Reason::OverCount => Loss::OverCount,
                Reason::OverAge => Loss::OverAge,
                Reason::Torn | Reason::TooLong | Reason::NotUtf8 => Loss::Spoiled,
            };
            self.lose(loss, dropped.lines);
        }
    }

    /// Events lost for a reason.
    pub(crate) fn lost(&self, loss: Loss) -> u64 {
        self.lost[loss as usize]
    }

    /// The reasons that occurred, by name, each with its events.
    pub(crate) fn losses(&self) -> impl Iterator<Item = (&'static str, u64)> + '_ {
        let named = Loss::ALL.into_iter().map(|(loss, name, _)| (name, self.lost(loss)));
        named.filter(|(_, events)| *events > 0)
    }

    /// Reads it; what is missing or no tally is one of nothing.
    pub(crate) fn read(path: &Path) -> Self {
        let read = || {
            let json: Json = serde_json::from_str(&private_file::read(path).ok()??).ok()?;
            let number = |key: &str| json.get(key).and_then(Json::as_u64).unwrap_or(0);
            if number("format") != FORMAT {
                return None;
            }
            let mut tally = Self {
                tried: number("tried"),
                failed: number("failed"),
                told_s: json.get("told").and_then(Json::as_i64),
                ..Self::default()
            };
            for (loss, name, _) in Loss::ALL {
                let events = json.get("lost").and_then(|lost| lost.get(name)?.as_u64());
                tally.lose(loss, events.unwrap_or(0));
            }
            Some(tally)
        };
        read().unwrap_or_default()
    }

    /// Writes it.
    ///
    /// # Errors
    ///
    /// What the system says.
    pub(crate) fn write(&self, path: &Path) -> std::io::Result<()> {
        let lost: Map<String, Json> =
            self.losses().map(|(name, events)| (name.to_owned(), Json::from(events))).collect();
        let json = json!({
            "format": FORMAT, "tried": self.tried, "failed": self.failed,
            "told": self.told_s, "lost": lost,
        });
        private_file::write(path, &format!("{json}\n"))
    }

    /// Takes in the letters that hosts left, and takes them away.
    pub(crate) fn collect(&mut self, paths: &Paths) {
        let path = paths.unrecorded();
        let Ok(Some(letters)) = private_file::read(&path) else { return };
        // A host that leaves one in between costs the tally that one.
        if private_file::remove(&path).is_err() {
            return;
        }
        for letter in letters.bytes() {
            if let Some((loss, ..)) = Loss::ALL.iter().find(|(.., it)| *it == Some(letter)) {
                self.lose(*loss, 1);
            }
        }
    }
}

/// Why a queue did not take an event.
pub(crate) fn of_append(error: &AppendError) -> Loss {
    match error {
        AppendError::Full { .. } => Loss::Full,
        AppendError::Busy => Loss::Busy,
        AppendError::Short { .. } | AppendError::Failed(_) => Loss::NotWritten,
        // Records are neither empty nor of several lines, and their length is their catalog's.
        AppendError::Empty | AppendError::Control | AppendError::TooLong { .. } => Loss::Spoiled,
    }
}

/// Leaves word of an event that could not be recorded, up to a bound. Where
/// nothing can be left, nobody will know.
pub(crate) fn leave(paths: &Paths, loss: Loss) {
    let path = paths.unrecorded();
    let size = std::fs::symlink_metadata(&path).map_or(0, |metadata| metadata.len());
    let letter = Loss::ALL.iter().find(|(it, ..)| *it == loss).and_then(|(.., letter)| *letter);
    if let (Some(letter), true) = (letter, size < limits::UNRECORDED_BYTES) {
        let _ = private_file::append(&path, &char::from(letter).to_string());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_reason_has_a_place_of_its_own() {
        for (place, (loss, ..)) in Loss::ALL.into_iter().enumerate() {
            assert_eq!(loss as usize, place);
        }
    }

    #[test]
    fn a_tally_is_read_back_and_what_is_none_is_nothing() {
        let home = headcount_testkit::Home::new();
        let path = home.path().join("state").join("tally.json");
        assert_eq!(Tally::read(&path), Tally::default());
        let mut tally = Tally { tried: 7, failed: 2, told_s: Some(-5), ..Tally::default() };
        tally.lose(Loss::OverAge, 3);
        tally.lose(Loss::Rejected, u64::MAX);
        tally.lose(Loss::Rejected, 1);
        tally.write(&path).unwrap();
        assert_eq!(Tally::read(&path), tally);
        let losses: Vec<_> = tally.losses().collect();
        assert_eq!(losses, [("over-age", 3), ("rejected", u64::MAX)]);
        for broken in ["", "{}", "[]", "{\"format\":2,\"tried\":1}", "{\"format\":1,\"lost\":7}"] {
            private_file::write(&path, broken).unwrap();
            assert_eq!(Tally::read(&path), Tally::default(), "{broken}");
        }
    }
}

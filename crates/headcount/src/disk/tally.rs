//! The tally of shipping: uploads tried and failed, events lost by reason, and
//! how much of that was reported. Kept on disk from one shipper to the next.
//!
//! Only a shipper writes it, under the queue's lock. A host that could not
//! record an event appends one letter to another file; the next shipper adds it
//! to the tally.
//!
//! Counts never go down, so a person sees everything since the tally began. A
//! report has the difference to the last report. Its line is kept here from the
//! end of the shipment that made it until the next shipment has put it into the
//! queue.

use std::path::Path;

use headcount_catalog::report::Measure;
use headcount_catalog::{Catalog, Day};
use headcount_queue::{AppendError, Bounds, DropReason, Drops, Queue};
use serde_json::Value as Json;

use super::content::{self, Content, Denied};
use super::error::DiskError;
use super::paths::Paths;
use super::{line, link, private_file, small_json};
use crate::as_json::{json, object_of};
use crate::limits;

pub(crate) use headcount_catalog::report::Loss;

/// The number of this file's layout.
const FORMAT: u64 = 1;

/// The letter that a host appends for a reason, if hosts meet it.
fn letter(loss: Loss) -> Option<char> {
    match loss {
        Loss::Full => Some('f'),
        Loss::Busy => Some('b'),
        Loss::NotWritten => Some('w'),
        Loss::OverBytes
        | Loss::OverCount
        | Loss::OverAge
        | Loss::Spoiled
        | Loss::NotAllowed
        | Loss::NotAsked
        | Loss::Rejected => None,
    }
}

/// Numbers of uploads and events.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Counts {
    /// Requests that were begun.
    pub(crate) tried: u64,
    /// Requests among them without a usable answer.
    pub(crate) failed: u64,
    lost: [u64; Loss::ALL.len()],
}

impl Counts {
    /// Returns one of the numbers.
    pub(crate) fn of(&self, measure: Measure) -> u64 {
        match measure {
            Measure::Tried => self.tried,
            Measure::Failed => self.failed,
            Measure::Lost(loss) => self.lost[loss as usize],
        }
    }

    /// The reasons that occurred, by name, with the number of events.
    pub(crate) fn losses(&self) -> impl Iterator<Item = (&'static str, u64)> + '_ {
        let named = Loss::ALL.into_iter().map(|loss| (loss.name(), self.lost[loss as usize]));
        named.filter(|(_, events)| *events > 0)
    }

    /// The difference to earlier counts.
    fn since(&self, others: &Self) -> Self {
        let mut lost = self.lost;
        for (mine, others) in lost.iter_mut().zip(others.lost) {
            *mine = mine.saturating_sub(others);
        }
        Self {
            tried: self.tried.saturating_sub(others.tried),
            failed: self.failed.saturating_sub(others.failed),
            lost,
        }
    }

    fn parse(json: &Json) -> Self {
        let number = |key: &str| json.get(key).and_then(Json::as_u64).unwrap_or(0);
        let lost = Loss::ALL.map(|loss| {
            let events = json.get("lost").and_then(|lost| lost.get(loss.name())?.as_u64());
            events.unwrap_or(0)
        });
        Self { tried: number("tried"), failed: number("failed"), lost }
    }

    fn json(&self) -> Json {
        let lost = object_of(&mut self.losses().map(|(name, events)| (name, json!(events))));
        json!({"tried": self.tried, "failed": self.failed, "lost": lost})
    }
}

/// Whether a destination gave a usable answer to a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Answered {
    Yes,
    No,
}

/// Notes for the next shipper that the id has changed. How many events a server
/// rejected is a number that the server chose: told under another id, it would
/// join the two.
///
/// # Errors
///
/// Returns an error if the file cannot be written.
pub(crate) fn id_has_changed(paths: &Paths) -> Result<(), DiskError> {
    if paths.tally().exists() { private_file::write(&paths.id_changed(), "") } else { Ok(()) }
}

/// What was counted, and what of it was reported.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Tally {
    /// Everything since the tally began.
    pub(crate) counts: Counts,
    /// When the tally began, in seconds since 1970.
    pub(crate) since_s: Option<i64>,
    /// What was reported, or must never be reported.
    told: Counts,
    /// When that was, in seconds since 1970; `None` if nothing is reported.
    told_s: Option<i64>,
    /// The line of a report that is not known to be in the queue yet.
    pub(crate) telling: Option<String>,
    /// Reports that joined the queue when the id changed, and that no shipment
    /// has counted yet.
    pub(crate) released: u64,
    /// Whether the file could not be read at that moment. What was counted
    /// before is there, so nothing is written in its place.
    is_unread: bool,
}

impl Tally {
    /// Counts a request.
    pub(crate) fn request(&mut self, answered: Answered) {
        let Counts { tried, failed, .. } = &mut self.counts;
        *tried = tried.saturating_add(1);
        *failed = failed.saturating_add(u64::from(answered == Answered::No));
    }

    /// Counts events lost for a reason.
    pub(crate) fn lose(&mut self, loss: Loss, events: u64) {
        let count = &mut self.counts.lost[loss as usize];
        *count = count.saturating_add(events);
    }

    /// Counts what a queue dropped.
    pub(crate) fn take_in(&mut self, drops: &Drops) {
        for dropped in drops.iter() {
            let loss = match dropped.reason {
                DropReason::OverBytes => Loss::OverBytes,
                DropReason::OverCount => Loss::OverCount,
                DropReason::OverAge => Loss::OverAge,
                DropReason::Torn | DropReason::TooLong | DropReason::NotUtf8 => Loss::Spoiled,
            };
            self.lose(loss, dropped.lines);
        }
    }

    /// Marks everything counted so far as never to be reported: nobody agreed
    /// to report it.
    pub(crate) fn keep_silent(&mut self) {
        *self = Self { told: self.counts, told_s: None, telling: None, ..*self };
    }

    /// What a report would contain now; `None` if it is too early or nothing
    /// was counted. The pause before the first report starts with the first
    /// call, and again if the clock was set back by more than the pause.
    pub(crate) fn untold(&mut self, now_s: i64) -> Option<Counts> {
        let Some(told_s) = self.told_s else {
            self.told_s = Some(now_s);
            return None;
        };
        if told_s.saturating_sub(now_s) > limits::REPORT_PAUSE_S {
            self.told_s = Some(now_s);
        }
        let is_due = now_s.saturating_sub(told_s) >= limits::REPORT_PAUSE_S;
        let untold = self.counts.since(&self.told);
        (is_due && self.telling.is_none() && untold != Counts::default()).then_some(untold)
    }

    /// Marks everything counted so far as reported in `line`.
    pub(crate) fn tell(&mut self, now_s: i64, line: String) {
        (self.told, self.told_s) = (self.counts, Some(now_s));
        self.telling = Some(line);
    }

    /// Notes that the line is in the queue. The pause starts again, so that two
    /// reports are sent a day apart too.
    pub(crate) fn has_told(&mut self, now_s: i64) {
        self.told_s = Some(now_s);
        self.telling = None;
    }

    /// Reads the file. A missing or damaged file is an empty tally; one that
    /// cannot be read now looks empty too, and is not written.
    pub(crate) fn read(path: &Path) -> Self {
        match content::read(path, Denied::MayBeSound) {
            Ok(Content::Text(text)) => Self::of(&text),
            Ok(Content::Missing | Content::Useless(_)) => Self::default(),
            Err(_) => Self { is_unread: true, ..Self::default() },
        }
    }

    fn of(text: &str) -> Self {
        let read = || {
            let json = small_json::of_layout(text, FORMAT)?;
            let told = json.get("told").unwrap_or(&Json::Null);
            let line = json.get("telling").and_then(Json::as_str);
            Some(Self {
                counts: Counts::parse(&json),
                since_s: json.get("since").and_then(Json::as_i64),
                told: Counts::parse(told),
                told_s: told.get("at").and_then(Json::as_i64),
                telling: line.map(str::to_owned),
                released: json.get("released").and_then(Json::as_u64).unwrap_or(0),
                is_unread: false,
            })
        };
        read().unwrap_or_default()
    }

    /// Writes the file, unless a newer release did, or it could not be read.
    ///
    /// # Errors
    ///
    /// Returns an error if the file cannot be written, or cannot be read now.
    pub(crate) fn write(&self, path: &Path) -> Result<(), DiskError> {
        if self.is_unread || small_json::is_of_newer_release(path, FORMAT)? {
            return Ok(());
        }
        let mut json = self.counts.json();
        json["format"] = json!(FORMAT);
        json["since"] = json!(self.since_s);
        json["told"] = self.told.json();
        json["told"]["at"] = json!(self.told_s);
        if let Some(line) = &self.telling {
            json["telling"] = json!(line);
        }
        if self.released > 0 {
            json["released"] = json!(self.released);
        }
        private_file::write(path, &format!("{json}\n"))
    }

    /// Counts the letters that hosts left, and removes their file. If the id
    /// has changed, what was counted before is never reported.
    pub(crate) fn collect(&mut self, paths: &Paths) {
        if self.is_unread {
            return;
        }
        let changed = paths.id_changed();
        if changed.exists() && private_file::remove(&changed).is_ok() {
            self.told = self.counts;
        }
        let path = paths.unrecorded();
        let Ok(Some(letters)) = private_file::read(&path) else { return };
        // A letter that a host appends in between is lost.
        if private_file::remove(&path).is_err() {
            return;
        }
        for left in letters.chars() {
            if let Some(loss) = Loss::ALL.into_iter().find(|loss| letter(*loss) == Some(left)) {
                self.lose(loss, 1);
            }
        }
    }
}

/// Moves the waiting report into the queue: it has the id of a month that is
/// over, and only the unsent queue may still have that. One that has waited too
/// long is dropped, and so is one in a file that is useless. The next report
/// waits for the day after.
///
/// # Errors
///
/// Returns an error if the file cannot be written, or cannot be read now: it
/// may have that id.
pub(crate) fn release(catalog: &Catalog, paths: &Paths, today: Day) -> Result<(), DiskError> {
    let path = paths.tally();
    let mut tally = match content::read(&path, Denied::IsUseless)? {
        Content::Text(text) => Tally::of(&text),
        Content::Missing => return Ok(()),
        Content::Useless(_) => return link::remove_ours(&path),
    };
    let Some(waits) = tally.telling.clone() else { return Ok(()) };
    let is_old = line::time(catalog, &waits).is_some_and(|at| line::is_old(catalog, at, today));
    if !is_old && let Ok(queue) = Queue::new(&paths.queue, Bounds::USUAL) {
        // A report that cannot be queued is lost with the others that cannot.
        tally.released += u64::from(queue.append(&waits).is_ok());
    }
    tally.has_told(today.plus(1).start().seconds());
    tally.write(&path)
}

/// The reason for which a queue refused an event.
pub(crate) fn of_append(error: &AppendError) -> Loss {
    match error {
        AppendError::Full { .. } => Loss::Full,
        AppendError::Busy => Loss::Busy,
        // A record is never empty, has one line, and its catalog limits its
        // length.
        AppendError::Empty | AppendError::Control | AppendError::TooLong { .. } => Loss::Spoiled,
        _ => Loss::NotWritten,
    }
}

/// Notes that an event could not be recorded, up to a limit. If the note cannot
/// be written, the loss is not counted.
pub(crate) fn leave(paths: &Paths, loss: Loss) {
    let path = paths.unrecorded();
    let size = std::fs::symlink_metadata(&path).map_or(0, |metadata| metadata.len());
    if let (Some(letter), true) = (letter(loss), size < limits::UNRECORDED_BYTES) {
        let _ = private_file::append(&path, &letter.to_string());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const DAY_S: i64 = limits::REPORT_PAUSE_S;

    /// A tally whose first pause has begun, and that has something to tell.
    fn begun() -> Tally {
        let mut tally = Tally::default();
        assert_eq!(tally.untold(1_000_000), None);
        tally.counts.tried = 2;
        tally.lose(Loss::Full, 1);
        tally
    }

    #[test]
    fn every_reason_that_a_host_leaves_has_a_letter_of_its_own() {
        let mut letters: Vec<char> = Loss::ALL.into_iter().filter_map(letter).collect();
        letters.sort_unstable();
        letters.dedup();
        assert_eq!(letters, ['b', 'f', 'w']);
    }

    #[test]
    fn what_a_newer_release_counts_is_left_alone() {
        let home = headcount_testkit::Home::new();
        let path = home.write("tally.json", "{\"format\":2,\"tried\":7}");
        begun().write(&path).unwrap();
        assert_eq!(home.read("tally.json"), "{\"format\":2,\"tried\":7}");
    }

    #[test]
    fn a_tally_is_read_back_and_what_is_none_is_nothing() {
        let home = headcount_testkit::Home::new();
        let path = home.path().join("state").join("tally.json");
        assert_eq!(Tally::read(&path), Tally::default());
        let mut tally = Tally { since_s: Some(-5), ..begun() };
        tally.lose(Loss::OverAge, 3);
        tally.lose(Loss::Rejected, u64::MAX);
        tally.lose(Loss::Rejected, 1);
        tally.tell(7, "{\"a\":\"\\\"\"}".to_owned());
        tally.request(Answered::No);
        tally.write(&path).unwrap();
        assert_eq!(Tally::read(&path), tally);
        tally.keep_silent();
        tally.write(&path).unwrap();
        assert_eq!(Tally::read(&path), tally);
        let losses: Vec<_> = tally.counts.losses().collect();
        assert_eq!(losses, [("full", 1), ("over-age", 3), ("rejected", u64::MAX)]);
        for broken in ["", "{}", "[]", "{\"format\":2,\"tried\":1}", "{\"format\":1,\"lost\":7}"] {
            private_file::write(&path, broken).unwrap();
            assert_eq!(Tally::read(&path), Tally::default(), "{broken}");
        }
    }

    #[test]
    fn it_tells_what_came_since_and_once_a_day() {
        let mut tally = begun();
        assert_eq!(tally.untold(1_000_000 + DAY_S - 1), None);
        let untold = tally.untold(1_000_000 + DAY_S).expect("a day is over");
        assert_eq!((untold.tried, untold.failed, untold.of(Measure::Lost(Loss::Full))), (2, 0, 1));
        let at = 1_000_000 + DAY_S;
        tally.tell(at, "line".to_owned());
        assert_eq!(tally.untold(at + 9 * DAY_S), None, "the line is not in the queue yet");
        tally.has_told(at + 9 * DAY_S);
        tally.counts.tried += 1;
        assert_eq!(tally.untold(at + 10 * DAY_S - 1), None);
        assert_eq!(tally.untold(at + 10 * DAY_S).map(|untold| untold.tried), Some(1));
        assert_eq!(tally.counts.tried, 3, "a person sees everything");
    }

    #[test]
    fn nothing_counted_is_nothing_told() {
        let mut tally = Tally::default();
        assert_eq!(tally.untold(0), None);
        assert_eq!(tally.untold(400 * DAY_S), None);
    }

    #[test]
    fn a_clock_that_jumps_makes_it_wait_a_day_and_no_longer() {
        let now = 1_000_000;
        // A year ahead: a year has gone by for all it can tell.
        assert!(begun().untold(now + 365 * DAY_S).is_some());
        for now in [now - 365 * DAY_S, now - DAY_S - 1, i64::MIN] {
            let mut tally = begun();
            assert_eq!(tally.untold(now), None, "{now}");
            assert_eq!(tally.untold(now + DAY_S - 1), None, "{now}");
            assert!(tally.untold(now + DAY_S).is_some(), "{now}");
        }
        // Less than a day back: two days at most.
        let mut tally = begun();
        assert_eq!(tally.untold(now - DAY_S), None);
        assert!(tally.untold(now + DAY_S).is_some());
    }

    #[test]
    fn what_nobody_agreed_to_hear_of_is_not_told_later() {
        let mut tally = begun();
        tally.keep_silent();
        assert_eq!(tally.untold(9 * DAY_S + 1_000_000), None);
        assert_eq!(tally.untold(10 * DAY_S + 1_000_000), None);
        tally.counts.tried += 3;
        let untold = tally.untold(11 * DAY_S + 1_000_000).expect("a day is over");
        assert_eq!((untold.tried, untold.losses().count()), (3, 0));
    }
}

//! What hooks of coding agents have to remember of sessions from one call to
//! the next: one object of JSON a line, with the time of the note, in a log of
//! limited size. What a note says is the hook's business.

use headcount_catalog::{Day, Time};
use serde_json::Value as Json;

use super::bounded_log::{self, LogBound};
use super::content::{self, Content, Denied};
use super::error::DiskError;
use super::lock::{self, Held, Terms};
use super::paths::Paths;
use super::{link, private_file};
use crate::limits;

const BOUND: LogBound =
    LogBound { most_bytes: limits::NOTES_BYTES, kept_bytes: limits::NOTES_KEPT_BYTES };

/// Takes the lock of the notes. Hooks of several agents may run at once, and
/// one of them at a time reads, decides and writes.
///
/// # Errors
///
/// Returns an error if the file cannot be opened or locked, or if another
/// process holds it for too long.
pub(crate) fn hold(paths: &Paths) -> Result<Held, DiskError> {
    lock::hold_for(&paths.agent_notes_lock(), limits::NOTES_WAIT)
}

/// Reads the notes, the oldest first. What is not a note is left out.
///
/// # Errors
///
/// Returns an error if the file cannot be read now.
pub(crate) fn read(paths: &Paths) -> Result<Vec<(Time, Json)>, DiskError> {
    let path = paths.agent_notes();
    if path.is_symlink() {
        return Ok(Vec::new());
    }
    match content::read(&path, Denied::MayBeSound)? {
        Content::Text(text) => Ok(notes(&text)),
        Content::Missing => Ok(Vec::new()),
        // They would stop all that follow.
        Content::Useless(_) => private_file::remove(&path).map(|()| Vec::new()),
    }
}

fn notes(text: &str) -> Vec<(Time, Json)> {
    text.lines().filter_map(parse).collect()
}

fn parse(line: &str) -> Option<(Time, Json)> {
    let mut json: Json = line.parse().ok()?;
    let at = Time::from_milliseconds(json.get("at")?.as_i64()?);
    Some((at, json.get_mut("note")?.take()))
}

fn line((at, note): &(Time, Json)) -> String {
    format!("{{\"at\":{},\"note\":{note}}}\n", at.milliseconds())
}

/// Adds notes. If the log is full, the oldest go.
///
/// # Errors
///
/// Returns an error if telemetry was turned off meanwhile, or if the log cannot
/// be locked or written.
pub(crate) fn add(
    paths: &Paths,
    terms: Terms<'_>,
    notes: &[(Time, Json)],
) -> Result<(), DiskError> {
    let lines: String = notes.iter().map(line).collect();
    let _held = terms.hold(paths)?;
    bounded_log::add(&paths.agent_notes(), &lines, BOUND)
}

/// Writes these notes instead of all others; no file if there are none.
///
/// # Errors
///
/// The same as [`add`].
pub(crate) fn replace(
    paths: &Paths,
    terms: Terms<'_>,
    notes: &[(Time, Json)],
) -> Result<(), DiskError> {
    let lines: String = notes.iter().map(line).collect();
    let _held = terms.hold(paths)?;
    if lines.is_empty() {
        return link::remove_ours(&paths.agent_notes());
    }
    private_file::write(&paths.agent_notes(), &lines)
}

/// Drops the notes that are as old as no record may be.
///
/// # Errors
///
/// Returns an error if the log cannot be locked, read now, or written.
pub(crate) fn drop_old(paths: &Paths, today: Day, days: u16) -> Result<(), DiskError> {
    let is_young = |(at, _): &(Time, Json)| today <= at.day().plus(i32::from(days));
    // Mostly there is no such file, or nothing is too old.
    if read(paths).is_ok_and(|notes| notes.iter().all(is_young)) {
        return Ok(());
    }
    let _notes = hold(paths)?;
    let _held = lock::hold(&paths.lock())?;
    let path = paths.agent_notes();
    let young: Vec<_> = match content::read(&path, Denied::IsUseless)? {
        Content::Text(text) => notes(&text).into_iter().filter(is_young).collect(),
        Content::Missing => return Ok(()),
        Content::Useless(_) => Vec::new(),
    };
    if young.is_empty() {
        return link::remove_ours(&path);
    }
    private_file::write(&path, &young.iter().map(line).collect::<String>())
}

#[cfg(test)]
mod tests {
    use super::super::lock::Patience;
    use super::*;
    use headcount_testkit::Home;

    const YES: Terms<'static> = Terms { patience: Patience::Hook, is_still_on: &|| true };
    const NO: Terms<'static> = Terms { patience: Patience::Hook, is_still_on: &|| false };

    fn note(day: i32, number: u64) -> (Time, Json) {
        (Day::from_number(day).start(), Json::from(number))
    }

    #[test]
    fn notes_are_read_as_they_were_added_and_the_oldest_go() {
        let home = Home::new();
        let paths = Paths::in_tests(&home);
        assert!(read(&paths).unwrap().is_empty());
        add(&paths, YES, &[note(1, 1), note(2, 2)]).unwrap();
        add(&paths, YES, &[note(3, 3)]).unwrap();
        assert_eq!(read(&paths).unwrap(), [note(1, 1), note(2, 2), note(3, 3)]);
        drop_old(&paths, Day::from_number(32), 30).unwrap();
        assert_eq!(read(&paths).unwrap(), [note(2, 2), note(3, 3)]);
        replace(&paths, YES, &[]).unwrap();
        assert!(!paths.agent_notes().exists());
    }

    #[test]
    fn after_a_no_nothing_is_noted() {
        let home = Home::new();
        let paths = Paths::in_tests(&home);
        assert!(add(&paths, NO, &[note(1, 1)]).unwrap_err().is_turned_off());
        assert!(replace(&paths, NO, &[note(1, 1)]).unwrap_err().is_turned_off());
        assert!(!paths.agent_notes().exists());
    }

    #[test]
    fn what_is_not_a_note_is_left_out() {
        let home = Home::new();
        let paths = Paths::in_tests(&home);
        let whole = line(&note(1, 1));
        home.write("tool/telemetry-state/agent-notes.jsonl", format!("{{torn\n7\n{whole}{{}}\n"));
        assert_eq!(read(&paths).unwrap(), [note(1, 1)]);
        drop_old(&paths, Day::from_number(99), 30).unwrap();
        assert!(!paths.agent_notes().exists());
    }
}

//! What was sent, for the person alone: each record of each request as it lay
//! in the queue, when it went, where to, and what came back. One object of JSON
//! a line, in a log of limited size. No record is kept longer than the queue
//! may keep it, and none of another id than the device has now.

use std::fs;

use headcount_catalog::{Day, Grain, Time};
use serde_json::Value as Json;

use super::bounded_log::{self, LogBound};
use super::content::{self, Content, Denied};
use super::error::DiskError;
use super::lock::Terms;
use super::paths::Paths;
use super::{link, lock, private_file};
use crate::limits;

/// A record that was sent to a destination, once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct SentRecord {
    /// When the request was answered or given up.
    pub(crate) at: Time,
    /// The destination's name in the catalog.
    pub(crate) destination: String,
    /// The status of the answer; `None` if there was none.
    pub(crate) status: Option<u16>,
    /// The line of the queue.
    pub(crate) line: String,
}

impl SentRecord {
    /// The entry as one line of JSON, without the newline.
    pub(crate) fn json(&self) -> String {
        let at = self.at.format(Grain::Second);
        let destination = Json::from(self.destination.as_str());
        let (status, line) = (Json::from(self.status), Json::from(self.line.as_str()));
        format!(r#"{{"at":"{at}","destination":{destination},"status":{status},"line":{line}}}"#)
    }

    fn parse(line: &str) -> Option<Self> {
        let json: Json = line.parse().ok()?;
        let text = |key: &str| json.get(key)?.as_str().map(str::to_owned);
        let status = json.get("status")?;
        let number = || u16::try_from(status.as_u64()?).ok();
        Some(Self {
            at: Time::parse(&text("at")?)?,
            destination: text("destination")?,
            status: if status.is_null() { None } else { Some(number()?) },
            line: text("line")?,
        })
    }
}

/// How long records are kept: the same as in the queue.
pub(crate) struct SentAge<'a> {
    pub(crate) today: Day,
    pub(crate) days: u16,
    /// The time in a line of the queue.
    pub(crate) time: &'a dyn Fn(&str) -> Option<Time>,
}

impl SentAge<'_> {
    /// Counts from the record's own day, and from the day it was sent if that
    /// is earlier or there is no other.
    fn is_young(&self, sent: &SentRecord) -> bool {
        let own = (self.time)(&sent.line).unwrap_or(sent.at).day();
        self.today <= own.min(sent.at.day()).plus(i32::from(self.days))
    }
}

/// Keeps the records of one request. If the log is full, the oldest go.
///
/// `records` is asked under the lock under which an id changes and a no is
/// written.
///
/// # Errors
///
/// Returns an error if sending is not allowed any more, or if the log cannot be
/// locked or written.
pub(crate) fn keep(
    paths: &Paths,
    terms: Terms<'_>,
    records: impl FnOnce() -> Vec<SentRecord>,
) -> Result<(), DiskError> {
    let _held = terms.hold(paths)?;
    let lines: String = records().iter().map(|record| record.json() + "\n").collect();
    if lines.is_empty() {
        return Ok(());
    }
    let bound = LogBound { most_bytes: limits::SENT_BYTES, kept_bytes: limits::SENT_KEPT_BYTES };
    bounded_log::add(&paths.sent(), &lines, bound)
}

/// What to do with a log that is damaged, or that this process may not read.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Unreadable {
    /// Nobody can tell how old its records are, so it goes.
    Goes,
    /// The person is told.
    Stays,
}

/// Drops the records that are too old, and what is not an entry.
///
/// # Errors
///
/// Returns an error if the log cannot be locked, read now, or written.
pub(crate) fn drop_old(
    paths: &Paths,
    age: &SentAge<'_>,
    unreadable: Unreadable,
) -> Result<(), DiskError> {
    let path = paths.sent();
    if fs::symlink_metadata(&path).is_err() {
        return Ok(());
    }
    let stays = |line: &&str| {
        line.ends_with('\n') && SentRecord::parse(line).is_some_and(|it| age.is_young(&it))
    };
    // Mostly nothing is too old: then nobody waits for the lock.
    if let Ok(Some(text)) = private_file::read(&path)
        && text.split_inclusive('\n').all(|line| stays(&line))
    {
        return Ok(());
    }
    let _held = lock::hold(&paths.lock())?;
    if path.is_symlink() {
        // What it leads to may be somebody's, so it is not written to.
        return match unreadable {
            Unreadable::Stays => Ok(()),
            Unreadable::Goes => link::remove_ours(&path),
        };
    }
    let denied = match unreadable {
        Unreadable::Stays => Denied::MayBeSound,
        Unreadable::Goes => Denied::IsUseless,
    };
    let before = match content::read(&path, denied)? {
        Content::Text(before) => before,
        Content::Missing => return Ok(()),
        Content::Useless(error) if unreadable == Unreadable::Stays => return Err(error),
        Content::Useless(_) => return link::remove_ours(&path),
    };
    let after: String = before.split_inclusive('\n').filter(stays).collect();
    if after.is_empty() { link::remove_ours(&path) } else { private_file::write(&path, &after) }
}

/// Reads the records that are young enough, oldest request first, and how many
/// bytes the log has.
///
/// # Errors
///
/// Returns an error if the log cannot be read.
pub(crate) fn read(paths: &Paths, age: &SentAge<'_>) -> Result<(Vec<SentRecord>, u64), DiskError> {
    let text = private_file::read(&paths.sent())?.unwrap_or_default();
    let records = text.lines().filter_map(SentRecord::parse);
    Ok((records.filter(|record| age.is_young(record)).collect(), text.len() as u64))
}

#[cfg(test)]
mod tests {
    use super::super::lock::Patience;
    use super::*;
    use headcount_testkit::Home;

    const YES: Terms<'static> = Terms { patience: Patience::Person, is_still_on: &|| true };

    fn sent(line: &str) -> SentRecord {
        SentRecord {
            at: Time::from_seconds(1_795_218_080),
            destination: "otlp".to_owned(),
            status: Some(200),
            line: line.to_owned(),
        }
    }

    /// Lines are numbers of days, the time of their record.
    fn age(today: i32) -> SentAge<'static> {
        fn time(line: &str) -> Option<Time> {
            Some(Day::from_number(line.parse().ok()?).start())
        }
        SentAge { today: Day::from_number(today), days: 30, time: &time }
    }

    fn day() -> i32 {
        sent("").at.day().number()
    }

    fn lines(paths: &Paths) -> Vec<String> {
        let (records, _) = read(paths, &age(day())).unwrap();
        records.into_iter().map(|record| record.line).collect()
    }

    #[test]
    fn an_entry_is_read_as_it_was_written_whatever_is_in_it() {
        for line in ["{\"a\":1}", "{torn", "", "\"\\ \u{1b}\u{7f}\u{202e}ü\u{10ffff}", "\r\n\t"] {
            for status in [Some(200), Some(999), None] {
                let one = SentRecord { status, ..sent(line) };
                assert_eq!(one.json().lines().count(), 1, "{line:?}");
                assert_eq!(SentRecord::parse(&one.json()), Some(one.clone()), "{line:?}");
            }
        }
        assert_eq!(
            sent("{\"a\":1}").json(),
            r#"{"at":"2026-11-20T23:41:20Z","destination":"otlp","status":200,"line":"{\"a\":1}"}"#
        );
        for other in ["", "7", "{}", &sent("x").json().replace("200", "\"200\"")] {
            assert_eq!(SentRecord::parse(other), None, "{other}");
        }
    }

    #[test]
    fn the_log_never_grows_beyond_its_bound_and_the_oldest_go() {
        let home = Home::new();
        let paths = Paths::in_tests(&home);
        assert_eq!(read(&paths, &age(day())).unwrap(), (Vec::new(), 0));
        // Batches of 500 records of 300 bytes, as large as they come.
        for batch in 0..5 {
            let line = |number| format!("{batch} {number} {}", "x".repeat(290));
            let of_batch = || (0..500).map(|number| sent(&line(number))).collect();
            keep(&paths, YES, of_batch).unwrap();
            let bytes = fs::metadata(paths.sent()).unwrap().len();
            assert!(bytes <= limits::SENT_BYTES as u64, "{bytes} bytes at {batch}");
            let kept = lines(&paths);
            assert!(kept.len() >= 500, "{} are kept", kept.len());
            assert_eq!(kept[kept.len() - 500..], (0..500).map(line).collect::<Vec<_>>());
        }
    }

    #[test]
    fn of_a_request_that_is_too_large_the_last_records_are_kept() {
        let home = Home::new();
        let paths = Paths::in_tests(&home);
        let line = |number| format!("{number} {}", "\"".repeat(4_000));
        keep(&paths, YES, || (0..100).map(|number| sent(&line(number))).collect()).unwrap();
        let kept = lines(&paths);
        assert!(kept.len() > 25 && fs::metadata(paths.sent()).unwrap().len() <= 256 * 1024);
        assert_eq!(kept, (100 - kept.len()..100).map(line).collect::<Vec<_>>());
    }

    #[test]
    fn after_a_no_nothing_is_kept_and_nothing_is_made() {
        let home = Home::new();
        let paths = Paths::in_tests(&home);
        let no = Terms { is_still_on: &|| false, ..YES };
        keep(&paths, no, || panic!("it was asked for")).unwrap_err();
        assert!(!paths.state_folder.exists());
        keep(&paths, YES, Vec::new).unwrap();
        assert!(!paths.sent().exists());
    }

    #[test]
    fn what_is_torn_or_planted_takes_no_neighbour_with_it() {
        let home = Home::new();
        let paths = Paths::in_tests(&home);
        keep(&paths, YES, || vec![sent("one")]).unwrap();
        private_file::append(&paths.sent(), "{\"at\":\"20\nnot json\n{}\n{\"at\":\"2026-1")
            .unwrap();
        keep(&paths, YES, || vec![sent("two")]).unwrap();
        assert_eq!(lines(&paths), ["one", "two"]);
        drop_old(&paths, &age(day()), Unreadable::Stays).unwrap();
        assert_eq!(home.read("tool/telemetry-state/sent.jsonl").lines().count(), 2);
    }

    #[test]
    fn what_cannot_be_read_is_begun_anew_or_told() {
        let home = Home::new();
        let paths = Paths::in_tests(&home);
        for unreadable in [&b"\xff\xfe\n"[..], &[b'x'; 1024 * 1024 + 1]] {
            keep(&paths, YES, || vec![sent("one")]).unwrap();
            fs::write(paths.sent(), unreadable).unwrap();
            drop_old(&paths, &age(day()), Unreadable::Stays).unwrap_err();
            read(&paths, &age(day())).unwrap_err();
            keep(&paths, YES, || vec![sent("two")]).unwrap();
            assert_eq!(lines(&paths), ["two"]);
            fs::write(paths.sent(), unreadable).unwrap();
            drop_old(&paths, &age(day()), Unreadable::Goes).unwrap();
            assert!(!paths.sent().exists());
        }
    }

    #[test]
    fn a_record_goes_with_its_own_day_or_with_the_day_it_was_sent() {
        let home = Home::new();
        let paths = Paths::in_tests(&home);
        // Recorded ten days before it was sent, on the same day, under a clock
        // that was set back later, and without a time.
        let days = [day() - 10, day(), day() + 100];
        let records = || {
            let own = days.iter().map(|day| sent(&day.to_string()));
            own.chain([sent("no time")]).collect()
        };
        keep(&paths, YES, records).unwrap();
        for (today, kept) in
            [(day() + 20, 4), (day() + 21, 3), (day() + 30, 3), (day() + 31, 0), (day() + 32, 0)]
        {
            assert_eq!(read(&paths, &age(today)).unwrap().0.len(), kept, "{today}");
            drop_old(&paths, &age(today), Unreadable::Goes).unwrap();
            let text = fs::read_to_string(paths.sent()).unwrap_or_default();
            assert_eq!(text.lines().count(), kept, "{today}");
        }
        assert!(!paths.sent().exists());
    }
}

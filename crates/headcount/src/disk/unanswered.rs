//! How often the program was started to ship and did not open telemetry.
//!
//! A host appends one letter when it starts a shipper, and the shipper removes
//! the file when it opens telemetry. So a program that cannot answer, whatever
//! the cause, is not started again and again: its loader runs instead of it, a
//! policy of the system forbids it, or its author ends it before it opens
//! telemetry.
//!
//! Where records wait on disk, the next start takes them all. A product that
//! keeps none on disk starts a process for each host, so that a hundred hosts
//! that end at once are a hundred starts without an answer for a moment.

use std::fs;
use std::time::SystemTime;

use headcount_catalog::{Mode, Time};

use super::paths::Paths;
use super::{in_use, private_file};
use crate::limits;

/// Whether the program may be started once more.
pub(crate) fn may_start(paths: &Paths, mode: Mode, now: Time) -> bool {
    !is_given_up(paths, mode, now)
        || !(-limits::FILE_TIME_SLACK_S..limits::UNANSWERED_PAUSE_S).contains(&age_s(paths, now))
}

/// Whether so many starts have had no answer that the program cannot answer.
pub(crate) fn is_given_up(paths: &Paths, mode: Mode, now: Time) -> bool {
    let starts = starts(paths);
    let most = || match mode {
        Mode::Thread if age_s(paths, now) < limits::ANSWER_S => limits::UNANSWERED_AT_ONCE,
        _ => limits::UNANSWERED_STARTS,
    };
    starts >= limits::UNANSWERED_STARTS && starts >= most()
}

/// How many starts have had no answer yet. One that was begun a moment ago is
/// among them.
pub(crate) fn starts(paths: &Paths) -> u64 {
    fs::symlink_metadata(paths.unanswered()).map_or(0, |metadata| metadata.len())
}

/// Notes a start.
pub(crate) fn note(paths: &Paths) {
    let _ = private_file::append(&paths.unanswered(), "s");
}

/// Notes that a start was answered.
pub(crate) fn answered(paths: &Paths) {
    let _ = in_use::remove(&paths.unanswered());
}

/// Seconds since the last start. A time in the future, from a clock that was
/// set back, is one of long ago; that of a start a moment ago may be in the
/// next second.
fn age_s(paths: &Paths, now: Time) -> i64 {
    let last = fs::symlink_metadata(paths.unanswered()).and_then(|metadata| metadata.modified());
    let last = last.unwrap_or(SystemTime::UNIX_EPOCH);
    now.seconds().saturating_sub(Time::from_system(last).seconds())
}

#[cfg(test)]
mod tests {
    use headcount_testkit::Home;

    use super::*;

    #[test]
    fn after_several_starts_without_an_answer_there_is_one_a_day() {
        let home = Home::new();
        let paths = Paths::in_tests(&home);
        let started = SystemTime::UNIX_EPOCH + std::time::Duration::from_secs(1_795_132_800);
        let now = Time::from_system(started);
        for start in 0..limits::UNANSWERED_STARTS {
            assert_eq!((starts(&paths), may_start(&paths, Mode::Detached, now)), (start, true));
            note(&paths);
        }
        let file = fs::OpenOptions::new().append(true).open(paths.unanswered()).unwrap();
        file.set_modified(started).unwrap();
        // On Windows an open file is not gone when it is removed.
        drop(file);
        assert!(!may_start(&paths, Mode::Detached, now));
        let before = Time::from_seconds(now.seconds() - 1);
        assert!(!may_start(&paths, Mode::Detached, before), "read a moment before the start");
        let later = |seconds: i64| Time::from_seconds(now.seconds() + seconds);
        assert!(!may_start(&paths, Mode::Detached, later(limits::UNANSWERED_PAUSE_S - 60)));
        assert!(may_start(&paths, Mode::Detached, later(limits::UNANSWERED_PAUSE_S + 60)));
        assert!(may_start(&paths, Mode::Detached, later(-61)), "a clock that was set back");
        answered(&paths);
        assert_eq!((starts(&paths), may_start(&paths, Mode::Detached, now)), (0, true));
    }

    #[test]
    fn a_crowd_that_keeps_nothing_may_start_as_many_until_they_had_time_to_answer() {
        let home = Home::new();
        let paths = Paths::in_tests(&home);
        let started = SystemTime::UNIX_EPOCH + std::time::Duration::from_secs(1_795_132_800);
        let now = Time::from_system(started);
        let starts = |count: u64| {
            let text = "s".repeat(usize::try_from(count).unwrap());
            fs::create_dir_all(&paths.state_folder).unwrap();
            fs::write(paths.unanswered(), text).unwrap();
            let file = fs::OpenOptions::new().append(true).open(paths.unanswered()).unwrap();
            file.set_modified(started).unwrap();
        };
        let later = |seconds: i64| Time::from_seconds(now.seconds() + seconds);
        starts(limits::UNANSWERED_AT_ONCE - 1);
        for (seconds, may) in
            [(0, true), (-1, true), (limits::ANSWER_S - 1, true), (limits::ANSWER_S, false)]
        {
            assert_eq!(may_start(&paths, Mode::Thread, later(seconds)), may, "{seconds}");
            assert_eq!(is_given_up(&paths, Mode::Thread, later(seconds)), !may, "{seconds}");
            assert!(!may_start(&paths, Mode::Detached, later(seconds)), "{seconds}");
        }
        assert!(may_start(&paths, Mode::Thread, later(limits::UNANSWERED_PAUSE_S)));
        starts(limits::UNANSWERED_AT_ONCE);
        assert!(!may_start(&paths, Mode::Thread, now), "it is started for ever");
    }
}

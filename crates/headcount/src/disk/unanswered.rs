//! How often the program was started to ship and did not open telemetry.
//!
//! A host appends one letter when it starts a shipper, and the shipper removes
//! the file when it opens telemetry. So a program that cannot answer, whatever
//! the cause, is not started again and again: its loader runs instead of it, a
//! policy of the system forbids it, or its author ends it before it opens
//! telemetry.

use std::fs;
use std::time::SystemTime;

use headcount_catalog::Time;

use super::paths::Paths;
use super::{in_use, private_file};
use crate::limits;

/// Whether the program may be started once more.
pub(crate) fn may_start(paths: &Paths, now: Time) -> bool {
    starts(paths) < limits::UNANSWERED_STARTS || is_over(paths, now)
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

/// Whether the last start is so long ago that another one is worth a try. A
/// time in the future, from a clock that was set back, counts as long ago; that
/// of a start a moment ago may be in the next second.
fn is_over(paths: &Paths, now: Time) -> bool {
    let last = fs::symlink_metadata(paths.unanswered()).and_then(|metadata| metadata.modified());
    let last = last.unwrap_or(SystemTime::UNIX_EPOCH);
    let age_s = now.seconds().saturating_sub(Time::from_system(last).seconds());
    !(-limits::FILE_TIME_SLACK_S..limits::UNANSWERED_PAUSE_S).contains(&age_s)
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
            assert_eq!((starts(&paths), may_start(&paths, now)), (start, true));
            note(&paths);
        }
        let file = fs::OpenOptions::new().append(true).open(paths.unanswered()).unwrap();
        file.set_modified(started).unwrap();
        // On Windows an open file is not gone when it is removed.
        drop(file);
        assert!(!may_start(&paths, now));
        let before = Time::from_seconds(now.seconds() - 1);
        assert!(!may_start(&paths, before), "read a moment before the start");
        let later = |seconds: i64| Time::from_seconds(now.seconds() + seconds);
        assert!(!may_start(&paths, later(limits::UNANSWERED_PAUSE_S - 60)));
        assert!(may_start(&paths, later(limits::UNANSWERED_PAUSE_S + 60)));
        assert!(may_start(&paths, later(-61)), "a clock that was set back");
        answered(&paths);
        assert_eq!((starts(&paths), may_start(&paths, now)), (0, true));
    }
}

//! When a destination that failed may be tried again. It is kept on disk, so
//! that all processes wait for the same time.

use std::path::Path;
use std::time::Duration;

use headcount_catalog::Time;
use serde_json::Value as Json;

use super::error::DiskError;
use super::{private_file, small_json};
use crate::as_json::json;
use crate::limits;

/// How long to leave a destination alone that did not take a batch.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pause {
    /// A second, doubled at each failure up to an hour.
    Usual,
    /// A second, doubled at each failure up to a day: it answers, and does not
    /// take our requests yet.
    NotNow,
    /// What it asked for.
    Asked(Duration),
}

/// A pause after failures in a row.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Backoff {
    failures: u32,
    until_s: i64,
}

impl Backoff {
    /// Reads the file. A file that is missing or damaged means no pause, and so
    /// does one about another address: `replaced` is the address that the
    /// environment names instead of the catalog's.
    pub(crate) fn read(path: &Path, replaced: Option<&str>) -> Self {
        let read = || {
            let json = small_json::read(path)?;
            if json.get("at").and_then(Json::as_str) != replaced {
                return None;
            }
            let failures = u32::try_from(json.get("failures")?.as_u64()?).ok()?;
            Some(Self { failures, until_s: json.get("until")?.as_i64()? })
        };
        read().unwrap_or_default()
    }

    /// Failures in a row.
    pub(crate) fn failures(self) -> u32 {
        self.failures
    }

    /// How long the destination is still left alone. `None` after that time,
    /// and if the clock was set back so far that the pause would exceed the
    /// longest one.
    pub(crate) fn remaining(self, now: Time) -> Option<Duration> {
        let seconds = u64::try_from(self.until_s.saturating_sub(now.seconds())).ok()?;
        let longest = limits::PAUSE_LONGEST.as_secs();
        (1..=longest).contains(&seconds).then(|| Duration::from_secs(seconds))
    }

    /// The backoff after one more failure. `jitter` (0 to 255) shortens a
    /// doubled pause by up to half, so that many machines do not come back at
    /// once.
    pub(crate) fn after_failure(self, now: Time, pause: Pause, jitter: u8) -> Self {
        let failures = self.failures.saturating_add(1);
        let doubled = |longest: Duration| {
            let doubled = limits::BACKOFF_FIRST.as_millis() << (failures - 1).min(17);
            let usual = doubled.min(longest.as_millis());
            (usual - usual * u128::from(jitter) / 512).div_ceil(1_000)
        };
        let seconds = match pause {
            Pause::Usual => doubled(limits::BACKOFF_LONGEST),
            Pause::NotNow => doubled(limits::PAUSE_LONGEST),
            Pause::Asked(pause) => u128::from(pause.as_secs()),
        };
        let seconds = i64::try_from(seconds).unwrap_or(i64::MAX);
        Self { failures, until_s: now.seconds().saturating_add(seconds) }
    }

    /// Writes the file.
    ///
    /// # Errors
    ///
    /// Returns an error if the file cannot be written.
    pub(crate) fn write(self, path: &Path, replaced: Option<&str>) -> Result<(), DiskError> {
        let mut json = json!({"failures": self.failures, "until": self.until_s});
        if let Some(replaced) = replaced {
            json["at"] = Json::from(replaced);
        }
        private_file::write(path, &format!("{json}\n"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_double_to_an_hour_or_a_day_and_a_wish_replaces_them() {
        let now = Time::from_seconds(1_000);
        let pauses = |pause: Pause| {
            let mut backoff = Backoff::default();
            let mut pauses = Vec::new();
            for _ in 0..19 {
                backoff = backoff.after_failure(now, pause, 0);
                pauses.push(backoff.remaining(now).expect("a pause").as_secs());
            }
            pauses
        };
        let doubled: Vec<u64> = (0..19).map(|times| 1 << times).collect();
        let up_to =
            |longest: u64| doubled.iter().map(|pause| longest.min(*pause)).collect::<Vec<_>>();
        assert_eq!(pauses(Pause::Usual), up_to(3_600));
        assert_eq!(pauses(Pause::NotNow), up_to(86_400));
        let most = Backoff::default().after_failure(now, Pause::Usual, 255);
        assert_eq!(most.remaining(now), Some(Duration::from_secs(1)));
        let asked = Pause::Asked(Duration::from_secs(90));
        let wished = Backoff::default().after_failure(now, asked, 255);
        assert_eq!(wished.remaining(now), Some(Duration::from_secs(90)));
        assert_eq!(wished.remaining(Time::from_seconds(1_090)), None);
    }

    #[test]
    fn a_clock_set_back_by_years_ends_the_pause() {
        let then = Time::from_seconds(1_000_000_000);
        let backoff = Backoff::default().after_failure(then, Pause::Usual, 0);
        assert_eq!(backoff.remaining(Time::from_seconds(0)), None);
    }

    /// Whoever sets a variable must not silence the catalog's own address.
    #[test]
    fn a_pause_is_the_addresss_that_caused_it() {
        let home = headcount_testkit::Home::new();
        let path = home.path().join("otlp.backoff.json");
        let now = Time::from_seconds(1_000);
        let here = Some("http://127.0.0.1:9");
        let backoff = Backoff::default().after_failure(now, Pause::NotNow, 0);
        for (written, others) in
            [(None, [here, Some("http://127.0.0.1:10")]), (here, [None, Some("x")])]
        {
            backoff.write(&path, written).unwrap();
            assert_eq!(Backoff::read(&path, written), backoff);
            for other in others {
                assert_eq!(
                    Backoff::read(&path, other),
                    Backoff::default(),
                    "{written:?} {other:?}"
                );
            }
        }
    }

    #[test]
    fn no_time_of_a_file_is_too_far_away() {
        for until_s in [i64::MIN, i64::MAX] {
            for now in [-1, 0, 1_000_000_000] {
                let backoff = Backoff { failures: u32::MAX, until_s };
                assert_eq!(backoff.remaining(Time::from_seconds(now)), None);
                let after = backoff.after_failure(Time::from_seconds(now), Pause::Usual, 0);
                assert_eq!(after.failures(), u32::MAX);
            }
        }
    }
}

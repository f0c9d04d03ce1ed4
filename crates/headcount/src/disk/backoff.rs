//! When a destination that failed may be tried again. It is kept on disk, so
//! that all processes wait for the same time.

use std::path::Path;
use std::time::Duration;

use headcount_catalog::Time;
use serde_json::json;

use super::error::DiskError;
use super::{private_file, small_json};
use crate::limits;

/// A pause after failures in a row.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Backoff {
    failures: u32,
    until_s: i64,
}

impl Backoff {
    /// Reads the file. A file that is missing or damaged means no pause.
    pub(crate) fn read(path: &Path) -> Self {
        let read = || {
            let json = small_json::read(path)?;
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
        let longest = limits::RETRY_AFTER_LONGEST.as_secs();
        (1..=longest).contains(&seconds).then(|| Duration::from_secs(seconds))
    }

    /// The backoff after one more failure. `retry_after` is the destination's
    /// own wish; without it the pause doubles from a second to an hour, and
    /// `jitter` (0 to 255) shortens it by up to half, so that many machines do
    /// not come back at once.
    pub(crate) fn after_failure(
        self,
        now: Time,
        retry_after: Option<Duration>,
        jitter: u8,
    ) -> Self {
        let failures = self.failures.saturating_add(1);
        let doubled = limits::BACKOFF_FIRST.as_millis() << (failures - 1).min(16);
        let usual = doubled.min(limits::BACKOFF_LONGEST.as_millis());
        let jittered = usual - usual * u128::from(jitter) / 512;
        let pause = match retry_after {
            Some(pause) => i64::try_from(pause.as_secs()).unwrap_or(i64::MAX),
            None => i64::try_from(jittered.div_ceil(1_000)).unwrap_or(i64::MAX),
        };
        Self { failures, until_s: now.seconds().saturating_add(pause) }
    }

    /// Writes the file.
    ///
    /// # Errors
    ///
    /// Returns an error if the file cannot be written.
    pub(crate) fn write(self, path: &Path) -> Result<(), DiskError> {
        let json = json!({"failures": self.failures, "until": self.until_s});
        private_file::write(path, &format!("{json}\n"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_double_to_an_hour_and_a_wish_replaces_them() {
        let now = Time::from_seconds(1_000);
        let mut backoff = Backoff::default();
        let mut pauses = Vec::new();
        for _ in 0..14 {
            backoff = backoff.after_failure(now, None, 0);
            pauses.push(backoff.remaining(now).expect("a pause").as_secs());
        }
        assert_eq!(pauses, [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024, 2048, 3600, 3600]);
        let most = Backoff::default().after_failure(now, None, 255);
        assert_eq!(most.remaining(now), Some(Duration::from_secs(1)));
        let wished = backoff.after_failure(now, Some(Duration::from_secs(90)), 255);
        assert_eq!(wished.remaining(now), Some(Duration::from_secs(90)));
        assert_eq!(wished.remaining(Time::from_seconds(1_090)), None);
    }

    #[test]
    fn a_clock_set_back_by_years_ends_the_pause() {
        let then = Time::from_seconds(1_000_000_000);
        let backoff = Backoff::default().after_failure(then, None, 0);
        assert_eq!(backoff.remaining(Time::from_seconds(0)), None);
    }

    #[test]
    fn no_time_of_a_file_is_too_far_away() {
        for until_s in [i64::MIN, i64::MAX] {
            for now in [-1, 0, 1_000_000_000] {
                let backoff = Backoff { failures: u32::MAX, until_s };
                assert_eq!(backoff.remaining(Time::from_seconds(now)), None);
                let after = backoff.after_failure(Time::from_seconds(now), None, 0);
                assert_eq!(after.failures(), u32::MAX);
            }
        }
    }
}

//! Whether the collector's clock can be trusted to say that an event is in the
//! future.
//!
//! A machine without a battery begins in 1970, and a clock can be set back.
//! Events then seem to lie in the future, and an event that is rejected is
//! lost. Two witnesses say otherwise: the days that are stored, and the time
//! since the start.

use std::time::Duration;

use headcount_catalog::{Day, Time};

use crate::limits;

/// Returns how long the collector has been running, whatever the clock says.
pub(crate) type TimeSinceStart = Box<dyn Fn() -> Duration + Send + Sync>;

/// Watches the collector's clock.
pub(crate) struct ClockWatch {
    started: Time,
    /// The newest day of any product's events at the start.
    newest_day: Option<Day>,
    since_start: TimeSinceStart,
}

impl ClockWatch {
    pub(crate) fn new(started: Time, newest_day: Option<Day>, since_start: TimeSinceStart) -> Self {
        Self { started, newest_day, since_start }
    }

    /// When the collector was started, by its clock.
    pub(crate) fn started(&self) -> Time {
        self.started
    }

    /// Whether the clock is behind one of the witnesses.
    pub(crate) fn is_in_doubt(&self, now: Time) -> bool {
        let latest_allowed = now.day().plus(limits::DAYS_AHEAD);
        let running = i64::try_from((self.since_start)().as_secs()).unwrap_or(i64::MAX);
        let expected = self.started.seconds().saturating_add(running);
        self.newest_day.is_some_and(|day| day > latest_allowed)
            || now.seconds().saturating_add(limits::CLOCK_DRIFT_SECONDS) < expected
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const DAY: i64 = 86_400;

    fn watch(newest_day: Option<i32>, running: i64) -> ClockWatch {
        let running = Duration::from_secs(running.try_into().unwrap());
        let newest_day = newest_day.map(|day| Day::from_number(20_000 + day));
        let started = Day::from_number(20_000).start();
        ClockWatch::new(started, newest_day, Box::new(move || running))
    }

    #[test]
    fn a_clock_that_agrees_with_both_witnesses_is_trusted() {
        let start = 20_000 * DAY;
        for (newest_day, running, now) in [
            (None, 0, start),
            // Events of tomorrow are allowed, so they may be stored.
            (Some(1), 0, start),
            (Some(-400), 0, start),
            (None, 30 * DAY, start + 30 * DAY - 60),
            // A machine that slept, and a clock that was set right.
            (None, 10, start + 3 * DAY),
            (None, DAY, start + DAY - limits::CLOCK_DRIFT_SECONDS),
        ] {
            let watch = watch(newest_day, running);
            assert!(!watch.is_in_doubt(Time::from_seconds(now)), "{newest_day:?} {running} {now}");
        }
    }

    #[test]
    fn a_clock_that_is_behind_is_in_doubt() {
        let start = 20_000 * DAY;
        for (newest_day, running, now) in [
            (Some(2), 0, start),
            (Some(0), 0, 0),
            // Set back, and standing still.
            (None, 60, start - DAY),
            (None, 3 * DAY, start),
            (Some(0), DAY, start + DAY - limits::CLOCK_DRIFT_SECONDS - 1),
        ] {
            let watch = watch(newest_day, running);
            assert!(watch.is_in_doubt(Time::from_seconds(now)), "{newest_day:?} {running} {now}");
        }
    }
}

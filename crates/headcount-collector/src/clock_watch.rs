//! Whether the collector's clock can be trusted to say that an event is in the
//! future, or too old.
//!
//! A machine without a battery begins in 1970, and a clock can be set wrong or
//! back. Events then seem to lie in the future, or to be too old: what is
//! rejected is lost, and what expires is too. So a clock is compared with the
//! time that was believed last, which outlives a restart, and with the time
//! that has passed since, whatever the clock says.
//!
//! A clock that is in doubt is believed again once it agrees with them, once an
//! operator says that it is right, or once the events of enough devices do.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use headcount_catalog::{Day, Time};

use crate::clock_evidence::{ClockEvidence, RequestEvidence};
use crate::limits;

/// Returns how long the collector has been running, whatever the clock says.
pub(crate) type TimeSinceStart = Box<dyn Fn() -> Duration + Send + Sync>;

/// What is wrong with a clock.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Doubt {
    Behind,
    Ahead,
}

/// What is known of the time at the start.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Witnesses {
    /// The time that was believed last, if it was kept.
    pub(crate) believed: Option<Time>,
    /// The newest day of any product's events. If a time was kept, it says
    /// nothing: a clock that was ahead may have dated the event.
    pub(crate) newest_day: Option<Day>,
}

/// Watches the collector's clock.
pub(crate) struct ClockWatch {
    started: Time,
    since_start: TimeSinceStart,
    state: Mutex<State>,
}

struct State {
    /// What the clock showed at least when the collector was started. In
    /// seconds since 1970.
    least: i64,
    /// What was believed at the last look, and the time since the start then.
    seen: (i64, Duration),
    /// What is heard while the clock is in doubt.
    evidence: Option<ClockEvidence>,
}

impl ClockWatch {
    pub(crate) fn new(started: Time, known: Witnesses, since_start: TimeSinceStart) -> Self {
        let is_ahead = |day: &Day| *day > started.day().plus(limits::DAYS_AHEAD);
        let newest = known.newest_day.filter(is_ahead).map(Day::start);
        let least = known.believed.or(newest).unwrap_or(started).seconds();
        let state = State { least, seen: (least, Duration::ZERO), evidence: None };
        Self { started, since_start, state: Mutex::new(state) }
    }

    /// When the collector was started, by its clock.
    pub(crate) fn started(&self) -> Time {
        self.started
    }

    /// What is wrong with the clock, if it is in doubt.
    pub(crate) fn doubt(&self, now: Time) -> Option<Doubt> {
        self.state().doubt(now, (self.since_start)())
    }

    pub(crate) fn is_in_doubt(&self, now: Time) -> bool {
        self.doubt(now).is_some()
    }

    /// The day that it should be, if the clock is in doubt.
    pub(crate) fn expected_day(&self, now: Time) -> Option<Day> {
        let (state, since_start) = (self.state(), (self.since_start)());
        let doubt = state.doubt(now, since_start)?;
        Some(Time::from_seconds(state.expected(doubt, since_start)).day())
    }

    /// The day up to which time has passed for certain: nothing may expire by a
    /// later one.
    pub(crate) fn certain_day(&self, now: Time) -> Day {
        self.expected_day(now).map_or(now.day(), |expected| expected.min(now.day()))
    }

    /// Takes into account what a request says of a clock that is in doubt.
    pub(crate) fn hear(&self, request: &RequestEvidence, now: Time) {
        let mut state = self.state();
        if let Some(evidence) = state.evidence(now, (self.since_start)()) {
            evidence.hear(request, now.day());
        }
    }

    /// Believes the clock if it agrees with what is known, or if the evidence
    /// is enough. Returns the time that is believed.
    pub(crate) fn look(&self, now: Time) -> Time {
        let (mut state, since_start) = (self.state(), (self.since_start)());
        if state.evidence(now, since_start).is_some_and(|known| known.is_enough(since_start)) {
            state.believe(now, since_start);
        }
        if let Some(doubt) = state.doubt(now, since_start) {
            return Time::from_seconds(state.expected(doubt, since_start));
        }
        state.seen = (now.seconds(), since_start);
        now
    }

    /// Believes the clock: the operator says that it is right.
    pub(crate) fn believe(&self, now: Time) {
        self.state().believe(now, (self.since_start)());
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn doubt(&self, now: Time, since_start: Duration) -> Option<Doubt> {
        let now = now.seconds();
        let least = self.expected(Doubt::Behind, since_start);
        let most = self.expected(Doubt::Ahead, since_start);
        if now.saturating_add(limits::CLOCK_DRIFT_SECONDS) < least {
            Some(Doubt::Behind)
        } else if now > most.saturating_add(limits::CLOCK_UNSEEN_SECONDS) {
            Some(Doubt::Ahead)
        } else {
            None
        }
    }

    /// What a right clock would show, in seconds since 1970.
    fn expected(&self, doubt: Doubt, since_start: Duration) -> i64 {
        let (from, passed) = match doubt {
            Doubt::Behind => (self.least, since_start),
            Doubt::Ahead => (self.seen.0, since_start.saturating_sub(self.seen.1)),
        };
        from.saturating_add(seconds(passed))
    }

    /// The evidence about a clock that is in doubt. It begins anew when the
    /// clock is set.
    fn evidence(&mut self, now: Time, since_start: Duration) -> Option<&mut ClockEvidence> {
        let offset = now.seconds().saturating_sub(seconds(since_start));
        let is_in_doubt = self.doubt(now, since_start).is_some();
        self.evidence = self.evidence.take().filter(|known| is_in_doubt && known.is_steady(offset));
        if is_in_doubt {
            Some(self.evidence.get_or_insert_with(|| ClockEvidence::begin(since_start, offset)))
        } else {
            None
        }
    }

    fn believe(&mut self, now: Time, since_start: Duration) {
        self.least = now.seconds().saturating_sub(seconds(since_start));
        self.seen = (now.seconds(), since_start);
        self.evidence = None;
    }
}

fn seconds(duration: Duration) -> i64 {
    i64::try_from(duration.as_secs()).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::sync::atomic::{AtomicU64, Ordering};

    use super::*;

    const DAY: i64 = 86_400;
    const START: i64 = 20_000 * DAY;

    fn watch(newest_day: Option<i32>, running: i64) -> ClockWatch {
        let running = Duration::from_secs(running.try_into().unwrap());
        let newest_day = newest_day.map(|day| Day::from_number(20_000 + day));
        let known = Witnesses { believed: None, newest_day };
        ClockWatch::new(Time::from_seconds(START), known, Box::new(move || running))
    }

    /// One that was started at `START`, with the time that was believed last
    /// and the time since the start.
    fn restarted(believed: i64) -> (ClockWatch, Arc<AtomicU64>) {
        let since_start = Arc::new(AtomicU64::new(0));
        let shown = Arc::clone(&since_start);
        let known = Witnesses {
            believed: Some(Time::from_seconds(believed)),
            newest_day: Some(Day::from_number(21_000)),
        };
        let shown = move || Duration::from_secs(shown.load(Ordering::SeqCst));
        (ClockWatch::new(Time::from_seconds(START), known, Box::new(shown)), since_start)
    }

    fn doubt(watch: &ClockWatch, now: i64) -> Option<Doubt> {
        watch.doubt(Time::from_seconds(now))
    }

    fn look(watch: &ClockWatch, now: i64) -> i64 {
        watch.look(Time::from_seconds(now)).seconds()
    }

    #[test]
    fn a_clock_that_agrees_with_both_witnesses_is_trusted() {
        for (newest_day, running, now) in [
            (None, 0, START),
            // Events of tomorrow are allowed, so they may be stored.
            (Some(1), 0, START),
            (Some(-400), 0, START),
            (None, 30 * DAY, START + 30 * DAY - 60),
            // A machine that slept, and a clock that was set right.
            (None, 10, START + 3 * DAY),
            (None, DAY, START + DAY - limits::CLOCK_DRIFT_SECONDS),
        ] {
            let watch = watch(newest_day, running);
            assert!(!watch.is_in_doubt(Time::from_seconds(now)), "{newest_day:?} {running} {now}");
        }
    }

    #[test]
    fn a_clock_that_is_behind_is_in_doubt() {
        for (newest_day, running, now) in [
            (Some(2), 0, START),
            (Some(0), 0, 0),
            // Set back, and standing still.
            (None, 60, START - DAY),
            (None, 3 * DAY, START),
            (Some(0), DAY, START + DAY - limits::CLOCK_DRIFT_SECONDS - 1),
        ] {
            let watch = watch(newest_day, running);
            assert_eq!(doubt(&watch, now), Some(Doubt::Behind), "{newest_day:?} {running} {now}");
        }
    }

    #[test]
    fn a_clock_may_have_gone_on_for_a_week_unseen() {
        for (off, expected) in [
            (0, None),
            (7 * DAY, None),
            (7 * DAY + 1, Some(Doubt::Ahead)),
            (397 * DAY, Some(Doubt::Ahead)),
        ] {
            let (watch, since_start) = restarted(START - off);
            assert_eq!(doubt(&watch, START), expected, "{off}");
            // Nothing expires by more than has passed, and it is known after
            // another restart.
            since_start.store(3_600, Ordering::SeqCst);
            let now = Time::from_seconds(START + 3_600);
            let believed = if expected.is_some() { START - off + 3_600 } else { now.seconds() };
            assert_eq!(watch.certain_day(now), Time::from_seconds(believed).day());
            assert_eq!(watch.look(now).seconds(), believed);
        }
        // While it runs it is the same, from one look to the next.
        let (watch, since_start) = restarted(START);
        for (passed, now, expected) in [
            (3_600, START + 5 * DAY, None),
            (7_200, START + 10 * DAY, None),
            (10_800, START + 20 * DAY, Some(Doubt::Ahead)),
            // Set right again.
            (14_400, START + 14_400, None),
        ] {
            since_start.store(passed, Ordering::SeqCst);
            assert_eq!(doubt(&watch, now), expected, "{passed}");
            look(&watch, now);
        }
    }

    /// The newest day is 1,000 days ahead: a clock that was wrong dated it.
    #[test]
    fn a_day_that_a_wrong_clock_stored_is_no_witness_beside_the_time_that_was_believed() {
        let (watch, _) = restarted(START - DAY);
        assert_eq!(doubt(&watch, START), None);
        let (watch, _) = restarted(START + 3 * DAY);
        assert_eq!(doubt(&watch, START), Some(Doubt::Behind));
        assert_eq!(watch.expected_day(Time::from_seconds(START)), Some(Day::from_number(20_003)));
        assert_eq!(watch.certain_day(Time::from_seconds(START)), Day::from_number(20_000));
    }

    /// A clock that was a few hours ahead at the start, and is set right.
    #[test]
    fn a_clock_that_is_set_back_to_what_was_known_is_trusted() {
        let (watch, since_start) = restarted(START - 2 * DAY);
        look(&watch, START);
        since_start.store(60, Ordering::SeqCst);
        assert_eq!(doubt(&watch, START - DAY), None);
        assert_eq!(doubt(&watch, START - 3 * DAY), Some(Doubt::Behind));
    }

    #[test]
    fn the_operator_and_enough_devices_are_believed() {
        for off in [100, -100] {
            let (watch, _) = restarted(START - off * DAY);
            assert!(doubt(&watch, START).is_some());
            watch.believe(Time::from_seconds(START));
            assert_eq!((doubt(&watch, START), look(&watch, START)), (None, START));

            let (watch, since_start) = restarted(START - off * DAY);
            let hear = |now: i64| {
                for device in ["1", "2", "3", "4", "5"] {
                    let mut request = RequestEvidence::default();
                    request.add(Time::from_seconds(now).day(), "tool", Some(device));
                    watch.hear(&request, Time::from_seconds(now));
                }
            };
            hear(START);
            since_start.store(43_200, Ordering::SeqCst);
            look(&watch, START + 43_200);
            // The clock is set by two hours, so what was heard says nothing.
            hear(START + 50_400);
            since_start.store(86_400, Ordering::SeqCst);
            look(&watch, START + 93_600);
            assert!(doubt(&watch, START + 93_600).is_some());
            since_start.store(43_200 + 86_400, Ordering::SeqCst);
            assert_eq!(look(&watch, START + 136_800), START + 136_800);
            assert_eq!(doubt(&watch, START + 136_800), None);
        }
    }
}

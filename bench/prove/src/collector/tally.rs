//! What came of a load.

use std::collections::VecDeque;
use std::time::Duration;

use super::connection::Answer;
use super::limits::REPEATED;
use super::load::Until;

/// Longest answers that are told apart one by one; a longer one counts as so
/// long: an hour, in microseconds.
const LONGEST_US: u128 = 3_600_000_000;

/// Counts of events, and times of answers.
#[derive(Debug)]
pub(crate) struct Tally {
    until: Until,
    /// Events in requests that were answered with success.
    pub(crate) acknowledged: u64,
    /// Those of them that were answered within the window.
    pub(crate) within: u64,
    /// Events in requests that the server put off, and said until when.
    pub(crate) put_off: u64,
    /// Events in requests that were answered otherwise.
    pub(crate) failed: u64,
    /// The first other answer.
    pub(crate) failure: Option<String>,
    /// Microseconds of each answer of success within the window.
    pub(crate) taken_us: Vec<u32>,
    /// Requests that may have arrived.
    pub(crate) unanswered: Vec<Vec<u8>>,
    /// The last requests that were answered with success.
    pub(crate) acknowledged_last: VecDeque<Vec<u8>>,
    /// How long it took.
    pub(crate) elapsed: Duration,
    /// The share of one core that the load itself took.
    pub(crate) generator: f64,
}

impl Tally {
    /// Nothing yet.
    pub(crate) fn new(until: Until) -> Self {
        Self {
            until,
            acknowledged: 0,
            within: 0,
            put_off: 0,
            failed: 0,
            failure: None,
            taken_us: Vec::new(),
            unanswered: Vec::new(),
            acknowledged_last: VecDeque::new(),
            elapsed: Duration::ZERO,
            generator: 0.0,
        }
    }

    /// Counts an answer that took `taken` and came `at` so long after the
    /// start.
    pub(crate) fn note(&mut self, answer: &Answer, events: u64, taken: Duration, at: Duration) {
        if answer.is_taken() {
            self.acknowledged += events;
            if self.is_within(at) {
                self.within += events;
                let us = taken.as_micros().min(LONGEST_US);
                self.taken_us.push(u32::try_from(us).unwrap_or(u32::MAX));
            }
        } else if answer.status == 503 && answer.retry_after {
            self.put_off += events;
        } else {
            self.failed += events;
            if self.failure.is_none() {
                let said = String::from_utf8_lossy(&answer.body);
                self.failure = Some(format!("{}: {}", answer.status, said.trim()));
            }
        }
    }

    fn is_within(&self, at: Duration) -> bool {
        match self.until {
            Until::Over(warm_up, window) => at >= warm_up && at < warm_up + window,
            Until::Sent(_) | Until::Gone => true,
        }
    }

    /// Keeps a request that was answered.
    pub(crate) fn keep(&mut self, answer: &Answer, request: Vec<u8>) {
        if !answer.is_taken() {
            self.unanswered.push(request);
            return;
        }
        self.acknowledged_last.push_back(request);
        if self.acknowledged_last.len() > REPEATED {
            self.acknowledged_last.pop_front();
        }
    }

    /// Events a second within the window.
    pub(crate) fn rate(&self) -> f64 {
        let window = match self.until {
            Until::Over(_, window) => window,
            Until::Sent(_) | Until::Gone => self.elapsed,
        };
        self.within as f64 / window.as_secs_f64()
    }

    /// The answer's time, in milliseconds, that this share of the answers kept.
    pub(crate) fn quantiles_ms<const N: usize>(&mut self, shares: [f64; N]) -> [f64; N] {
        self.taken_us.sort_unstable();
        shares.map(|share| {
            let last = self.taken_us.len().saturating_sub(1);
            let place = ((self.taken_us.len() as f64 * share) as usize).min(last);
            self.taken_us.get(place).map_or(f64::NAN, |us| f64::from(*us) / 1e3)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer(status: u16, retry_after: bool) -> Answer {
        Answer { status, retry_after, body: b"busy".to_vec() }
    }

    #[test]
    fn what_is_put_off_without_a_time_is_a_failure() {
        let mut tally = Tally::new(Until::Sent(0));
        let (taken, at) = (Duration::from_millis(2), Duration::from_secs(1));
        tally.note(&answer(200, false), 20, taken, at);
        tally.note(&answer(503, true), 20, taken, at);
        tally.note(&answer(503, false), 20, taken, at);
        assert_eq!((tally.acknowledged, tally.put_off, tally.failed), (20, 20, 20));
        assert_eq!(tally.failure.as_deref(), Some("503: busy"));
    }

    #[test]
    fn only_what_is_answered_within_the_window_counts() {
        let second = Duration::from_secs(1);
        let mut tally = Tally::new(Until::Over(second, 2 * second));
        for at in [0, 1, 2, 3] {
            tally.note(&answer(200, false), 10, at * Duration::from_millis(1), at * second);
        }
        assert_eq!((tally.acknowledged, tally.within), (40, 20));
        assert_eq!(tally.rate(), 10.0);
        assert_eq!(tally.quantiles_ms([0.0, 0.5, 0.999]), [1.0, 2.0, 2.0]);
    }
}

//! The clock that a test moves by hand: nothing in a test reads the wall clock.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, SystemTime};

/// A clock that stands still until it is advanced. Clones show the same time, so that a server in
/// one thread can hold one while the test moves the other.
#[derive(Clone, Debug)]
pub struct ManualClock {
    unix_millis: Arc<AtomicU64>,
}

impl ManualClock {
    /// A clock that shows `unix_seconds`, seconds since 1970-01-01 UTC.
    #[must_use]
    pub fn at(unix_seconds: u64) -> Self {
        Self { unix_millis: Arc::new(AtomicU64::new(unix_seconds * 1_000)) }
    }

    /// Whole seconds since 1970-01-01 UTC.
    #[must_use]
    pub fn unix_seconds(&self) -> u64 {
        self.unix_millis() / 1_000
    }

    /// Milliseconds since 1970-01-01 UTC.
    #[must_use]
    pub fn unix_millis(&self) -> u64 {
        self.unix_millis.load(Ordering::SeqCst)
    }

    /// The same instant as the standard library has it.
    #[must_use]
    pub fn now(&self) -> SystemTime {
        SystemTime::UNIX_EPOCH + Duration::from_millis(self.unix_millis())
    }

    /// Moves the clock on, in whole milliseconds; what is finer is cut off.
    pub fn advance(&self, by: Duration) {
        let millis = u64::try_from(by.as_millis()).expect("a test moves its clock by days at most");
        self.unix_millis.fetch_add(millis, Ordering::SeqCst);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stands_still_until_advanced() {
        let clock = ManualClock::at(1_700_000_000);
        assert_eq!(clock.unix_seconds(), 1_700_000_000);
        clock.advance(Duration::from_millis(1_500));
        assert_eq!(clock.unix_millis(), 1_700_000_001_500);
        assert_eq!(clock.unix_seconds(), 1_700_000_001);
    }

    #[test]
    fn clones_show_the_same_time() {
        let clock = ManualClock::at(0);
        let other = clock.clone();
        clock.advance(Duration::from_secs(60));
        assert_eq!(other.now(), SystemTime::UNIX_EPOCH + Duration::from_secs(60));
    }
}

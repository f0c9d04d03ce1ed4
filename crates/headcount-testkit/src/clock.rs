//! A clock that a test sets, so that no test reads the real one.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, SystemTime};

/// A clock that stands still until it is advanced. Clones show the same time,
/// so that a server in another thread can have one.
#[derive(Clone, Debug)]
pub struct ManualClock {
    unix_millis: Arc<AtomicU64>,
}

impl ManualClock {
    /// Returns a clock that shows `unix_seconds`, in seconds since 1970-01-01
    /// UTC.
    #[must_use]
    pub fn at(unix_seconds: u64) -> Self {
        Self { unix_millis: Arc::new(AtomicU64::new(unix_seconds * 1_000)) }
    }

    /// Returns the whole seconds since 1970-01-01 UTC.
    #[must_use]
    pub fn unix_seconds(&self) -> u64 {
        self.unix_millis() / 1_000
    }

    /// Returns the milliseconds since 1970-01-01 UTC.
    #[must_use]
    pub fn unix_millis(&self) -> u64 {
        self.unix_millis.load(Ordering::SeqCst)
    }

    /// Returns the time as a [`SystemTime`].
    #[must_use]
    pub fn now(&self) -> SystemTime {
        SystemTime::UNIX_EPOCH + Duration::from_millis(self.unix_millis())
    }

    /// Advances the clock by whole milliseconds.
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

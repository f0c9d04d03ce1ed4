//! Tries for a lock for a limited time. The system's own wait has no limit.

use std::fs::TryLockError;
use std::io;
use std::thread;
use std::time::{Duration, Instant};

use crate::limits::LOCK_PAUSE;

/// Calls `attempt` until it succeeds or `wait` is over; `None` if it did not
/// succeed. The first attempt reads no clock, and a writer usually needs only
/// that one.
pub(crate) fn try_for<T>(
    wait: Duration,
    mut attempt: impl FnMut() -> Result<T, TryLockError>,
) -> io::Result<Option<T>> {
    let mut started: Option<Instant> = None;
    loop {
        match attempt() {
            Ok(value) => return Ok(Some(value)),
            Err(TryLockError::Error(error)) => return Err(error),
            Err(TryLockError::WouldBlock) => {}
        }
        match started.map(|started| started.elapsed()) {
            _ if wait.is_zero() => return Ok(None),
            // The second try is immediate: if the segment was just claimed,
            // there is a new one.
            None => started = Some(Instant::now()),
            Some(elapsed) if elapsed >= wait => return Ok(None),
            Some(elapsed) => thread::sleep(LOCK_PAUSE.min(wait - elapsed)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_tries_again_until_it_succeeds() {
        let mut tries = 0;
        let value = try_for(Duration::from_secs(60), || {
            tries += 1;
            if tries == 3 { Ok(tries) } else { Err(TryLockError::WouldBlock) }
        });
        assert_eq!(value.unwrap(), Some(3));
    }

    #[test]
    fn it_gives_up_at_once_without_a_wait_and_passes_errors_on() {
        let mut tries = 0;
        let held = try_for(Duration::ZERO, || {
            tries += 1;
            Err::<(), _>(TryLockError::WouldBlock)
        });
        assert_eq!((held.unwrap(), tries), (None, 1));
        let broken = || Err::<(), _>(TryLockError::Error(io::ErrorKind::Unsupported.into()));
        assert!(try_for(Duration::from_secs(60), broken).is_err());
    }
}

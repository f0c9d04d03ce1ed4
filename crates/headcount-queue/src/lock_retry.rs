//! The room of bounded waiting for a lock: the system's own wait has no bound.

use crate::limits::LOCK_PAUSE;
use std::fs::TryLockError;
use std::io;
use std::thread;
use std::time::{Duration, Instant};

/// Tries until it is had or `wait` is over; `None` when it was not had. The first try is free of
/// any clock, which is all that a writer ever does when nobody is in its way.
pub(crate) fn try_for<T>(
    wait: Duration,
    mut attempt: impl FnMut() -> Result<T, TryLockError>,
) -> io::Result<Option<T>> {
    let mut started: Option<Instant> = None;
    loop {
        match attempt() {
            Ok(had) => return Ok(Some(had)),
            Err(TryLockError::Error(error)) => return Err(error),
            Err(TryLockError::WouldBlock) => {}
        }
        match started.map(|started| started.elapsed()) {
            _ if wait.is_zero() => return Ok(None),
            // Once at once: a segment that was claimed a moment ago is there anew.
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
    fn it_tries_again_until_it_is_had() {
        let mut tries = 0;
        let had = try_for(Duration::from_secs(60), || {
            tries += 1;
            if tries == 3 { Ok(tries) } else { Err(TryLockError::WouldBlock) }
        });
        assert_eq!(had.unwrap(), Some(3));
    }

    #[test]
    fn it_gives_up_at_once_without_patience_and_passes_errors_on() {
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

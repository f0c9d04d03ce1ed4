//! Work on a thread of its own, while something is looked at.

use std::thread::scope;
use std::time::{Duration, Instant};

use crate::Fault;

/// How often it is asked whether the work is done.
const TICK: Duration = Duration::from_millis(10);

/// Does the work, looks every so often while it lasts, and gives both.
///
/// # Errors
///
/// The work panicked.
pub(crate) fn watch<W: Send, L>(
    every: Duration,
    work: impl FnOnce() -> W + Send,
    mut look: impl FnMut() -> L,
) -> Result<(W, Vec<L>), Fault> {
    scope(|scope| {
        let working = scope.spawn(work);
        let mut seen = Vec::new();
        let mut due = Instant::now();
        while !working.is_finished() {
            if Instant::now() >= due {
                seen.push(look());
                due += every;
            }
            std::thread::sleep(TICK);
        }
        let done = working.join().map_err(|_| "the load panicked")?;
        Ok((done, seen))
    })
}

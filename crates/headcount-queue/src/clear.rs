//! The room of dropping everything that waits, because the person said so.

use crate::error::ShipError;
use crate::lines::{Lines, Tail};
use crate::queue::Queue;
use crate::shipper::Shipper;
use crate::small_file::remove;
use std::path::Path;
use std::time::Duration;

impl Queue {
    /// Drops every segment and claim, and says how many lines went. It takes the ship lock first,
    /// waiting at most as long as given, so that nothing leaves once it returns; where nothing
    /// waits it creates nothing, the lock included.
    ///
    /// # Errors
    /// Another process ships until the wait is over, or a file cannot be removed; what could be
    /// removed before that is gone.
    pub fn clear(&self, state_folder: &Path, wait: Duration) -> Result<u64, ShipError> {
        // A shipper at work has its claim on disk until it is done with it.
        if self.names.list()?.is_empty() {
            return Ok(0);
        }
        self.shipper(state_folder, wait)?.clear()
    }
}

impl Shipper {
    /// Drops every segment and claim, and says how many lines went.
    ///
    /// # Errors
    /// A file cannot be read or removed; what could be removed before that is gone.
    pub fn clear(&self) -> Result<u64, ShipError> {
        let names = &self.queue.names;
        // Segments become claims first, so that no line is written to what was counted already.
        // The time does not matter: they are gone in a moment, or adopted as the oldest.
        self.take_segments(0)?;
        let mut problems = Vec::new();
        let mut lines = 0;
        for claim in self.found(&mut problems)? {
            let content = claim.lines()?;
            remove(&names.claim(claim.name()))?;
            lines += content.counted()?.lines;
        }
        let left = names.list()?;
        for (_, path) in &left.companions {
            remove(path)?;
        }
        // What was held, or had nothing in it. A writer that is stopped in the middle of a line
        // writes it to a file without a name when it goes on, and so to nowhere.
        for path in names.segments(&left) {
            let content = Lines::open(&path, Tail::InFlight, 0, self.queue.readable_bytes())?;
            remove(&path)?;
            lines += content.counted()?.lines;
        }
        match problems.into_iter().next() {
            Some(problem) => Err(problem.into()),
            None => Ok(lines),
        }
    }
}

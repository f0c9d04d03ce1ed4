//! Drops everything that waits, for `telemetry clear` and `telemetry off`.

use std::path::Path;
use std::time::Duration;

use crate::error::{QueueError, ShipError};
use crate::limits::IN_USE_WAIT;
use crate::lines::{Lines, Tail};
use crate::queue::Queue;
use crate::shipper::Shipper;
use crate::small_file::remove;

impl Queue {
    /// Drops every segment and claim, and returns the number of lines. It takes
    /// the ship lock first, waiting at most `wait` for it, so that nothing is
    /// sent after it returns. If nothing waits, it creates nothing, not even
    /// the lock.
    ///
    /// # Errors
    ///
    /// - [`ShipError::Held`] if another process is shipping until the wait is
    ///   over.
    /// - [`ShipError::Failed`] if a file cannot be read or removed. What was
    ///   removed before stays removed.
    pub fn clear(&self, state_folder: &Path, wait: Duration) -> Result<u64, ShipError> {
        // A shipper at work keeps its claims on disk until it is done with
        // them.
        if self.names.list()?.is_empty() {
            return Ok(0);
        }
        self.shipper(state_folder, wait)?.clear()
    }

    /// Drops every segment and claim although another process holds the ship
    /// lock, and returns the number of lines, as far as it can be told. It is
    /// for a person's no when [`Queue::clear`] has waited in vain. What that
    /// process has read already it may still send, unless it asks for consent
    /// before it does; and a segment that it claims meanwhile may stay.
    ///
    /// # Errors
    ///
    /// Returns the first error. What was removed stays removed.
    pub fn clear_without_lock(&self) -> Result<u64, QueueError> {
        let mut lines = 0;
        let mut done = Ok(());
        // Claims and their small files first: segments may become claims.
        for _ in 0..2 {
            let listing = self.names.list()?;
            let claims = listing.claims.iter().map(|claim| self.names.claim(*claim));
            for path in claims.chain(self.names.segments(&listing)) {
                let content =
                    Lines::open(&path, Tail::InFlight, 0, self.readable_bytes(), IN_USE_WAIT);
                let counted = content.and_then(Lines::counted);
                match remove(&path) {
                    Ok(()) => lines += counted.map_or(0, |counted| counted.lines),
                    Err(error) => done = done.and(Err(error)),
                }
            }
            for (_, path) in &listing.companions {
                done = done.and(remove(path));
            }
        }
        done.map(|()| lines)
    }
}

impl Shipper {
    /// Drops every segment and claim, and returns the number of lines.
    ///
    /// # Errors
    ///
    /// Returns [`ShipError`] if a file cannot be read or removed. What was
    /// removed before stays removed.
    pub fn clear(&self) -> Result<u64, ShipError> {
        let names = &self.queue.names;
        // Segments become claims first, so that no line is appended to what is
        // counted already. The time does not matter: the claims are removed in
        // a moment, or adopted as the oldest.
        self.take_segments(0)?;
        let mut problems = Vec::new();
        let mut lines = 0;
        // What can be removed is, although another program keeps a file before
        // it from that.
        let mut drop_all = |path: &Path, content: Result<Lines, QueueError>| {
            let counted = content.and_then(Lines::counted);
            match remove(path).and(counted) {
                Ok(counted) => lines += counted.lines,
                Err(problem) => problems.push(problem),
            }
        };
        let mut found = Vec::new();
        for claim in self.found(&mut found)? {
            drop_all(&names.claim(claim.name()), claim.lines());
        }
        let left = names.list()?;
        // What is left was locked or empty. A writer that is stopped in the
        // middle of a line will write the rest to a file that has no name any
        // more.
        for path in names.segments(&left) {
            let most = self.queue.readable_bytes();
            let content = Lines::open(&path, Tail::InFlight, 0, most, IN_USE_WAIT);
            drop_all(&path, content);
        }
        let companions = left.companions.iter().filter_map(|(_, path)| remove(path).err());
        problems.extend(companions);
        problems.extend(found);
        match problems.into_iter().next() {
            Some(problem) => Err(problem.into()),
            None => Ok(lines),
        }
    }
}

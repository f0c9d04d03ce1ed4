//! Following a command from its start to its end: how it went and how long it
//! took, panics included.

use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::time::{Duration, Instant};

use crate::{Event, Session};

/// How a command ended.
#[derive(Debug)]
pub struct Run<'a, T> {
    /// What it returned; nothing where it panicked.
    pub returned: Option<&'a T>,
    /// How long it took.
    pub took: Duration,
}

impl Session {
    /// Runs a command's body, records what `event` makes of how it went, and
    /// returns what the body returned.
    ///
    /// # Panics
    ///
    /// Where the body does: after the event is recorded, with the same payload.
    pub fn track<T, E: Event>(
        &self,
        body: impl FnOnce() -> T,
        event: impl FnOnce(&Run<'_, T>) -> E,
    ) -> T {
        let start = Instant::now();
        let result = catch_unwind(AssertUnwindSafe(body));
        let run = Run { returned: result.as_ref().ok(), took: start.elapsed() };
        self.record(&event(&run));
        result.unwrap_or_else(|payload| resume_unwind(payload))
    }
}

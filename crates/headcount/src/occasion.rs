//! When an event happened, and what makes its id.

use headcount_catalog::{Rotation, Time};

use crate::error::Cause;
use crate::random;
use crate::standing::Standing;

/// An event that is recorded after it happened, or a second time in case the
/// first was lost.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Past {
    /// When it happened. What is later than now is now, and under an id that
    /// changes monthly nothing is dated before the month of the id.
    pub at: Time,
    /// What makes its id: of the same day and the same bits comes the same id,
    /// and a collector stores one event of it.
    pub bits: [u8; 16],
}

/// When an event happened, and the random bits of its id.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Occasion {
    pub(crate) time: Time,
    pub(crate) bits: [u8; 16],
}

impl Occasion {
    /// Of an event that happens now, or of a past one.
    ///
    /// # Errors
    ///
    /// Returns an error if the system has no randomness.
    pub(crate) fn of(standing: &Standing, past: Option<Past>) -> Result<Self, Cause> {
        let now = standing.surroundings().now();
        let Some(Past { at, bits }) = past else {
            let bits = random::event_bits().map_err(Cause::NoRandomness)?;
            return Ok(Self { time: now, bits });
        };
        let earliest = match standing.catalog().identity.rotation {
            Rotation::Monthly => now.day().month_start().start(),
            Rotation::Never => Time::from_milliseconds(i64::MIN),
        };
        Ok(Self { time: at.min(now).max(earliest), bits })
    }
}

//! The proof of consent: without one nothing is recorded, queued or sent.

use super::{ConsentState, Decision};

/// Permission to record. Only a [`Decision`] that is not off makes one.
#[derive(Debug)]
pub struct Permit {
    reach: Reach,
}

/// How far a record may go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reach {
    /// Nowhere: the record is for the person only.
    Machine,
    /// To the catalog's destinations.
    Destinations,
}

impl Permit {
    /// How far a record under this permit may go.
    #[must_use]
    pub fn reach(&self) -> Reach {
        self.reach
    }
}

impl Decision {
    /// The permit that this decision gives; `None` if it is off.
    #[must_use]
    pub fn permit(&self) -> Option<Permit> {
        match self.state() {
            ConsentState::Off => None,
            ConsentState::Local => Some(Permit { reach: Reach::Machine }),
            ConsentState::On => Some(Permit { reach: Reach::Destinations }),
        }
    }
}

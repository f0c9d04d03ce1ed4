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
    /// Nowhere: it is for the person's own eyes.
    Machine,
    /// To the catalog's destinations.
    Destinations,
}

impl Permit {
    /// How far what is recorded under it may go.
    #[must_use]
    pub fn reach(&self) -> Reach {
        self.reach
    }
}

impl Decision {
    /// The permit this decision gives.
    #[must_use]
    pub fn permit(&self) -> Option<Permit> {
        match self.state() {
            ConsentState::Off => None,
            ConsentState::Local => Some(Permit { reach: Reach::Machine }),
            ConsentState::On => Some(Permit { reach: Reach::Destinations }),
        }
    }
}

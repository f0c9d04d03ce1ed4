//! Consent belongs to a catalog: what a person agreed to, and what of a later
//! catalog is withheld until they have seen it.

use headcount_catalog::{Catalog, Change, Direction, Scope};

use super::cut::cut;
use super::{Permit, Reach};
use crate::Paths;
use crate::disk::error::DiskError;
use crate::disk::state::State;
use crate::disk::{agreed, lock};

/// How a catalog stands to what was agreed to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Agreement {
    /// Nothing was kept: the catalog that finds it is agreed to.
    Unwritten,
    /// The catalog collects nothing that was not agreed to.
    Whole,
    /// It widens: what is new is withheld.
    Part {
        /// The catalog without what is new; `None` where nothing is left.
        catalog: Option<&'static Catalog>,
        /// What is new.
        news: Vec<Change>,
    },
}

impl Agreement {
    /// Reads what was agreed to and compares.
    pub(crate) fn read(catalog: &'static Catalog, paths: &Paths, state: &State) -> Self {
        if state.within == Some(catalog.fingerprint()) {
            return Self::Whole;
        }
        let agreed = match agreed::read(&paths.agreed()) {
            Ok(Some(agreed)) => agreed,
            Ok(None) if state.within.is_none() => return Self::Unwritten,
            // What was agreed to is lost or cannot be told: nothing is, until
            // asked again.
            Ok(None) | Err(_) => return Self::Part { catalog: None, news: Vec::new() },
        };
        let changes = agreed.compare(&Scope::of(catalog));
        let news: Vec<Change> =
            changes.into_iter().filter(|change| change.direction == Direction::Widens).collect();
        if news.is_empty() {
            return Self::Whole;
        }
        Self::Part { catalog: cut(catalog, &agreed), news }
    }

    /// The catalog in force; `None` where nothing may be recorded.
    pub(crate) fn in_force(&self, catalog: &'static Catalog) -> Option<&'static Catalog> {
        match self {
            Self::Unwritten | Self::Whole => Some(catalog),
            Self::Part { catalog, .. } => *catalog,
        }
    }
}

/// Keeps that a catalog was agreed to: the list first, so that a state that
/// names it never stands without it.
///
/// # Errors
///
/// What the system says.
pub(crate) fn agree(catalog: &Catalog, permit: &Permit, paths: &Paths) -> Result<(), DiskError> {
    if permit.reach() != Reach::Destinations {
        return Ok(());
    }
    let _held = lock::hold(&paths.lock())?;
    let (state, within) = (State::read(&paths.state), Some(catalog.fingerprint()));
    // Of many hosts that find nothing, one was first.
    if state.within == within && paths.agreed().exists() {
        return Ok(());
    }
    agreed::write(&paths.agreed(), &Scope::of(catalog))?;
    State { within, ..state }.write(&paths.state)
}

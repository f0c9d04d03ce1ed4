//! What joins a refused purpose is refused with it: a later release that moves
//! an event on, or gives the purpose another name, sets nothing free.

use headcount_catalog::Catalog;

use super::refusals::{PurposeRefusals, Refusals};
use crate::Paths;
use crate::disk::error::DiskError;
use crate::disk::lock::Terms;
use crate::disk::paths::Place;
use crate::disk::private_file;
use crate::disk::refusal;
use crate::disk::state::{Layout, State};

/// Notes what joined the refused purposes in this release, if anything did.
/// Whoever cannot note it now does so later: this release withholds it all the
/// same.
pub(crate) fn note_joined(catalog: &Catalog, refusals: &Refusals, paths: &Paths, terms: Terms<'_>) {
    if refusals.lack_joined(catalog)
        && let Ok(_held) = terms.hold(paths)
    {
        let _ = keep_joined(catalog, paths);
    }
}

/// Adds to each refusal that is kept what joined its purpose. The caller holds
/// the lock. Where the usual place cannot be written, all of it is kept beside
/// the agreement, which then is in the place that a variable names.
///
/// # Errors
///
/// Returns an error if it is not kept.
pub(super) fn keep_joined(catalog: &Catalog, paths: &Paths) -> Result<(), DiskError> {
    let mut left = PurposeRefusals::new();
    if paths.usual.is_some() {
        let usual = paths.usual();
        if keep_in(catalog, &usual, &PurposeRefusals::new()).is_err() {
            left = State::read(&usual.state).belonging_to(usual.product).refused_purposes;
        }
    }
    keep_in(catalog, &paths.here(), &left)
}

/// Keeps these refusals too, in one place. A state that cannot be understood
/// refuses everything.
fn keep_in(catalog: &Catalog, place: &Place, more: &PurposeRefusals) -> Result<(), DiskError> {
    private_file::retried(|_| try_keep_in(catalog, place, more))
}

fn try_keep_in(catalog: &Catalog, place: &Place, more: &PurposeRefusals) -> Result<(), DiskError> {
    let state = State::read(&place.state).belonging_to(place.product);
    if !matches!(state.layout, Layout::Missing | Layout::Known | Layout::Newer) {
        return Ok(());
    }
    let mut after = state.clone();
    for (purpose, events) in more {
        after.refused_purposes.or_default(purpose).insert_all(events.clone());
    }
    take_in(&mut after.refused_purposes, catalog);
    if after == state {
        return Ok(());
    }
    refusal::write(&place.state, state.expected(), state.was(), &after.text())
}

impl Refusals {
    /// Whether something has joined a purpose that the person refused.
    fn lack_joined(&self, catalog: &Catalog) -> bool {
        let mut after = self.of_person().clone();
        take_in(&mut after, catalog);
        after != *self.of_person()
    }
}

/// Adds to each refusal the events that its purpose has in this catalog, and to
/// a purpose that was refused under a former name a refusal under its own.
fn take_in(refused: &mut PurposeRefusals, catalog: &Catalog) {
    let mut joined = PurposeRefusals::new();
    for event in catalog.events {
        let names = catalog.purpose_names(event);
        let known: Vec<&str> = names.filter(|name| refused.contains_key(name)).collect();
        if known.is_empty() {
            continue;
        }
        for name in known.into_iter().chain([event.purpose]) {
            joined.or_default(name).insert(event.name.to_owned());
        }
    }
    for (purpose, events) in joined {
        refused.or_default(&purpose).insert_all(events);
    }
}

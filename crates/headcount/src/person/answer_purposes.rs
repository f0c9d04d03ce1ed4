//! Writes the person's answer about single purposes into our own state: in the
//! usual place, and in the place that a variable names. A no by every means
//! there is.

use std::path::PathBuf;

use headcount_catalog::{Catalog, NameSet, Purpose};

use super::answer::{hold, leave};
use crate::Paths;
use crate::consent;
use crate::disk::error::DiskError;
use crate::disk::paths::Place;
use crate::disk::private_file::{self, Turn};
use crate::disk::refusal;
use crate::disk::state::{Layout, Refused, State};
use crate::standing::Standing;

/// What becomes of a state that the system could not read just now.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Unread {
    Stays,
    /// The no is kept nowhere else.
    IsWrittenOver,
}

/// Refuses purposes, and says what was in the way although the no is kept.
///
/// # Errors
///
/// Returns an error if nothing that was written refuses them.
pub(super) fn refuse(
    standing: &Standing,
    paths: &Paths,
    purposes: &[&'static Purpose],
) -> Result<Option<DiskError>, DiskError> {
    // A file system without locks must not lose a no.
    let held = hold(paths);
    let mut problems = Vec::new();
    let catalog = standing.catalog();
    let noted = |place: &Place, unread| {
        private_file::retried(|turn| note(catalog, place, purposes, unread, turn))
    };
    for place in places(paths) {
        problems.extend(noted(&place, Unread::Stays).err());
    }
    if !are_refused(standing, paths, purposes) {
        let _ = noted(&paths.usual(), Unread::IsWrittenOver);
    }
    if let Ok(held) = held {
        leave(paths, held);
    }
    match problems.into_iter().next() {
        Some(error) if !are_refused(standing, paths, purposes) => Err(error),
        problem => Ok(problem),
    }
}

fn places(paths: &Paths) -> impl Iterator<Item = Place> {
    let named = paths.usual.is_some().then(|| paths.here());
    [Some(paths.usual()), named].into_iter().flatten()
}

/// The files that refuse a purpose by one of its names, or all of its events,
/// each with what they refuse.
pub(super) fn places_that_refuse(
    catalog: &Catalog,
    paths: &Paths,
    name: &str,
) -> Vec<(PathBuf, String)> {
    let is_its = |refused: &str, events: &NameSet| {
        let has_name = catalog.purpose(name).is_some_and(|purpose| purpose.has_name(refused));
        let mut its_events = catalog.events.iter().filter(|event| event.purpose == name);
        refused == name || has_name || its_events.any(|event| events.contains(event.name))
    };
    let of_place = |place: Place| {
        let state = State::read(&place.state).belonging_to(place.product);
        let mut refused = state.refused_purposes.into_iter();
        let (refused, _) = refused.find(|(refused, events)| is_its(refused, events))?;
        Some((place.state, refused))
    };
    places(paths).filter_map(of_place).collect()
}

/// Whether what is written now refuses these purposes.
fn are_refused(standing: &Standing, paths: &Paths, purposes: &[&'static Purpose]) -> bool {
    let refusals = consent::refusals(standing.catalog(), standing.surroundings(), Some(paths));
    purposes.iter().all(|purpose| refusals.has(purpose.name))
}

/// Notes the refusal in the state of one place. What a newer release wrote is
/// left as it is otherwise. What cannot be understood may have held a no to
/// everything, and stays one.
fn note(
    catalog: &Catalog,
    place: &Place,
    purposes: &[&'static Purpose],
    unread: Unread,
    turn: Turn,
) -> Result<(), DiskError> {
    let state = State::read(&place.state).belonging_to(place.product);
    let mut after = state.clone();
    match state.layout {
        Layout::OfOther(_) => return state.is_writable(&place.state),
        Layout::Unread(_) if unread == Unread::Stays => return state.is_writable(&place.state),
        Layout::Unread(_) | Layout::Unusable(_) => after.refused = Some(Refused::Off),
        Layout::Missing | Layout::Known | Layout::Newer => {}
    }
    for purpose in purposes {
        let events = after.refused_purposes.or_default(purpose.name);
        for event in catalog.events.iter().filter(|event| event.purpose == purpose.name) {
            events.insert(event.name.to_owned());
        }
    }
    if after == state {
        return Ok(());
    }
    let expected = turn.of_a_no(state.expected());
    refusal::write(&place.state, expected, state.was(), &after.text())
}

/// Takes back the refusals of purposes, by their names of today: those of their
/// former names too, and what other refusals have of their events.
///
/// # Errors
///
/// Returns an error that names the file. What it refuses stays refused.
pub(super) fn allow(standing: &Standing, paths: &Paths, names: &[&str]) -> Result<(), DiskError> {
    let held = hold(paths)?;
    let allow_there = |place: &Place| {
        let state = State::read(&place.state).belonging_to(place.product);
        let after = allowed(standing.catalog(), state.clone(), names);
        let is_readable = matches!(state.layout, Layout::Missing | Layout::Known | Layout::Newer);
        if after == state && is_readable { Ok(()) } else { after.write(&place.state) }
    };
    let done = places(paths).try_for_each(|place| private_file::retried(|_| allow_there(&place)));
    leave(paths, held);
    done
}

fn allowed(catalog: &Catalog, mut state: State, names: &[&str]) -> State {
    for name in names {
        let purpose = catalog.purpose(name);
        let is_theirs = |refused: &str| {
            refused == *name || purpose.is_some_and(|purpose| purpose.has_name(refused))
        };
        state.refused_purposes.retain(|refused| !is_theirs(refused));
        let Some(purpose) = purpose else { continue };
        for event in catalog.events.iter().filter(|event| event.purpose == purpose.name) {
            for events in state.refused_purposes.values_mut() {
                events.remove(event.name);
            }
        }
    }
    state
}

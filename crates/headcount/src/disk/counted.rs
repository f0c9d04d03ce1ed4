//! The periods that this device has marked, under the key `counted` of our own
//! state: for products that count devices without an id.
//!
//! They are kept in the usual place only. A variable that moves the folder, or
//! a state that a project plants there, makes no other device of this one.
//!
//! A mark is written here, under the lock of changes, before the event that
//! carries it is recorded. Whatever ends the process between the two loses the
//! mark; nothing gives it twice.

use headcount_catalog::{Age, Day, Period};

use super::error::{Cause, DiskError};
use super::lock::{self, HeldForCreation, Terms};
use super::paths::{Paths, Place};
use super::state::State;
use super::{link, private_file};
use crate::marked_periods::MarkedPeriods;

/// Marks the periods of which an event of today is the first one of this
/// device. `None` if there are none.
///
/// # Errors
///
/// Returns an error if the state cannot be locked, read or written, or if
/// telemetry was turned off meanwhile. Then nothing is marked.
pub(crate) fn take(
    count: &[Period],
    paths: &Paths,
    today: Day,
    terms: Terms<'_>,
) -> Result<Option<(Vec<Period>, Age)>, DiskError> {
    let place = paths.usual();
    if paths.usual.is_some() && place.state.parent().is_none_or(|folder| !folder.is_dir()) {
        return Err(DiskError::no_place("the product's usual folder does not exist"));
    }
    let held = terms.hold(paths)?;
    if !held.holds(&place.lock()) {
        return Err(DiskError::new(&place.lock(), Cause::Busy));
    }
    let state = State::read(&place.state).belonging_to(place.product);
    let mut marked = match &state.counted {
        Some(marked) => marked.clone(),
        None if is_new(paths) => MarkedPeriods::none(),
        None => MarkedPeriods::unknown(today),
    };
    let taken = marked.take(count, today);
    if state.counted.as_ref() != Some(&marked) {
        State { counted: Some(marked), ..state }.write(&place.state)?;
    }
    Ok(taken)
}

/// Whether nobody has agreed to anything on this machine before. Otherwise a
/// state without marks has lost them, or is of a release that had none.
pub(crate) fn is_new(paths: &Paths) -> bool {
    [paths.usual().agreed(), paths.agreed()].iter().all(|path| private_file::is_free(path))
}

/// Notes in the usual place, from another one, that this device has marked
/// nothing yet. Where that cannot be noted, it marks its first event of the
/// next period instead.
pub(crate) fn begin(usual: &Place, held: &HeldForCreation) {
    if !held.holds(&usual.lock()) {
        return;
    }
    let state = State::read(&usual.state).belonging_to(usual.product);
    if state.counted.is_none() {
        let _ = State { counted: Some(MarkedPeriods::none()), ..state }.write(&usual.state);
    }
}

/// What is kept now, to be shown to a person.
pub(crate) fn shown(paths: &Paths) -> Option<MarkedPeriods> {
    let place = paths.usual();
    State::read(&place.state).belonging_to(place.product).counted
}

/// Forgets since when this device was counted. The marked periods stay: without
/// them it would be counted twice today.
///
/// # Errors
///
/// Returns an error if the state cannot be locked or written.
pub(crate) fn begin_anew(paths: &Paths) -> Result<(), DiskError> {
    let place = paths.usual();
    let is_counted = |state: &State| state.counted.as_ref().is_some_and(|it| it.since().is_some());
    if !is_counted(&State::read(&place.state)) {
        return Ok(());
    }
    let held = lock::hold(&place.lock());
    let done = private_file::retried(|_| {
        let mut state = State::read(&place.state).belonging_to(place.product);
        if !is_counted(&state) {
            return Ok(());
        }
        state.counted.iter_mut().for_each(MarkedPeriods::begin_anew);
        state.is_writable(&place.state)?;
        link::rewrite_over(&place.state, state.expected(), &state.text())
    });
    // A file system without locks must not keep it.
    if let Ok(held) = held {
        held.remove();
    }
    done
}

//! Consent belongs to a catalog: compares what the person agreed to with the
//! catalog of this release, and withholds what is new.

use headcount_catalog::{Catalog, Change, Direction, NameMap, Scope};

use super::cut::cut;
use super::joined::keep_joined;
use super::{Permit, Reach, Refusals};
use crate::Paths;
use crate::disk::agreed;
use crate::disk::counted;
use crate::disk::error::DiskError;
use crate::disk::lock::Terms;
use crate::disk::paths::Place;
use crate::disk::state::{self, State};
use crate::marked_periods::MarkedPeriods;

/// How a catalog compares to what was agreed to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Agreement {
    /// No agreement is saved yet: this catalog will be the one agreed to.
    Unwritten,
    /// The catalog collects nothing that was not agreed to.
    Whole,
    /// The catalog collects more: what is new is withheld.
    Part {
        /// The catalog without what is new; `None` if nothing is left.
        catalog: Option<&'static Catalog>,
        /// What is new, without what is refused: nobody asks for that again.
        news: Vec<Change>,
    },
}

impl Agreement {
    /// Reads what was agreed to and compares. In a folder that a variable
    /// names, what was agreed to in the usual place counts, unless the person's
    /// own `on` has noted the other place there: a project must not set free
    /// what is withheld, not even with a state that it plants.
    pub(crate) fn read(
        catalog: &'static Catalog,
        refusals: &Refusals,
        paths: &Paths,
        state: &State,
    ) -> Self {
        let in_place =
            |place: &Place, state: &State| Self::in_place(catalog, refusals, place, state);
        let here = || in_place(&paths.here(), state);
        let Some(usual) = &paths.usual else { return here() };
        let usual_state = State::read(&usual.state).belonging_to(usual.product);
        if usual_state.granted.contains(&paths.here().name()) {
            return here();
        }
        match in_place(usual, &usual_state) {
            Self::Unwritten => here(),
            agreement => agreement,
        }
    }

    fn in_place(
        catalog: &'static Catalog,
        refusals: &Refusals,
        place: &Place,
        state: &State,
    ) -> Self {
        if state.within.contains(&catalog.fingerprint()) {
            return Self::Whole;
        }
        let agreed = match agreed::read(&place.agreed()) {
            Ok(Some(agreed)) => agreed,
            Ok(None) if state.within.is_empty() => return Self::Unwritten,
            // The agreement is lost or unreadable: nothing is agreed to until
            // the person is asked again.
            Ok(None) | Err(_) => return Self::Part { catalog: None, news: Vec::new() },
        };
        let mut later = Scope::of(catalog);
        if agreed.allows(&later) {
            return Self::Whole;
        }
        let refused = refusals.withheld(catalog);
        later.events.retain(|name| !refused.contains(&name));
        let changes = agreed.compare(&later).into_iter();
        let news = changes.filter(|change| change.direction == Direction::Widens).collect();
        Self::Part { catalog: cut(catalog, &agreed), news }
    }

    /// The catalog in force; `None` if nothing may be recorded.
    pub(crate) fn in_force(&self, catalog: &'static Catalog) -> Option<&'static Catalog> {
        match self {
            Self::Unwritten | Self::Whole => Some(catalog),
            Self::Part { catalog, .. } => *catalog,
        }
    }
}

/// Saves that a catalog was agreed to, beside what was agreed to before:
/// releases may take turns. The list is written first, so that the state never
/// refers to a missing list.
///
/// # Errors
///
/// Returns an error if a newer release wrote one of the files, if one cannot be
/// locked or written, or if telemetry was turned off meanwhile.
pub(crate) fn agree(
    catalog: &Catalog,
    permit: &Permit,
    paths: &Paths,
    terms: Terms<'_>,
) -> Result<(), DiskError> {
    if permit.reach() != Reach::Destinations {
        return Ok(());
    }
    let held = terms.hold(paths)?;
    keep_joined(catalog, paths)?;
    let mut state = State::read(&paths.state).belonging_to(paths.product);
    let this = catalog.fingerprint();
    // Another host was faster.
    if state.within.contains(&this) && paths.agreed().exists() {
        return Ok(());
    }
    let scope = Scope::of(catalog);
    let scope = match agreed::read(&paths.agreed()) {
        Ok(Some(before)) => before.united(scope),
        Ok(None) => scope,
        // It is damaged, and the person agrees anew.
        Err(error) if error.is_damaged() => scope,
        Err(error) => return Err(error),
    };
    let is_counted_anew = !catalog.identity.count.is_empty() && counted::is_new(paths);
    agreed::write(&paths.agreed(), &scope)?;
    state::remember(&mut state.within, this);
    match &paths.usual {
        Some(usual) if is_counted_anew => counted::begin(usual, &held),
        None if is_counted_anew => _ = state.counted.get_or_insert_with(MarkedPeriods::none),
        _ => {}
    }
    state.write(&paths.state)
}

/// Saves that the events of a purpose were agreed to, beside what was agreed to
/// before. Nothing else of this release is: neither what every event carries
/// nor where it goes. Where nothing was agreed to before, nothing is saved: the
/// whole catalog will be.
///
/// # Errors
///
/// Those of [`agree`].
pub(crate) fn agree_to_purpose(
    catalog: &Catalog,
    purpose: &str,
    permit: &Permit,
    paths: &Paths,
    terms: Terms<'_>,
) -> Result<(), DiskError> {
    if permit.reach() != Reach::Destinations {
        return Ok(());
    }
    let _held = terms.hold(paths)?;
    keep_joined(catalog, paths)?;
    let before = match agreed::read(&paths.agreed()) {
        Ok(Some(before)) => before,
        Err(error) if error.is_of_newer_release() => return Err(error),
        // What is lost or damaged is agreed to anew, and as a whole.
        Ok(None) | Err(_) => return Ok(()),
    };
    let mut now = Scope { events: NameMap::new(), until: NameMap::new(), ..before.clone() };
    let whole = Scope::of(catalog);
    for event in catalog.events.iter().filter(|event| event.purpose == purpose) {
        let properties = event.properties.iter();
        let names = properties.map(|property| Scope::name_of_property(event.name, property.name));
        for name in [event.name.to_owned()].into_iter().chain(names) {
            if let Some(day) = whole.until.get(&name) {
                now.until.insert(name, *day);
            }
        }
        if let Some(properties) = whole.events.get(event.name) {
            now.events.insert(event.name.to_owned(), properties.clone());
        }
    }
    let after = before.clone().united(now);
    if after == before { Ok(()) } else { agreed::write(&paths.agreed(), &after) }
}

//! The event of a path.

use headcount_catalog::{Catalog, Event};

/// Returns the event that has this path, with or without a slash at its end.
#[must_use]
pub fn event(catalog: &Catalog, path: &str) -> Option<&'static Event> {
    let wanted = path.trim_end_matches('/');
    let mut events = catalog.events.iter();
    events.find(|event| event.path.is_some_and(|path| path.trim_end_matches('/') == wanted))
}

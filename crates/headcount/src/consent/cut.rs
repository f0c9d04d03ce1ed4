//! Catalogs cut down to what was agreed to, and to what is not refused.
//!
//! A cut lives as long as the process, because every record points into its
//! catalog. So it is made once for each catalog and agreement, and once for
//! each set of refused events, however often a long-running program reads them.
//! Whoever has the same cut twice has the same catalog in force.

use std::sync::{Mutex, MutexGuard};
use std::thread;
use std::time::Instant;

use headcount_catalog::{Catalog, Scope};

use crate::{limits, no_wait};

/// A catalog with less in it. `catalog` is `None` if nothing is left.
struct Cut {
    whole: &'static Catalog,
    by: By,
    catalog: Option<&'static Catalog>,
}

/// What a catalog was cut by.
#[derive(PartialEq)]
enum By {
    /// What was agreed to.
    Agreement(Scope),
    /// The events that are refused.
    Refusal(Vec<&'static str>),
}

static CUTS: Mutex<Vec<Cut>> = Mutex::new(Vec::new());

/// The part of the catalog that was agreed to. `None` if nothing is left, or if
/// this process has met more agreements than a person gives ([`limits::CUTS`]).
pub(super) fn cut(whole: &'static Catalog, agreed: &Scope) -> Option<&'static Catalog> {
    by(whole, By::Agreement(agreed.clone()), || whole.narrowed(agreed))
}

/// The catalog without these events; the same as [`cut`] otherwise.
pub(super) fn without(
    whole: &'static Catalog,
    refused: Vec<&'static str>,
) -> Option<&'static Catalog> {
    if refused.is_empty() {
        return Some(whole);
    }
    let names = refused.clone();
    by(whole, By::Refusal(refused), || Some(whole.without(|event| names.contains(&event.name))))
}

fn by(
    whole: &'static Catalog,
    by: By,
    make: impl FnOnce() -> Option<Catalog>,
) -> Option<&'static Catalog> {
    let mut cuts = lock()?;
    let known = cuts.iter().find(|cut| std::ptr::eq(cut.whole, whole) && cut.by == by);
    if let Some(known) = known {
        return known.catalog;
    }
    if cuts.iter().filter(|cut| std::ptr::eq(cut.whole, whole)).count() >= limits::CUTS {
        return None;
    }
    let catalog = make().map(|cut| &*Box::leak(Box::new(cut)));
    cuts.push(Cut { whole, by, catalog });
    catalog
}

/// Locks the cuts of this process. A thread holds them for a comparison, or
/// while it makes a cut. In a child of `fork` the holder may not exist; then
/// everything that is new is withheld.
fn lock() -> Option<MutexGuard<'static, Vec<Cut>>> {
    let start = Instant::now();
    loop {
        match no_wait::try_lock(&CUTS) {
            Some(cuts) => return Some(cuts),
            None if start.elapsed() >= limits::CUTS_WAIT => return None,
            None => thread::yield_now(),
        }
    }
}

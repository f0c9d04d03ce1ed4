//! Catalogs cut down to what was agreed to.
//!
//! A cut lives as long as the process, because every record points into its
//! catalog. So it is made once for each catalog and agreement, however often a
//! long-running program reads the agreement.

use std::sync::{Mutex, MutexGuard};
use std::thread;
use std::time::Instant;

use headcount_catalog::{Catalog, Scope};

use crate::{limits, no_wait};

/// A catalog without what was not agreed to. `catalog` is `None` if nothing is
/// left.
struct Cut {
    whole: &'static Catalog,
    agreed: Scope,
    catalog: Option<&'static Catalog>,
}

static CUTS: Mutex<Vec<Cut>> = Mutex::new(Vec::new());

/// The part of the catalog that was agreed to. `None` if nothing is left, or if
/// this process has met more agreements than a person gives ([`limits::CUTS`]).
pub(super) fn cut(whole: &'static Catalog, agreed: &Scope) -> Option<&'static Catalog> {
    let mut cuts = lock()?;
    let known = cuts.iter().find(|cut| std::ptr::eq(cut.whole, whole) && cut.agreed == *agreed);
    if let Some(known) = known {
        return known.catalog;
    }
    if cuts.iter().filter(|cut| std::ptr::eq(cut.whole, whole)).count() >= limits::CUTS {
        return None;
    }
    let catalog = whole.narrowed(agreed).map(|cut| &*Box::leak(Box::new(cut)));
    cuts.push(Cut { whole, agreed: agreed.clone(), catalog });
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

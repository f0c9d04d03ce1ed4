//! Catalogs cut down to what was agreed to.
//!
//! A cut lives as long as the process, because every record points into its catalog. So each is made
//! once for a catalog and an agreement, however often a program that stays reads its agreement.

use std::sync::{Mutex, MutexGuard};
use std::thread;
use std::time::Instant;

use headcount_catalog::{Catalog, Scope};

use crate::{limits, no_wait};

/// A catalog without what was not agreed to; `catalog` is `None` where nothing is left of it.
struct Cut {
    whole: &'static Catalog,
    agreed: Scope,
    catalog: Option<&'static Catalog>,
}

static CUTS: Mutex<Vec<Cut>> = Mutex::new(Vec::new());

/// The catalog as far as it was agreed to; `None` where nothing is left of it, or where this process
/// has met more agreements to it than a person gives.
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

/// The cuts of this process. A thread holds them for a comparison, or for as long as making a cut
/// takes; in a child of `fork` nobody may be left to give them back, and then everything that is new
/// is withheld.
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

//! HC110: raw events are kept for longer than a year.

use headcount_catalog::{Catalog, Day};

use super::advice::{Advice, Lint, keys};
use crate::check::finding::Level;

pub(super) const LINT: Lint = Lint {
    code: "HC110",
    name: "long-retention",
    explanation: "Raw events are the part with ids. Counts are kept without them for as long as one likes, so raw events \
                  are only needed for questions that nobody asked before. After a year and a month, last year's season \
                  can still be compared; longer is hard to justify to whoever is counted.",
    find,
};

/// A year and a month.
const MOST_DAYS: u16 = 365 + 31;

fn find(catalog: &Catalog, _today: Day) -> Vec<Advice> {
    let days = catalog.retention.raw.0;
    let advice = (days > MOST_DAYS).then(|| Advice {
        level: Level::Advice,
        keys: keys(&["retention", "raw"]),
        message: format!(
            "Raw events are kept for {days} days: {MOST_DAYS} are enough to compare with the year before, and counts stay anyway."
        ),
    });
    advice.into_iter().collect()
}

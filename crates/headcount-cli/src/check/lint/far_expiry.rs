//! HC102: a last day that is years away.

use headcount_catalog::{Catalog, Day};

use super::advice::{Advice, Lint};
use super::expiry::{self, Left};
use crate::check::finding::Level;

pub(super) const LINT: Lint = Lint {
    code: "HC102",
    name: "far-expiry",
    explanation: "A last day is the promise that a question is asked for a while and then decided. More than two years \
                  away it promises nothing: choose an earlier day, and give a later one when it is near and the question \
                  is still open, or remove `expires`.",
    find,
};

fn find(catalog: &Catalog, today: Day) -> Vec<Advice> {
    let far = |last: expiry::LastDay| {
        let latest = match last.left(today) {
            Left::TooMuch { latest } => latest,
            _ => return None,
        };
        let message = format!(
            "`{}` expires on {}, more than two years from now: choose a day no later than {latest}, or remove `expires`.",
            last.name, last.day
        );
        Some(Advice { level: Level::Mistake, keys: last.keys, message })
    };
    expiry::last_days(catalog).filter_map(far).collect()
}

//! HC106: a token into which a secret fits.

use headcount_catalog::{Catalog, Day, Kind};

use super::advice::{Advice, Lint, reported};
use crate::check::finding::Level;

pub(super) const LINT: Lint = Lint {
    code: "HC106",
    name: "secret-shape",
    explanation: "Keys and passwords of services are made of upper and lower case letters and digits, at least twenty of \
                  them. A token with that alphabet and length takes one that was pasted in the wrong place. One case is \
                  enough for most names: leave the other out, or make `most` smaller.",
    find,
};

/// Characters of the shortest keys that services give out.
const KEY: u16 = 20;

fn find(catalog: &Catalog, _today: Day) -> Vec<Advice> {
    let fitting = reported(catalog).into_iter().filter_map(|one| {
        let Kind::Token { alphabet, most } = one.kind else { return None };
        let has = |range: &str| alphabet.contains(range);
        (most >= KEY && has("a-z") && has("A-Z") && has("0-9")).then(|| Advice {
            level: Level::Advice,
            message: format!(
                "A key or a password fits into {}: leave out `A-Z`, or set `most` below {KEY}.",
                one.shown
            ),
            keys: one.keys,
        })
    });
    fitting.collect()
}

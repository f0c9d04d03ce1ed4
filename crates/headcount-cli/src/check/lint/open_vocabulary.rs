//! HC107: values that nobody has listed.

use headcount_catalog::{Catalog, Day, Kind};

use super::advice::{Advice, Lint, reported};
use crate::check::finding::Level;

pub(super) const LINT: Lint = Lint {
    code: "HC107",
    name: "open-vocabulary",
    explanation: "A token can have any number of values. Collectors show one only once five devices have told it, so rare \
                  ones are counted together, and a reader of the catalog cannot know what is sent. Where the words are \
                  known, list them, with `other` for the rest.",
    find,
};

fn find(catalog: &Catalog, _today: Day) -> Vec<Advice> {
    let open = reported(catalog).into_iter().filter(|one| matches!(one.kind, Kind::Token { .. }));
    let hint = open.map(|one| Advice {
        level: Level::Hint,
        message: format!(
            "{} has an open vocabulary: list its words with `choice` and `other` if you know them.",
            one.shown
        ),
        keys: one.keys,
    });
    hint.collect()
}

//! HC105: a token that is nearly free text.

use headcount_catalog::{Catalog, Day, Kind};

use super::advice::{Advice, Lint, reported};
use crate::check::finding::Level;

pub(super) const LINT: Lint = Lint {
    code: "HC105",
    name: "free-text",
    explanation: "A token is for one word of a public vocabulary, such as the name of a model; the grammar leaves out \
                  spaces and `@` for that reason. With a slash and a hundred characters it still holds paths and \
                  addresses of pages. Leave the slash out, set `most` to what the longest name needs, or list the words \
                  (`choice`).",
    find,
};

/// Characters of the longest public names with a slash, as models have them.
const LONG: u16 = 64;

fn find(catalog: &Catalog, _today: Day) -> Vec<Advice> {
    let nearly_free = reported(catalog).into_iter().filter_map(|one| {
        let Kind::Token { alphabet, most } = one.kind else { return None };
        (most > LONG && alphabet.contains('/')).then(|| Advice {
            level: Level::Advice,
            message: format!(
                "Paths and addresses of pages fit into {}: leave out `/`, or set `most` to {LONG} or less.",
                one.shown
            ),
            keys: one.keys,
        })
    });
    nearly_free.collect()
}

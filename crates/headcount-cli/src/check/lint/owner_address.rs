//! HC103: the owner is a person's address.

use headcount_catalog::{Catalog, Day};

use super::advice::{Advice, Lint, keys};
use crate::check::finding::Level;

pub(super) const LINT: Lint = Lint {
    code: "HC103",
    name: "owner-address",
    explanation: "`owner` says who answers for an event, for as long as the event exists. People move on, and a catalog \
                  is compiled into every copy of the program: name a team, and put an address for questions into \
                  `contact`.",
    find,
};

fn find(catalog: &Catalog, _today: Day) -> Vec<Advice> {
    let of_person = catalog.events.iter().filter(|event| is_address(event.owner));
    let advice = of_person.map(|event| Advice {
        level: Level::Advice,
        keys: keys(&["event", event.name, "owner"]),
        message: format!(
            "The owner of `{}` is an address: name a team, which stays when a person leaves.",
            event.name
        ),
    });
    advice.collect()
}

/// Whether a word of the text has something on both sides of an `@`.
fn is_address(text: &str) -> bool {
    text.split_whitespace().any(|word| {
        word.split_once('@').is_some_and(|(name, host)| !name.is_empty() && host.contains('.'))
    })
}

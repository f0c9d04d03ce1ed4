//! The difference between two catalogs of one product, in sentences: what a
//! person would now also share, what no longer, and what changes nothing of
//! that. `headcount diff` and the collector's page of a catalog say the same.
//!
//! What counts as more is what consent compares ([`Scope::compare`]), and
//! besides it what people do not agree to one by one: who decides, and by which
//! rules.
//!
//! | to change | open |
//! | --- | --- |
//! | what more and less is, for consent too | `../scope/compare.rs` |
//! | what is said of the default, the rules and the texts | `deciding.rs` |
//! | what is said of events and properties that stay | `reworded.rs` |
//! | what is said of the product, files and destinations | `around.rs` |
//! | what a difference is | `found.rs` |

mod around;
mod deciding;
mod found;
mod reworded;

use crate::{Catalog, Direction, Event, Scope};
use found::{Differences, ended, sentence};

pub use found::{Difference, Judgement};

/// Returns every difference between a catalog and a later one of the same
/// product: first what widens, then what narrows, then the rest.
///
/// ```
/// use headcount_catalog::{Judgement, difference, parse};
///
/// # let old = parse(include_str!("../../tests/accept/smallest.toml")).unwrap();
/// # let text = include_str!("../../tests/accept/smallest.toml");
/// # let new = parse(&text.replace("[\"build\", \"run\"]", "[\"build\", \"run\", \"test\"]")).unwrap();
/// let all = difference(&old, &new);
/// assert_eq!(Judgement::of(&all), Judgement::Widens);
/// assert_eq!(all[0].sentence, "`name` of `command` can also be test.");
/// assert!(all[0].is_withheld && difference(&old, &old).is_empty());
/// ```
#[must_use]
pub fn difference(old: &Catalog, new: &Catalog) -> Vec<Difference> {
    let mut found = Differences::default();
    for change in Scope::of(old).compare(&Scope::of(new)) {
        let (judgement, is_withheld) = match change.direction {
            Direction::Widens => (Judgement::Widens, true),
            Direction::Narrows => (Judgement::Narrows, false),
        };
        let sentence = sentence(&change.to_string());
        found.all.push(Difference { judgement, sentence, is_withheld });
    }
    for event in new.events.iter().filter(|event| old.event(event.name).is_none()) {
        found.same(introduced(event));
    }
    deciding::compare(old, new, &mut found);
    reworded::compare(old, new, &mut found);
    around::compare(old, new, &mut found);
    // A sort that keeps the order of equals.
    found.all.sort_by_key(|one| std::cmp::Reverse(one.judgement));
    found.all
}

/// What a new event is for, which its name does not say.
fn introduced(event: &Event) -> String {
    let names: Vec<String> =
        event.properties.iter().map(|property| format!("`{}`", property.name)).collect();
    let with = if names.is_empty() {
        "It has no properties".to_owned()
    } else {
        format!("It has {}", names.join(", "))
    };
    format!("`{}` is recorded to answer: {} {with}.", event.name, ended(event.why))
}

//! Chooses the lists of values on a product's page.

use headcount_catalog::{Kind, Source};

use crate::registry::LoadedProduct;

/// A list of values: the events and the property that it counts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Breakdown {
    /// What the list counts by, for its title.
    pub(super) by: &'static str,
    /// The names of the events.
    pub(super) events: Vec<&'static str>,
    /// The property or envelope entry.
    pub(super) property: &'static str,
}

/// Property names that say what a person did, the most telling first.
const TELLING: [&str; 4] = ["command", "commands", "subcommand", "type"];

/// The lists of a product: what people did, with which version, on which
/// platform.
pub(super) fn of(product: &LoadedProduct) -> Vec<Breakdown> {
    let done = done(product).into_iter();
    done.chain(entry(product, "version", |source| matches!(source, Source::Version)))
        .chain(entry(product, "platform", |source| matches!(source, Source::Platform(_))))
        .collect()
}

/// By a property with a telling name, or else by the first property with a
/// closed set.
fn done(product: &LoadedProduct) -> Option<Breakdown> {
    let sets: Vec<(&'static str, &'static str)> = product
        .events()
        .flat_map(|event| {
            let sets = event.properties.iter().filter(|property| is_set(property.kind));
            sets.map(move |property| (event.name, property.name))
        })
        .collect();
    let telling = TELLING.iter().find_map(|name| sets.iter().find(|(_, own)| own == name));
    let (event, property) = telling.or(sets.first()).copied()?;
    Some(Breakdown { by: property, events: vec![event], property })
}

fn is_set(kind: Kind) -> bool {
    matches!(
        kind,
        Kind::Choice { .. } | Kind::Choices { .. } | Kind::Function { .. } | Kind::Class { .. }
    )
}

/// By an envelope entry, over all events.
fn entry(
    product: &LoadedProduct,
    by: &'static str,
    wanted: fn(&Source) -> bool,
) -> Option<Breakdown> {
    let property = product.newest().key_of(wanted)?;
    let events = product.events().map(|event| event.name).collect();
    Some(Breakdown { by, events, property })
}

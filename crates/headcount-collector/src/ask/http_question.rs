//! Which questions can be asked. A closed list.

use headcount_catalog::Day;
use headcount_store::Question;

use super::parameters::{BadQuestion, Parameters};
use crate::registry::LoadedProduct;

/// A question that can be asked over HTTP.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum HttpQuestion {
    /// Events by day and name.
    Events,
    /// Distinct devices by day.
    Active,
    /// Events of one name by day and value of a property.
    ByProperty,
}

impl HttpQuestion {
    pub(super) const ALL: [Self; 3] = [Self::Events, Self::Active, Self::ByProperty];

    /// As the address has it.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Events => "events",
            Self::Active => "active",
            Self::ByProperty => "by-property",
        }
    }

    pub(super) fn read(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|asked| asked.name() == name)
    }

    /// The parameters it takes; every question needs the first.
    pub(super) fn takes(self) -> &'static [&'static str] {
        match self {
            Self::Events | Self::Active => &["product", "from", "to"],
            Self::ByProperty => &["product", "event", "property", "from", "to"],
        }
    }

    /// The store's question.
    pub(super) fn question(
        self,
        product: &LoadedProduct,
        parameters: &Parameters,
        today: Day,
    ) -> Result<Question, BadQuestion> {
        let name = product.name().to_owned();
        let (from, to) = parameters.days(today)?;
        Ok(match self {
            Self::Events => Question::Events { product: name, from, to },
            Self::Active => Question::Active { product: name, from, to },
            Self::ByProperty => {
                let (event, property) = by(product, parameters)?;
                Question::ByProperty { product: name, event, property, from, to }
            }
        })
    }
}

/// An event, and one of the names by whose values it is counted.
fn by(product: &LoadedProduct, parameters: &Parameters) -> Result<(String, String), BadQuestion> {
    let event = parameters.needed("event")?;
    let known: Vec<&str> = product.events().map(|event| event.name).collect();
    if !known.contains(&event) {
        let (name, known) = (product.name(), known.join(", "));
        return Err(BadQuestion::bad(format!("`{name}` has no event of this name: use {known}")));
    }
    let property = parameters.needed("property")?;
    let counted = product.counted_names(event);
    if !counted.contains(&property) {
        return Err(BadQuestion::bad(match counted.as_slice() {
            [] => format!("events named `{event}` are not counted by any property"),
            _ => format!(
                "events named `{event}` are not counted by this property: use {}",
                counted.join(", ")
            ),
        }));
    }
    Ok((event.to_owned(), property.to_owned()))
}

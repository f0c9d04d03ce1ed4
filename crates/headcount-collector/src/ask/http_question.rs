//! The closed list of questions that can be asked over HTTP.

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

    /// The name in the path.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Events => "events",
            Self::Active => "active",
            Self::ByProperty => "by-property",
        }
    }

    pub(super) fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|question| question.name() == name)
    }

    /// The names of its parameters.
    pub(super) fn parameters(self) -> &'static [&'static str] {
        match self {
            Self::Events | Self::Active => &["product", "from", "to"],
            Self::ByProperty => &["product", "event", "property", "from", "to"],
        }
    }

    /// The same question for the store.
    pub(super) fn for_store(
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
                let (event, property) = event_and_property(product, parameters)?;
                Question::ByProperty { product: name, event, property, from, to }
            }
        })
    }
}

/// Returns the event and the property that the parameters name, if the property
/// is counted.
fn event_and_property(
    product: &LoadedProduct,
    parameters: &Parameters,
) -> Result<(String, String), BadQuestion> {
    let event = parameters.required("event")?;
    let known: Vec<&str> = product.events().map(|event| event.name).collect();
    if !known.contains(&event) {
        let (name, known) = (product.name(), known.join(", "));
        return Err(BadQuestion::new(format!("`{name}` has no event of this name: use {known}")));
    }
    let property = parameters.required("property")?;
    let counted = product.counted_names(event);
    if !counted.contains(&property) {
        return Err(BadQuestion::new(match counted.as_slice() {
            [] => format!("events named `{event}` are not counted by any property"),
            _ => format!(
                "events named `{event}` are not counted by this property: use {}",
                counted.join(", ")
            ),
        }));
    }
    Ok((event.to_owned(), property.to_owned()))
}

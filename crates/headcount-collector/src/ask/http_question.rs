//! The closed list of questions that can be asked over HTTP.

use headcount_catalog::{Day, Period};
use headcount_store::{Question, VersionScope};

use super::parameters::{BadQuestion, Parameters};
use crate::cohorts;
use crate::registry::LoadedProduct;

/// A question that can be asked over HTTP.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum HttpQuestion {
    /// Events by day and name.
    Events,
    /// Devices by day, week or month.
    Active,
    /// Devices by week that were new in it, and that were not.
    NewAndReturning,
    /// Devices by week and age, beside the devices that were new so long
    /// before.
    Retention,
    /// Events of one name by day and value of a property.
    ByProperty,
}

/// A question for the store, and what its answer is for.
#[derive(Debug, Clone)]
pub(super) struct StoreQuestion {
    pub(super) question: Question,
    /// The first day that was asked for. Retention needs earlier rows.
    pub(super) from: Day,
}

impl HttpQuestion {
    pub(super) const ALL: [Self; 5] =
        [Self::Events, Self::Active, Self::NewAndReturning, Self::Retention, Self::ByProperty];

    /// The name in the path.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Events => "events",
            Self::Active => "active",
            Self::NewAndReturning => "new-and-returning",
            Self::Retention => "retention",
            Self::ByProperty => "by-property",
        }
    }

    pub(super) fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|question| question.name() == name)
    }

    /// The names of its parameters.
    pub(super) fn parameters(self) -> &'static [&'static str] {
        match self {
            Self::Events | Self::NewAndReturning | Self::Retention => &["product", "from", "to"],
            Self::Active => &["product", "period", "from", "to"],
            Self::ByProperty => &["product", "event", "property", "from", "to"],
        }
    }

    /// The same question for the store.
    pub(super) fn for_store(
        self,
        product: &LoadedProduct,
        parameters: &Parameters,
        today: Day,
    ) -> Result<StoreQuestion, BadQuestion> {
        let name = product.name().to_owned();
        let period = match self {
            Self::NewAndReturning | Self::Retention => Period::Week,
            _ => parameters.period()?,
        };
        let (from, to) = parameters.days(today, period)?;
        let question = match self {
            Self::Events => {
                Question::Events { product: name, from, to, versions: VersionScope::All }
            }
            Self::Active => {
                check_counted(product, period)?;
                Question::Active { product: name, period, from, to, versions: VersionScope::All }
            }
            Self::NewAndReturning => {
                check_weeks(product)?;
                Question::Marks { product: name, period, from, to }
            }
            Self::Retention => {
                check_weeks(product)?;
                Question::Marks { product: name, period, from: cohorts::FIRST_DAY, to }
            }
            Self::ByProperty => {
                let (event, property) = event_and_property(product, parameters)?;
                Question::ByProperty {
                    product: name,
                    event,
                    property,
                    from,
                    to,
                    versions: VersionScope::All,
                }
            }
        };
        Ok(StoreQuestion { question, from })
    }
}

/// Devices are counted by their ids in every period, and without one only in
/// those that the catalog names.
fn check_counted(product: &LoadedProduct, period: Period) -> Result<(), BadQuestion> {
    if product.counts_devices(period) {
        return Ok(());
    }
    let (product, period) = (product.name(), period.name());
    Err(BadQuestion::new(format!(
        "`{product}` has no id and does not count devices by {period}: add `{period}` to `count` \
         under `[identity]` in its catalog"
    )))
}

fn check_weeks(product: &LoadedProduct) -> Result<(), BadQuestion> {
    if product.counts(Period::Week) {
        return Ok(());
    }
    let product = product.name();
    Err(BadQuestion::new(format!(
        "`{product}` does not count devices without an id by week, and only such a product has an \
         answer: its catalog needs `scheme = \"none\"` and `count` with `week` under `[identity]`"
    )))
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

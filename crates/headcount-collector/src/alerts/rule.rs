//! What the operator wants to hear of, and how.

use headcount_catalog::Period;

use super::channel::AlertChannel;
use crate::registry::Registry;

/// Something that the operator wants to hear of.
#[derive(Debug, Clone)]
pub struct AlertRule {
    /// The name: lower-case letters, digits and `-`. No two rules have one.
    pub name: String,
    /// The product.
    pub product: String,
    /// What is looked for.
    pub condition: AlertCondition,
    /// Who is told.
    pub channels: Vec<AlertChannel>,
}

/// What is looked for.
#[derive(Debug, Clone, PartialEq)]
pub enum AlertCondition {
    /// No event has arrived for so long.
    Silence {
        /// So many hours.
        hours: u32,
    },
    /// Yesterday had less than the same weekday of the four weeks before.
    Drop {
        /// What is counted.
        of: CountedThing,
        /// Less than so many percent of the average.
        below_percent: u32,
        /// Averages that are smaller are not judged.
        least: u64,
    },
    /// An event fails too often.
    FailureRate {
        /// The event.
        event: String,
        /// Whether only the newest version counts that has enough events.
        newest_version: bool,
        /// More than so many percent.
        above_percent: f64,
        /// Fewer events are not judged.
        least: u64,
        /// So many days up to today.
        days: u32,
    },
    /// Something is rejected that was not in the 28 days before.
    Rejected {
        /// Fewer events are not judged.
        least: u64,
    },
}

/// What a drop is of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CountedThing {
    /// Events.
    Events,
    /// Devices.
    Devices,
}

impl AlertCondition {
    /// The word for it in the configuration and in messages.
    #[must_use]
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Silence { .. } => "silence",
            Self::Drop { .. } => "drop",
            Self::FailureRate { .. } => "failure-rate",
            Self::Rejected { .. } => "rejected",
        }
    }
}

impl CountedThing {
    /// The word for it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Events => "events",
            Self::Devices => "devices",
        }
    }
}

impl AlertRule {
    /// Why it can never ring with these catalogs: a sentence without a full
    /// stop.
    #[must_use]
    pub fn mistake(&self, registry: &Registry) -> Option<String> {
        let Some(product) = registry.product(&self.product) else {
            return Some(format!(
                "unknown product `{}`; there are catalogs for {}",
                self.product,
                registry.name_list()
            ));
        };
        match &self.condition {
            AlertCondition::FailureRate { event, .. } if !product.tells_failures(event) => {
                Some(format!(
                    "events named `{event}` of `{}` do not say whether they failed: name an event that \
                     has a property with `failure` in the catalog",
                    self.product
                ))
            }
            AlertCondition::Drop { of: CountedThing::Devices, .. }
                if !product.counts_devices(Period::Day) =>
            {
                Some(format!(
                    "`{}` does not count devices by day: use `of = \"events\"`, or add `day` to `count` \
                     under `[identity]` in its catalog",
                    self.product
                ))
            }
            _ => None,
        }
    }
}

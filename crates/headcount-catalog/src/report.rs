//! The built-in event `telemetry_report`, in which the shipper reports how many
//! uploads failed and how many events were lost. A catalog turns it on with
//! `[report]`. It is then an event like any other, except that only the shipper
//! can record it.
//!
//! The sentences of its properties are part of a catalog's fingerprint, which
//! lies on people's machines: a sentence that changes makes every host compare
//! its agreement once more, and tell once more what it withholds.
//!
//! Its properties are defined only here. [`Loss`] lists the reasons, and each
//! reason has a property.

#[cfg(feature = "parse")]
use crate::Purpose;
use crate::{Absent, Event, Kind, Property, Value, limits};

/// The name of the event. No other event may have it.
pub const NAME: &str = "telemetry_report";

/// The question that it answers, if the catalog has no other.
#[cfg(feature = "parse")]
pub(crate) const WHY: &str = "Do events arrive, and what becomes of those that do not?";

/// What a property of the report counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Measure {
    /// Requests that were begun.
    Tried,
    /// Of those, requests that no destination answered for.
    Failed,
    /// Events that were lost for this reason.
    Lost(Loss),
}

/// A property of the report, and what it counts.
#[derive(Clone, Copy)]
struct Counter {
    measure: Measure,
    property: Property,
}

/// Makes the variant, the name, the property and the sentence of every reason.
macro_rules! losses {
    ($($variant:ident, $name:literal, $property:literal, $why:literal;)*) => {
        /// Why an event was lost. The list is closed.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
        pub enum Loss {
            $(#[doc = $why] $variant,)*
        }

        impl Loss {
            /// Every reason.
            pub const ALL: [Self; [$($name),*].len()] = [$(Self::$variant),*];

            /// Returns the name in `telemetry status`.
            #[must_use]
            pub fn name(self) -> &'static str {
                match self { $(Self::$variant => $name,)* }
            }
        }

        /// Every property, with what it counts.
        const COUNTERS: [Counter; 2 + Loss::ALL.len()] = [
            Counter {
                measure: Measure::Tried,
                property: count("uploads_tried", None, "Requests that were begun."),
            },
            Counter {
                measure: Measure::Failed,
                property: count(
                    "uploads_failed",
                    None,
                    "Of those, requests that no destination answered for.",
                ),
            },
            // Optional, so that a later version with one more reason still
            // accepts the reports of this one.
            $(Counter {
                measure: Measure::Lost(Loss::$variant),
                property: count($property, Some(Absent::Omit), $why),
            },)*
        ];
    };
}

losses! {
    Full, "full", "lost_full", "Events lost because the queue was full when they were recorded.";
    Busy, "busy", "lost_busy", "Events lost because other processes held the queue when they were recorded.";
    NotWritten, "not-written", "lost_not_written", "Events lost because the disk refused them when they were recorded.";
    OverBytes, "over-bytes", "lost_over_bytes", "Events lost because they waited among too many bytes.";
    OverCount, "over-count", "lost_over_count", "Events lost because they waited among too many others.";
    OverAge, "over-age", "lost_over_age", "Events lost because they waited longer than the catalog allows.";
    Spoiled, "spoiled", "lost_spoiled", "Events lost because their line was torn, too long, or no text.";
    NotAllowed, "not-allowed", "lost_not_allowed", "Events lost because their catalog no longer allows them.";
    NotAsked, "not-asked", "lost_not_asked",
        "Events lost because a destination asked for fewer devices, and this one is not of them.";
    Rejected, "rejected", "lost_rejected",
        "Events lost because a destination rejected them, on their own or with their whole batch.";
}

const fn count(name: &'static str, optional: Option<Absent>, why: &'static str) -> Property {
    let kind = Kind::Count { cap: limits::REPORT_CAP };
    Property { name, kind, optional, why: Some(why), expires: None, failure: &[] }
}

/// The properties of the report.
#[cfg(any(test, feature = "parse"))]
const PROPERTIES: [Property; COUNTERS.len()] = {
    let mut properties = [COUNTERS[0].property; COUNTERS.len()];
    let mut place = 0;
    while place < COUNTERS.len() {
        properties[place] = COUNTERS[place].property;
        place += 1;
    }
    properties
};

impl Event {
    /// Returns the built-in event, with its question and its owner.
    #[cfg(feature = "parse")]
    pub(crate) fn report(why: &'static str, owner: &'static str) -> Self {
        Self {
            name: NAME,
            why,
            owner,
            purpose: Purpose::USAGE.name,
            expires: None,
            id: None,
            path: None,
            restated: &[],
            across: &[],
            hook: None,
            properties: &PROPERTIES,
        }
    }

    /// Whether this is the built-in event, which a host cannot record.
    #[must_use]
    pub fn is_report(&self) -> bool {
        self.name == NAME
    }
}

/// Returns the values of a report, in the order of the properties in
/// `definition`. Reasons with a count of 0 are left out.
#[must_use]
pub fn values(definition: &Event, counted: impl Fn(Measure) -> u64) -> Vec<Option<Value>> {
    let value = |property: &Property| {
        let counter = COUNTERS.iter().find(|counter| counter.property.name == property.name)?;
        match (counted(counter.measure), property.optional) {
            (0, Some(_)) => None,
            (number, _) => property.kind.number(number),
        }
    };
    definition.properties.iter().map(value).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const REPORT: Event = Event {
        name: NAME,
        why: "",
        owner: "",
        purpose: "usage",
        expires: None,
        id: None,
        path: None,
        restated: &[],
        across: &[],
        hook: None,
        properties: &PROPERTIES,
    };

    #[test]
    fn every_reason_has_its_place_and_its_property() {
        for (place, loss) in Loss::ALL.into_iter().enumerate() {
            assert_eq!(loss as usize, place);
            let property = format!("lost_{}", loss.name().replace('-', "_"));
            assert!(REPORT.property(&property).is_some(), "{property}");
        }
        assert_eq!(PROPERTIES.len(), 2 + Loss::ALL.len());
    }

    #[test]
    fn a_report_has_the_counts_up_to_their_cap_and_leaves_out_losses_of_zero() {
        let values = values(&REPORT, |measure| match measure {
            Measure::Tried => u64::MAX,
            Measure::Failed | Measure::Lost(Loss::Busy) => 0,
            Measure::Lost(loss) => loss as u64 + 1,
        });
        let cap = i64::try_from(limits::REPORT_CAP).unwrap();
        assert_eq!(values[..2], [Some(Value::Number(cap)), Some(Value::Number(0))]);
        assert_eq!(values[2..5], [Some(Value::Number(1)), None, Some(Value::Number(3))]);
        assert_eq!(values.last(), Some(&Some(Value::Number(10))));
    }

    #[test]
    fn a_report_has_only_the_properties_of_its_definition() {
        let cut = Event { properties: &PROPERTIES[1..2], ..REPORT };
        assert_eq!(super::values(&cut, |_| 7), [Some(Value::Number(7))]);
    }
}

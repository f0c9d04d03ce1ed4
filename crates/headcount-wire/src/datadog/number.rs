//! Numbers and flags that are sent as text.

use headcount_catalog::{Catalog, Event, Kind, Raw, Source};

use crate::sent_time::number_in;

/// Whether the catalog has a number or a flag at this key of the line.
pub(crate) fn is_number(catalog: &Catalog, event: &Event, key: &str) -> bool {
    let holder = catalog.key_of(|source| matches!(source, Source::Properties)).unwrap_or("");
    let own = match holder {
        "" => Some(key),
        holder => key.strip_prefix(holder).and_then(|rest| rest.strip_prefix('.')),
    };
    let property = own.and_then(|name| event.property(name)).map(|(_, property)| property.kind);
    let entry = || catalog.envelope.iter().find(|entry| entry.key == key)?.source.kind();
    matches!(
        property.or_else(entry),
        Some(
            Kind::Flag
                | Kind::Count { .. }
                | Kind::Amount { .. }
                | Kind::Bucket { .. }
                | Kind::Duration { .. }
                | Kind::ExitCode
        )
    )
}

/// Converts text to the number or flag it contains. Datadog's official API
/// client can send attributes only as text.
pub(crate) fn number(value: Raw<'_>) -> Raw<'_> {
    match value {
        Raw::Text("true") => Raw::Flag(true),
        Raw::Text("false") => Raw::Flag(false),
        Raw::Text(text) => number_in(text).unwrap_or(value),
        value => value,
    }
}

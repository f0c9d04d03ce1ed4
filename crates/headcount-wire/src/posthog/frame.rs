//! The names that PostHog's clients write beside and among the properties of an
//! event.

use headcount_catalog::Raw;

/// What to send, for the error message.
pub(crate) const WANTED: &str = "{\"api_key\":…,\"batch\":[…]}, one event, or an array of events";

/// The fields that PostHog's clients write beside `properties`.
pub(crate) const FRAME: [&str; 11] = [
    "event",
    "uuid",
    "timestamp",
    "distinct_id",
    "properties",
    "api_key",
    "token",
    "batch",
    "historical_migration",
    "sent_at",
    "offset",
];

/// Whether a property is one that our own shipper writes to tell PostHog how to
/// treat the event. It is neither kept nor counted as dropped, unlike an
/// address in `$ip`.
pub(crate) fn is_ours(name: &str, value: &Raw<'_>) -> bool {
    match name {
        "$process_person_profile"
        | "$geoip_disable"
        | "$lib"
        | "$lib_version"
        | "token"
        | "distinct_id" => true,
        "$ip" => *value == Raw::Text(""),
        _ => false,
    }
}

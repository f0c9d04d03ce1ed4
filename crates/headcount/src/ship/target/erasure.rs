//! Where a destination is asked to erase: pure.

use headcount_wire::native;

/// The path for erasure at a destination that takes events at this path. Where
/// events go below another path, as behind a proxy, erasure does too.
pub(super) fn path(events: &str) -> String {
    let path = events.split(['?', '#']).next().unwrap_or_default();
    let above = path.strip_suffix(native::PATH).unwrap_or_default();
    format!("{above}{}", native::FORGET_PATH)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_lies_beside_that_of_the_events() {
        for (events, erasure) in [
            ("/api/v1/events", "/api/v1/forget"),
            ("/telemetry/api/v1/events?x=y", "/telemetry/api/v1/forget"),
            ("/collect", "/api/v1/forget"),
            ("", "/api/v1/forget"),
        ] {
            assert_eq!(path(events), erasure, "{events}");
        }
    }
}

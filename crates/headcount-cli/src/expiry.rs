//! What `headcount check` says of the last days of events and properties. Pure:
//! today is an argument.

use headcount_catalog::{Catalog, Day};

/// Days before the last one from which on an author is warned: time to decide,
/// and for a release to reach most people.
const WARNING_DAYS: i32 = 60;

/// Days from today to the farthest last day: two years, with a leap day.
/// Whatever is asked for longer than that has no end in mind.
const MOST_DAYS: i32 = 2 * 365 + 1;

/// What is said of one last day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum ExpiryNote {
    /// The author should decide soon, or can tidy up.
    Warning(String),
    /// The day is not acceptable.
    Mistake(String),
}

/// Returns what is to be said, in the order of the catalog.
pub(crate) fn notes(catalog: &Catalog, today: Day) -> Vec<ExpiryNote> {
    let mut notes = Vec::new();
    for event in catalog.events {
        notes.extend(event.expires.and_then(|last| note(event.name, last, today)));
        for property in event.properties {
            let name = format!("{}.{}", event.name, property.name);
            notes.extend(property.expires.and_then(|last| note(&name, last, today)));
        }
    }
    notes
}

fn note(name: &str, last: Day, today: Day) -> Option<ExpiryNote> {
    let left = last.days_since(today);
    let warning = |text: String| Some(ExpiryNote::Warning(text));
    match left {
        ..0 => warning(format!(
            "`{name}` was recorded for the last time on {last}: remove it, or give it a later `expires`."
        )),
        0 => warning(format!(
            "`{name}` is recorded for the last time today: remove it, or give it a later `expires`."
        )),
        1..=WARNING_DAYS => warning(format!(
            "`{name}` is recorded until {last}, {left} more {}: decide whether its question is answered.",
            if left == 1 { "day" } else { "days" }
        )),
        _ if left > MOST_DAYS => Some(ExpiryNote::Mistake(format!(
            "`{name}` expires on {last}, more than two years from now: choose a day no later than {}, or remove `expires`.",
            today.plus(MOST_DAYS)
        ))),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TODAY: &str = "2026-11-28";

    fn said(last: &str) -> Option<ExpiryNote> {
        let day = |text: &str| Day::parse(text).expect("a day");
        note("start", day(last), day(TODAY))
    }

    #[test]
    fn an_author_is_warned_from_sixty_days_before_the_last_one() {
        assert_eq!(said("2027-01-28"), None, "61 days");
        for (last, words) in [
            ("2027-01-27", "until 2027-01-27, 60 more days"),
            ("2026-11-29", "until 2026-11-29, 1 more day:"),
            ("2026-11-28", "for the last time today"),
            ("2026-11-27", "last time on 2026-11-27"),
            ("2019-01-01", "last time on 2019-01-01"),
        ] {
            let Some(ExpiryNote::Warning(text)) = said(last) else { panic!("{last}") };
            assert!(text.contains(words), "{text}");
        }
    }

    #[test]
    fn two_years_is_the_most() {
        assert_eq!(said("2028-11-28"), None);
        let Some(ExpiryNote::Mistake(text)) = said("2028-11-29") else { panic!("a mistake") };
        assert_eq!(
            text,
            "`start` expires on 2028-11-29, more than two years from now: choose a day no later than 2028-11-28, or remove `expires`."
        );
    }
}

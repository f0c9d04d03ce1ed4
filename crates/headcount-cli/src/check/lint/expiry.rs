//! HC101: a last day that is near, or past.

use headcount_catalog::{Catalog, Day};

use super::advice::{Advice, Lint, keys, of_property};
use crate::check::finding::Level;

pub(super) const LINT: Lint = Lint {
    code: "HC101",
    name: "expiry",
    explanation: "What has a last day is not recorded after it. From sixty days before, an author is reminded: time to \
                  decide whether the question is answered, and for a release to reach most people. Give it a later \
                  `expires`, or remove it.",
    find,
};

/// Days before the last one from which on an author is warned: time to decide,
/// and for a release to reach most people.
const WARNING_DAYS: i32 = 60;

/// Days from today to the farthest last day: two years, with a leap day.
/// Whatever is asked for longer than that has no end in mind.
const MOST_DAYS: i32 = 2 * 365 + 1;

/// The last day of something.
pub(super) struct LastDay {
    pub(super) name: String,
    pub(super) day: Day,
    pub(super) keys: Vec<String>,
}

/// How far away a last day is.
pub(super) enum Left {
    /// It is past.
    None,
    Today,
    Few(i32),
    Enough,
    TooMuch {
        /// The latest day that is not.
        latest: Day,
    },
}

impl LastDay {
    pub(super) fn left(&self, today: Day) -> Left {
        match self.day.days_since(today) {
            ..0 => Left::None,
            0 => Left::Today,
            days @ 1..=WARNING_DAYS => Left::Few(days),
            days if days > MOST_DAYS => Left::TooMuch { latest: today.plus(MOST_DAYS) },
            _ => Left::Enough,
        }
    }
}

/// Every last day of a catalog, in its order.
pub(super) fn last_days(catalog: &Catalog) -> impl Iterator<Item = LastDay> + use<> {
    catalog.events.iter().flat_map(|event| {
        let whole = event.expires.map(|day| LastDay {
            name: event.name.to_owned(),
            day,
            keys: keys(&["event", event.name, "expires"]),
        });
        let parts = event.properties.iter().filter_map(|property| {
            let name = format!("{}.{}", event.name, property.name);
            let keys = of_property(event, property);
            property.expires.map(|day| LastDay { name, day, keys })
        });
        whole.into_iter().chain(parts)
    })
}

fn find(catalog: &Catalog, today: Day) -> Vec<Advice> {
    last_days(catalog).filter_map(|last| advice(last, today)).collect()
}

fn advice(last: LastDay, today: Day) -> Option<Advice> {
    let (name, day) = (&last.name, last.day);
    let message = match last.left(today) {
        Left::None => format!(
            "`{name}` was recorded for the last time on {day}: remove it, or give it a later `expires`."
        ),
        Left::Today => format!(
            "`{name}` is recorded for the last time today: remove it, or give it a later `expires`."
        ),
        Left::Few(left) => format!(
            "`{name}` is recorded until {day}, {left} more {}: decide whether its question is answered.",
            if left == 1 { "day" } else { "days" }
        ),
        Left::Enough | Left::TooMuch { .. } => return None,
    };
    Some(Advice { level: Level::Advice, keys: last.keys, message })
}

#[cfg(test)]
mod tests {
    use super::*;

    const TODAY: &str = "2026-11-28";

    fn day(text: &str) -> Day {
        Day::parse(text).expect("a day")
    }

    fn last(text: &str) -> LastDay {
        LastDay { name: "start".to_owned(), day: day(text), keys: Vec::new() }
    }

    #[test]
    fn an_author_is_warned_from_sixty_days_before_the_last_one() {
        assert_eq!(advice(last("2027-01-28"), day(TODAY)), None, "61 days");
        for (text, words) in [
            ("2027-01-27", "until 2027-01-27, 60 more days"),
            ("2026-11-29", "until 2026-11-29, 1 more day:"),
            ("2026-11-28", "for the last time today"),
            ("2026-11-27", "last time on 2026-11-27"),
            ("2019-01-01", "last time on 2019-01-01"),
        ] {
            let said = advice(last(text), day(TODAY)).expect("advice").message;
            assert!(said.contains(words), "{said}");
        }
    }

    #[test]
    fn two_years_is_the_most() {
        assert!(matches!(last("2028-11-28").left(day(TODAY)), Left::Enough));
        let Left::TooMuch { latest } = last("2028-11-29").left(day(TODAY)) else { panic!("it is") };
        assert_eq!(latest, day("2028-11-28"));
    }
}

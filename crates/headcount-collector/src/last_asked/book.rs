//! The rule: when something was last asked for, and what has not been for long.
//! Pure; the day is an argument.

use std::collections::BTreeMap;

use headcount_catalog::{Catalog, Day};

use super::subject::Subject;
use crate::limits;

/// What is known of one product.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct ProductBook {
    /// The day since which it has been kept.
    pub(super) since: Day,
    pub(super) subjects: BTreeMap<Subject, SubjectDays>,
}

/// The days of one event or property.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct SubjectDays {
    /// The first day on which the catalog was seen to have it.
    pub(super) known: Day,
    /// The last day on which it was asked for.
    pub(super) asked: Option<Day>,
}

/// Of all products, by their names.
pub(super) type Book = BTreeMap<String, ProductBook>;

/// What has not been asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Unasked {
    /// The longest first.
    pub(crate) rows: Vec<UnaskedRow>,
    /// The day since which it has been kept.
    pub(crate) since: Day,
    /// Whether it has been kept for as long as something has to be unasked for.
    pub(crate) is_old_enough: bool,
}

/// An event or property that has not been asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct UnaskedRow {
    pub(crate) subject: Subject,
    /// The last day on which it was asked for; or else the first day on which
    /// it was known.
    pub(crate) since: Day,
    pub(crate) was_asked: bool,
}

impl ProductBook {
    pub(super) fn new(today: Day) -> Self {
        Self { since: today, subjects: BTreeMap::new() }
    }

    /// Adds what was noted while an older book could not be read.
    pub(super) fn join(&mut self, newer: Self) {
        self.since = self.since.min(newer.since);
        for (subject, days) in newer.subjects {
            let own = self.subjects.entry(subject).or_insert(days);
            own.known = own.known.min(days.known);
            own.asked = own.asked.max(days.asked);
        }
    }

    /// Takes the names of the newest catalog over, and leaves out those that it
    /// no longer has: it never has more entries than the catalog has names.
    /// Returns whether anything changed.
    pub(super) fn follow(&mut self, catalog: &Catalog, today: Day) -> bool {
        let days = |subject: &Subject| {
            let own = self.subjects.get(subject).copied();
            own.unwrap_or(SubjectDays { known: today, asked: None })
        };
        let followed: BTreeMap<_, _> =
            Subject::all(catalog).map(|subject| (subject.clone(), days(&subject))).collect();
        let has_changed = followed != self.subjects;
        self.subjects = followed;
        has_changed
    }

    /// Notes that these were asked for. Names that it does not have are left
    /// out. Returns whether anything changed, which is once a day for each.
    pub(super) fn note(&mut self, subjects: &[Subject], today: Day) -> bool {
        let mut has_changed = false;
        for subject in subjects {
            if let Some(days) = self.subjects.get_mut(subject) {
                has_changed |= days.asked != Some(today);
                days.asked = Some(today);
            }
        }
        has_changed
    }

    /// What has not been asked for in [`limits::UNASKED_DAYS`].
    pub(super) fn unasked(&self, today: Day) -> Unasked {
        let is_long = |day: Day| today.days_since(day) >= limits::UNASKED_DAYS;
        let rows = self.subjects.iter().map(|(subject, days)| UnaskedRow {
            subject: subject.clone(),
            since: days.asked.unwrap_or(days.known),
            was_asked: days.asked.is_some(),
        });
        let mut rows: Vec<UnaskedRow> = rows.filter(|row| is_long(row.since)).collect();
        rows.sort_by(|one, other| (one.since, &one.subject).cmp(&(other.since, &other.subject)));
        Unasked { rows, since: self.since, is_old_enough: is_long(self.since) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const CATALOG: &str = include_str!("../../tests/collector/asking.toml");

    fn catalog(changes: &[(&str, &str)]) -> Catalog {
        let mut text = CATALOG.to_owned();
        for (from, to) in changes {
            assert!(text.contains(from), "{from}");
            text = text.replace(from, to);
        }
        headcount_catalog::parse(&text).unwrap_or_else(|mistakes| panic!("{mistakes}"))
    }

    fn day(text: &str) -> Day {
        Day::parse(text).unwrap()
    }

    fn names(unasked: &Unasked) -> Vec<(String, Day, bool)> {
        let name = |subject: &Subject| match &subject.property {
            Some(property) => format!("{}.{property}", subject.event),
            None => subject.event.clone(),
        };
        unasked.rows.iter().map(|row| (name(&row.subject), row.since, row.was_asked)).collect()
    }

    #[test]
    fn what_nobody_asks_for_in_180_days_is_listed_and_not_a_day_earlier() {
        let (first, catalog) = (day("2026-01-01"), catalog(&[]));
        let mut book = ProductBook::new(first);
        assert!(book.follow(&catalog, first) && !book.follow(&catalog, first));
        let all = Subject::all(&catalog).count();
        let young = book.unasked(first.plus(179));
        assert_eq!((young.rows.len(), young.since, young.is_old_enough), (0, first, false));
        let old = book.unasked(first.plus(180));
        assert_eq!((old.rows.len(), old.is_old_enough), (all, true));
        assert!(old.rows.iter().all(|row| row.since == first && !row.was_asked), "{old:?}");
        let asked = [Subject::event("run"), Subject::property("run", "agent")];
        assert!(book.note(&asked, first.plus(10)));
        assert!(!book.note(&asked, first.plus(10)), "once a day");
        let unasked = book.unasked(first.plus(189));
        assert_eq!(unasked.rows.len(), all - 2, "{unasked:?}");
        let later = names(&book.unasked(first.plus(190)));
        let last = [("run", true), ("run.agent", true)];
        let last = last.map(|(name, was)| (name.to_owned(), first.plus(10), was));
        assert_eq!(later[all - 2..], last, "the longest first");
    }

    #[test]
    fn what_was_noted_beside_an_older_book_is_added_to_it() {
        let (first, catalog) = (day("2026-01-01"), catalog(&[]));
        let run = [Subject::event("run")];
        let mut older = ProductBook::new(first);
        older.follow(&catalog, first);
        older.note(&run, first.plus(10));
        let mut newer = ProductBook::new(first.plus(100));
        newer.follow(&catalog, first.plus(100));
        newer.note(&[Subject::event("opened")], first.plus(100));
        let mut both = older.clone();
        both.join(newer);
        older.note(&[Subject::event("opened")], first.plus(100));
        assert_eq!(both, older, "as if it had always been there");
    }

    #[test]
    fn a_later_name_has_its_own_day_and_a_dropped_one_is_gone() {
        let first = day("2026-01-01");
        let mut book = ProductBook::new(first);
        book.follow(&catalog(&[]), first);
        let before = book.subjects.len();
        let renamed = catalog(&[("[event.opened]", "[event.closed]")]);
        assert!(book.follow(&renamed, first.plus(100)));
        assert_eq!(book.subjects.len(), before, "no more than the catalog has");
        let names = names(&book.unasked(first.plus(200)));
        assert!(names.iter().any(|(name, ..)| name == "run"), "{names:?}");
        assert!(!names.iter().any(|(name, ..)| name == "opened" || name == "closed"), "{names:?}");
        assert!(!book.note(&[Subject::event("opened"), Subject::event("<b>")], first));
    }

    #[test]
    fn a_clock_that_went_back_lists_nothing_by_mistake() {
        let first = day("2026-01-01");
        let mut book = ProductBook::new(first);
        book.follow(&catalog(&[]), first);
        assert_eq!(book.unasked(first.plus(-400)).rows, []);
    }
}

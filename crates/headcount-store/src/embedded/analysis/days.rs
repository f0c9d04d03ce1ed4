//! The days and the event that a query asks for, so that nothing else is read.
//!
//! SQLite compares once more what is read here, so this may say too much, and
//! never too little.

use headcount_catalog::Day;
use rusqlite::types::ValueRef;
use rusqlite::vtab::{IndexConstraintOp, IndexInfo, Values};

/// How many rows a table has, for the plan of a query. It is not known, and
/// only what is less than what matters.
const ROWS: i64 = 100_000_000;

/// What of a table is read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Wanted {
    pub(super) from: Day,
    pub(super) to: Day,
    pub(super) event: Option<String>,
}

/// Chooses what a query will say of days and events. Each letter of the plan
/// stands for one value: `=`, `<`, `[` for at most, `>`, `]` for at least, and
/// `e` for an event.
pub(super) fn plan(
    info: &mut IndexInfo,
    (day, event): (Option<i32>, Option<i32>),
) -> rusqlite::Result<()> {
    let mut letters = String::new();
    let mut places = Vec::new();
    for (place, constraint) in info.constraints().enumerate() {
        let column = Some(constraint.column());
        let letter = match constraint.operator() {
            _ if !constraint.is_usable() => None,
            IndexConstraintOp::SQLITE_INDEX_CONSTRAINT_EQ if column == event => Some('e'),
            _ if column != day => None,
            IndexConstraintOp::SQLITE_INDEX_CONSTRAINT_EQ => Some('='),
            IndexConstraintOp::SQLITE_INDEX_CONSTRAINT_LT => Some('<'),
            IndexConstraintOp::SQLITE_INDEX_CONSTRAINT_LE => Some('['),
            IndexConstraintOp::SQLITE_INDEX_CONSTRAINT_GT => Some('>'),
            IndexConstraintOp::SQLITE_INDEX_CONSTRAINT_GE => Some(']'),
            _ => None,
        };
        // Another collation takes other texts for equal.
        if let Some(letter) = letter
            && info.collation(place)? == "BINARY"
        {
            letters.push(letter);
            places.push(place);
        }
    }
    for (argument, place) in (1..).zip(&places) {
        info.constraint_usage(*place).set_argv_index(argument);
    }
    let has = |any: &[char]| letters.contains(any);
    let days = match (has(&['=']), has(&['<', '[']), has(&['>', ']'])) {
        (true, ..) => 90,
        (_, true, true) => 10,
        (_, true, _) | (_, _, true) => 3,
        _ => 1,
    };
    let rows = ROWS / days / if has(&['e']) { 5 } else { 1 };
    info.set_estimated_rows(rows);
    info.set_estimated_cost((ROWS / days) as f64);
    info.set_idx_str(&letters);
    Ok(())
}

impl Wanted {
    /// Reads the values of a plan.
    pub(super) fn of(plan: &str, values: &Values<'_>) -> Self {
        let mut wanted =
            Self { from: Day::from_number(i32::MIN), to: Day::from_number(i32::MAX), event: None };
        for (letter, value) in plan.chars().zip(values.iter()) {
            let ValueRef::Text(bytes) = value else { continue };
            let Ok(text) = std::str::from_utf8(bytes) else { continue };
            if letter == 'e' {
                wanted.event = Some(text.to_owned());
            } else {
                wanted.add(letter, text);
            }
        }
        wanted
    }

    fn add(&mut self, letter: char, text: &str) {
        // Days are compared as texts. Only those of four-digit years, written
        // in full, have the same order as numbers.
        let Some(day) = Day::parse(text).filter(|day| day.to_string() == text) else { return };
        let at_least = |from: &mut Day, day: Day| *from = day.max(*from);
        let at_most = |to: &mut Day, day: Day| *to = day.min(*to);
        match letter {
            '=' => {
                at_least(&mut self.from, day);
                at_most(&mut self.to, day);
            }
            '<' => at_most(&mut self.to, day.plus(-1)),
            '[' => at_most(&mut self.to, day),
            '>' => at_least(&mut self.from, day.plus(1)),
            ']' => at_least(&mut self.from, day),
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Day {
        Day::parse(text).unwrap()
    }

    #[test]
    fn days_are_narrowed_by_days_alone() {
        let all = Wanted { from: day("2026-11-01"), to: day("2026-11-30"), event: None };
        for (letter, text, from, to) in [
            ('=', "2026-11-20", "2026-11-20", "2026-11-20"),
            ('<', "2026-11-20", "2026-11-01", "2026-11-19"),
            ('[', "2026-11-20", "2026-11-01", "2026-11-20"),
            ('>', "2026-11-20", "2026-11-21", "2026-11-30"),
            (']', "2026-11-20", "2026-11-20", "2026-11-30"),
            ('[', "2027-01-01", "2026-11-01", "2026-11-30"),
            // As texts, these have days before and after them.
            ('=', "2026-11", "2026-11-01", "2026-11-30"),
            ('<', "2026-11-2", "2026-11-01", "2026-11-30"),
            ('>', "", "2026-11-01", "2026-11-30"),
            (']', "20261120", "2026-11-01", "2026-11-30"),
        ] {
            let mut wanted = all.clone();
            wanted.add(letter, text);
            assert_eq!(
                wanted,
                Wanted { from: day(from), to: day(to), event: None },
                "{letter}{text}"
            );
        }
    }
}

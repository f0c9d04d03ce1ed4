//! The batches that no generation contains yet, as a statement is told them.

use headcount_catalog::Day;

use super::statement::List;
use super::{Client, Statement};
use crate::{StoreError, limits};

/// A collector and a batch of it.
pub(super) type NodeBatch = (u32, u64);

/// All of some days, in their order.
#[derive(Debug, Clone, Default)]
pub(super) struct NewBatches {
    new: Vec<OfDay>,
    /// What generations of the same days contain: each collector with the last
    /// one of its batches. What has come and is not listed yet is neither new
    /// nor contained.
    counted: Vec<(Day, NodeBatch)>,
    copies: Copies,
}

/// What is new of a collector on a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct OfDay {
    day: Day,
    node: u32,
    /// The last batch that is counted.
    counted: u64,
    /// The last batch that has come.
    top: u64,
}

/// The new events that are counted already, since a copy of theirs is.
#[derive(Debug, Clone)]
pub(super) enum Copies {
    /// Each one's day and id.
    Told(Vec<(u16, String)>),
    /// They are so many that a statement looks for them itself.
    Sought,
}

impl Default for Copies {
    fn default() -> Self {
        Self::Told(Vec::new())
    }
}

impl NewBatches {
    /// Adds a day after all others: the collectors that have new batches, each
    /// with the last one that is counted and the last one that has come, and
    /// all that have counted ones.
    pub(super) fn add(
        &mut self,
        day: Day,
        new: impl IntoIterator<Item = (u32, u64, u64)>,
        counted: impl IntoIterator<Item = NodeBatch>,
    ) {
        let before = self.new.len();
        let of_day = |(node, counted, top)| OfDay { day, node, counted, top };
        self.new.extend(new.into_iter().map(of_day));
        if self.new.len() > before {
            self.counted.extend(counted.into_iter().map(|last| (day, last)));
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.new.is_empty()
    }

    pub(super) fn with_copies(self, copies: Copies) -> Self {
        Self { copies, ..self }
    }

    /// Asks which of the events are counted already.
    pub(super) fn find_copies(&self, client: &Client, product: &str) -> Result<Copies, StoreError> {
        let most = limits::clickhouse::TOLD_COPIES;
        if self.is_empty() || self.counted.is_empty() {
            return Ok(Copies::default());
        }
        let ask = Statement::question("new_copies", &[]).with("product", product);
        let copies: Vec<(u16, String)> = client.rows(&self.told(ask.with("most", most + 1)))?;
        Ok(match copies.len() as u64 > most {
            true => Copies::Sought,
            false => Copies::Told(copies),
        })
    }

    /// A question about counts, and about what none of them contains yet.
    pub(super) fn question(&self, name: &str) -> Statement {
        let own = match self.is_empty() {
            false => [("cells", "cells_and_new"), ("present", "present_and_new")],
            true => [("cells", "cells"), ("present", "present")],
        };
        let counts = [
            ("source", "new_events"),
            ("copies", self.copies_part()),
            ("held", "held_told"),
            ("bounds", "bounds_told"),
        ];
        Statement::question(name, &[&own[..], &counts].concat())
    }

    /// The part of SQL that leaves copies out.
    pub(super) fn copies_part(&self) -> &'static str {
        match self.copies {
            Copies::Told(_) => "copies_told",
            Copies::Sought => "copies_sought",
        }
    }

    /// Sets the parameters of `sql/parts/new_events.sql`.
    pub(super) fn told(&self, statement: Statement) -> Statement {
        let mut days: Vec<Day> = self.new.iter().map(|one| one.day).collect();
        days.dedup();
        let new_keys = self.new.iter().map(|one| key(one.day, one.node)).collect();
        let lasts = self.new.iter().map(|one| one.counted);
        let oldest = lasts.clone().min().unwrap_or(u64::MAX);
        let tops = self.new.iter().map(|one| one.top);
        let old_keys = self.counted.iter().map(|(day, (node, _))| key(*day, *node)).collect();
        let old_lasts = self.counted.iter().map(|(_, (_, last))| *last).collect();
        let statement = statement
            .with("new_days", List::of_days(days))
            .with("new_keys", numbers(new_keys, 0))
            .with("new_lasts", numbers(lasts.collect(), u64::MAX))
            .with("new_tops", numbers(tops.collect(), 0))
            .with("new_above", oldest)
            .with("old_keys", numbers(old_keys, 0))
            .with("old_lasts", numbers(old_lasts, 0));
        match &self.copies {
            Copies::Sought => statement,
            Copies::Told(copies) => {
                let copies = copies.iter().map(|(day, id)| format!("({day}, '{id}')"));
                statement.with("copies", List::of(copies))
            }
        }
    }
}

/// A day and a collector as one number.
fn key(day: Day, node: u32) -> u64 {
    (u64::from(day.number().unsigned_abs()) << 32) + u64::from(node)
}

/// A list of nothing has no type: one number stands for it that fits no
/// collector.
fn numbers(all: Vec<u64>, of_nothing: u64) -> List {
    List::of_numbers(if all.is_empty() { vec![of_nothing] } else { all })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn new_events_are_named_by_day_collector_and_what_is_counted() {
        let day = Day::from_number;
        let mut new = NewBatches::default();
        new.add(day(20_777), [(1, 7, 9), (u32::MAX, 0, 3)], [(1, 7), (2, 3)]);
        new.add(day(20_778), [(1, 9, 9)], []);
        new.add(day(20_779), [], [(1, 9)]);
        let new = new.with_copies(Copies::Told(vec![(20_777, "0A".into())]));
        let told = new.told(new.question("events"));
        let text = |text: &str| text.to_owned();
        let expected = [
            ("new_days", text("['2026-11-20', '2026-11-21']")),
            ("new_keys", text("[89236535508993, 89240830476287, 89240830476289]")),
            ("new_lasts", text("[7, 0, 9]")),
            ("new_tops", text("[9, 3, 9]")),
            ("new_above", text("0")),
            ("copies", text("[(20777, '0A')]")),
        ];
        assert_eq!(told.parameters, expected);
        let many = new.with_copies(Copies::Sought);
        let told = many.told(many.question("events"));
        let old =
            [("old_keys", text("[89236535508993, 89236535508994]")), ("old_lasts", text("[7, 3]"))];
        assert_eq!(told.parameters[5..], old);
        let nothing = NewBatches::default();
        assert_eq!(nothing.told(nothing.question("events")).parameters, []);
    }

    #[test]
    fn a_question_has_its_parts_and_no_word_is_left() {
        let mut new = NewBatches::default();
        for has_new in [false, true] {
            let told = new.question("events");
            assert!(!told.sql.contains('@'), "{}", told.sql);
            assert_eq!(told.sql.contains("{new_days:"), has_new);
            new.add(Day::from_number(7), [(1, 2, 3)], []);
        }
    }
}

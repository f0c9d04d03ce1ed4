//! The events that one question looks at one after another, as long as they are
//! not too many.

use std::collections::BTreeMap;

use headcount_catalog::Day;

use crate::RawAnswer;

/// All events that are looked at, as long as they are not too many.
#[derive(Debug)]
pub(super) struct KeptEvents<T> {
    events: Vec<T>,
    by_day: BTreeMap<Day, u64>,
    most: u64,
}

impl<T> KeptEvents<T> {
    pub(super) fn new(most: u64) -> Self {
        Self { events: Vec::new(), by_day: BTreeMap::new(), most }
    }

    pub(super) fn push(&mut self, day: Day, event: T) {
        *self.by_day.entry(day).or_default() += 1;
        if (self.events.len() as u64) < self.most {
            self.events.push(event);
        }
    }

    /// What is answered if there are more than can be counted.
    pub(super) fn too_many(&self) -> Option<RawAnswer> {
        let by_day: Vec<_> =
            self.by_day.iter().rev().map(|(day, events)| (*day, *events)).collect();
        RawAnswer::too_many(&by_day, self.most)
    }

    pub(super) fn into_events(self) -> Vec<T> {
        self.events
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn more_than_the_bound_are_counted_and_not_kept() {
        let first = Day::from_number(20_000);
        let mut events = KeptEvents::new(5);
        for number in 0..9_u32 {
            events.push(first.plus((number / 3) as i32), number);
            let is_too_many = events.too_many().is_some();
            assert_eq!(is_too_many, number >= 5, "{number}");
        }
        let told = RawAnswer::TooMany { events: 9, most: 5, fits_from: Some(first.plus(2)) };
        assert_eq!(events.too_many(), Some(told));
        assert_eq!(events.into_events().len(), 5);
    }
}

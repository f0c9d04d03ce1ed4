//! Counts of other days, drawn behind those that are compared with them.

use headcount_catalog::{Day, Period};

use super::comparison::Beside;
use super::text;
use crate::compared_days::ComparedDays;

/// Counts that others are compared with.
#[derive(Debug, Clone)]
pub(super) struct Behind {
    /// In the order of those that are compared. `None` where not all of the
    /// period is known.
    pub(super) counts: Vec<(Day, Option<u64>)>,
    pub(super) beside: Beside,
}

impl Behind {
    /// As many periods of an answer as are shown, from the first on.
    pub(super) fn new(
        starts: impl Iterator<Item = Day>,
        beside: Beside,
        period: Period,
        of: impl Fn(Day) -> u64,
    ) -> Self {
        let count = |start| beside.known_of(start, period).are_all().then(|| of(start));
        Self { counts: starts.map(|start| (start, count(start))).collect(), beside }
    }

    /// Whether there is something to draw, or a zero that somebody asked for.
    pub(super) fn is_shown(&self) -> bool {
        let mut counts = self.counts.iter().filter_map(|(_, count)| *count);
        match self.beside.days {
            ComparedDays::Before => counts.any(|count| count > 0),
            _ => counts.next().is_some(),
        }
    }

    /// `(a year before: 12)`
    pub(super) fn told(&self, place: usize, period: Period) -> String {
        let Some((start, count)) = self.counts.get(place) else { return String::new() };
        let part = self.beside.known_of(*start, period).part();
        let count = match count {
            Some(count) => text::number(*count),
            None if part.is_some() => part.unwrap_or_default(),
            None if *start > self.beside.known.1 => "not yet there".to_owned(),
            None => "before the first event".to_owned(),
        };
        format!(" ({}: {count})", self.beside.of(*start, period))
    }
}

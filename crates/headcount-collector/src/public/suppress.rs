//! Which numbers of a table may be seen. Pure; the rule, and why it holds, is
//! in `mod.rs`.

use crate::limits;

/// One cell of a table, as it was counted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct CountedCell {
    pub(super) value: String,
    pub(super) events: u64,
    /// The fewest devices that these events can be of.
    pub(super) devices: u64,
}

/// Whether a table has a cell for each value that there can be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Vocabulary {
    /// It has, also for values that nobody reported.
    Closed,
    /// There are always values without a cell.
    Open,
}

/// What may be seen of a table.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct SeenTable {
    /// Values with their events, rounded down; the highest first.
    pub(super) values: Vec<(String, u64)>,
    /// Whether there are values that are not shown.
    pub(super) has_others: bool,
}

/// Whether a number of so many devices may be seen.
pub(super) fn may_be_seen(devices: u64) -> bool {
    devices >= limits::PUBLIC_DEVICES
}

/// Rounds a number down to tens.
pub(super) fn rounded(number: u64) -> u64 {
    number - number % limits::PUBLIC_ROUNDING
}

/// Decides what may be seen of a table whose total can be seen.
///
/// A cell of too few devices is withheld. If any is, then the smallest of the
/// others go with it: at least one, and as many as together have the events of
/// those of too few devices.
pub(super) fn seen(cells: Vec<CountedCell>, vocabulary: Vocabulary) -> SeenTable {
    let (mut large, small): (Vec<_>, Vec<_>) =
        cells.into_iter().partition(|cell| may_be_seen(cell.devices));
    large.sort_by(|one, other| (other.events, &one.value).cmp(&(one.events, &other.value)));
    let to_cover: u64 = small.iter().map(|cell| cell.events).sum();
    let mut has_others = vocabulary == Vocabulary::Open || !small.is_empty();
    if has_others {
        let mut covered = 0;
        while let Some(cell) = large.pop() {
            covered += cell.events;
            if covered >= to_cover {
                break;
            }
        }
    }
    if large.len() > limits::PUBLIC_VALUES {
        // What is cut off is of many devices itself.
        large.truncate(limits::PUBLIC_VALUES);
        has_others = true;
    }
    let values = large.into_iter().map(|cell| (cell.value, rounded(cell.events))).collect();
    SeenTable { values, has_others }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cell(value: &str, events: u64, devices: u64) -> CountedCell {
        CountedCell { value: value.to_owned(), events, devices }
    }

    fn shown(cells: &[(&str, u64, u64)], vocabulary: Vocabulary) -> (Vec<(String, u64)>, bool) {
        let cells = cells.iter().map(|(value, events, devices)| cell(value, *events, *devices));
        let SeenTable { values, has_others } = seen(cells.collect(), vocabulary);
        (values, has_others)
    }

    #[test]
    fn a_table_without_a_small_cell_is_seen_whole() {
        let (values, has_others) = shown(&[("a", 25, 20), ("b", 104, 90)], Vocabulary::Closed);
        assert_eq!(values, [("b".to_owned(), 100), ("a".to_owned(), 20)]);
        assert!(!has_others);
    }

    #[test]
    fn a_small_cell_takes_the_next_smallest_with_it() {
        let cells = [("a", 500, 300), ("b", 40, 30), ("c", 7, 5), ("d", 60, 50)];
        let (values, has_others) = shown(&cells, Vocabulary::Closed);
        assert_eq!(values, [("a".to_owned(), 500), ("d".to_owned(), 60)]);
        assert!(has_others);
        // Nobody reported `c`, which is fewer than 20, too.
        let cells = [("a", 500, 300), ("b", 40, 30), ("c", 0, 0)];
        assert_eq!(shown(&cells, Vocabulary::Closed).0, [("a".to_owned(), 500)]);
    }

    #[test]
    fn many_events_of_few_devices_are_covered_by_as_many_events() {
        let cells = [("a", 500, 300), ("b", 40, 30), ("c", 90, 3), ("d", 60, 50)];
        assert_eq!(shown(&cells, Vocabulary::Closed).0, [("a".to_owned(), 500)]);
        let cells = [("a", 500, 300), ("c", 9_000, 3), ("d", 60, 50)];
        assert_eq!(shown(&cells, Vocabulary::Closed), (Vec::new(), true));
    }

    #[test]
    fn an_open_vocabulary_always_has_others() {
        let cells = [("1.0.0", 40, 30), ("1.1.0", 90, 80)];
        assert_eq!(shown(&cells, Vocabulary::Open), (vec![("1.1.0".to_owned(), 90)], true));
        assert_eq!(shown(&[], Vocabulary::Open), (Vec::new(), true));
    }

    #[test]
    fn of_ten_thousand_values_only_the_most_are_seen() {
        let cells = (0..10_000).map(|place| cell(&format!("v{place:05}"), 1_000 + place, 900));
        let table = seen(cells.collect(), Vocabulary::Closed);
        assert_eq!(table.values.len(), limits::PUBLIC_VALUES);
        assert_eq!(table.values[0], ("v09999".to_owned(), 10_990));
        assert!(table.has_others);
    }
}

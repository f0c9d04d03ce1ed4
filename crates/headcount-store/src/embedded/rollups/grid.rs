//! Counters by context and code: what lies close together is an array, and the
//! rest is a map.

use super::mix::NumberMap;
use crate::limits;

/// Counters of one column.
#[derive(Debug, Default)]
pub(super) struct Grid {
    /// Codes from here on are in the map.
    width: usize,
    side_by_side: Vec<u64>,
    others: NumberMap<(u32, u64), u64>,
}

impl Grid {
    /// No counts yet. Most codes are expected to be below `width`.
    pub(super) fn new(width: usize) -> Self {
        Self { width, ..Self::default() }
    }

    pub(super) fn add(&mut self, context: u32, code: u64, weight: u64) {
        if code < self.width as u64 {
            let place = context as usize * self.width + code as usize;
            if let Some(count) = self.side_by_side.get_mut(place) {
                *count += weight;
                return;
            }
        }
        self.add_new(context, code, weight);
    }

    #[cold]
    fn add_new(&mut self, context: u32, code: u64, weight: u64) {
        let end = (context as usize + 1) * self.width;
        if code < self.width as u64 && end <= limits::SIDE_BY_SIDE {
            self.side_by_side.resize(end.max(self.side_by_side.len()), 0);
            self.side_by_side[context as usize * self.width + code as usize] += weight;
        } else {
            *self.others.entry((context, code)).or_default() += weight;
        }
    }

    /// Calls `each` with every count, and forgets it.
    pub(super) fn drain(&mut self, mut each: impl FnMut(u32, u64, u64)) {
        for (place, count) in self.side_by_side.iter().enumerate().filter(|(_, count)| **count > 0)
        {
            each((place / self.width) as u32, (place % self.width) as u64, *count);
        }
        self.others.iter().for_each(|((context, code), count)| each(*context, *code, *count));
        self.side_by_side.clear();
        self.others = NumberMap::default();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_are_the_same_wherever_they_are() {
        let mut grid = Grid::new(4);
        let all = [(0, 1), (3, 3), (3, 3), (2, 9), (2, u64::MAX), (100_000, 2), (100_000, 2)];
        all.into_iter().for_each(|(context, code)| grid.add(context, code, 2));
        let mut seen = Vec::new();
        grid.drain(|context, code, count| seen.push((context, code, count)));
        seen.sort_unstable();
        let wanted = [(0, 1, 2), (2, 9, 2), (2, u64::MAX, 2), (3, 3, 4), (100_000, 2, 4)];
        assert_eq!(seen, wanted);
        grid.drain(|_, _, _| panic!("nothing is left"));
    }
}

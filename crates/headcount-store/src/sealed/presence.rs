//! Which rows of a column have a cell, and which cell is whose.

/// Rows that have a cell. The number of a row's cell is that of the rows before
/// it that have one: it is looked up, not counted.
#[derive(Debug, Clone, Default)]
pub(crate) struct Presence {
    rows: usize,
    cells: usize,
    words: Vec<u64>,
    /// The cells before each word.
    before: Vec<u32>,
}

impl Presence {
    /// The presence of cells in these rows, which rise.
    pub(super) fn of(present: &[u32], rows: usize) -> Self {
        let mut words = vec![0u64; rows.div_ceil(64)];
        for row in present {
            words[*row as usize / 64] |= 1 << (row % 64);
        }
        Self::of_words(words, rows)
    }

    fn of_words(words: Vec<u64>, rows: usize) -> Self {
        let mut cells = 0;
        let mut before = Vec::with_capacity(words.len());
        for word in &words {
            before.push(cells);
            cells += word.count_ones();
        }
        Self { rows, cells: cells as usize, words, before }
    }

    /// Adds a row.
    pub(super) fn push(&mut self, has_cell: bool) {
        let place = self.rows % 64;
        if place == 0 {
            self.words.push(0);
            self.before.push(u32::try_from(self.cells).unwrap_or(u32::MAX));
        }
        if let Some(word) = self.words.last_mut() {
            *word |= u64::from(has_cell) << place;
        }
        self.rows += 1;
        self.cells += usize::from(has_cell);
    }

    /// Adds rows that have a cell each.
    pub(super) fn push_full(&mut self, rows: usize) {
        let mut rows = rows;
        while rows > 0 {
            let place = self.rows % 64;
            if place > 0 || rows < 64 {
                self.push(true);
                rows -= 1;
                continue;
            }
            self.words.push(u64::MAX);
            self.before.push(u32::try_from(self.cells).unwrap_or(u32::MAX));
            (self.rows, self.cells) = (self.rows + 64, self.cells + 64);
            rows -= 64;
        }
    }

    /// Whether every row has a cell.
    pub(super) fn is_full(&self) -> bool {
        self.cells == self.rows
    }

    /// The number of cells.
    pub(super) fn cells(&self) -> usize {
        self.cells
    }

    /// The place of a row's cell among all cells.
    pub(super) fn place(&self, row: usize) -> Option<usize> {
        let word = self.words.get(row / 64)?;
        let bit = 1u64 << (row % 64);
        if word & bit == 0 {
            return None;
        }
        let in_word = (word & (bit - 1)).count_ones();
        Some((self.before[row / 64] + in_word) as usize)
    }

    /// The rows that have a cell.
    pub(super) fn present(&self) -> impl Iterator<Item = u32> {
        let words = self.words.iter().enumerate();
        words.flat_map(|(number, word)| {
            let mut rest = *word;
            std::iter::from_fn(move || {
                let bit = (rest != 0).then(|| rest.trailing_zeros())?;
                rest &= rest - 1;
                Some(number as u32 * 64 + bit)
            })
        })
    }

    /// The rows as bits, the lowest of a byte first.
    pub(super) fn bytes(&self) -> Vec<u8> {
        let mut bytes: Vec<u8> = self.words.iter().flat_map(|word| word.to_le_bytes()).collect();
        bytes.truncate(self.rows.div_ceil(8));
        bytes
    }

    /// Reads the bits of so many rows. Bits beyond them do not count.
    pub(super) fn from_bytes(bytes: &[u8], rows: usize) -> Self {
        let word = |bytes: &[u8]| {
            let mut word = [0; 8];
            word[..bytes.len()].copy_from_slice(bytes);
            u64::from_le_bytes(word)
        };
        let mut words: Vec<u64> = bytes.chunks(8).map(word).collect();
        words.resize(rows.div_ceil(64), 0);
        if let Some(last) = words.last_mut() {
            *last &= u64::MAX >> ((64 - rows % 64) % 64);
        }
        Self::of_words(words, rows)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contract::SeededRandom;

    #[test]
    fn every_cell_has_its_place() {
        let mut random = SeededRandom::new(4);
        for rows in [0, 1, 63, 64, 65, 300] {
            let present: Vec<u32> = (0..rows).filter(|_| random.below(3) == 0).collect();
            let presence = Presence::of(&present, rows as usize);
            let presence = Presence::from_bytes(&presence.bytes(), rows as usize);
            assert!(presence.present().eq(present.iter().copied()));
            assert_eq!((presence.rows, presence.cells()), (rows as usize, present.len()));
            let mut longer = presence.clone();
            longer.push_full(130);
            let rest = (0..130).map(|row| rows + row);
            let all: Vec<u32> = present.iter().copied().chain(rest).collect();
            let expected = Presence::of(&all, rows as usize + 130);
            assert_eq!(longer.bytes(), expected.bytes());
            assert_eq!(longer.before, expected.before);
            for row in 0..rows + 70 {
                let place = present.iter().position(|known| *known == row);
                assert_eq!(presence.place(row as usize), place, "row {row}");
            }
        }
    }
}

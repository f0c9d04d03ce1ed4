//! From a word of a closed set to its code in a column.

use std::sync::atomic::{AtomicU16, Ordering};

use super::columns::Columns;

/// The words of one closed set, with the codes that they have in one column.
#[derive(Debug)]
pub(super) struct WordCodes {
    /// Sorted by word.
    words: Vec<(&'static str, u16)>,
    /// The code of everything else, if the set has a bucket.
    other: Option<u16>,
    /// Where the last word was. The next event often has the same. A race loses
    /// nothing: the word is compared.
    last: AtomicU16,
}

impl WordCodes {
    /// Without a column the codes are places in the set: the value is checked
    /// and left out.
    pub(super) fn new(
        columns: &Columns,
        column: Option<usize>,
        set: &[&'static str],
        other: Option<&'static str>,
    ) -> Self {
        let code = |(place, word): (usize, &'static str)| match column {
            Some(column) => columns.code(column, word),
            None => u16::try_from(place).ok(),
        };
        let coded = |(place, word)| Some((word, code((place, word))?));
        let mut words: Vec<_> = set.iter().copied().enumerate().filter_map(coded).collect();
        words.sort_unstable();
        let other = other.and_then(|word| code((set.len(), word)));
        Self { words, other, last: AtomicU16::new(0) }
    }

    /// Returns the code of a word, that of the bucket if the set has no such
    /// word, `None` if it has no bucket either.
    pub(super) fn code(&self, word: &str) -> Option<u16> {
        let last = usize::from(self.last.load(Ordering::Relaxed));
        if let Some((known, code)) = self.words.get(last)
            && *known == word
        {
            return Some(*code);
        }
        match self.words.binary_search_by(|(known, _)| (*known).cmp(word)) {
            Ok(place) => {
                self.last.store(place as u16, Ordering::Relaxed);
                Some(self.words[place].1)
            }
            Err(_) => self.other,
        }
    }
}

//! TextSet of an open vocabulary: each distinct one once, with a small number.

use std::collections::HashMap;

/// Up to this many texts, a linear search is faster than hashing.
const LINEAR_TEXTS: usize = 16;

/// Distinct texts in the order in which they were first added. The hash is
/// keyed, because senders choose the texts.
#[derive(Debug, Clone, Default)]
pub struct TextSet {
    /// All texts, one after the other.
    joined: String,
    /// Where each of them ends.
    ends: Vec<u32>,
    places: HashMap<Box<str>, u32>,
}

impl TextSet {
    /// The number of texts.
    #[must_use]
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }

    /// The bytes of all texts together.
    pub(crate) fn bytes(&self) -> usize {
        self.joined.len()
    }

    /// The text with this code.
    #[must_use]
    pub fn get(&self, code: u32) -> Option<&str> {
        let place = code as usize;
        let end = *self.ends.get(place)? as usize;
        let start = place.checked_sub(1).map_or(0, |before| self.ends[before] as usize);
        self.joined.get(start..end)
    }

    /// All texts, by their codes.
    pub fn iter(&self) -> impl Iterator<Item = &str> {
        (0..self.ends.len() as u32).filter_map(|code| self.get(code))
    }

    /// Returns the code of a text, and adds the text if it is new.
    pub(crate) fn code(&mut self, text: &str) -> u32 {
        if let Some(code) = self.find(text) {
            return code;
        }
        let code = u32::try_from(self.ends.len()).expect("rows are in memory: fewer than 2^32");
        self.joined.push_str(text);
        self.ends.push(u32::try_from(self.joined.len()).expect("texts of a commit: below 4 GiB"));
        if self.ends.len() == LINEAR_TEXTS + 1 {
            self.places =
                (0..=code).filter_map(|code| Some((self.get(code)?.into(), code))).collect();
        } else if self.ends.len() > LINEAR_TEXTS {
            self.places.insert(text.into(), code);
        }
        code
    }

    fn find(&self, text: &str) -> Option<u32> {
        if self.ends.len() <= LINEAR_TEXTS {
            let mut all = self.iter();
            all.position(|known| known == text).map(|place| place as u32)
        } else {
            self.places.get(text).copied()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_keeps_its_code_as_they_become_more() {
        let mut texts = TextSet::default();
        for round in 0..3 {
            for number in 0..40u32 {
                let text = format!("{}", number * 7);
                assert_eq!(texts.code(&text), number, "round {round}");
                assert_eq!(texts.get(number), Some(text.as_str()));
            }
        }
        assert_eq!((texts.len(), texts.get(40)), (40, None));
    }
}

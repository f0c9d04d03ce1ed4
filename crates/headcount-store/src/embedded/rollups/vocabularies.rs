//! The vocabularies of a product, one for each name of a column.

use std::collections::HashMap;

use headcount_catalog::Day;

use super::columns::OpenCodes;
use super::vocabulary::{CountedValue, Numbers, Vocabulary};

/// All vocabularies of a product. The one of the empty name has the names of
/// events.
#[derive(Debug, Default)]
pub(super) struct Vocabularies {
    pub(super) numbers: Numbers,
    all: Vec<(Box<str>, Vocabulary)>,
    places: HashMap<Box<str>, usize>,
}

impl Vocabularies {
    /// The place of the vocabulary of a column.
    pub(super) fn place(&mut self, column: &str) -> usize {
        if let Some(place) = self.places.get(column) {
            return *place;
        }
        let vocabulary = Vocabulary::new(&mut self.numbers);
        self.put(column, vocabulary)
    }

    fn put(&mut self, column: &str, vocabulary: Vocabulary) -> usize {
        let place = self.all.len();
        self.all.push((column.into(), vocabulary));
        self.places.insert(column.into(), place);
        place
    }

    /// Takes values that were written.
    pub(super) fn read(&mut self, column: &str, values: Vec<CountedValue>) {
        self.put(column, Vocabulary::of_values(values));
    }

    pub(super) fn get(&self, place: usize) -> &Vocabulary {
        &self.all[place].1
    }

    pub(super) fn with_numbers(&mut self, place: usize) -> (&mut Vocabulary, &mut Numbers) {
        (&mut self.all[place].1, &mut self.numbers)
    }

    pub(super) fn open(&mut self, place: usize, day: Day) -> OpenCodes<'_> {
        let (vocabulary, numbers) = self.with_numbers(place);
        OpenCodes { vocabulary, numbers, day }
    }

    /// Whether a number stands for none, or for a value that is not gone.
    pub(super) fn is_known(&self, number: u32) -> bool {
        number == 0 || self.numbers.known.contains(number)
    }

    /// The vocabularies with the names of their columns.
    pub(super) fn all(&self) -> impl Iterator<Item = (&str, &Vocabulary)> {
        self.all.iter().map(|(column, vocabulary)| (&**column, vocabulary))
    }

    /// The numbers of values that are gone are not known any more.
    pub(super) fn forget_gone(&mut self) {
        for (_, vocabulary) in &self.all {
            vocabulary.gone.iter().for_each(|number| {
                self.numbers.known.remove(*number);
            });
        }
    }

    pub(super) fn all_mut(&mut self) -> impl Iterator<Item = &mut Vocabulary> {
        self.all.iter_mut().map(|(_, vocabulary)| vocabulary)
    }
}

//! The values of one column of a product, by number: words of closed sets,
//! which have a number from the start, and values of open vocabularies, which
//! have to earn a row of their own.
//!
//! A value of an open vocabulary is a candidate until [`limits::TELLERS`]
//! devices have told it within the window. It has a number from its first event
//! on, and whoever reads its counts before that reads them under
//! [`limits::OTHER`]. So nothing moves when it earns its row, whatever columns
//! it is counted with.
//!
//! ```text
//!            5 devices              not told in the window
//! candidate ----------> row --------------------------------> former row
//!     |                                       (its counts stay; told again, the
//!     | not told in the window,                value starts as a candidate)
//!     v too many candidates
//!   gone: its number is unknown, which is read as `other`
//! ```

use std::collections::HashMap;

use headcount_catalog::Day;
use roaring::RoaringBitmap;

use crate::limits;

/// Gives numbers to values. None is given twice.
#[derive(Debug, Default)]
pub(super) struct Numbers {
    pub(super) last: u32,
    /// Those of values that are not gone.
    pub(super) known: RoaringBitmap,
}

impl Numbers {
    fn next(&mut self) -> u32 {
        // 2^32 values: at 4,096 candidates a second for 12 days. Then all new
        // values share the last number, and are read as one.
        self.last = self.last.saturating_add(1);
        self.known.insert(self.last);
        self.last
    }
}

/// The values of one column.
#[derive(Debug)]
pub(super) struct Vocabulary {
    /// The hash is keyed, because senders choose the texts.
    places: HashMap<Box<str>, u32>,
    values: Vec<CountedValue>,
    rows: usize,
    candidates: usize,
    /// Candidates since the last write.
    new_candidates: usize,
    /// Numbers of values that are gone since the last write.
    pub(super) gone: Vec<u32>,
}

/// A value.
#[derive(Debug)]
pub(super) struct CountedValue {
    pub(super) number: u32,
    pub(super) text: Box<str>,
    pub(super) standing: Standing,
    /// Whether it is to be written.
    pub(super) is_changed: bool,
}

/// What a value has earned.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Standing {
    /// A word of a closed set, or `other` itself.
    Fixed,
    /// It has a row. The day is the last one on which it was told.
    Row(Day),
    /// It has no row yet.
    Candidate(Tellers),
    /// It had a row, and is not told any more. The day is the last one on which
    /// it was.
    Former(Day),
    /// It never had a row, and has been forgotten.
    Gone,
}

/// Who has told a candidate, and when.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Tellers {
    /// The last day on which it was told.
    pub(super) last: Day,
    /// Devices with the last day on which each of them told it. A device
    /// without an id has none.
    pub(super) devices: Vec<(Option<u32>, Day)>,
}

/// Who tells a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Teller {
    /// A device, by its slot.
    Device(u32),
    /// A device that has no id and is told by its mark of the day.
    Unnamed,
    /// Nobody that counts as one device more.
    Nobody,
}

/// The place of [`limits::OTHER`].
pub(super) const OTHER_PLACE: u32 = 0;

impl Vocabulary {
    /// Only `other`.
    pub(super) fn new(numbers: &mut Numbers) -> Self {
        let mut vocabulary = Self::of_values(Vec::new());
        vocabulary.insert(limits::OTHER, Standing::Fixed, numbers);
        vocabulary
    }

    /// Values as they were written. The first one must be `other`.
    pub(super) fn of_values(values: Vec<CountedValue>) -> Self {
        let (places, gone) = (HashMap::new(), Vec::new());
        let mut vocabulary =
            Self { places, values: Vec::new(), rows: 0, candidates: 0, new_candidates: 0, gone };
        values.into_iter().for_each(|value| vocabulary.put(value));
        vocabulary
    }

    fn put(&mut self, value: CountedValue) {
        match value.standing {
            Standing::Row(_) => self.rows += 1,
            Standing::Candidate(_) => self.candidates += 1,
            Standing::Fixed | Standing::Former(_) | Standing::Gone => {}
        }
        self.places.insert(value.text.clone(), self.values.len() as u32);
        self.values.push(value);
    }

    fn insert(&mut self, text: &str, standing: Standing, numbers: &mut Numbers) -> u32 {
        let place = self.values.len() as u32;
        let number = numbers.next();
        self.put(CountedValue { number, text: text.into(), standing, is_changed: true });
        place
    }

    /// The place of a word of a closed set.
    pub(super) fn fixed(&mut self, text: &str, numbers: &mut Numbers) -> u32 {
        if let Some(place) = self.places.get(text).copied() {
            let value = &mut self.values[place as usize];
            match value.standing {
                Standing::Fixed => return place,
                Standing::Row(_) => self.rows -= 1,
                Standing::Candidate(_) => self.candidates -= 1,
                Standing::Former(_) | Standing::Gone => {}
            }
            (value.standing, value.is_changed) = (Standing::Fixed, true);
            return place;
        }
        self.insert(text, Standing::Fixed, numbers)
    }

    /// The place of a value of an open vocabulary that is told on a day.
    pub(super) fn open(&mut self, text: &str, day: Day, numbers: &mut Numbers) -> u32 {
        if let Some(place) = self.places.get(text).copied() {
            let value = &mut self.values[place as usize];
            let last = match &mut value.standing {
                Standing::Row(last) => last,
                Standing::Candidate(tellers) => &mut tellers.last,
                Standing::Fixed | Standing::Former(_) | Standing::Gone => return place,
            };
            if *last < day {
                (*last, value.is_changed) = (day, true);
            }
            return place;
        }
        if self.new_candidates >= limits::NEW_CANDIDATES {
            return OTHER_PLACE;
        }
        self.new_candidates += 1;
        if self.candidates >= limits::CANDIDATES {
            self.drop_poorest();
        }
        let tellers = Tellers { last: day, devices: Vec::new() };
        self.insert(text, Standing::Candidate(tellers), numbers)
    }

    /// Whether it matters who tells the value.
    pub(super) fn is_candidate(&self, place: u32) -> bool {
        matches!(self.values[place as usize].standing, Standing::Candidate(_))
    }

    /// Counts a device that has told a candidate. With the last one that it
    /// needs, the value has a row, if there is room for one more.
    pub(super) fn told_by(&mut self, place: u32, teller: Teller, day: Day) {
        let value = &mut self.values[place as usize];
        let Standing::Candidate(tellers) = &mut value.standing else { return };
        if tellers.add(teller, day) {
            value.is_changed = true;
        }
        if tellers.devices.len() >= limits::TELLERS && self.rows < limits::COUNTED_VALUES {
            value.standing = Standing::Row(tellers.last);
            self.rows += 1;
            self.candidates -= 1;
        }
    }

    /// The number of the value at a place; that of `other` if it is gone.
    pub(super) fn number(&self, place: u32) -> u32 {
        match &self.values[place as usize] {
            CountedValue { standing: Standing::Gone, .. } => self.other(),
            value => value.number,
        }
    }

    /// The text under which a number is counted, if it is a value of this
    /// vocabulary that has a row.
    pub(super) fn row_of(&self, number: u32) -> Option<&str> {
        let value = self.values.iter().find(|value| value.number == number)?;
        matches!(value.standing, Standing::Fixed | Standing::Row(_)).then_some(&*value.text)
    }

    /// The values that have a row.
    pub(super) fn rows(&self) -> impl Iterator<Item = &str> {
        let has_row =
            |value: &&CountedValue| matches!(value.standing, Standing::Fixed | Standing::Row(_));
        self.values.iter().filter(has_row).map(|value| &*value.text)
    }

    /// The number of `other`.
    pub(super) fn other(&self) -> u32 {
        self.values[OTHER_PLACE as usize].number
    }

    /// Forgets a device.
    pub(super) fn forget_device(&mut self, slot: u32) {
        for value in &mut self.values {
            if let Standing::Candidate(tellers) = &mut value.standing {
                let before = tellers.devices.len();
                tellers.devices.retain(|(device, _)| *device != Some(slot));
                value.is_changed |= tellers.devices.len() != before;
            }
        }
    }

    /// The window now begins after `day`: what was told last on that day or
    /// before gives its place back.
    pub(super) fn expire(&mut self, day: Day) {
        for place in 0..self.values.len() {
            let value = &mut self.values[place];
            match &mut value.standing {
                Standing::Row(last) if *last <= day => {
                    (value.standing, value.is_changed) = (Standing::Former(*last), true);
                    self.rows -= 1;
                    let text = self.values[place].text.clone();
                    self.places.remove(&text);
                }
                Standing::Candidate(tellers) if tellers.last <= day => self.drop_candidate(place),
                Standing::Candidate(tellers) => {
                    let before = tellers.devices.len();
                    tellers.devices.retain(|(_, told)| *told > day);
                    value.is_changed |= tellers.devices.len() != before;
                }
                Standing::Row(_) | Standing::Fixed | Standing::Former(_) | Standing::Gone => {}
            }
        }
    }

    /// Forgets half of the candidates: those that the fewest devices have told,
    /// then those that were told longest ago.
    #[cold]
    fn drop_poorest(&mut self) {
        let candidates = self.values.iter().enumerate().filter_map(|(place, value)| {
            let Standing::Candidate(tellers) = &value.standing else { return None };
            Some((tellers.devices.len(), tellers.last, value.number, place))
        });
        let mut candidates: Vec<_> = candidates.collect();
        candidates.sort_unstable();
        let half = candidates.len().div_ceil(2);
        for (_, _, _, place) in candidates.into_iter().take(half) {
            self.drop_candidate(place);
        }
    }

    fn drop_candidate(&mut self, place: usize) {
        let value = &mut self.values[place];
        (value.standing, value.is_changed) = (Standing::Gone, true);
        self.gone.push(value.number);
        self.places.remove(&value.text);
        self.candidates -= 1;
    }

    /// The values, to be written.
    pub(super) fn values(&self) -> &[CountedValue] {
        &self.values
    }

    /// Everything is written, and no place is in use: places of values that
    /// nobody looks up any more are given back.
    pub(super) fn written(&mut self) {
        self.new_candidates = 0;
        self.gone.clear();
        let is_over =
            |value: &CountedValue| matches!(value.standing, Standing::Former(_) | Standing::Gone);
        if self.values.iter().any(is_over) {
            self.values.retain(|value| !is_over(value));
            let values = self.values.iter().enumerate();
            self.places = values.map(|(place, value)| (value.text.clone(), place as u32)).collect();
        }
        self.values.iter_mut().for_each(|value| value.is_changed = false);
    }
}

impl Tellers {
    /// Returns whether this changed who has told it.
    fn add(&mut self, teller: Teller, day: Day) -> bool {
        let device = match teller {
            Teller::Nobody => return false,
            Teller::Unnamed => None,
            Teller::Device(slot) => {
                let known = self.devices.iter_mut().find(|(device, _)| *device == Some(slot));
                if let Some((_, last)) = known {
                    let is_later = *last < day;
                    *last = (*last).max(day);
                    return is_later;
                }
                Some(slot)
            }
        };
        if self.devices.len() < limits::TELLERS {
            self.devices.push((device, day));
            return true;
        }
        false
    }
}

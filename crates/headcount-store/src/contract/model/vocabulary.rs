//! The rule of open vocabularies, as every store keeps it.
//!
//! A product has one vocabulary for each name of a column, whatever event it
//! is of. Words of closed sets, flags, and exit codes from 0 to 255 have a row
//! from their first event on. Any other value is a candidate until
//! [`limits::TELLERS`] devices have told it, and then has a row:
//!
//! - a device with an id counts once, and an ephemeral one does not;
//! - of devices without an id, each event that marks its day counts, and each
//!   event at all in a product that has never had an id or a mark;
//! - a device that is erased has told nothing.
//!
//! An event is bound to the value that it told when it came. It is shown under
//! [`limits::OTHER`] as long as that value has no row, and under the value's
//! own text from then on.
//!
//! [`keep_house`](crate::Store::keep_house) begins the window with the first
//! day whose raw events are kept. What was told last before it is over: a
//! candidate is forgotten, and its events stay with `other`; a value with a row
//! keeps its rows, and told again it starts as another candidate. A device that
//! told a candidate last before the window has not told it.

use std::collections::BTreeMap;

use headcount_catalog::Day;

use crate::{Pseudonym, limits};

/// The values of one column.
#[derive(Debug, Default)]
pub(super) struct Vocabulary {
    /// What is told now, by its text.
    places: BTreeMap<String, usize>,
    values: Vec<Value>,
}

#[derive(Debug)]
struct Value {
    text: String,
    standing: Standing,
}

#[derive(Debug)]
enum Standing {
    Fixed,
    Row { last: Day },
    Candidate { last: Day, tellers: Vec<(Option<Pseudonym>, Day)> },
    Former { last: Day },
    Gone,
}

/// Who tells a value.
#[derive(Debug, Clone, Copy)]
pub(super) enum Teller {
    Device(Pseudonym),
    Unnamed,
    Nobody,
}

impl Vocabulary {
    fn put(&mut self, text: &str, standing: Standing) -> usize {
        self.values.push(Value { text: text.to_owned(), standing });
        self.places.insert(text.to_owned(), self.values.len() - 1);
        self.values.len() - 1
    }

    /// The place of a word of a closed set.
    pub(super) fn fixed(&mut self, text: &str) -> usize {
        match self.places.get(text) {
            Some(place) => {
                self.values[*place].standing = Standing::Fixed;
                *place
            }
            None => self.put(text, Standing::Fixed),
        }
    }

    /// The place of a value of an open vocabulary.
    pub(super) fn open(&mut self, text: &str, day: Day, teller: Teller) -> usize {
        if text == limits::OTHER {
            return self.fixed(text);
        }
        let known = self.places.get(text).copied();
        let place = known.unwrap_or_else(|| {
            self.put(text, Standing::Candidate { last: day, tellers: Vec::new() })
        });
        match &mut self.values[place].standing {
            Standing::Row { last } => *last = day.max(*last),
            Standing::Candidate { last, tellers } => {
                *last = day.max(*last);
                let who = match teller {
                    Teller::Device(device) => Some(Some(device)),
                    Teller::Unnamed => Some(None),
                    Teller::Nobody => None,
                };
                let known = tellers.iter_mut().find(|(one, _)| one.is_some() && who == Some(*one));
                match (known, who) {
                    (Some((_, told)), _) => *told = day.max(*told),
                    (None, Some(who)) => tellers.push((who, day)),
                    (None, None) => {}
                }
                if tellers.len() >= limits::TELLERS {
                    let last = *last;
                    self.values[place].standing = Standing::Row { last };
                }
            }
            Standing::Fixed | Standing::Former { .. } | Standing::Gone => {}
        }
        place
    }

    /// The number of values that were ever told.
    pub(super) fn len(&self) -> usize {
        self.values.len()
    }

    /// The text under which a value is shown now.
    pub(super) fn shown(&self, place: usize) -> &str {
        match self.values[place].standing {
            Standing::Fixed | Standing::Row { .. } | Standing::Former { .. } => {
                &self.values[place].text
            }
            Standing::Candidate { .. } | Standing::Gone => limits::OTHER,
        }
    }

    /// Whether a value that is told now has a row.
    pub(super) fn has_row(&self, text: &str) -> bool {
        let standing = self.places.get(text).map(|place| &self.values[*place].standing);
        matches!(standing, Some(Standing::Fixed | Standing::Row { .. })) || text == limits::OTHER
    }

    /// The window begins with `first`.
    pub(super) fn begin_window(&mut self, first: Day) {
        for value in &mut self.values {
            let over = match &mut value.standing {
                Standing::Row { last } if *last < first => Standing::Former { last: *last },
                Standing::Candidate { last, .. } if *last < first => Standing::Gone,
                Standing::Candidate { tellers, .. } => {
                    tellers.retain(|(_, told)| *told >= first);
                    continue;
                }
                _ => continue,
            };
            value.standing = over;
            self.places.remove(&value.text);
        }
    }

    /// Counts of days before `first` go. With those of its last day, the text
    /// of a value goes, too.
    pub(super) fn expire_counts(&mut self, first: Day) {
        for value in &mut self.values {
            if matches!(value.standing, Standing::Former { last } if last < first) {
                value.standing = Standing::Gone;
            }
        }
    }

    pub(super) fn forget(&mut self, device: Pseudonym) {
        for value in &mut self.values {
            if let Standing::Candidate { tellers, .. } = &mut value.standing {
                tellers.retain(|(one, _)| *one != Some(device));
            }
        }
    }
}

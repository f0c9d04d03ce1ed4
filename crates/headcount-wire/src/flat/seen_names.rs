//! The names that a body has had so far. The events of one program have their
//! names in one order, so the next name is first looked for where it was the
//! last time: then nothing is searched for its end, and its number is known.

use super::name::{Name, NameNumber};

/// The names of one body, each with a number. Names beyond the limits are read
/// as any other text, and have no number.
#[derive(Default)]
pub(super) struct SeenNames<'b> {
    names: Vec<SeenName<'b>>,
    /// The place of the last name that has a number, and 0 before the first.
    last: usize,
    /// The number of the last name that was not expected.
    unexpected: NameNumber,
    /// Where the name with a hash is, and 0 where none is.
    slots: Slots,
}

struct Slots([u8; SLOTS]);

impl Default for Slots {
    fn default() -> Self {
        Self([0; SLOTS])
    }
}

/// A power of two, so that a hash is a place.
const SLOTS: usize = 256;

/// So many places are looked at for a name.
const PROBES: usize = 4;

/// Names that are known: a record has at most 96 keys, and OTLP and PostHog put
/// a few around them. The number of a name is one byte.
const NAMES: usize = 160;

const NOT_A_NAME: NameNumber = NameNumber(u8::MAX);

struct SeenName<'b> {
    head: Head,
    /// The bytes from [`HEAD`] on.
    tail: &'b [u8],
    /// How many bytes there are with quotation marks and colon, or whatever
    /// else is always around the name.
    length: usize,
    text: &'b str,
    /// The name of the object that it is in.
    outer: NameNumber,
    /// The place of the name that came next the last time.
    next: u8,
}

/// Bytes that are compared as numbers.
const HEAD: usize = 24;

/// The first bytes of a name as it is written. A byte beyond its end is 0, and
/// so is its mask.
struct Head {
    words: [u64; 3],
    masks: [u64; 3],
}

impl<'b> SeenNames<'b> {
    /// Returns the name that the text begins with, and its length as it is
    /// written, if it is one of those that are expected.
    #[inline(always)]
    pub(super) fn expected(&mut self, text: &[u8], outer: NameNumber) -> Option<(Name<'b>, usize)> {
        let head = text.first_chunk()?;
        let place = usize::from(self.names.get(self.last)?.next);
        let name = &self.names[place];
        if name.is_at(head, text, outer) {
            self.last = place;
            return Some((name.read(place), name.length));
        }
        // An optional field may be missing.
        let place = usize::from(name.next);
        let name = &self.names[place];
        if name.is_at(head, text, outer) {
            self.last = place;
            return Some((name.read(place), name.length));
        }
        None
    }

    /// Numbers a name that is not the expected one. `written` is the name as it
    /// stands in the body, with everything that is always around it.
    #[inline(never)]
    pub(super) fn number(
        &mut self,
        text: &'b str,
        written: &'b [u8],
        outer: NameNumber,
    ) -> NameNumber {
        self.unexpected = self.find_or_add(text, written, outer);
        self.unexpected
    }

    /// A name that has no number.
    pub(super) fn skip(&mut self) {
        self.unexpected = NameNumber::NONE;
    }

    /// The number of the last name that was not expected.
    pub(super) fn number_of_last(&self) -> NameNumber {
        self.unexpected
    }

    fn find_or_add(&mut self, text: &'b str, written: &'b [u8], outer: NameNumber) -> NameNumber {
        if self.names.is_empty() {
            // What is before the first name. No name is within it.
            self.names.reserve(16);
            self.names.push(SeenName::new("", b"", NOT_A_NAME));
        }
        let head = Head::of(written);
        let start = head.hash(outer);
        for probe in 0..PROBES {
            let slot = (start + probe) % SLOTS;
            let mut place = usize::from(self.slots.0[slot]);
            if place == 0 {
                if self.names.len() > NAMES {
                    break;
                }
                place = self.names.len();
                self.slots.0[slot] = place as u8;
                self.names.push(SeenName::new(text, written, outer));
            } else {
                let known = &self.names[place];
                if known.outer != outer || known.text != text || known.length != written.len() {
                    continue;
                }
            }
            self.names[self.last].next = place as u8;
            self.last = place;
            return NameNumber(place as u8);
        }
        NameNumber::NONE
    }
}

impl<'b> SeenName<'b> {
    fn new(text: &'b str, written: &'b [u8], outer: NameNumber) -> Self {
        let (head, tail) = (Head::of(written), written.get(HEAD..).unwrap_or_default());
        Self { head, tail, length: written.len(), text, outer, next: 0 }
    }

    #[inline(always)]
    fn is_at(&self, head: &[u8; HEAD], text: &[u8], outer: NameNumber) -> bool {
        self.head.is_at(head)
            && self.outer == outer
            && (self.tail.is_empty() || text[HEAD..].starts_with(self.tail))
    }

    fn read(&self, place: usize) -> Name<'b> {
        Name { text: self.text, number: NameNumber(place as u8) }
    }
}

impl Head {
    fn of(written: &[u8]) -> Self {
        let mut head = [0; HEAD];
        let length = written.len().min(HEAD);
        head[..length].copy_from_slice(&written[..length]);
        let mut mask = [0; HEAD];
        mask[..length].fill(0xff);
        Self { words: words(&head), masks: words(&mask) }
    }

    #[inline(always)]
    fn is_at(&self, head: &[u8; HEAD]) -> bool {
        let there = words(head);
        let differs = |place: usize| (there[place] ^ self.words[place]) & self.masks[place];
        differs(0) | differs(1) | differs(2) == 0
    }

    fn hash(&self, outer: NameNumber) -> usize {
        let [first, second, third] = self.words;
        let mixed = first ^ second.rotate_left(23) ^ third.rotate_left(46) ^ u64::from(outer.0);
        (mixed.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 56) as usize
    }
}

#[inline(always)]
fn words(bytes: &[u8; HEAD]) -> [u64; 3] {
    let (words, _) = bytes.as_chunks();
    [0, 1, 2].map(|place| u64::from_le_bytes(words[place]))
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;
    use std::fmt::Write as _;

    use crate::flat::{BodyEvent, BodyForm, Budget, NameNumber, Scratch, each};

    type Read = (String, Option<String>, String, NameNumber);

    fn read(form: BodyForm, body: &[u8]) -> Vec<Vec<Read>> {
        let (scratch, mut events) = (Scratch::new(), Vec::new());
        let read = each(form, body, &scratch, &mut Budget::of_body(), &mut |arrived| {
            let BodyEvent::Event(event) = arrived else { return };
            let owned = |field: &crate::flat::FlatField<'_>| {
                let (outer, inner) = (field.outer.to_owned(), field.inner.map(str::to_owned));
                (outer, inner, format!("{:?}", field.value), field.number)
            };
            events.push(event.fields.iter().map(owned).collect());
        });
        assert_eq!(read, Ok(()));
        events
    }

    /// Lines with names of every length, that are missing, doubled, in another
    /// order, within objects, with escapes and with space.
    fn lines() -> Vec<String> {
        let long = "abcdefghijklmnopqrstuvwxyzabcdefghijklmn";
        let mut names: Vec<String> = (0..=long.len()).map(|end| long[..end].to_owned()).collect();
        names.extend(
            ["abcdefghijklmnopqrstuvwxyzX", "\\u0061b", "ab\\\"", "\u{e9}"].map(str::to_owned),
        );
        names.extend((0..200).map(|number| format!("n{number}")));
        let mut lines = Vec::new();
        for round in 0..40 {
            let mut line = "{".to_owned();
            for (place, name) in names.iter().enumerate() {
                let colon = if (place + round) % 7 == 0 { " : " } else { ":" };
                match (place * 31 + round * 17) % 11 {
                    0 => {}
                    1 => write!(line, "\"{name}\"{colon}{{\"ab\":1,\"{name}\":2}},").unwrap(),
                    2 => write!(line, "\"{name}\"{colon}1,\"ab\":true,").unwrap(),
                    _ => write!(line, "\"{name}\"{colon}\"v{round}\",").unwrap(),
                }
            }
            lines.push(format!("{line}\"end\":{{}}}}"));
        }
        lines
    }

    #[test]
    fn what_is_expected_is_read_as_if_nothing_were() {
        let lines = lines();
        let together = read(BodyForm::Native, lines.join("\n").as_bytes());
        // A line that is not UTF-8 makes each be read on its own.
        let lines_as_bytes: Vec<&[u8]> = lines.iter().map(String::as_bytes).collect();
        let not_text = lines_as_bytes.join(&b"\n\xff\n"[..]);
        let names = |fields: &[Read]| -> Vec<_> {
            fields.iter().map(|field| (field.0.clone(), field.1.clone(), field.2.clone())).collect()
        };
        for (place, line) in lines.iter().enumerate() {
            let alone = &read(BodyForm::Native, line.as_bytes())[0];
            assert_eq!(names(&together[place]), names(alone), "{line}");
        }
        let not_text = read(BodyForm::Native, &not_text);
        assert_one_name_a_number(&together);
        assert_one_name_a_number(&not_text);
        let with_fields = |events: &[Vec<Read>]| -> Vec<_> {
            let events = events.iter().filter(|event| !event.is_empty());
            events.map(|event| names(event)).collect()
        };
        assert_eq!(with_fields(&not_text), with_fields(&together));
    }

    fn assert_one_name_a_number(events: &[Vec<Read>]) {
        let mut names = HashMap::new();
        for (outer, inner, _, number) in events.iter().flatten() {
            if *number != NameNumber::NONE {
                let name = (outer.clone(), inner.clone());
                assert_eq!(*names.entry(number.get()).or_insert_with(|| name.clone()), name);
            }
        }
        assert!(names.len() > 100, "{}", names.len());
    }
}

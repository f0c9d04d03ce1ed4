//! Names events that came without an id by what they say, so that an event that
//! is sent again has the same id: whatever else is in its request, in whatever
//! order its fields are, and whenever it is sent.

use std::cmp::Ordering;
use std::collections::HashMap;

use headcount_catalog::Time;
use headcount_wire::flat::{FlatEvent, FlatField, FlatValue};

use crate::limits;
use crate::plan::{Draft, DraftCell};
use crate::pseudonym::Pseudonyms;

type IdBits = [u8; limits::PSEUDONYM_BYTES];

/// Names the events of one request.
#[derive(Default)]
pub(super) struct ContentIds {
    /// How often the request has said the same so far. The hash is keyed twice:
    /// by the secret and by the map.
    times: HashMap<IdBits, u64>,
    content: Vec<u8>,
    order: Vec<usize>,
}

/// An event of somebody else's program, of which only this may name it.
pub(super) struct Kept<'k, 'b> {
    pub(super) event: &'k FlatEvent<'b>,
    /// What is stored of it.
    pub(super) draft: &'k Draft<'b>,
    /// Attributes that tell it from another one of the same moment.
    pub(super) told_apart_by: &'static [&'static str],
}

impl ContentIds {
    /// Returns the bits of an id. `said` are the event's name, time and device,
    /// which a dialect may have in fields of its own.
    ///
    /// Of several events of a request that say the same, each has another id,
    /// by its ordinal among them.
    pub(super) fn id(
        &mut self,
        pseudonyms: &Pseudonyms,
        product: &str,
        event: &FlatEvent<'_>,
        said: (&str, Time, Option<&str>),
    ) -> IdBits {
        self.write(event, said);
        self.counted(pseudonyms, product)
    }

    /// The same, by what is kept of an event alone.
    pub(super) fn id_of_kept(
        &mut self,
        pseudonyms: &Pseudonyms,
        product: &str,
        kept: &Kept<'_, '_>,
        said: (&str, Time, Option<&str>),
    ) -> IdBits {
        self.write_said(said);
        let out = &mut self.content;
        out.extend_from_slice(&kept.event.span.to_be_bytes());
        for attribute in kept.told_apart_by {
            let field = kept.event.fields.iter().find(|field| field.is_named(attribute));
            value(out, kept.event, field.map_or(FlatValue::Null, |field| field.value));
        }
        for (column, cell) in &kept.draft.cells {
            out.extend_from_slice(&(*column as u64).to_be_bytes());
            put_cell(out, kept.draft, *cell);
        }
        self.counted(pseudonyms, product)
    }

    /// The id of the content that was written.
    fn counted(&mut self, pseudonyms: &Pseudonyms, product: &str) -> IdBits {
        let bits = pseudonyms.of_content(product, &self.content);
        let times = self.times.entry(bits).or_default();
        let ordinal = *times;
        *times += 1;
        if ordinal == 0 {
            return bits;
        }
        self.content.clear();
        self.content.extend_from_slice(&bits);
        self.content.extend_from_slice(&ordinal.to_be_bytes());
        pseudonyms.of_content(product, &self.content)
    }

    fn write_said(&mut self, (name, time, device): (&str, Time, Option<&str>)) {
        let out = &mut self.content;
        out.clear();
        text(out, name);
        out.extend_from_slice(&time.milliseconds().to_be_bytes());
        text(out, device.unwrap_or_default());
    }

    /// Writes what an event says, sorted by names. Every text has its length
    /// before it, so that two events never have the same bytes.
    fn write(&mut self, event: &FlatEvent<'_>, said: (&str, Time, Option<&str>)) {
        self.write_said(said);
        let out = &mut self.content;
        let fields = &event.fields;
        // A field without a name says nothing; the time of sending is one.
        let is_named = |place: &usize| !fields[*place].outer.is_empty();
        self.order.clear();
        self.order.extend((0..fields.len()).filter(is_named));
        self.order.sort_by(|one, other| by_name(&fields[*one], &fields[*other]));
        for place in &self.order {
            let field = &fields[*place];
            let inner = field.inner.map_or(0, |inner| 1 + inner.len());
            out.extend_from_slice(&((field.outer.len() + inner) as u64).to_be_bytes());
            out.extend(name_bytes(field));
            value(out, event, field.value);
        }
    }
}

/// The value of a cell, in an order in which no two have the same bytes.
fn put_cell(out: &mut Vec<u8>, draft: &Draft<'_>, cell: DraftCell<'_>) {
    match cell {
        DraftCell::Flag(flag) => out.extend([1, u8::from(flag)]),
        DraftCell::Number(number) | DraftCell::Seconds(number) => {
            out.push(2);
            out.extend_from_slice(&number.to_be_bytes());
        }
        DraftCell::Decimal(number) => {
            out.push(3);
            out.extend_from_slice(&number.to_bits().to_be_bytes());
        }
        DraftCell::Text(kept) | DraftCell::Id(_, kept) => {
            out.push(4);
            text(out, kept);
        }
        DraftCell::Texts(first, end) => {
            out.push(5);
            out.extend_from_slice(&((end - first) as u64).to_be_bytes());
            draft.texts[first..end].iter().for_each(|kept| text(out, kept));
        }
        DraftCell::Word(code) => {
            out.push(6);
            out.extend_from_slice(&code.to_be_bytes());
        }
        DraftCell::Words(first, end) => {
            out.push(7);
            out.extend_from_slice(&((end - first) as u64).to_be_bytes());
            draft.words[first..end].iter().for_each(|code| out.extend(code.to_be_bytes()));
        }
    }
}

/// The whole name: one that comes in two parts means the same as in one.
fn name_bytes<'a>(field: &FlatField<'a>) -> impl Iterator<Item = u8> + use<'a> {
    let inner = field.inner.map(|inner| b".".iter().chain(inner.as_bytes()));
    field.outer.bytes().chain(inner.into_iter().flatten().copied())
}

fn by_name(one: &FlatField<'_>, other: &FlatField<'_>) -> Ordering {
    name_bytes(one).cmp(name_bytes(other))
}

fn text(out: &mut Vec<u8>, text: &str) {
    out.extend_from_slice(&(text.len() as u64).to_be_bytes());
    out.extend_from_slice(text.as_bytes());
}

fn value(out: &mut Vec<u8>, event: &FlatEvent<'_>, sent: FlatValue<'_>) {
    match sent {
        FlatValue::Null => out.push(0),
        FlatValue::Flag(flag) => out.extend([1, u8::from(flag)]),
        FlatValue::Integer(number) => {
            out.push(2);
            out.extend_from_slice(&number.to_be_bytes());
        }
        // A whole number is a number however it is written.
        FlatValue::Decimal(number) if number.fract() == 0.0 && number.abs() < 9e15 => {
            value(out, event, FlatValue::Integer(number as i64));
        }
        FlatValue::Decimal(number) => {
            out.push(3);
            out.extend_from_slice(&number.to_bits().to_be_bytes());
        }
        FlatValue::Text(sent) => {
            out.push(4);
            text(out, sent);
        }
        FlatValue::List(..) => {
            let items = event.items_of(sent);
            out.push(5);
            out.extend_from_slice(&(items.len() as u64).to_be_bytes());
            items.iter().for_each(|item| value(out, event, *item));
        }
        FlatValue::Other => out.push(6),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::secret::Secret;

    fn field<'a>(outer: &'a str, inner: Option<&'a str>, value: FlatValue<'a>) -> FlatField<'a> {
        FlatField::new(outer, inner, value)
    }

    fn event<'a>(fields: &[FlatField<'a>]) -> FlatEvent<'a> {
        FlatEvent { fields: fields.to_vec(), ..FlatEvent::default() }
    }

    #[test]
    fn what_an_event_says_names_it_and_nothing_else_does() {
        let pseudonyms = Pseudonyms::under(&Secret::of(7));
        let time = Time::from_milliseconds(1);
        let id = |event: &FlatEvent<'_>, time: Time, device: Option<&str>| {
            let said = ("run", time, device);
            ContentIds::default().id(&pseudonyms, "atomic", event, said)
        };
        let whole = FlatValue::Integer(3);
        let fields = [
            field("a", Some("b"), FlatValue::Text("x")),
            field("c", None, whole),
            field("", None, FlatValue::Other),
        ];
        let first = id(&event(&fields), time, Some("d"));
        // Another order, other parts of a name, another way to write a number,
        // no field without a name.
        let same =
            [field("c", None, FlatValue::Decimal(3.0)), field("a.b", None, FlatValue::Text("x"))];
        assert_eq!(id(&event(&same), time, Some("d")), first);
        let others = [
            id(&event(&fields[1..]), time, Some("d")),
            id(&event(&fields), Time::from_milliseconds(2), Some("d")),
            id(&event(&fields), time, Some("e")),
            id(&event(&fields), time, None),
            id(&event(&[fields[0], field("c", None, FlatValue::Text("3"))]), time, Some("d")),
            id(&event(&[fields[0], field("c", None, FlatValue::Null)]), time, Some("d")),
        ];
        for (place, other) in others.iter().enumerate() {
            assert!(*other != first && !others[..place].contains(other), "{place}");
        }
    }

    #[test]
    fn events_that_say_the_same_are_told_apart_by_their_ordinal() {
        let pseudonyms = Pseudonyms::under(&Secret::of(7));
        let said = ("run", Time::from_milliseconds(1), None);
        let named = |kinds: &[i64]| {
            let mut ids = ContentIds::default();
            let id = |kind: &i64| {
                let event = event(&[field("kind", None, FlatValue::Integer(*kind))]);
                (*kind, ids.id(&pseudonyms, "atomic", &event, said))
            };
            let mut named: Vec<_> = kinds.iter().map(id).collect();
            named.sort_unstable();
            named
        };
        let (one, other) = (named(&[1, 2, 1]), named(&[1, 1, 2]));
        assert_eq!(one, other, "whatever company they are in");
        assert!(one[0].1 != one[1].1 && one[1].1 != one[2].1);
    }
}

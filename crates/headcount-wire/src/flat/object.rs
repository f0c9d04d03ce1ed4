//! An object as flat fields: those of objects within it get names of two parts.

use headcount_catalog::Reason;

use super::Budget;
use super::event::{FlatField, FlatValue};
use super::lexer::{Lexer, Wrong};
use super::name::Name;
use super::scratch::Scratch;
use super::sink::Sink;
use crate::Malformed;
use crate::clacky::platform_word;

/// Reads a value as an event under a product's own names.
pub(super) fn event<'b>(lexer: &mut Lexer<'b, '_>, sink: &mut Sink<'b, '_>) -> Result<(), Wrong> {
    let Some(mut inside) = lexer.enter_object()? else { return not_an_object(lexer, sink) };
    while lexer.goes_on(&mut inside)? {
        let outer = lexer.name()?;
        each_of(lexer, sink, outer, |_| {})?;
    }
    Ok(())
}

/// What Clacky's bodies are, for the error message.
pub(crate) const WANTED_SINGLE: &str = "one JSON object";

/// Reads a body that is one object.
pub(super) fn single<'b>(
    body: &'b [u8],
    scratch: &'b Scratch,
    budget: &mut Budget,
    sink: &mut Sink<'b, '_>,
) -> Result<(), Malformed> {
    let text = Malformed::utf8(body, WANTED_SINGLE)?;
    let mut lexer = Lexer::new(text, scratch, budget);
    sink.begin();
    let is_object = lexer.next_byte() == Some(b'{');
    if event(&mut lexer, sink).and_then(|()| lexer.end()).is_err() {
        return Err(Malformed::json(body, lexer.fault(), WANTED_SINGLE));
    }
    if !is_object {
        return Err(Malformed::not_an_object(WANTED_SINGLE));
    }
    for field in sink.event.fields.iter_mut().filter(|field| field.inner.is_none()) {
        let word = field.value.text().and_then(|text| platform_word(field.outer, text));
        field.value = word.map_or(field.value, FlatValue::Text);
    }
    sink.end(budget).map_err(|fault| Malformed::json(body, fault, WANTED_SINGLE))
}

/// The first value of a name that may be there twice.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct First<'b>(Option<FlatValue<'b>>);

impl<'b> First<'b> {
    #[inline(always)]
    pub(super) fn see(&mut self, value: FlatValue<'b>) {
        if self.0.is_none() {
            self.0 = Some(value);
        }
    }

    pub(super) fn value(self) -> Option<FlatValue<'b>> {
        self.0
    }

    pub(super) fn text(self) -> Option<&'b str> {
        self.0?.text()
    }

    /// The text, unless it is empty.
    pub(super) fn key(self) -> Option<&'b str> {
        self.text().filter(|key| !key.is_empty())
    }

    /// Reads a value that is not an event's field.
    pub(super) fn read(&mut self, lexer: &mut Lexer<'b, '_>) -> Result<(), Wrong> {
        // A text is put where it stays: see `field`.
        if lexer.next_byte() == Some(b'"') {
            let text = lexer.counted_string()?;
            self.see(FlatValue::Text(text));
        } else {
            let value = lexer.scalar()?;
            self.see(value);
        }
        Ok(())
    }
}

/// As [`each_of`], for a name with a meaning of its own: `first` gets its
/// value.
pub(super) fn each_of_first<'b>(
    lexer: &mut Lexer<'b, '_>,
    sink: &mut Sink<'b, '_>,
    (outer, first): (Name<'b>, &mut First<'b>),
    review: impl FnMut(&mut Sink<'b, '_>),
) -> Result<(), Wrong> {
    let byte = lexer.next_byte();
    match byte {
        Some(b'{') => {
            first.see(FlatValue::Other);
            each_within(lexer, sink, outer, review)
        }
        Some(b'"') => {
            let text = lexer.counted_string()?;
            first.see(FlatValue::Text(text));
            sink.keep(FlatField::named(outer, FlatValue::Text(text)), review);
            Ok(())
        }
        _ => {
            let value = lexer.other_value(byte, &mut sink.event.items)?;
            first.see(value);
            sink.keep(FlatField::named(outer, value), review);
            Ok(())
        }
    }
}

/// Skips a value that is not an event.
pub(super) fn not_an_object<'b>(
    lexer: &mut Lexer<'b, '_>,
    sink: &mut Sink<'b, '_>,
) -> Result<(), Wrong> {
    sink.refuse(Reason::Malformed);
    lexer.skip()
}

/// Keeps the field of this name, or those of the object that it is. `review` is
/// called after each.
#[inline(always)]
pub(super) fn each_of<'b>(
    lexer: &mut Lexer<'b, '_>,
    sink: &mut Sink<'b, '_>,
    outer: Name<'b>,
    review: impl FnMut(&mut Sink<'b, '_>),
) -> Result<(), Wrong> {
    match lexer.next_byte() {
        Some(b'{') => each_within(lexer, sink, outer, review),
        first => field(lexer, sink, first, FlatField::named(outer, FlatValue::Null), review),
    }
}

/// Reads a value that begins with this byte, and keeps it under the name of
/// `named`.
///
/// Each kind of value is kept where it was made: one that is first moved as a
/// whole is read before its parts have been written, which takes as long as
/// reading a name.
#[inline(always)]
fn field<'b>(
    lexer: &mut Lexer<'b, '_>,
    sink: &mut Sink<'b, '_>,
    first: Option<u8>,
    named: FlatField<'b>,
    review: impl FnMut(&mut Sink<'b, '_>),
) -> Result<(), Wrong> {
    match first {
        Some(b'"') => {
            let text = lexer.counted_string()?;
            sink.keep(FlatField { value: FlatValue::Text(text), ..named }, review);
        }
        Some(b't') => {
            lexer.word("true")?;
            sink.keep(FlatField { value: FlatValue::Flag(true), ..named }, review);
        }
        Some(b'f') => {
            lexer.word("false")?;
            sink.keep(FlatField { value: FlatValue::Flag(false), ..named }, review);
        }
        Some(b'n') => {
            lexer.word("null")?;
            sink.keep(FlatField { value: FlatValue::Null, ..named }, review);
        }
        _ => {
            let value = lexer.other_value(first, &mut sink.event.items)?;
            sink.keep(FlatField { value, ..named }, review);
        }
    }
    Ok(())
}

#[inline(never)]
fn each_within<'b>(
    lexer: &mut Lexer<'b, '_>,
    sink: &mut Sink<'b, '_>,
    outer: Name<'b>,
    mut review: impl FnMut(&mut Sink<'b, '_>),
) -> Result<(), Wrong> {
    let Some(mut inside) = lexer.enter_object()? else { return Ok(()) };
    let mut is_empty = true;
    while lexer.goes_on(&mut inside)? {
        let inner = lexer.name_within(outer.number)?;
        is_empty = false;
        let named = FlatField::within(outer, inner, FlatValue::Null);
        let first = lexer.next_byte();
        field(lexer, sink, first, named, &mut review)?;
    }
    if is_empty {
        sink.keep(FlatField::named(outer, FlatValue::Other), review);
    }
    Ok(())
}

//! An object as flat fields: those of objects within it get names of two parts.

use headcount_catalog::Reason;

use super::Budget;
use super::event::{FlatEvent, FlatField, FlatValue};
use super::lexer::{Lexer, Wrong};
use super::scratch::Scratch;
use super::sink::Sink;
use crate::Malformed;

/// Reads a value as an event under a product's own names.
pub(super) fn event<'b>(lexer: &mut Lexer<'b, '_>, sink: &mut Sink<'b, '_>) -> Result<(), Wrong> {
    let Some(mut inside) = lexer.enter_object()? else { return not_an_object(lexer, sink) };
    while lexer.goes_on(&mut inside)? {
        let outer = lexer.name()?;
        each_of(lexer, sink, outer, |event, field| event.fields.push(field))?;
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
    sink.end(budget).map_err(|fault| Malformed::json(body, fault, WANTED_SINGLE))
}

/// The first value of a name that may be there twice.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct First<'b>(Option<FlatValue<'b>>);

impl<'b> First<'b> {
    pub(super) fn see(&mut self, value: FlatValue<'b>) {
        self.0.get_or_insert(value);
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
        let value = lexer.scalar()?;
        self.see(value);
        Ok(())
    }
}

/// As [`each_of`], for a name with a meaning of its own: `first` gets its
/// value.
pub(super) fn each_of_first<'b>(
    lexer: &mut Lexer<'b, '_>,
    sink: &mut Sink<'b, '_>,
    (outer, first): (&'b str, &mut First<'b>),
    mut put: impl FnMut(&mut FlatEvent<'b>, FlatField<'b>),
) -> Result<(), Wrong> {
    if lexer.next_byte() == Some(b'{') {
        first.see(FlatValue::Other);
        return each_of(lexer, sink, outer, put);
    }
    let value = lexer.value(&mut sink.event.items)?;
    first.see(value);
    if sink.counts() {
        put(&mut sink.event, FlatField::new(outer, value));
    }
    Ok(())
}

/// Skips a value that is not an event.
pub(super) fn not_an_object<'b>(
    lexer: &mut Lexer<'b, '_>,
    sink: &mut Sink<'b, '_>,
) -> Result<(), Wrong> {
    sink.refuse(Reason::Malformed);
    lexer.skip()
}

/// Calls `put` with the field of this name, or with those of the object that it
/// is.
#[inline]
pub(super) fn each_of<'b>(
    lexer: &mut Lexer<'b, '_>,
    sink: &mut Sink<'b, '_>,
    outer: &'b str,
    mut put: impl FnMut(&mut FlatEvent<'b>, FlatField<'b>),
) -> Result<(), Wrong> {
    let first = lexer.next_byte();
    if first == Some(b'{') {
        return each_within(lexer, sink, outer, put);
    }
    let value = lexer.value_at(first, &mut sink.event.items)?;
    if sink.counts() {
        put(&mut sink.event, FlatField::new(outer, value));
    }
    Ok(())
}

fn each_within<'b>(
    lexer: &mut Lexer<'b, '_>,
    sink: &mut Sink<'b, '_>,
    outer: &'b str,
    mut put: impl FnMut(&mut FlatEvent<'b>, FlatField<'b>),
) -> Result<(), Wrong> {
    let Some(mut inside) = lexer.enter_object()? else { return Ok(()) };
    let mut is_empty = true;
    while lexer.goes_on(&mut inside)? {
        let inner = lexer.name()?;
        is_empty = false;
        let value = lexer.value(&mut sink.event.items)?;
        if sink.counts() {
            put(&mut sink.event, FlatField { outer, inner: Some(inner), value });
        }
    }
    if is_empty && sink.counts() {
        put(&mut sink.event, FlatField::new(outer, FlatValue::Other));
    }
    Ok(())
}

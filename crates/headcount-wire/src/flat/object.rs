//! An object as flat fields: those of objects within it get names of two parts.

use headcount_catalog::Reason;

use super::event::{FlatEvent, FlatField, FlatValue};
use super::lexer::Lexer;
use super::sink::Sink;
use crate::json::Fault;

/// Reads a value as an event under a product's own names.
pub(super) fn event<'b>(lexer: &mut Lexer<'b, '_>, sink: &mut Sink<'b, '_>) -> Result<(), Fault> {
    let Some(mut inside) = lexer.enter_object()? else { return not_an_object(lexer, sink) };
    while let Some(outer) = lexer.next_name(&mut inside)? {
        each_of(lexer, sink, outer, |event, field| event.fields.push(field))?;
    }
    Ok(())
}

/// Skips a value that is not an event.
pub(super) fn not_an_object<'b>(
    lexer: &mut Lexer<'b, '_>,
    sink: &mut Sink<'b, '_>,
) -> Result<(), Fault> {
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
) -> Result<(), Fault> {
    let Some(mut inside) = lexer.enter_object()? else {
        let value = lexer.value(&mut sink.event.items)?;
        if sink.counts() {
            put(&mut sink.event, FlatField { outer, inner: None, value });
        }
        return Ok(());
    };
    let mut is_empty = true;
    while let Some(inner) = lexer.next_name(&mut inside)? {
        is_empty = false;
        let value = lexer.value(&mut sink.event.items)?;
        if sink.counts() {
            put(&mut sink.event, FlatField { outer, inner: Some(inner), value });
        }
    }
    if is_empty && sink.counts() {
        put(&mut sink.event, FlatField { outer, inner: None, value: FlatValue::Other });
    }
    Ok(())
}

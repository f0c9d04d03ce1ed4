//! Reads JSON (RFC 8259) from front to back, strictly and within a budget, and
//! keeps nothing. What it reads borrows from the body.

mod lines;

use std::borrow::Cow;

use super::Budget;
use super::event::FlatValue;
use super::name::{Name, NameNumber};
use super::number::number;
use super::scratch::{Scratch, ScratchEnd};
use super::seen_names::SeenNames;
use super::sink::Sink;
use crate::json::{Fault, plain_length, unescaped};
use crate::limits;

/// Where a text is read.
pub(super) struct Lexer<'b, 's> {
    text: &'b str,
    at: usize,
    depth: usize,
    /// Whether a newline ends the text, as in a body of lines.
    by_line: bool,
    fault: Option<Fault>,
    /// The name of a list of events that an object has twice.
    repeated: Option<&'static str>,
    scratch: ScratchEnd<'b>,
    names: SeenNames<'b>,
    pub(super) budget: &'s mut Budget,
}

/// Something is wrong: [`Lexer::fault`] says what. An error without a content
/// makes results that fit into registers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Wrong;

/// A place to come back to.
#[derive(Clone, Copy)]
pub(super) struct Place {
    at: usize,
    depth: usize,
}

impl<'b, 's> Lexer<'b, 's> {
    pub(super) fn new(text: &'b str, scratch: &'b Scratch, budget: &'s mut Budget) -> Self {
        let scratch = ScratchEnd::of(scratch);
        let names = SeenNames::default();
        let (at, depth, by_line, fault, repeated) = (0, 0, false, None, None);
        let mut lexer = Self { text, at, depth, by_line, fault, repeated, scratch, names, budget };
        lexer.skip_mark();
        lexer
    }

    /// The names that were read so far, for the next lexer of the same body.
    pub(super) fn into_names(self) -> SeenNames<'b> {
        self.names
    }

    /// Goes on with the names of an earlier lexer of the same body.
    pub(super) fn with_names(self, names: SeenNames<'b>) -> Self {
        Self { names, ..self }
    }

    pub(super) fn at(&self) -> usize {
        self.at
    }

    /// Goes on at this byte, outside of everything.
    pub(super) fn go_to(&mut self, at: usize) {
        (self.at, self.depth) = (at, 0);
    }

    pub(super) fn place(&self) -> Place {
        Place { at: self.at, depth: self.depth }
    }

    /// Reads once more from an earlier place, what has been counted already,
    /// and returns to where the lexer is.
    pub(super) fn again<T>(
        &mut self,
        place: Place,
        read: impl FnOnce(&mut Self) -> Result<T, Wrong>,
    ) -> Result<T, Wrong> {
        let (here, values) = (self.place(), self.budget.values);
        (self.at, self.depth) = (place.at, place.depth);
        self.budget.values = usize::MAX;
        let read = read(self);
        self.budget.values = values;
        (self.at, self.depth) = (here.at, here.depth);
        read
    }

    /// Gives out the event that was read.
    pub(super) fn give_out(&mut self, sink: &mut Sink<'b, '_>) -> Result<(), Wrong> {
        match sink.end(self.budget) {
            Ok(()) => Ok(()),
            Err(fault) => self.fail(fault),
        }
    }

    fn bytes(&self) -> &'b [u8] {
        self.text.as_bytes()
    }

    /// Says what is wrong.
    #[cold]
    pub(super) fn fail<T>(&mut self, fault: Fault) -> Result<T, Wrong> {
        self.fault = Some(fault);
        Err(Wrong)
    }

    fn wrong<T>(&mut self) -> Result<T, Wrong> {
        self.fail(Fault::Syntax(self.at))
    }

    /// What is wrong, after an error.
    pub(super) fn fault(&self) -> Fault {
        self.fault.unwrap_or(Fault::Syntax(self.at))
    }

    #[inline(always)]
    fn peek(&self) -> Option<u8> {
        self.bytes().get(self.at).copied()
    }

    #[inline(never)]
    fn space(&mut self) {
        while let Some(byte) = self.peek() {
            match byte {
                b' ' | b'\t' | b'\r' => self.at += 1,
                b'\n' if !self.by_line => self.at += 1,
                _ => return,
            }
        }
    }

    /// Skips space and returns the next byte.
    #[inline(always)]
    pub(super) fn next_byte(&mut self) -> Option<u8> {
        match self.peek() {
            Some(byte) if byte > b' ' => Some(byte),
            _ => {
                self.space();
                self.peek()
            }
        }
    }

    /// Requires that nothing follows.
    pub(super) fn end(&mut self) -> Result<(), Wrong> {
        if self.next_byte().is_some() {
            return self.wrong();
        }
        match self.repeated {
            Some(name) => self.fail(Fault::Repeated(name)),
            None => Ok(()),
        }
    }

    /// An object has its list of events once more. What is wrong otherwise is
    /// told first, so this is an error at the end.
    pub(super) fn has_repeated(&mut self, name: &'static str) {
        self.repeated = Some(name);
    }

    /// Takes a value from the budget.
    #[inline(always)]
    fn count_value(&mut self) -> Result<(), Wrong> {
        match self.budget.values.checked_sub(1) {
            Some(left) => self.budget.values = left,
            None => return self.fail(Fault::TooMany),
        }
        Ok(())
    }

    /// Enters a value if it is an object. Otherwise nothing is read.
    pub(super) fn enter_object(&mut self) -> Result<Option<Inside>, Wrong> {
        self.enter(b'{', b'}')
    }

    /// Enters a value if it is an array. Otherwise nothing is read.
    pub(super) fn enter_list(&mut self) -> Result<Option<Inside>, Wrong> {
        self.enter(b'[', b']')
    }

    #[inline]
    fn enter(&mut self, open: u8, close: u8) -> Result<Option<Inside>, Wrong> {
        if self.next_byte() != Some(open) {
            return Ok(None);
        }
        self.count_value()?;
        if self.depth == limits::DEPTH {
            return self.fail(Fault::TooDeep(self.at));
        }
        self.depth += 1;
        self.at += 1;
        Ok(Some(Inside { close, is_first: true }))
    }

    /// Whether another item or field of the array or object follows. Leaves it
    /// at its end.
    #[inline]
    pub(super) fn goes_on(&mut self, inside: &mut Inside) -> Result<bool, Wrong> {
        let next = self.next_byte();
        if next == Some(inside.close) {
            self.at += 1;
            self.depth -= 1;
            return Ok(false);
        }
        if std::mem::take(&mut inside.is_first) {
            return Ok(true);
        }
        if next != Some(b',') {
            return self.wrong();
        }
        self.at += 1;
        // A comma is followed by a value or name, which is read next.
        Ok(true)
    }

    /// Reads the name of the next field, and the colon.
    #[inline(always)]
    pub(super) fn name(&mut self) -> Result<Name<'b>, Wrong> {
        self.name_within(NameNumber::NONE)
    }

    /// The same, of a field in an object that is the value of a field with this
    /// number.
    #[inline(always)]
    pub(super) fn name_within(&mut self, outer: NameNumber) -> Result<Name<'b>, Wrong> {
        if self.next_byte() != Some(b'"') {
            return self.wrong();
        }
        match self.names.expected(&self.bytes()[self.at..], outer) {
            Some((name, length)) => {
                self.at += length;
                Ok(name)
            }
            None => {
                let text = self.other_name(outer)?;
                Ok(Name { text, number: self.names.number_of_last() })
            }
        }
    }

    /// Reads a name that is not the expected one. `names` has its number. It is
    /// not returned, so that the result fits into registers.
    #[inline(never)]
    fn other_name(&mut self, outer: NameNumber) -> Result<&'b str, Wrong> {
        let start = self.at;
        let text = self.string()?;
        let is_plain = self.at == start + text.len() + 2;
        self.colon()?;
        let written = &self.bytes()[start..self.at];
        let is_plain = is_plain && written.len() == text.len() + 3;
        if is_plain {
            self.names.number(text, written, outer);
        } else {
            self.names.skip();
        }
        Ok(text)
    }

    /// Reads the name of the next field, and the colon. Returns whether it is
    /// this one.
    pub(super) fn name_is(&mut self, wanted: &str) -> Result<bool, Wrong> {
        if self.next_byte() != Some(b'"') {
            return self.wrong();
        }
        let (name, end) = match unescaped(self.text, self.at + 1) {
            Ok(read) => read,
            Err(fault) => return self.fail(fault),
        };
        self.at = end;
        self.colon()?;
        Ok(name == wanted)
    }

    /// The first byte in the array that the lexer is at the start of.
    pub(super) fn first_of_list(&mut self) -> Option<u8> {
        let place = self.at;
        self.at += 1;
        let first = self.next_byte();
        self.at = place;
        first
    }

    #[inline]
    fn colon(&mut self) -> Result<(), Wrong> {
        if self.next_byte() != Some(b':') {
            return self.wrong();
        }
        self.at += 1;
        Ok(())
    }

    /// Reads a value that begins with this byte, and is not an object. The
    /// items of an array are put into `items`.
    #[inline(always)]
    pub(super) fn value_at(
        &mut self,
        first: Option<u8>,
        items: &mut Vec<FlatValue<'b>>,
    ) -> Result<FlatValue<'b>, Wrong> {
        if first == Some(b'[') { self.list(items) } else { self.scalar_at(first) }
    }

    #[inline(never)]
    fn list(&mut self, items: &mut Vec<FlatValue<'b>>) -> Result<FlatValue<'b>, Wrong> {
        let Some(mut inside) = self.enter_list()? else { return self.scalar() };
        let (first, mut count) = (items.len(), 0);
        while self.goes_on(&mut inside)? {
            // No kind accepts a list of lists.
            let item = self.scalar()?;
            count += 1;
            if count <= limits::LIST_VALUES {
                items.push(item);
            }
        }
        if count > limits::LIST_VALUES {
            items.truncate(first);
            return Ok(FlatValue::Other);
        }
        Ok(FlatValue::list(first, count))
    }

    /// Reads a value; an array or object is skipped.
    pub(super) fn scalar(&mut self) -> Result<FlatValue<'b>, Wrong> {
        let first = self.next_byte();
        self.scalar_at(first)
    }

    #[inline(always)]
    fn scalar_at(&mut self, first: Option<u8>) -> Result<FlatValue<'b>, Wrong> {
        if let Some(b'{' | b'[') = first {
            return self.skip().map(|()| FlatValue::Other);
        }
        self.count_value()?;
        match first {
            Some(b'"') => self.string().map(FlatValue::Text),
            Some(b'-' | b'0'..=b'9') => self.number(),
            Some(b't') => self.known_word("true").map(|()| FlatValue::Flag(true)),
            Some(b'f') => self.known_word("false").map(|()| FlatValue::Flag(false)),
            Some(b'n') => self.known_word("null").map(|()| FlatValue::Null),
            _ => self.wrong(),
        }
    }

    /// Skips a value, and finds what is wrong in it.
    pub(super) fn skip(&mut self) -> Result<(), Wrong> {
        match self.next_byte() {
            Some(b'{') => {
                let Some(mut inside) = self.enter_object()? else { return self.wrong() };
                while self.goes_on(&mut inside)? {
                    if self.next_byte() != Some(b'"') {
                        return self.wrong();
                    }
                    self.skip_string()?;
                    self.colon()?;
                    self.skip()?;
                }
                Ok(())
            }
            Some(b'[') => {
                let Some(mut inside) = self.enter_list()? else { return self.wrong() };
                while self.goes_on(&mut inside)? {
                    self.skip()?;
                }
                Ok(())
            }
            Some(b'"') => {
                self.count_value()?;
                self.skip_string()
            }
            first => self.scalar_at(first).map(drop),
        }
    }

    /// Reads the value `true`, `false` or `null`.
    #[inline(always)]
    pub(super) fn word(&mut self, word: &str) -> Result<(), Wrong> {
        self.count_value()?;
        self.known_word(word)
    }

    #[inline(always)]
    fn known_word(&mut self, word: &str) -> Result<(), Wrong> {
        if self.bytes()[self.at..].starts_with(word.as_bytes()) {
            self.at += word.len();
            Ok(())
        } else {
            self.wrong()
        }
    }

    /// Reads a value that is a string. The lexer is on its opening quotation
    /// mark.
    #[inline(always)]
    pub(super) fn counted_string(&mut self) -> Result<&'b str, Wrong> {
        self.count_value()?;
        self.string()
    }

    /// Reads a value that begins with this byte; an object is skipped.
    #[inline(never)]
    pub(super) fn other_value(
        &mut self,
        first: Option<u8>,
        items: &mut Vec<FlatValue<'b>>,
    ) -> Result<FlatValue<'b>, Wrong> {
        self.value_at(first, items)
    }

    /// Reads a string. The lexer is on its opening quotation mark.
    #[inline(always)]
    fn string(&mut self) -> Result<&'b str, Wrong> {
        let start = self.at + 1;
        let end = start + plain_length(self.bytes(), start);
        if self.bytes().get(end) == Some(&b'"') {
            self.at = end + 1;
            return Ok(&self.text[start..end]);
        }
        self.escaped(start)
    }

    #[cold]
    fn escaped(&mut self, start: usize) -> Result<&'b str, Wrong> {
        let (text, end) = match unescaped(self.text, start) {
            Ok(read) => read,
            Err(fault) => return self.fail(fault),
        };
        self.at = end;
        Ok(match text {
            Cow::Borrowed(text) => text,
            Cow::Owned(text) => {
                let held = text.len() + HELD_FOR_EACH;
                match self.budget.held.checked_sub(held) {
                    Some(left) => self.budget.held = left,
                    None => return self.fail(Fault::TooMuchText),
                }
                self.scratch.keep(text)
            }
        })
    }

    /// As `string`, but keeps nothing.
    fn skip_string(&mut self) -> Result<(), Wrong> {
        let start = self.at + 1;
        let end = start + plain_length(self.bytes(), start);
        if self.bytes().get(end) == Some(&b'"') {
            self.at = end + 1;
            return Ok(());
        }
        match unescaped(self.text, start) {
            Ok((_, end)) => self.at = end,
            Err(fault) => return self.fail(fault),
        }
        Ok(())
    }

    fn number(&mut self) -> Result<FlatValue<'b>, Wrong> {
        match number(self.text, self.at) {
            Ok((value, end)) => {
                self.at = end;
                Ok(value)
            }
            Err(fault) => self.fail(fault),
        }
    }
}

/// Bytes that a text with escapes takes besides its own: its place, and what an
/// allocator adds.
const HELD_FOR_EACH: usize = 40;

/// An array or object that is being read.
pub(super) struct Inside {
    close: u8,
    is_first: bool,
}

//! Reads JSON (RFC 8259) from front to back, strictly and within a budget, and
//! keeps nothing. What it reads borrows from the body.

use std::borrow::Cow;

use super::Budget;
use super::event::FlatValue;
use super::scratch::{Scratch, ScratchEnd};
use super::text::{line_length, plain_length, unescaped};
use crate::json::Fault;
use crate::limits;

/// Where a text is read.
pub(super) struct Lexer<'b, 's> {
    text: &'b str,
    at: usize,
    depth: usize,
    /// Whether a newline ends the text, as in a body of lines.
    by_line: bool,
    scratch: ScratchEnd<'b>,
    pub(super) budget: &'s mut Budget,
}

/// A place to come back to.
#[derive(Clone, Copy)]
pub(super) struct Place {
    at: usize,
    depth: usize,
}

impl<'b, 's> Lexer<'b, 's> {
    pub(super) fn new(text: &'b str, scratch: &'b Scratch, budget: &'s mut Budget) -> Self {
        let scratch = ScratchEnd::of(scratch);
        let mut lexer = Self { text, at: 0, depth: 0, by_line: false, scratch, budget };
        lexer.skip_mark();
        lexer
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

    pub(super) fn return_to(&mut self, place: Place) {
        (self.at, self.depth) = (place.at, place.depth);
    }

    /// From here on a newline ends a text.
    pub(super) fn read_by_line(&mut self) {
        self.by_line = true;
    }

    /// Skips a byte order mark, which files that were put together have at the
    /// start of lines.
    pub(super) fn skip_mark(&mut self) {
        if self.text[self.at..].starts_with(MARK) {
            self.at += MARK.len_utf8();
        }
    }

    /// Requires that nothing follows in the line.
    pub(super) fn at_end_of_line(&mut self) -> Result<(), Fault> {
        if matches!(self.next_byte(), None | Some(b'\n')) { Ok(()) } else { self.wrong() }
    }

    /// Goes to the start of the next line. Returns where this one ends.
    pub(super) fn next_line(&mut self) -> usize {
        let rest = &self.bytes()[self.at..];
        let end = self.at + line_length(rest);
        self.go_to((end + 1).min(self.text.len()));
        end
    }

    pub(super) fn text_between(&self, start: usize, end: usize) -> &'b str {
        &self.text[start..end]
    }

    fn bytes(&self) -> &'b [u8] {
        self.text.as_bytes()
    }

    fn wrong<T>(&self) -> Result<T, Fault> {
        Err(Fault::Syntax(self.at))
    }

    pub(super) fn peek(&self) -> Option<u8> {
        self.bytes().get(self.at).copied()
    }

    #[inline]
    pub(super) fn space(&mut self) {
        while let Some(byte) = self.peek() {
            match byte {
                b' ' | b'\t' | b'\r' => self.at += 1,
                b'\n' if !self.by_line => self.at += 1,
                _ => return,
            }
        }
    }

    /// Skips space and returns the next byte.
    #[inline]
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
    pub(super) fn end(&mut self) -> Result<(), Fault> {
        if self.next_byte().is_none() { Ok(()) } else { self.wrong() }
    }

    /// Takes a value from the budget and returns its first byte.
    #[inline]
    fn begin_value(&mut self) -> Result<Option<u8>, Fault> {
        let next = self.next_byte();
        self.budget.values = self.budget.values.checked_sub(1).ok_or(Fault::TooMany)?;
        Ok(next)
    }

    /// Enters a value if it is an object. Otherwise nothing is read.
    pub(super) fn enter_object(&mut self) -> Result<Option<Inside>, Fault> {
        self.enter(b'{', b'}')
    }

    /// Enters a value if it is an array. Otherwise nothing is read.
    pub(super) fn enter_list(&mut self) -> Result<Option<Inside>, Fault> {
        self.enter(b'[', b']')
    }

    #[inline]
    fn enter(&mut self, open: u8, close: u8) -> Result<Option<Inside>, Fault> {
        if self.next_byte() != Some(open) {
            return Ok(None);
        }
        self.budget.values = self.budget.values.checked_sub(1).ok_or(Fault::TooMany)?;
        if self.depth == limits::DEPTH {
            return Err(Fault::TooDeep(self.at));
        }
        self.depth += 1;
        self.at += 1;
        Ok(Some(Inside { close, is_first: true }))
    }

    /// Whether another item or field of the array or object follows. Leaves it
    /// at its end.
    #[inline]
    pub(super) fn goes_on(&mut self, inside: &mut Inside) -> Result<bool, Fault> {
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
    #[inline]
    pub(super) fn name(&mut self) -> Result<&'b str, Fault> {
        if self.next_byte() != Some(b'"') {
            return self.wrong();
        }
        let name = self.string()?;
        self.colon()?;
        Ok(name)
    }

    /// Reads the name of the next field, and the colon. Returns whether it is
    /// this one.
    pub(super) fn name_is(&mut self, wanted: &str) -> Result<bool, Fault> {
        if self.next_byte() != Some(b'"') {
            return self.wrong();
        }
        let (name, end) = unescaped(self.text, self.at + 1)?;
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
    fn colon(&mut self) -> Result<(), Fault> {
        if self.next_byte() != Some(b':') {
            return self.wrong();
        }
        self.at += 1;
        Ok(())
    }

    /// Reads the name of the next field if it is there, as `name` does, for
    /// loops over the fields of an object.
    #[inline]
    pub(super) fn next_name(&mut self, inside: &mut Inside) -> Result<Option<&'b str>, Fault> {
        if self.goes_on(inside)? { self.name().map(Some) } else { Ok(None) }
    }

    /// Reads a value. The items of an array are put into `items`.
    #[inline]
    pub(super) fn value(&mut self, items: &mut Vec<FlatValue<'b>>) -> Result<FlatValue<'b>, Fault> {
        match self.next_byte() {
            Some(b'[') => self.list(items),
            _ => self.scalar(),
        }
    }

    fn list(&mut self, items: &mut Vec<FlatValue<'b>>) -> Result<FlatValue<'b>, Fault> {
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
    #[inline]
    pub(super) fn scalar(&mut self) -> Result<FlatValue<'b>, Fault> {
        match self.next_byte() {
            Some(b'{' | b'[') => {
                self.skip()?;
                return Ok(FlatValue::Other);
            }
            _ => {}
        }
        match self.begin_value()? {
            Some(b'"') => self.string().map(FlatValue::Text),
            Some(b'-' | b'0'..=b'9') => self.number(),
            Some(b't') => self.word("true", FlatValue::Flag(true)),
            Some(b'f') => self.word("false", FlatValue::Flag(false)),
            Some(b'n') => self.word("null", FlatValue::Null),
            _ => self.wrong(),
        }
    }

    /// Skips a value, and finds what is wrong in it.
    pub(super) fn skip(&mut self) -> Result<(), Fault> {
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
                self.begin_value()?;
                self.skip_string()
            }
            _ => self.scalar().map(drop),
        }
    }

    fn word(&mut self, word: &str, value: FlatValue<'b>) -> Result<FlatValue<'b>, Fault> {
        if self.bytes()[self.at..].starts_with(word.as_bytes()) {
            self.at += word.len();
            Ok(value)
        } else {
            self.wrong()
        }
    }

    /// Reads a string. The lexer is on its opening quotation mark.
    #[inline]
    fn string(&mut self) -> Result<&'b str, Fault> {
        let start = self.at + 1;
        let end = start + plain_length(self.bytes(), start);
        if self.bytes().get(end) == Some(&b'"') {
            self.at = end + 1;
            return Ok(&self.text[start..end]);
        }
        self.escaped(start)
    }

    #[cold]
    fn escaped(&mut self, start: usize) -> Result<&'b str, Fault> {
        let (text, end) = unescaped(self.text, start)?;
        self.at = end;
        Ok(match text {
            Cow::Borrowed(text) => text,
            Cow::Owned(text) => {
                let held = text.len() + HELD_FOR_EACH;
                self.budget.held = self.budget.held.checked_sub(held).ok_or(Fault::TooMuchText)?;
                self.scratch.keep(text)
            }
        })
    }

    /// As `string`, but keeps nothing.
    fn skip_string(&mut self) -> Result<(), Fault> {
        let start = self.at + 1;
        let end = start + plain_length(self.bytes(), start);
        if self.bytes().get(end) == Some(&b'"') {
            self.at = end + 1;
            return Ok(());
        }
        (_, self.at) = unescaped(self.text, start)?;
        Ok(())
    }

    fn number(&mut self) -> Result<FlatValue<'b>, Fault> {
        let (value, end) = number(self.text, self.at)?;
        self.at = end;
        Ok(value)
    }
}

/// A byte order mark.
const MARK: char = '\u{feff}';

/// Bytes that a text with escapes takes besides its own: its place, and what an
/// allocator adds.
const HELD_FOR_EACH: usize = 40;

/// An array or object that is being read.
pub(super) struct Inside {
    close: u8,
    is_first: bool,
}

/// Reads a number at a byte. Returns it and where it ends.
pub(super) fn number(text: &str, start: usize) -> Result<(FlatValue<'_>, usize), Fault> {
    let bytes = text.as_bytes();
    let digits = |from: usize| {
        let mut end = from;
        while bytes.get(end).is_some_and(u8::is_ascii_digit) {
            end += 1;
        }
        if end == from { Err(Fault::Syntax(end)) } else { Ok(end) }
    };
    let is_negative = bytes.get(start) == Some(&b'-');
    let first = start + usize::from(is_negative);
    let mut end = match bytes.get(first) {
        Some(b'0') => first + 1,
        _ => digits(first)?,
    };
    let whole_end = end;
    if bytes.get(end) == Some(&b'.') {
        end = digits(end + 1)?;
    }
    if let Some(b'e' | b'E') = bytes.get(end) {
        end += 1;
        end += usize::from(matches!(bytes.get(end), Some(b'+' | b'-')));
        end = digits(end)?;
    }
    let written = &text[start..end];
    let value = if end == whole_end && end - first <= MOST_DIGITS {
        let number =
            bytes[first..end].iter().fold(0, |number, digit| number * 10 + i64::from(digit - b'0'));
        FlatValue::Integer(if is_negative { -number } else { number })
    } else {
        long_number(written, end == whole_end)
    };
    Ok((value, end))
}

/// Decimal digits that always fit into an `i64`.
const MOST_DIGITS: usize = 18;

fn long_number<'b>(written: &str, is_whole: bool) -> FlatValue<'b> {
    if is_whole && let Ok(number) = written.parse() {
        return FlatValue::Integer(number);
    }
    match written.parse::<f64>() {
        Ok(number) if number.is_finite() => FlatValue::Decimal(number),
        _ => FlatValue::Other,
    }
}

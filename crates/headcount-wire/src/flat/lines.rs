//! Bodies of objects: an array, one object per line, objects over several
//! lines, or the plain form `{"events":[…]}`. The forms of the native dialect
//! and of Datadog's.

use headcount_catalog::Reason;

use super::Budget;
use super::lexer::Lexer;
use super::scratch::Scratch;
use super::shape::{Shape, is_of_longer_value, shape};
use super::sink::Sink;
use crate::json::Fault;
use crate::{Malformed, limits};

/// What to send, for the error messages.
const WANTED: &str = "a JSON array, or one JSON object per line";
const WANTED_PLAIN: &str = "{\"events\":[…]}";

/// Reads one event into the sink, without giving it out.
pub(super) type ReadEvent = for<'b> fn(&mut Lexer<'b, '_>, &mut Sink<'b, '_>) -> Result<(), Fault>;

/// A body of objects, and how one of them is read.
pub(super) struct Objects<'b> {
    pub(super) body: &'b [u8],
    pub(super) scratch: &'b Scratch,
    pub(super) event: ReadEvent,
}

impl<'b> Objects<'b> {
    /// Reads the native dialect, in which the plain form is accepted as well.
    pub(super) fn native(
        &self,
        budget: &mut Budget,
        sink: &mut Sink<'b, '_>,
    ) -> Result<(), Malformed> {
        let shape = shape(self.valid());
        self.read(shape, budget, sink)
    }

    /// Reads the forms of Datadog.
    pub(super) fn logs(
        &self,
        budget: &mut Budget,
        sink: &mut Sink<'b, '_>,
    ) -> Result<(), Malformed> {
        let shape = match shape(self.valid()) {
            Shape::Plain => Shape::Lines,
            shape => shape,
        };
        self.read(shape, budget, sink)
    }

    /// Reads the plain form.
    pub(super) fn plain(
        &self,
        budget: &mut Budget,
        sink: &mut Sink<'b, '_>,
    ) -> Result<(), Malformed> {
        let text = Malformed::utf8(self.body, WANTED_PLAIN)?;
        let mut lexer = Lexer::new(text, self.scratch, budget);
        match self.plain_events(&mut lexer, sink) {
            Ok(true) => Ok(()),
            Ok(false) => Err(Malformed::because(format!(
                "the body has no array `events`: send {WANTED_PLAIN}"
            ))),
            Err(fault) => Err(Malformed::json(self.body, fault, WANTED_PLAIN)),
        }
    }

    /// The part of the body before its first byte that is not UTF-8.
    fn valid(&self) -> &'b str {
        match std::str::from_utf8(self.body) {
            Ok(text) => text,
            Err(error) => {
                std::str::from_utf8(&self.body[..error.valid_up_to()]).unwrap_or_default()
            }
        }
    }

    fn read(
        &self,
        shape: Shape,
        budget: &mut Budget,
        sink: &mut Sink<'b, '_>,
    ) -> Result<(), Malformed> {
        let read = match shape {
            Shape::Plain => return self.plain(budget, sink),
            Shape::Lines => self.lines(budget, sink),
            Shape::Array => {
                let text = Malformed::utf8(self.body, WANTED)?;
                self.array(&mut Lexer::new(text, self.scratch, budget), sink)
            }
            Shape::Values => {
                let text = Malformed::utf8(self.body, WANTED)?;
                self.values(&mut Lexer::new(text, self.scratch, budget), sink)
            }
        };
        read.map_err(|fault| Malformed::json(self.body, fault, WANTED))
    }

    fn array(&self, lexer: &mut Lexer<'b, '_>, sink: &mut Sink<'b, '_>) -> Result<(), Fault> {
        self.items(lexer, sink)?;
        lexer.end()
    }

    /// Reads the events of an array. Returns `false`, and reads nothing, if the
    /// value is not one.
    fn items(&self, lexer: &mut Lexer<'b, '_>, sink: &mut Sink<'b, '_>) -> Result<bool, Fault> {
        let Some(mut inside) = lexer.enter_list()? else { return Ok(false) };
        while lexer.goes_on(&mut inside)? {
            sink.begin();
            (self.event)(lexer, sink)?;
            sink.end(lexer.budget)?;
        }
        Ok(true)
    }

    /// Returns whether there is an array `events`.
    fn plain_events(
        &self,
        lexer: &mut Lexer<'b, '_>,
        sink: &mut Sink<'b, '_>,
    ) -> Result<bool, Fault> {
        let (mut is_seen, mut is_array) = (false, false);
        if let Some(mut inside) = lexer.enter_object()? {
            while let Some(name) = lexer.next_name(&mut inside)? {
                if !is_seen && name == "events" {
                    (is_seen, is_array) = (true, self.items(lexer, sink)?);
                }
                if !is_array || name != "events" {
                    lexer.skip()?;
                }
            }
        } else {
            lexer.skip()?;
        }
        lexer.end()?;
        Ok(is_array)
    }

    /// Reads objects one after another, each over as many lines as it likes.
    fn values(&self, lexer: &mut Lexer<'b, '_>, sink: &mut Sink<'b, '_>) -> Result<(), Fault> {
        while lexer.next_byte().is_some() {
            let start = lexer.at();
            sink.begin();
            (self.event)(lexer, sink)?;
            if lexer.at() - start > limits::LINE_BYTES {
                sink.refuse(Reason::TooLong);
            }
            sink.end(lexer.budget)?;
        }
        Ok(())
    }

    /// Reads one object per line. A line that is not JSON is rejected on its
    /// own, unless no line is.
    fn lines(&self, budget: &mut Budget, sink: &mut Sink<'b, '_>) -> Result<(), Fault> {
        let mut tally = Tally::default();
        if let Ok(text) = std::str::from_utf8(self.body) {
            let mut lexer = Lexer::new(text, self.scratch, budget);
            lexer.read_by_line();
            while lexer.at() < text.len() {
                self.line(&mut lexer, 0, sink, &mut tally)?;
            }
        } else {
            let mut start = 0;
            for line in self.body.split(|byte| *byte == b'\n') {
                match std::str::from_utf8(line) {
                    Ok(text) => {
                        let mut lexer = Lexer::new(text, self.scratch, budget);
                        lexer.read_by_line();
                        self.line(&mut lexer, start, sink, &mut tally)?;
                    }
                    Err(error) => {
                        sink.begin();
                        let is_long = line.len() > limits::LINE_BYTES;
                        sink.refuse(if is_long { Reason::TooLong } else { Reason::Malformed });
                        tally.fault(start + error.valid_up_to());
                        tally.count(sink);
                        sink.end(budget)?;
                    }
                }
                start += line.len() + 1;
            }
        }
        tally.finish()
    }

    /// Reads the line that the lexer is at the start of, and its newline. The
    /// lexer's text starts at byte `base` of the body.
    fn line(
        &self,
        lexer: &mut Lexer<'b, '_>,
        base: usize,
        sink: &mut Sink<'b, '_>,
        tally: &mut Tally,
    ) -> Result<(), Fault> {
        let (start, before) = (lexer.at(), lexer.budget.clone());
        lexer.skip_mark();
        if matches!(lexer.next_byte(), None | Some(b'\n')) {
            lexer.next_line();
            return Ok(());
        }
        sink.begin();
        let read = (self.event)(lexer, sink).and_then(|()| lexer.at_end_of_line());
        let wrong = lexer.at();
        let end = lexer.next_line();
        let line = lexer.text_between(start, end);
        if line.len() > limits::LINE_BYTES {
            // Such a line costs nothing of what the others may.
            *lexer.budget = before;
            sink.refuse(Reason::TooLong);
        } else if let Err(fault) = read {
            if is_of_longer_value(line, wrong - start) {
                return Err(Fault::Syntax(base + wrong));
            }
            match fault {
                Fault::Syntax(at) | Fault::TooDeep(at) => {
                    if line.trim_ascii().is_empty() {
                        return Ok(());
                    }
                    sink.refuse(Reason::Malformed);
                    tally.fault(base + at);
                }
                fault => return Err(fault),
            }
        }
        tally.count(sink);
        sink.end(lexer.budget)
    }
}

/// What the lines of a body came to.
#[derive(Default)]
struct Tally {
    /// The byte of the first fault.
    first_fault: Option<usize>,
    /// Whether there was an arrival that is not malformed.
    has_other: bool,
}

impl Tally {
    fn fault(&mut self, at: usize) {
        self.first_fault.get_or_insert(at);
    }

    fn count(&mut self, sink: &Sink<'_, '_>) {
        self.has_other |= sink.refused() != Some(Reason::Malformed);
    }

    /// A body of which nothing can be read is rejected as a whole.
    fn finish(self) -> Result<(), Fault> {
        match self.first_fault {
            Some(at) if !self.has_other => Err(Fault::Syntax(at)),
            _ => Ok(()),
        }
    }
}

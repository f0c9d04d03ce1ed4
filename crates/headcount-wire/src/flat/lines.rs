//! Bodies of objects: an array, one object per line, objects over several
//! lines, or the plain form `{"events":[…]}`. The forms of the native dialect
//! and of Datadog's.

use headcount_catalog::Reason;

use super::Budget;
use super::lexer::{Lexer, Wrong};
use super::scratch::Scratch;
use super::seen_names::SeenNames;
use super::shape::{Shape, is_of_longer_value, shape};
use super::sink::Sink;
use crate::json::Fault;
use crate::{Malformed, limits};

/// What to send, for the error messages.
pub(crate) const WANTED_OBJECTS: &str = "a JSON array, or one JSON object per line";
pub(crate) const WANTED_PLAIN: &str = "{\"events\":[…]}";

/// Reads one event into the sink, without giving it out.
pub(super) type ReadEvent = for<'b> fn(&mut Lexer<'b, '_>, &mut Sink<'b, '_>) -> Result<(), Wrong>;

/// A body of objects, and how one of them is read.
pub(super) struct Objects<'b> {
    pub(super) body: &'b [u8],
    pub(super) scratch: &'b Scratch,
    pub(super) event: ReadEvent,
}

/// Which shapes a body of objects may have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Accepted {
    /// Every one.
    All,
    /// Not the plain form: it is an object as any other.
    AllButPlain,
    /// Only the plain form.
    Plain,
}

impl<'b> Objects<'b> {
    /// Reads a body.
    pub(super) fn read(
        &self,
        accepted: Accepted,
        budget: &mut Budget,
        sink: &mut Sink<'b, '_>,
    ) -> Result<(), Malformed> {
        let text = std::str::from_utf8(self.body);
        let shape = match accepted {
            Accepted::Plain => Shape::Plain,
            _ => match text {
                Ok(text) => shape(text),
                // What is before the first byte that is not UTF-8.
                Err(error) => {
                    let valid = &self.body[..error.valid_up_to()];
                    shape(std::str::from_utf8(valid).unwrap_or_default())
                }
            },
        };
        if shape == Shape::Lines || (shape, accepted) == (Shape::Plain, Accepted::AllButPlain) {
            let read = match text {
                Ok(text) => self.lines(text, budget, sink),
                Err(_) => self.lines_not_all_text(budget, sink),
            };
            return read.map_err(|fault| Malformed::json(self.body, fault, WANTED_OBJECTS));
        }
        let wanted = if shape == Shape::Plain { WANTED_PLAIN } else { WANTED_OBJECTS };
        let text = text.map_err(|error| Malformed::not_utf8(self.body, error, wanted))?;
        let lexer = &mut Lexer::new(text, self.scratch, budget);
        let is_whole = match shape {
            Shape::Plain => self.plain_events(lexer, sink),
            Shape::Values => self.values(lexer, sink).map(|()| true),
            Shape::Array | Shape::Lines => self.array(lexer, sink).map(|()| true),
        };
        match is_whole {
            Ok(true) => Ok(()),
            Ok(false) => Err(Malformed::because(format!(
                "the body has no array `events`: send {WANTED_PLAIN}"
            ))),
            Err(Wrong) => Err(Malformed::json(self.body, lexer.fault(), wanted)),
        }
    }

    fn array(&self, lexer: &mut Lexer<'b, '_>, sink: &mut Sink<'b, '_>) -> Result<(), Wrong> {
        self.items(lexer, sink)?;
        lexer.end()
    }

    /// Reads the events of an array. Returns `false`, and reads nothing, if the
    /// value is not one.
    fn items(&self, lexer: &mut Lexer<'b, '_>, sink: &mut Sink<'b, '_>) -> Result<bool, Wrong> {
        let Some(mut inside) = lexer.enter_list()? else { return Ok(false) };
        while lexer.goes_on(&mut inside)? {
            sink.begin();
            (self.event)(lexer, sink)?;
            lexer.give_out(sink)?;
        }
        Ok(true)
    }

    /// Returns whether there is an array `events`.
    fn plain_events(
        &self,
        lexer: &mut Lexer<'b, '_>,
        sink: &mut Sink<'b, '_>,
    ) -> Result<bool, Wrong> {
        let (mut is_seen, mut is_array) = (false, false);
        if let Some(mut inside) = lexer.enter_object()? {
            while lexer.goes_on(&mut inside)? {
                let is_events = lexer.name()?.text == "events";
                if is_events && std::mem::replace(&mut is_seen, true) {
                    lexer.has_repeated("events");
                    lexer.skip()?;
                } else if is_events && self.items(lexer, sink)? {
                    is_array = true;
                } else {
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
    fn values(&self, lexer: &mut Lexer<'b, '_>, sink: &mut Sink<'b, '_>) -> Result<(), Wrong> {
        while lexer.next_byte().is_some() {
            let start = lexer.at();
            sink.begin();
            (self.event)(lexer, sink)?;
            if lexer.at() - start > limits::LINE_BYTES {
                sink.refuse_unread(Reason::TooLong);
            }
            lexer.give_out(sink)?;
        }
        Ok(())
    }

    /// Reads one object per line. A line that is not JSON is rejected on its
    /// own, unless no line is.
    fn lines(
        &self,
        text: &'b str,
        budget: &mut Budget,
        sink: &mut Sink<'b, '_>,
    ) -> Result<(), Fault> {
        let mut tally = Tally::default();
        let mut lexer = Lexer::new(text, self.scratch, budget);
        lexer.read_by_line();
        while lexer.at() < text.len() {
            self.line(&mut lexer, 0, sink, &mut tally)?;
        }
        tally.finish()
    }

    /// As `lines`, of a body of which not every line is text.
    fn lines_not_all_text(
        &self,
        budget: &mut Budget,
        sink: &mut Sink<'b, '_>,
    ) -> Result<(), Fault> {
        let mut tally = Tally::default();
        let mut names = SeenNames::default();
        let mut start = 0;
        for line in self.body.split(|byte| *byte == b'\n') {
            match std::str::from_utf8(line) {
                // They cost next to nothing, and nobody counts them.
                Ok("") => {}
                Ok(text) => {
                    let lexer = Lexer::new(text, self.scratch, budget);
                    let mut lexer = lexer.with_names(names);
                    lexer.read_by_line();
                    self.line(&mut lexer, start, sink, &mut tally)?;
                    names = lexer.into_names();
                }
                Err(error) => {
                    let is_long = line.len() > limits::LINE_BYTES;
                    let reason = if is_long { Reason::TooLong } else { Reason::Malformed };
                    sink.refuse_unread(reason);
                    tally.fault(start + error.valid_up_to());
                    tally.count(sink);
                    sink.end(budget)?;
                }
            }
            start += line.len() + 1;
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
        lexer.skip_empty_lines();
        let (start, values, held) = (lexer.at(), lexer.budget.values, lexer.budget.held);
        lexer.skip_mark();
        if matches!(lexer.next_byte(), None | Some(b'\n')) {
            lexer.next_line();
            return Ok(());
        }
        sink.begin();
        let read = (self.event)(lexer, sink).and_then(|()| lexer.at_end_of_line());
        let wrong = lexer.at();
        let end = lexer.next_line();
        if end - start > limits::LINE_BYTES {
            // Such a line costs nothing of what the others may.
            (lexer.budget.values, lexer.budget.held) = (values, held);
            sink.refuse_unread(Reason::TooLong);
        } else if read.is_err() {
            let line = lexer.text_between(start, end);
            if line.trim_ascii().is_empty() {
                return Ok(());
            }
            if is_of_longer_value(line, wrong - start) {
                return Err(Fault::Syntax(base + wrong));
            }
            match lexer.fault() {
                Fault::Syntax(at) | Fault::TooDeep(at) => tally.fault(base + at),
                fault => return Err(fault),
            }
            sink.refuse_unread(Reason::Malformed);
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

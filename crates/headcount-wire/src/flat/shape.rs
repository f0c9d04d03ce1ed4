//! Tells from the JSON itself which shape a body of objects has.

use super::Budget;
use super::lexer::{Lexer, Wrong};
use super::scratch::Scratch;

/// The shape of a body of objects.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Shape {
    /// An array.
    Array,
    /// The plain form: an object with an array `events` of events.
    Plain,
    /// Objects one after another, the first over several lines.
    Values,
    /// One object per line.
    Lines,
}

/// Returns the shape of a body. `text` is the body, up to its first byte that
/// is not UTF-8.
///
/// The first value decides. If it is an object whose first `events` is an array
/// that does not begin with a text, it is the plain form: an event can have a
/// property `events`, but the lists of a catalog contain only texts. If it ends
/// in a later line than it began, the body is not one of lines. The same if it
/// is broken and its second line begins with a name or a bracket, as lines that
/// were wrapped by hand or by a printer do.
pub(crate) fn shape(text: &str) -> Shape {
    let (scratch, mut budget) = (Scratch::new(), Budget::of_body());
    let mut lexer = Lexer::new(text, &scratch, &mut budget);
    match lexer.next_byte() {
        Some(b'[') => return Shape::Array,
        Some(b'{') => {}
        _ => return Shape::Lines,
    }
    let start = lexer.at();
    let first_line = text[start..].split('\n').next().unwrap_or_default();
    let end = start + first_line.len();
    match object(&mut lexer) {
        Ok(First::Plain) => Shape::Plain,
        Ok(First::Event) if lexer.at() > end => Shape::Values,
        Ok(First::Event) => Shape::Lines,
        Err(_) if lexer.at() > end && is_wrapped(&text[end..]) => Shape::Values,
        Err(_) => Shape::Lines,
    }
}

enum First {
    Plain,
    Event,
}

/// Reads the first object, or as much of it as decides.
fn object(lexer: &mut Lexer<'_, '_>) -> Result<First, Wrong> {
    let Some(mut inside) = lexer.enter_object()? else { return Ok(First::Event) };
    let (mut fields, mut is_seen, mut is_empty) = (0, false, false);
    while lexer.goes_on(&mut inside)? {
        fields += 1;
        let is_events = lexer.name_is("events")? && !std::mem::replace(&mut is_seen, true);
        if is_events && lexer.next_byte() == Some(b'[') {
            match lexer.first_of_list() {
                Some(b'"') => {}
                Some(b']') => is_empty = true,
                _ => return Ok(First::Plain),
            }
        }
        lexer.skip()?;
    }
    // An empty list is the plain form if nothing else is in the body.
    let at = lexer.at();
    let is_all = fields == 1 && is_empty && lexer.end().is_ok();
    lexer.go_to(at);
    Ok(if is_all { First::Plain } else { First::Event })
}

/// Whether the lines after the first one go on with the value of the first.
fn is_wrapped(rest: &str) -> bool {
    let next = rest.split('\n').map(str::trim_ascii_start).find(|line| !line.is_empty());
    next.is_some_and(|line| line.starts_with(['"', '}', ']', ',', ':']))
}

/// Whether a line that is not JSON is a part of a longer value: then the body
/// is a broken array or object, and not lines of which one is broken. `fault`
/// is the byte of the line at which it stops being JSON.
pub(crate) fn is_of_longer_value(line: &str, fault: usize) -> bool {
    let line = line.trim_ascii_end();
    line.trim_ascii_start().starts_with([',', ']', '}'])
        || (fault > 0 && fault + 1 == line.len() && line.ends_with("},"))
}

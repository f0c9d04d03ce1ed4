//! Objects as trees: one per line, in an array, in the plain form, or one over
//! several lines. The model of what [`flat`](crate::flat) reads.

use headcount_catalog::Reason;

use crate::flat::{Shape, WANTED_OBJECTS as WANTED, is_of_longer_value, shape};
use crate::json::{Fault, Json, MARK, Reader};
use crate::{Malformed, http, limits};

/// The objects of a body.
pub(crate) type Arrivals<'a> = Vec<Result<Json<'a>, Reason>>;

/// Whether the plain form, `{"events":[…]}`, may be sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum PlainForm {
    Accepted,
    /// It is an object as any other.
    Object,
}

/// Reads the objects of a body, whose first value says which shape it has.
///
/// # Errors
///
/// Returns [`Malformed`] if nothing in the body can be read, if an array is
/// incomplete, or if the body has more values or events than the limits allow.
pub(crate) fn read(body: &[u8], plain: PlainForm) -> Result<Arrivals<'_>, Malformed> {
    let mut reader = Reader::new(limits::VALUES);
    let failed = |fault| Malformed::json(body, fault, WANTED);
    let arrivals = match (shape(valid(body)), plain) {
        (Shape::Array, _) => {
            let text = Malformed::utf8(body, WANTED)?;
            match reader.body(text).map_err(failed)? {
                Json::List(items) => items.into_iter().map(object).collect(),
                _ => Vec::new(),
            }
        }
        (Shape::Plain, PlainForm::Accepted) => http::decode(body)?.into_events(),
        (Shape::Values, _) => {
            let text = Malformed::utf8(body, WANTED)?;
            values(text, &mut reader).map_err(failed)?
        }
        (Shape::Lines | Shape::Plain, _) => lines(body, &mut reader).map_err(failed)?,
    };
    if arrivals.len() > limits::REQUEST_EVENTS {
        return Err(Malformed::too_many());
    }
    Ok(arrivals)
}

/// The part of the body before its first byte that is not UTF-8.
fn valid(body: &[u8]) -> &str {
    let length = std::str::from_utf8(body).map_or_else(|error| error.valid_up_to(), str::len);
    std::str::from_utf8(&body[..length]).unwrap_or_default()
}

fn values<'a>(text: &'a str, reader: &mut Reader) -> Result<Arrivals<'a>, Fault> {
    let mut arrivals = Vec::new();
    let mut at = if text.starts_with(MARK) { MARK.len_utf8() } else { 0 };
    while let Some((json, place)) = reader.next(text, at)? {
        let is_long = place.len() > limits::LINE_BYTES;
        arrivals.push(if is_long { Err(Reason::TooLong) } else { object(json) });
        at = place.end;
    }
    Ok(arrivals)
}

fn lines<'a>(body: &'a [u8], reader: &mut Reader) -> Result<Arrivals<'a>, Fault> {
    let mut arrivals = Vec::new();
    // The byte of the first error.
    let mut first = None;
    let mut start = 0;
    for line in body.split(|byte| *byte == b'\n') {
        let at = start;
        start += line.len() + 1;
        let content = line.strip_prefix(MARK.to_string().as_bytes()).unwrap_or(line);
        if content.trim_ascii().is_empty() {
            continue;
        }
        if arrivals.len() > limits::REQUEST_EVENTS {
            return Err(Fault::TooManyEvents);
        }
        if line.len() > limits::LINE_BYTES {
            arrivals.push(Err(Reason::TooLong));
            continue;
        }
        let read = match std::str::from_utf8(line) {
            Ok(text) => reader.body(text),
            Err(error) => Err(Fault::Syntax(error.valid_up_to())),
        };
        arrivals.push(match read {
            Ok(json) => object(json),
            Err(Fault::Syntax(within) | Fault::TooDeep(within)) => {
                if std::str::from_utf8(line).is_ok_and(|text| is_of_longer_value(text, within)) {
                    return Err(Fault::Syntax(at + within));
                }
                first.get_or_insert(at + within);
                Err(Reason::Malformed)
            }
            Err(fault) => return Err(fault),
        });
    }
    match first {
        Some(at) if arrivals.iter().all(|arrival| arrival == &Err(Reason::Malformed)) => {
            Err(Fault::Syntax(at))
        }
        _ => Ok(arrivals),
    }
}

fn object(json: Json<'_>) -> Result<Json<'_>, Reason> {
    if json.is_object() { Ok(json) } else { Err(Reason::Malformed) }
}

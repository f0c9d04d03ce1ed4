//! JSON objects, one per line or in an array: the form of the native dialect
//! and of Datadog's.

use headcount_catalog::Reason;

use crate::json::{Fault, Json, Reader};
use crate::{Malformed, limits};

/// What to send, for the error message.
const WANTED: &str = "a JSON array, or one JSON object per line";

/// Reads one object per line, an array of objects, or a single object over
/// several lines. A line that is not JSON is rejected on its own.
///
/// # Errors
///
/// Returns [`Malformed`] if nothing in the body can be read, if an array is
/// incomplete, or if the body has more values or events than the limits allow.
pub(crate) fn read(body: &[u8]) -> Result<Vec<Result<Json<'_>, Reason>>, Malformed> {
    let mut reader = Reader::new(limits::VALUES);
    let arrivals = if body.trim_ascii_start().first() == Some(&b'[') {
        let text = Malformed::utf8(body, WANTED)?;
        match reader.whole(text) {
            Ok(Json::List(items)) => items.into_iter().map(object).collect(),
            Ok(_) => Vec::new(),
            Err(fault) => return Err(Malformed::json(body, fault, WANTED)),
        }
    } else {
        lines(body, &mut reader)?
    };
    if arrivals.len() > limits::REQUEST_EVENTS {
        return Err(Malformed::too_many(arrivals.len()));
    }
    Ok(arrivals)
}

fn lines<'a>(
    body: &'a [u8],
    reader: &mut Reader,
) -> Result<Vec<Result<Json<'a>, Reason>>, Malformed> {
    let mut arrivals = Vec::new();
    // The start of the first line that is not JSON, and the byte of the error
    // in it.
    let mut first = None;
    let mut start = 0;
    for line in body.split(|byte| *byte == b'\n') {
        let at = start;
        start += line.len() + 1;
        if line.trim_ascii().is_empty() {
            continue;
        }
        if arrivals.len() > limits::REQUEST_EVENTS {
            return Err(Malformed::too_many(arrivals.len()));
        }
        if line.len() > limits::LINE_BYTES {
            arrivals.push(Err(Reason::TooLong));
            continue;
        }
        let read = match std::str::from_utf8(line) {
            Ok(text) => reader.whole(text),
            Err(error) => Err(Fault::Syntax(error.valid_up_to())),
        };
        arrivals.push(match read {
            Ok(json) => object(json),
            Err(Fault::Syntax(within) | Fault::TooDeep(within)) => {
                first.get_or_insert((at, at + within.min(line.len().saturating_sub(1))));
                Err(Reason::Malformed)
            }
            Err(fault) => return Err(Malformed::json(body, fault, WANTED)),
        });
    }
    match first {
        Some((start, at)) if arrivals.iter().all(|arrival| arrival == &Err(Reason::Malformed)) => {
            single(&body[start..])
                .ok_or_else(|| Malformed::json(body, Fault::Syntax(at), WANTED))
                .map(|json| vec![Ok(json)])
        }
        _ => Ok(arrivals),
    }
}

/// Reads one object over several lines, as people write it by hand.
fn single(body: &[u8]) -> Option<Json<'_>> {
    let text = std::str::from_utf8(body).ok().filter(|text| text.len() <= limits::LINE_BYTES)?;
    Reader::new(limits::VALUES).whole(text).ok().filter(Json::is_object)
}

fn object(json: Json<'_>) -> Result<Json<'_>, Reason> {
    if json.is_object() { Ok(json) } else { Err(Reason::Malformed) }
}

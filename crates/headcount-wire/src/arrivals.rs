//! Objects of JSON, one a line or in an array: what the native dialect and
//! Datadog's both are.

use headcount_catalog::Reason;

use crate::json::{Fault, Json, Reader};
use crate::{Malformed, limits};

/// What is wanted of a body, for the sentence that says so.
const WANTED: &str = "a JSON array or one JSON object a line";

/// Reads one object a line, an array of them, or a single one over several
/// lines. A line that is no JSON costs itself and no neighbour.
///
/// # Errors
///
/// [`Malformed`] where nothing in the body can be read, where an array is cut
/// short, or where there is more of it than is taken at once.
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
    // Where the first line that is no JSON goes wrong, in the whole body.
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
            Err(fault @ Fault::TooMany) => return Err(Malformed::json(body, fault, WANTED)),
            Err(Fault::Syntax(within) | Fault::TooDeep(within)) => {
                first.get_or_insert((at, at + within.min(line.len().saturating_sub(1))));
                Err(Reason::Malformed)
            }
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

/// One object over several lines, as people write it by hand.
fn single(body: &[u8]) -> Option<Json<'_>> {
    let text = std::str::from_utf8(body).ok().filter(|text| text.len() <= limits::LINE_BYTES)?;
    Reader::new(limits::VALUES).whole(text).ok().filter(Json::is_object)
}

fn object(json: Json<'_>) -> Result<Json<'_>, Reason> {
    if json.is_object() { Ok(json) } else { Err(Reason::Malformed) }
}

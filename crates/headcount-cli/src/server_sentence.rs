//! What a server says of a request that it refuses, as a person is shown it.

use headcount::person::visible;
use headcount::ship::Response;
use headcount_wire::sentence;

/// Letters that are shown: two lines of a terminal.
const LETTERS: usize = 160;

/// The first sentence of an answer, if it has one.
pub(crate) fn of(answer: &Response) -> Option<String> {
    let said = sentence(answer.content_type.as_deref(), &answer.body)?;
    Some(visible(&said).chars().take(LETTERS).collect())
}

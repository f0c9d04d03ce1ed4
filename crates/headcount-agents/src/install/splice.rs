//! Adds an item to a container of JSON, and cuts it out again so that every
//! byte is as it was.
//!
//! Nothing is kept on the side; the text itself says what was there before:
//!
//! - An item is added behind everything else, comments too, with white space
//!   before it. To cut it out takes the white space along.
//! - An empty container that exists gets its first item *directly* behind its
//!   bracket. A container that is created has white space there. So when the
//!   last item goes, the first stays and the second goes as well.
//! - Where the last item had a comma behind it, the new one gets one, too.

use std::ops::Range;

use super::json_text::{Style, indentation};
use super::jsonc::Container;

const SPACE: [char; 4] = [' ', '\t', '\r', '\n'];

/// The text with one more item at the end of a container. `render` gets the
/// indentation of the item.
pub(crate) fn add(
    text: &str,
    container: &Container,
    style: &Style,
    render: impl FnOnce(&str) -> String,
) -> String {
    let around = indentation_at(text, container.open - 1);
    let Some(last) = container.items.last() else {
        let item = render(&format!("{around}{}", style.unit));
        return [&text[..container.open], &item, &text[container.open..]].concat();
    };
    let behind = Behind::of(text, last.end..container.close);
    let has_lines = text[container.open..last.start].contains('\n');
    let indent = if has_lines {
        indentation_at(text, last.start)
    } else {
        format!("{around}{}", style.unit)
    };
    let item = render(&indent);
    let separator = if has_lines || behind.ends_in_line_comment {
        format!("{}{indent}", style.newline)
    } else {
        " ".to_owned()
    };
    let (first, second) = match behind.comma {
        Some(_) => ("", ","),
        None => (",", ""),
    };
    let between = &text[last.end..behind.end];
    let rest = &text[behind.end..];
    [&text[..last.end], first, between, &separator, &item, second, rest].concat()
}

/// Whether a container was empty and its first item was added to it: nothing is
/// before that.
pub(crate) fn is_tight(container: &Container) -> bool {
    container.items.first().is_some_and(|first| first.start == container.open)
}

/// The text without an item of a container.
pub(crate) fn cut(text: &str, container: &Container, place: usize) -> String {
    let item = &container.items[place];
    let floor = place.checked_sub(1).map_or(container.open, |before| container.items[before].end);
    let next = container.items.get(place + 1);
    let behind = Behind::of(text, item.end..next.map_or(container.close, |next| next.start));
    let before = Behind::of(text, floor..item.start);
    let rest = &text[behind.comma.map_or(item.end, |comma| comma + 1)..];
    let would_be_comment = before.ends_in_line_comment && !rest.starts_with(['\r', '\n']);
    let start = if would_be_comment { item.start } else { before.end };
    if let (Some(next), true) = (next, place == 0 && is_tight(container)) {
        let has_comments = !text[item.end..next.start].trim_matches(SPACE).eq(",");
        if !has_comments {
            return [&text[..start], &text[next.start..]].concat();
        }
    }
    match behind.comma {
        Some(comma) => [&text[..start], &text[item.end..comma], &text[comma + 1..]].concat(),
        None => {
            let Some(comma) = before.comma.filter(|_| place > 0) else {
                return [&text[..start], &text[item.end..]].concat();
            };
            [&text[..comma], &text[comma + 1..start], &text[item.end..]].concat()
        }
    }
}

/// The comments and the comma behind an item.
struct Behind {
    /// The place of the comma.
    comma: Option<usize>,
    /// Where white space begins that is behind all of them.
    end: usize,
    ends_in_line_comment: bool,
}

impl Behind {
    fn of(text: &str, range: Range<usize>) -> Self {
        let mut found = Self { comma: None, end: range.start, ends_in_line_comment: false };
        let mut at = range.start;
        while at < range.end {
            let rest = &text[at..range.end];
            let length = if rest.starts_with("//") {
                rest.find('\n')
                    .map_or(rest.len(), |end| end - usize::from(rest[..end].ends_with('\r')))
            } else if rest.starts_with("/*") {
                rest.find("*/").map_or(rest.len(), |end| end + 2)
            } else {
                rest.chars().next().map_or(1, char::len_utf8)
            };
            if rest.starts_with(',') {
                found.comma = Some(at);
            }
            if !rest.starts_with(SPACE) {
                found.end = at + length;
                found.ends_in_line_comment = rest.starts_with("//");
            }
            at += length;
        }
        found
    }
}

/// The indentation of the line of `at`.
fn indentation_at(text: &str, at: usize) -> String {
    let start = text[..at].rfind('\n').map_or(0, |end| end + 1);
    let line = text[start..].split('\n').next().unwrap_or_default();
    indentation(line).to_owned()
}

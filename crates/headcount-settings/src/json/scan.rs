//! Finds the positions of an object's members in valid JSON.
//!
//! It does not validate. On other text its result means nothing, but it still
//! ends and stays within the text.

use std::ops::Range;

/// An object in the text.
pub(super) struct Object {
    /// Where its `{` is.
    pub(super) open: usize,
    /// Its members, in order.
    pub(super) members: Vec<Member>,
    /// Where its `}` is.
    pub(super) close: usize,
}

/// A member of an object.
pub(super) struct Member {
    /// The key, with its quotes.
    pub(super) key: Range<usize>,
    /// The value.
    pub(super) value: Range<usize>,
}

/// The object whose `{` is the first thing at or after `from`; `None` if
/// something else is.
pub(super) fn object(text: &str, from: usize) -> Option<Object> {
    let scan = Scan(text.as_bytes());
    let open = scan.past_space(from);
    if scan.byte(open) != Some(b'{') {
        return None;
    }
    let mut members = Vec::new();
    let mut at = scan.past_space(open + 1);
    while scan.byte(at) == Some(b'"') {
        let key = at..scan.string_end(at);
        let colon = scan.past_space(key.end);
        let start = scan.past_space(colon + 1);
        let value = start..scan.value_end(start);
        at = scan.past_space(value.end);
        members.push(Member { key, value });
        if scan.byte(at) == Some(b',') {
            at = scan.past_space(at + 1);
        }
    }
    (scan.byte(at) == Some(b'}')).then_some(Object { open, members, close: at })
}

struct Scan<'t>(&'t [u8]);

impl Scan<'_> {
    fn byte(&self, at: usize) -> Option<u8> {
        self.0.get(at).copied()
    }

    /// The first place from `at` on where `stop` holds, or the end of the text.
    fn until(&self, at: usize, stop: impl Fn(u8) -> bool) -> usize {
        let rest = self.0.get(at..).unwrap_or_default();
        rest.iter().position(|byte| stop(*byte)).map_or(self.0.len(), |skipped| at + skipped)
    }

    fn past_space(&self, at: usize) -> usize {
        self.until(at, |byte| !matches!(byte, b' ' | b'\t' | b'\n' | b'\r'))
    }

    /// The end of the string whose opening quote is at `at`.
    fn string_end(&self, at: usize) -> usize {
        let mut at = at + 1;
        loop {
            at = self.until(at, |byte| matches!(byte, b'"' | b'\\'));
            match self.byte(at) {
                // The byte after a backslash is never the closing quote.
                Some(b'\\') => at += 2,
                Some(_) => return at + 1,
                None => return self.0.len(),
            }
        }
    }

    /// The end of the value that starts at `at`.
    fn value_end(&self, at: usize) -> usize {
        match self.byte(at) {
            Some(b'"') => self.string_end(at),
            Some(b'{' | b'[') => self.nest_end(at),
            _ => self.until(at, |byte| {
                matches!(byte, b',' | b'}' | b']' | b' ' | b'\t' | b'\n' | b'\r')
            }),
        }
    }

    /// The end of the object or list that starts at `at`.
    fn nest_end(&self, mut at: usize) -> usize {
        let mut depth = 0_usize;
        loop {
            at = self.until(at, |byte| matches!(byte, b'"' | b'{' | b'[' | b'}' | b']'));
            match self.byte(at) {
                Some(b'"') => {
                    at = self.string_end(at);
                    continue;
                }
                Some(b'{' | b'[') => depth += 1,
                Some(_) => depth -= 1,
                None => return self.0.len(),
            }
            at += 1;
            if depth == 0 {
                return at;
            }
        }
    }
}

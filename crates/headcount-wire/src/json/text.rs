//! The strings of JSON: where their plain part ends, and their escapes.

use std::borrow::Cow;

use super::{Fault, is_special};

/// Returns how many bytes from `start` need no escape in a string: up to a
/// quotation mark, a backslash, a control character or the end of the text.
/// Eight bytes are looked at at once, because strings are most of a body.
#[inline(always)]
pub(crate) fn plain_length(text: &[u8], start: usize) -> usize {
    let (eights, last) = text.get(start..).unwrap_or_default().as_chunks();
    for (place, eight) in eights.iter().enumerate() {
        let special = special(u64::from_le_bytes(*eight));
        if special != 0 {
            return place * 8 + special.trailing_zeros() as usize / 8;
        }
    }
    eights.len() * 8 + last_plain_length(last)
}

/// As [`plain_length`], of the last bytes of a text.
#[cold]
fn last_plain_length(rest: &[u8]) -> usize {
    rest.iter().position(|byte| is_special(*byte)).unwrap_or(rest.len())
}

const ONES: u64 = u64::MAX / 0xff;
const HIGH_BITS: u64 = ONES * 0x80;

/// Sets the highest bit of each byte that is special. Only the lowest bit that
/// is set is exact: a borrow may reach the bytes above it. Mycroft's method
/// ("Bit Twiddling Hacks", "Determine if a word has a byte less than n").
///
/// With bit 1 flipped, a quotation mark (0x22) becomes 0x20, a space (0x20)
/// becomes 0x22, and control characters stay below 0x20: one comparison finds
/// both.
#[inline(always)]
fn special(eight: u64) -> u64 {
    let marks_and_controls = (eight ^ (ONES * 0x02)).wrapping_sub(ONES * 0x21);
    let backslashes = (eight ^ (ONES * b'\\' as u64)).wrapping_sub(ONES);
    (marks_and_controls | backslashes) & !eight & HIGH_BITS
}

/// Returns how many bytes are before the first newline.
pub(crate) fn line_length(text: &[u8]) -> usize {
    text.iter().position(|byte| *byte == b'\n').unwrap_or(text.len())
}

/// Reads a string from after its opening quotation mark. Returns its text, and
/// where it ends, after the closing one.
pub(crate) fn unescaped(text: &str, start: usize) -> Result<(Cow<'_, str>, usize), Fault> {
    let bytes = text.as_bytes();
    let mut unescaped = String::new();
    let mut at = start;
    loop {
        let end = at + plain_length(bytes, at);
        let plain = &text[at..end];
        match bytes.get(end) {
            Some(b'"') if unescaped.is_empty() => return Ok((Cow::Borrowed(plain), end + 1)),
            Some(b'"') => {
                unescaped.push_str(plain);
                return Ok((Cow::Owned(unescaped), end + 1));
            }
            Some(b'\\') => {
                unescaped.push_str(plain);
                let (character, after) = escape(bytes, end + 1)?;
                unescaped.push(character);
                at = after;
            }
            _ => return Err(Fault::Syntax(end)),
        }
    }
}

/// Reads what follows a backslash. Returns the character and where it ends.
fn escape(bytes: &[u8], at: usize) -> Result<(char, usize), Fault> {
    let character = match bytes.get(at) {
        Some(byte @ (b'"' | b'\\' | b'/')) => char::from(*byte),
        Some(b'b') => '\u{8}',
        Some(b'f') => '\u{c}',
        Some(b'n') => '\n',
        Some(b'r') => '\r',
        Some(b't') => '\t',
        Some(b'u') => return unicode(bytes, at + 1),
        _ => return Err(Fault::Syntax(at)),
    };
    Ok((character, at + 1))
}

/// Reads the digits of `\uXXXX`, or of two that form a surrogate pair.
/// JavaScript writes a lone surrogate if a text was cut between the two; it is
/// replaced, so that the batch is not refused.
fn unicode(bytes: &[u8], at: usize) -> Result<(char, usize), Fault> {
    let first = hex_digits(bytes, at)?;
    let after = at + 4;
    if !(0xd800..0xdc00).contains(&first) {
        return Ok((char::from_u32(first).unwrap_or(char::REPLACEMENT_CHARACTER), after));
    }
    if bytes.get(after..after + 2) == Some(b"\\u") {
        let second = hex_digits(bytes, after + 2)?;
        if (0xdc00..0xe000).contains(&second) {
            let code = 0x1_0000 + ((first - 0xd800) << 10) + (second - 0xdc00);
            let character = char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER);
            return Ok((character, after + 6));
        }
    }
    Ok((char::REPLACEMENT_CHARACTER, after))
}

fn hex_digits(bytes: &[u8], at: usize) -> Result<u32, Fault> {
    let mut code = 0;
    for at in at..at + 4 {
        let digit = bytes.get(at).and_then(|byte| char::from(*byte).to_digit(16));
        code = code << 4 | digit.ok_or(Fault::Syntax(at))?;
    }
    Ok(code)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_byte_that_needs_an_escape_is_found_at_every_place() {
        for byte in 0..=u8::MAX {
            for place in 0..20 {
                let mut text = [b'a'; 24];
                text[place] = byte;
                // Special bytes after it, and bytes that a borrow may reach.
                text[place + 1..].fill(if place % 2 == 0 { b'"' } else { b'#' });
                let is_special = matches!(byte, b'"' | b'\\' | 0..0x20);
                let expected = match (is_special, place % 2) {
                    (true, _) => place,
                    (false, 0) => place + 1,
                    (false, _) => text.len(),
                };
                assert_eq!(plain_length(&text, 0), expected, "{byte} at {place}");
            }
        }
    }
}

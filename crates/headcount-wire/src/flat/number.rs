//! Reads the numbers of JSON.

use super::event::FlatValue;
use crate::json::Fault;

/// Reads a number at a byte. Returns it and where it ends.
pub(super) fn number(text: &str, start: usize) -> Result<(FlatValue<'_>, usize), Fault> {
    let bytes = text.as_bytes();
    let is_negative = bytes.get(start) == Some(&b'-');
    let first = start + usize::from(is_negative);
    let (mut end, mut number) = (first, 0_i64);
    while let Some(digit) = bytes.get(end).filter(|byte| byte.is_ascii_digit()) {
        number = number.wrapping_mul(10).wrapping_add(i64::from(digit - b'0'));
        end += 1;
        if end == first + 1 && *digit == b'0' {
            break;
        }
    }
    if end == first {
        return Err(Fault::Syntax(end));
    }
    match bytes.get(end) {
        Some(b'.' | b'e' | b'E') => {}
        _ if end - first <= MOST_DIGITS => {
            return Ok((FlatValue::Integer(if is_negative { -number } else { number }), end));
        }
        _ => return Ok((long_number(&text[start..end], true), end)),
    }
    let digits = |from: usize| {
        let count = bytes[from..].iter().take_while(|byte| byte.is_ascii_digit()).count();
        if count == 0 { Err(Fault::Syntax(from)) } else { Ok(from + count) }
    };
    if bytes[end] == b'.' {
        end = digits(end + 1)?;
    }
    if let Some(b'e' | b'E') = bytes.get(end) {
        end += 1;
        end += usize::from(matches!(bytes.get(end), Some(b'+' | b'-')));
        end = digits(end)?;
    }
    Ok((long_number(&text[start..end], false), end))
}

/// Decimal digits that always fit into an `i64`.
const MOST_DIGITS: usize = 18;

fn long_number<'b>(written: &str, is_whole: bool) -> FlatValue<'b> {
    if is_whole && let Ok(number) = written.parse() {
        return FlatValue::Integer(number);
    }
    match written.parse::<f64>() {
        Ok(number) if number.is_finite() => FlatValue::Decimal(number),
        _ => FlatValue::Other,
    }
}

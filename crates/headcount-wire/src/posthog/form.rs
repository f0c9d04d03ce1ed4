//! The form that PostHog's browser library sends: `data=` and percent-encoded
//! JSON in base64.

use std::borrow::Cow;

use crate::{Malformed, base64};

/// Returns the JSON in a body: the value of `data`, or the body itself if it is
/// not a form.
///
/// # Errors
///
/// Returns [`Malformed`] if `data` is neither JSON nor base64.
pub fn unwrapped(body: &[u8]) -> Result<Cow<'_, [u8]>, Malformed> {
    let Some(data) = data(body) else { return Ok(Cow::Borrowed(body)) };
    let data = percent_decoded(data);
    if matches!(data.trim_ascii_start().first(), Some(b'{' | b'[')) {
        return Ok(Cow::Owned(data));
    }
    base64::decode(&data).map(Cow::Owned).ok_or_else(|| {
        Malformed::because(
            "the form field `data` is neither JSON nor base64: send JSON as the body",
        )
    })
}

/// Returns the value of the form field `data`.
fn data(body: &[u8]) -> Option<&[u8]> {
    // JSON starts with a bracket, so it is never mistaken for a form.
    if matches!(body.trim_ascii_start().first(), None | Some(b'{' | b'[')) {
        return None;
    }
    body.split(|byte| *byte == b'&').find_map(|field| field.strip_prefix(b"data="))
}

/// Replaces `%XX` by its byte. A `+` stays a `+`, since it is a digit of
/// base64.
fn percent_decoded(text: &[u8]) -> Vec<u8> {
    let digit = |at: usize| text.get(at).and_then(|byte| char::from(*byte).to_digit(16));
    let mut decoded = Vec::with_capacity(text.len());
    let mut at = 0;
    while let Some(&byte) = text.get(at) {
        match (byte, digit(at + 1), digit(at + 2)) {
            (b'%', Some(high), Some(low)) => {
                decoded.push(u8::try_from(high << 4 | low).unwrap_or(byte));
                at += 3;
            }
            _ => {
                decoded.push(byte);
                at += 1;
            }
        }
    }
    decoded
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_form_gives_up_its_json() {
        let json = b"{\"event\":\"\xc3\xa9>?\"}";
        let based = String::from_utf8(base64::encode(json).into_bytes()).expect("base64 is text");
        let percented = based.replace('+', "%2B").replace('/', "%2F").replace('=', "%3D");
        for form in [
            format!("data={based}"),
            format!("data={percented}"),
            format!("compression=base64&data={percented}&ip=0"),
            format!("data={}", based.replace('+', "-").replace('/', "_").trim_end_matches('=')),
        ] {
            assert_eq!(unwrapped(form.as_bytes()).as_deref(), Ok(&json[..]), "{form}");
        }
        assert_eq!(unwrapped(b"data=%7B%22a%22%3A1%7D").as_deref(), Ok(&b"{\"a\":1}"[..]));
        assert_eq!(unwrapped(b" {\"a\":\"data=1\"}").as_deref(), Ok(&b" {\"a\":\"data=1\"}"[..]));
        assert!(unwrapped(b"data=%%%").is_err());
        assert_eq!(unwrapped(b"").as_deref(), Ok(&b""[..]));
    }
}

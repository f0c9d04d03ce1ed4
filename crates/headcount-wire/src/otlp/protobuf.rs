//! The encoding of protocol buffers, as far as OTLP's logs use it. Writing does
//! not need to know lengths in advance; reading copies nothing.

use crate::Malformed;

/// The value of a field in a message.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Wire<'a> {
    Varint(u64),
    Fixed64(u64),
    Bytes(&'a [u8]),
    Fixed32,
}

/// The bytes are not a message: they are incomplete, or contain a number of
/// more than 64 bits or a group.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Broken;

/// The fields of a message in their order, ending after the first error.
pub(crate) struct Fields<'a> {
    rest: &'a [u8],
}

impl<'a> Fields<'a> {
    pub(crate) fn of(message: &'a [u8]) -> Self {
        Self { rest: message }
    }

    fn field(&mut self) -> Option<(u64, Wire<'a>)> {
        let tag = self.number()?;
        let wire = match tag & 7 {
            0 => Wire::Varint(self.number()?),
            1 => Wire::Fixed64(u64::from_le_bytes(self.take(8)?.try_into().ok()?)),
            2 => {
                let length = usize::try_from(self.number()?).ok()?;
                Wire::Bytes(self.take(length)?)
            }
            5 => self.take(4).map(|_| Wire::Fixed32)?,
            // 3 and 4 are groups, which proto3 does not have; 6 and 7 are
            // undefined.
            _ => return None,
        };
        (tag >> 3 > 0).then_some((tag >> 3, wire))
    }

    fn number(&mut self) -> Option<u64> {
        let mut number = 0;
        for place in 0..10 {
            let (byte, rest) = self.rest.split_first()?;
            self.rest = rest;
            let bits = u64::from(byte & 0x7f);
            // The tenth byte holds only the last of the 64 bits.
            if place == 9 && bits > 1 {
                return None;
            }
            number |= bits << (7 * place);
            if byte & 0x80 == 0 {
                return Some(number);
            }
        }
        None
    }

    fn take(&mut self, length: usize) -> Option<&'a [u8]> {
        let (taken, rest) = self.rest.split_at_checked(length)?;
        self.rest = rest;
        Some(taken)
    }
}

impl From<Broken> for Malformed {
    fn from(_: Broken) -> Self {
        Self::because(
            "the body is not a complete ExportLogsServiceRequest in protocol buffers: send all of \
             it, with the right `Content-Type`",
        )
    }
}

impl<'a> Iterator for Fields<'a> {
    type Item = Result<(u64, Wire<'a>), Broken>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.rest.is_empty() {
            return None;
        }
        let field = self.field();
        if field.is_none() {
            self.rest = &[];
        }
        Some(field.ok_or(Broken))
    }
}

/// Returns the messages in one field of a message.
pub(crate) fn messages(message: &[u8], field: u64) -> impl Iterator<Item = Result<&[u8], Broken>> {
    Fields::of(message).filter_map(move |read| match read {
        Ok((number, Wire::Bytes(bytes))) if number == field => Some(Ok(bytes)),
        Ok(_) => None,
        Err(broken) => Some(Err(broken)),
    })
}

const VARINT: u32 = 0;
const FIXED64: u32 = 1;
const LENGTH: u32 = 2;

fn number(out: &mut Vec<u8>, mut number: u64) {
    while number >= 0x80 {
        out.push((number & 0x7f) as u8 | 0x80);
        number >>= 7;
    }
    out.push(number as u8);
}

fn tag(out: &mut Vec<u8>, field: u32, wire: u32) {
    number(out, u64::from(field << 3 | wire));
}

pub(super) fn varint(out: &mut Vec<u8>, field: u32, value: u64) {
    tag(out, field, VARINT);
    number(out, value);
}

pub(super) fn fixed64(out: &mut Vec<u8>, field: u32, value: u64) {
    tag(out, field, FIXED64);
    out.extend_from_slice(&value.to_le_bytes());
}

pub(super) fn double(out: &mut Vec<u8>, field: u32, value: f64) {
    fixed64(out, field, value.to_bits());
}

pub(super) fn bytes(out: &mut Vec<u8>, field: u32, bytes: &[u8]) {
    tag(out, field, LENGTH);
    number(out, bytes.len() as u64);
    out.extend_from_slice(bytes);
}

/// Writes a message within a message. Its length is inserted before it once it
/// is known: moving the bytes is cheaper than measuring everything twice.
pub(super) fn message(out: &mut Vec<u8>, field: u32, write: impl FnOnce(&mut Vec<u8>)) {
    tag(out, field, LENGTH);
    let start = out.len();
    write(out);
    let mut length = Vec::with_capacity(4);
    number(&mut length, (out.len() - start) as u64);
    out.splice(start..start, length);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(message: &[u8]) -> Result<Vec<(u64, Wire<'_>)>, Broken> {
        Fields::of(message).collect()
    }

    #[test]
    fn what_is_written_is_read() {
        let mut out = Vec::new();
        for value in [0, 1, 127, 128, 300, u64::MAX] {
            varint(&mut out, 1, value);
        }
        fixed64(&mut out, 2, 7);
        double(&mut out, 3, -0.5);
        message(&mut out, 100_000, |out| bytes(out, 1, b"x"));
        let mut expected: Vec<(u64, Wire<'_>)> =
            [0, 1, 127, 128, 300, u64::MAX].map(|value| (1, Wire::Varint(value))).into();
        expected.push((2, Wire::Fixed64(7)));
        expected.push((3, Wire::Fixed64((-0.5f64).to_bits())));
        expected.push((100_000, Wire::Bytes(&[10, 1, b'x'])));
        assert_eq!(read(&out), Ok(expected));
        // protobuf.dev, "Encoding": 150 in field 1, "testing" in field 2.
        assert_eq!(read(&[0x08, 0x96, 0x01]), Ok(vec![(1, Wire::Varint(150))]));
        assert_eq!(read(b"\x12\x07testing"), Ok(vec![(2, Wire::Bytes(b"testing"))]));
    }

    #[test]
    fn what_is_no_message_is_refused() {
        for broken in [
            &[0x08][..],
            &[0x80],
            &[0x08, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x02],
            &[0x08, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01],
            &[0x0a, 0x05, b'x'],
            &[0x0a, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01],
            &[0x0b, 0x0c],
            &[0x0d, 0, 0, 0],
            &[0x09, 0, 0, 0, 0, 0, 0, 0],
            &[0x0e],
            &[0x00, 0x00],
            b"<html>",
        ] {
            assert_eq!(read(broken), Err(Broken), "{broken:x?}");
        }
        assert_eq!(read(&[0x0d, 0, 0, 0, 0]), Ok(vec![(1, Wire::Fixed32)]));
        assert_eq!(read(&[]), Ok(Vec::new()));
    }
}

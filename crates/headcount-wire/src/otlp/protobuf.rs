//! The encoding of protocol buffers, as far as OTLP uses it. Writing does
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

/// Reads a message from front to back, part by part.
#[derive(Clone, Copy)]
pub(crate) struct Reader<'a> {
    rest: &'a [u8],
}

/// The wire types of proto3. 3 and 4 are groups, which it does not have; 6 and
/// 7 are undefined.
pub(crate) const VARINT: u64 = 0;
pub(crate) const FIXED64: u64 = 1;
pub(crate) const LENGTH: u64 = 2;
const FIXED32: u64 = 5;

/// The tag of a field.
pub(crate) const fn tag_of(field: u64, wire: u64) -> u64 {
    field << 3 | wire
}

impl<'a> Reader<'a> {
    pub(crate) fn of(message: &'a [u8]) -> Self {
        Self { rest: message }
    }

    /// What has not been read.
    #[inline(always)]
    pub(crate) fn rest(&self) -> &'a [u8] {
        self.rest
    }

    /// Reads the tag of the next field; `None` at the end.
    #[inline(always)]
    pub(crate) fn tag(&mut self) -> Result<Option<u64>, Broken> {
        if self.rest.is_empty() {
            return Ok(None);
        }
        self.number().map(Some)
    }

    /// Reads the rest of a field that nobody knows. Only here a tag is found
    /// that no message has.
    pub(crate) fn skip(&mut self, tag: u64) -> Result<(), Broken> {
        if tag >> 3 == 0 {
            return Err(Broken);
        }
        match tag & 7 {
            VARINT => self.number().map(drop),
            FIXED64 => self.fixed64().map(drop),
            LENGTH => self.bytes().map(drop),
            FIXED32 => self.take(4).map(drop),
            _ => Err(Broken),
        }
    }

    /// Reads a varint. Most have one byte.
    #[inline(always)]
    pub(crate) fn number(&mut self) -> Result<u64, Broken> {
        match self.rest {
            [byte, rest @ ..] if *byte < 0x80 => {
                self.rest = rest;
                Ok(u64::from(*byte))
            }
            _ => self.long_number(),
        }
    }

    #[inline(never)]
    fn long_number(&mut self) -> Result<u64, Broken> {
        let mut number = 0;
        for place in 0..10 {
            let (byte, rest) = self.rest.split_first().ok_or(Broken)?;
            self.rest = rest;
            let bits = u64::from(byte & 0x7f);
            // The tenth byte holds only the last of the 64 bits.
            if place == 9 && bits > 1 {
                return Err(Broken);
            }
            number |= bits << (7 * place);
            if byte & 0x80 == 0 {
                return Ok(number);
            }
        }
        Err(Broken)
    }

    #[inline(always)]
    pub(crate) fn fixed64(&mut self) -> Result<u64, Broken> {
        let (bytes, rest) = self.rest.split_first_chunk().ok_or(Broken)?;
        self.rest = rest;
        Ok(u64::from_le_bytes(*bytes))
    }

    #[inline(always)]
    pub(crate) fn bytes(&mut self) -> Result<&'a [u8], Broken> {
        let length = usize::try_from(self.number()?).map_err(|_| Broken)?;
        self.take(length)
    }

    #[inline(always)]
    pub(crate) fn take(&mut self, length: usize) -> Result<&'a [u8], Broken> {
        let (taken, rest) = self.rest.split_at_checked(length).ok_or(Broken)?;
        self.rest = rest;
        Ok(taken)
    }
}

/// The fields of a message in their order, ending after the first error.
pub(crate) struct Fields<'a>(Reader<'a>);

impl<'a> Fields<'a> {
    pub(crate) fn of(message: &'a [u8]) -> Self {
        Self(Reader::of(message))
    }

    fn field(&mut self, tag: u64) -> Result<(u64, Wire<'a>), Broken> {
        let reader = &mut self.0;
        let wire = match tag & 7 {
            VARINT => Wire::Varint(reader.number()?),
            FIXED64 => Wire::Fixed64(reader.fixed64()?),
            LENGTH => Wire::Bytes(reader.bytes()?),
            FIXED32 => reader.take(4).map(|_| Wire::Fixed32)?,
            _ => return Err(Broken),
        };
        if tag >> 3 > 0 { Ok((tag >> 3, wire)) } else { Err(Broken) }
    }
}

impl From<Broken> for Malformed {
    fn from(_: Broken) -> Self {
        Self::because(
            "the body is not a complete OTLP request in protocol buffers: send all of it, with the \
             right `Content-Type`",
        )
    }
}

impl<'a> Iterator for Fields<'a> {
    type Item = Result<(u64, Wire<'a>), Broken>;

    fn next(&mut self) -> Option<Self::Item> {
        let tag = match self.0.tag() {
            Ok(tag) => tag?,
            Err(broken) => {
                self.0 = Reader::of(&[]);
                return Some(Err(broken));
            }
        };
        let field = self.field(tag);
        if field.is_err() {
            self.0 = Reader::of(&[]);
        }
        Some(field)
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

fn number(out: &mut Vec<u8>, mut number: u64) {
    while number >= 0x80 {
        out.push((number & 0x7f) as u8 | 0x80);
        number >>= 7;
    }
    out.push(number as u8);
}

fn tag(out: &mut Vec<u8>, field: u32, wire: u64) {
    number(out, tag_of(field.into(), wire));
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

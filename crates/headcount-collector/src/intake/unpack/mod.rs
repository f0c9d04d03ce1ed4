//! Decompresses bodies: gzip, deflate and zstd, by the header or by their first
//! bytes.

mod content_encoding;
mod inflate;
mod zstd;
mod unpacker;

#[cfg(test)]
mod tests;

pub(super) use unpacker::Unpacker;

//! Decompresses bodies: gzip, deflate and zstd, by the header or by their first
//! bytes.

mod content_encoding;
mod inflate;
mod zstd;
mod unpacked;

#[cfg(test)]
mod tests;

pub(super) use content_encoding::ContentEncoding;
pub(super) use unpacked::unpacked;

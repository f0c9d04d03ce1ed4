//! A part of the catalog with its place in the text.

/// A value, and the byte offset in the file where it stands.
#[derive(Debug, Clone, Copy)]
pub(super) struct Spanned<T> {
    pub(super) at: usize,
    pub(super) value: T,
}

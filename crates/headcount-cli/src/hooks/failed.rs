//! Why nothing was done.

/// Why nothing could be done at all.
pub(crate) struct Failed {
    pub(crate) code: u8,
    pub(crate) sentences: String,
}

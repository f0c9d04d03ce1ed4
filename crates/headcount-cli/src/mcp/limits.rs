//! Limits of `headcount mcp`.

/// Bytes of a line: a call has a few names and days.
pub(super) const LINE_BYTES: u64 = 256 * 1024;

/// Bytes of an answer: what a model can read at once, with room to spare.
pub(super) const ANSWER_BYTES: usize = 512 * 1024;

/// How long a client may keep the list of tools: an hour. It changes with the
/// version of this program alone.
pub(super) const LIST_MILLISECONDS: u64 = 3_600_000;

//! How much a queue may hold.

/// How much a queue may hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bounds {
    /// The bytes of everything that waits. Appends keep this bound: the open
    /// segment, the side segments and the claims each have a fixed share, so
    /// that no writer has to list the folder.
    pub bytes: u64,
    /// The lines of all claims. Claiming keeps this bound exactly, by giving up
    /// the oldest lines.
    pub lines: u64,
    /// The days that a claim is kept, counted from its own time. Claiming keeps
    /// this bound.
    pub days: u32,
}

impl Bounds {
    /// 8 MiB, 20,000 lines, 30 days. 20,000 lines of 250 bytes are 5 MB, which
    /// is the share of the claims: 20/32 of 8 MiB = 5.2 MB.
    pub const USUAL: Bounds = Bounds { bytes: 8 * 1024 * 1024, lines: 20_000, days: 30 };
}

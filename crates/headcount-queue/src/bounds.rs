//! How much a queue may hold.

/// What a queue may hold at most.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bounds {
    /// Bytes of everything waiting. Kept on the write path: the open segment, the side segments
    /// and the claims each have a fixed share, so that no writer has to read the folder.
    pub bytes: u64,
    /// Lines of all claims. Kept at each claim, to the line, oldest first.
    pub lines: u64,
    /// Days a claim is kept, counted from its own time. Kept at each claim.
    pub days: u32,
}

impl Bounds {
    /// 8 MiB, 20,000 lines, 30 days. At 250 bytes a line 20,000 lines are 5 MB, which is the share
    /// of the claims (20/32 of 8 MiB = 5.2 MB).
    pub const USUAL: Bounds = Bounds { bytes: 8 * 1024 * 1024, lines: 20_000, days: 30 };
}

//! The room of what a queue may hold at most, and of the tally of what was given up.

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

/// Why a line was given up. A closed list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Reason {
    /// The claims had more bytes than their share.
    OverBytes,
    /// The claims had more lines than [`Bounds::lines`], or were more than 1,024.
    OverCount,
    /// The claim was older than [`Bounds::days`].
    OverAge,
    /// The line never got its newline: its writer died or the disk was full.
    Torn,
    /// The line was longer than [`crate::MAX_LINE_BYTES`].
    TooLong,
    /// The line was not UTF-8.
    NotUtf8,
}

impl Reason {
    /// Every reason, in the order of the reports.
    pub const ALL: [Reason; 6] = [
        Reason::OverBytes,
        Reason::OverCount,
        Reason::OverAge,
        Reason::Torn,
        Reason::TooLong,
        Reason::NotUtf8,
    ];

    /// The reason's name in reports.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Reason::OverBytes => "over-bytes",
            Reason::OverCount => "over-count",
            Reason::OverAge => "over-age",
            Reason::Torn => "torn",
            Reason::TooLong => "too-long",
            Reason::NotUtf8 => "not-utf8",
        }
    }
}

/// How many lines were given up for one reason.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Dropped {
    /// Why.
    pub reason: Reason,
    /// How many; never zero where a [`Drops`] lists it.
    pub lines: u64,
}

/// A tally of lines given up, by reason.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Drops {
    counts: [u64; Reason::ALL.len()],
}

impl Drops {
    /// Counts `lines` more for `reason`.
    pub fn add(&mut self, reason: Reason, lines: u64) {
        let count = &mut self.counts[reason as usize];
        *count = count.saturating_add(lines);
    }

    /// Takes in another tally.
    pub fn merge(&mut self, other: &Drops) {
        for dropped in other.iter() {
            self.add(dropped.reason, dropped.lines);
        }
    }

    /// Lines given up for one reason.
    #[must_use]
    pub fn of(&self, reason: Reason) -> u64 {
        self.counts[reason as usize]
    }

    /// Lines given up for any reason.
    #[must_use]
    pub fn total(&self) -> u64 {
        self.counts.iter().fold(0, |sum, count| sum.saturating_add(*count))
    }

    /// The reasons that occurred, each with its lines.
    pub fn iter(&self) -> impl Iterator<Item = Dropped> + '_ {
        Reason::ALL
            .into_iter()
            .map(|reason| Dropped { reason, lines: self.of(reason) })
            .filter(|dropped| dropped.lines > 0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tally_lists_what_occurred_and_adds_up() {
        let mut drops = Drops::default();
        assert_eq!(drops.iter().count(), 0);
        drops.add(Reason::Torn, 2);
        let mut more = Drops::default();
        more.add(Reason::Torn, 1);
        more.add(Reason::OverAge, u64::MAX);
        drops.merge(&more);
        assert_eq!(drops.of(Reason::Torn), 3);
        assert_eq!(drops.total(), u64::MAX);
        let names: Vec<_> = drops.iter().map(|dropped| dropped.reason.as_str()).collect();
        assert_eq!(names, ["over-age", "torn"]);
    }

    #[test]
    fn every_reason_has_a_place_of_its_own() {
        for (place, reason) in Reason::ALL.into_iter().enumerate() {
            assert_eq!(reason as usize, place);
        }
    }
}

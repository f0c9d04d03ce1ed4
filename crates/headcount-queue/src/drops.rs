//! Lines that the queue gave up, counted by reason.

/// Why a line was given up. The list is closed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum DropReason {
    /// The claims had more bytes than their share.
    OverBytes,
    /// The claims had more lines than [`crate::Bounds::lines`], or there were
    /// more than 1,024 claims.
    OverCount,
    /// The claim was older than [`crate::Bounds::days`].
    OverAge,
    /// The line has no newline: its writer died, or the disk was full.
    Torn,
    /// The line was longer than [`crate::MAX_LINE_BYTES`].
    TooLong,
    /// The line was not UTF-8.
    NotUtf8,
}

impl DropReason {
    /// Every reason, in the order of the reports.
    pub const ALL: [DropReason; 6] = [
        DropReason::OverBytes,
        DropReason::OverCount,
        DropReason::OverAge,
        DropReason::Torn,
        DropReason::TooLong,
        DropReason::NotUtf8,
    ];

    /// Returns the name in reports.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            DropReason::OverBytes => "over-bytes",
            DropReason::OverCount => "over-count",
            DropReason::OverAge => "over-age",
            DropReason::Torn => "torn",
            DropReason::TooLong => "too-long",
            DropReason::NotUtf8 => "not-utf8",
        }
    }
}

/// The number of lines that were given up for a reason.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Dropped {
    /// The reason.
    pub reason: DropReason,
    /// The number of lines. Never 0 if a [`Drops`] lists it.
    pub lines: u64,
}

/// The numbers of lines that were given up, by reason.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Drops {
    counts: [u64; DropReason::ALL.len()],
}

impl Drops {
    /// Adds lines for a reason.
    pub fn add(&mut self, reason: DropReason, lines: u64) {
        let count = &mut self.counts[reason as usize];
        *count = count.saturating_add(lines);
    }

    /// Adds the numbers of another value.
    pub fn merge(&mut self, other: &Drops) {
        for dropped in other.iter() {
            self.add(dropped.reason, dropped.lines);
        }
    }

    /// Returns the number of lines for a reason.
    #[must_use]
    pub fn of(&self, reason: DropReason) -> u64 {
        self.counts[reason as usize]
    }

    /// Returns the number of lines for all reasons.
    #[must_use]
    pub fn total(&self) -> u64 {
        self.counts.iter().fold(0, |sum, count| sum.saturating_add(*count))
    }

    /// Returns the reasons with at least one line, with their numbers.
    pub fn iter(&self) -> impl Iterator<Item = Dropped> + '_ {
        DropReason::ALL
            .into_iter()
            .map(|reason| Dropped { reason, lines: self.of(reason) })
            .filter(|dropped| dropped.lines > 0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn drops_list_what_occurred_and_add_up() {
        let mut drops = Drops::default();
        assert_eq!(drops.iter().count(), 0);
        drops.add(DropReason::Torn, 2);
        let mut more = Drops::default();
        more.add(DropReason::Torn, 1);
        more.add(DropReason::OverAge, u64::MAX);
        drops.merge(&more);
        assert_eq!(drops.of(DropReason::Torn), 3);
        assert_eq!(drops.total(), u64::MAX);
        let names: Vec<_> = drops.iter().map(|dropped| dropped.reason.as_str()).collect();
        assert_eq!(names, ["over-age", "torn"]);
    }

    #[test]
    fn every_reason_has_a_place_of_its_own() {
        for (place, reason) in DropReason::ALL.into_iter().enumerate() {
            assert_eq!(reason as usize, place);
        }
    }
}

//! What becomes of a cell: a closed list.

/// What became of a cell.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Outcome {
    /// The command ended, and left the home, as without the failure.
    AsWithout,
    /// It did its work by another means: what it said is so.
    Done,
    /// It said that it failed; whatever was refused stays refused, and a no is
    /// kept.
    Said,
    /// It said that the no could not be kept, and which variable refuses, where
    /// nothing at all can be written.
    SaidOpen,
    /// An event is not recorded, and the host does not notice.
    NotRecorded,
    /// The failure was not met: the command took another way this time.
    NotMet,
    /// A rule is broken.
    Violated,
}

impl Outcome {
    pub(crate) const ALL: [Self; 7] = [
        Self::AsWithout,
        Self::Done,
        Self::Said,
        Self::SaidOpen,
        Self::NotRecorded,
        Self::NotMet,
        Self::Violated,
    ];

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::AsWithout => "as-without",
            Self::Done => "done",
            Self::Said => "said",
            Self::SaidOpen => "said-open",
            Self::NotRecorded => "not-recorded",
            Self::NotMet => "not-met",
            Self::Violated => "violated",
        }
    }

    pub(crate) fn means(self) -> &'static str {
        match self {
            Self::AsWithout => "the command ended, and left the home, as without the failure",
            Self::Done => "it did its work by another means, and what it said is so",
            Self::Said => "it said that it failed; a no is kept, and nothing is turned on",
            Self::SaidOpen => "nothing can be written: it said so, and which variable refuses",
            Self::NotRecorded => "an event is not recorded, and the host does not notice",
            Self::NotMet => "the command took another way, and the failure was not met",
            Self::Violated => "a rule is broken",
        }
    }

    pub(crate) fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|outcome| outcome.name() == name)
    }
}

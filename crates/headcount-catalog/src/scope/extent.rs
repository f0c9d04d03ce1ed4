//! What a property can say, as words and bounds that can be compared.

use crate::{Grain, Kind, NameSet, Reference, Source, Unit};

/// What a property can say.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Extent {
    /// The name of the kind in the grammar.
    pub kind: String,
    /// The words: a closed set with its bucket, an alphabet, a unit, or a
    /// ladder.
    pub words: NameSet,
    /// The bounds. A larger bound allows more detail.
    pub most: Vec<u64>,
}

impl Extent {
    /// Returns the extent of a kind without words and bounds.
    pub(super) fn plain(kind: &str) -> Self {
        Self { kind: kind.to_owned(), words: NameSet::new(), most: Vec::new() }
    }

    /// Returns the extent of a kind.
    #[must_use]
    pub fn of(kind: &Kind) -> Self {
        let mut extent = Self::plain(kind.name());
        if let Some((set, other)) = kind.set() {
            extent.words = owned(set.iter().copied().chain(other));
        }
        let word = |word: &str| owned([word]);
        match kind {
            Kind::Count { cap } => extent.most = vec![*cap],
            Kind::Amount { unit, cap, decimals } => {
                extent.words = word(unit);
                extent.most = vec![*cap, u64::from(*decimals)];
            }
            Kind::Bucket { ladder } => {
                for step in *ladder {
                    extent.words.insert(step.to_string());
                }
            }
            Kind::Duration { unit, cap } => {
                extent.words = word(match unit {
                    Unit::Milliseconds => "ms",
                    Unit::Seconds => "s",
                });
                extent.most = vec![*cap];
            }
            Kind::Token { alphabet, most } => {
                extent.words = word(alphabet);
                extent.most = vec![u64::from(*most)];
            }
            Kind::Frames { most } => extent.most = vec![u64::from(*most)],
            Kind::Scrubbed { most, .. } => extent.most = vec![u64::from(*most)],
            Kind::Reference(reference) => {
                extent.words = word(match reference {
                    Reference::Session => "session",
                    Reference::Turn => "turn",
                    Reference::Account => "account",
                });
            }
            Kind::CountOf(of) | Kind::Constant(of) => extent.words = word(of),
            Kind::Time(grain) => extent.most = vec![rank(*grain)],
            _ => {}
        }
        extent
    }

    /// Returns the extent of an envelope entry; `None` if the entry says
    /// nothing about the person or the machine.
    #[must_use]
    pub fn of_source(source: &Source) -> Option<Self> {
        match source {
            // Marks are compared with the identity: they stand for an id.
            Source::EventId
            | Source::Event
            | Source::Constant(_)
            | Source::Marks
            | Source::Age
            | Source::Properties => None,
            Source::Time(grain) => Some(Self::of(&Kind::Time(*grain))),
            Source::Platform(_) => Some(Self::plain("platform")),
            Source::Arch(_) => Some(Self::plain("arch")),
            Source::Device => Some(Self::plain("device")),
            Source::CatalogVersion => Some(Self::plain("catalog-version")),
            other => other.kind().map(|kind| Self::of(&kind)),
        }
    }

    /// Whether this extent can say nothing that `other` cannot.
    #[must_use]
    pub fn within(&self, other: &Self) -> bool {
        self.kind == other.kind
            && self.words.is_subset(&other.words)
            && self.most.len() == other.most.len()
            && self.most.iter().zip(&other.most).all(|(mine, theirs)| mine <= theirs)
    }
}

/// Returns a number that is larger for finer grains.
fn rank(grain: Grain) -> u64 {
    match grain {
        Grain::Day => 0,
        Grain::Hour => 1,
        Grain::Minute => 2,
        Grain::Second => 3,
        Grain::Millisecond => 4,
    }
}

/// Returns the grain of a rank; the coarsest for an unknown rank.
pub(super) fn grain(rank: u64) -> Grain {
    match rank {
        1 => Grain::Hour,
        2 => Grain::Minute,
        3 => Grain::Second,
        4 => Grain::Millisecond,
        _ => Grain::Day,
    }
}

/// Copies words into a set.
pub(super) fn owned<'a>(words: impl IntoIterator<Item = &'a str>) -> NameSet {
    let mut owned = NameSet::new();
    for word in words {
        owned.insert(word.to_owned());
    }
    owned
}

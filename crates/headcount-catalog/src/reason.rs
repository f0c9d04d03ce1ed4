//! Why an event, or a property of one, was not taken. A closed list.

/// Why an event was rejected or a property dropped.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Reason {
    /// The line or item is not an object of JSON.
    Malformed,
    /// It is longer than a line may be.
    TooLong,
    /// No loaded catalog of the product knows an event of this name.
    UnknownEvent,
    /// A property or envelope entry that must be there is not.
    MissingProperty,
    /// A value is not of its property's kind.
    BadProperty,
    /// A word is outside its closed set, which has no bucket.
    OutsideSet,
    /// The catalog knows no property of this name.
    UnknownProperty,
    /// There is no id to tell a second sending by.
    MissingId,
    /// There is no time.
    MissingTime,
    /// It is older than raw data is kept.
    TooOld,
    /// It claims a day after tomorrow.
    InTheFuture,
}

impl Reason {
    /// Every reason.
    pub const ALL: [Self; 11] = [
        Self::Malformed,
        Self::TooLong,
        Self::UnknownEvent,
        Self::MissingProperty,
        Self::BadProperty,
        Self::OutsideSet,
        Self::UnknownProperty,
        Self::MissingId,
        Self::MissingTime,
        Self::TooOld,
        Self::InTheFuture,
    ];

    /// As answers and the counter's label say it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Malformed => "malformed",
            Self::TooLong => "too-long",
            Self::UnknownEvent => "unknown-event",
            Self::MissingProperty => "missing-property",
            Self::BadProperty => "bad-property",
            Self::OutsideSet => "outside-set",
            Self::UnknownProperty => "unknown-property",
            Self::MissingId => "missing-id",
            Self::MissingTime => "missing-time",
            Self::TooOld => "too-old",
            Self::InTheFuture => "in-the-future",
        }
    }

    /// The reason of this name.
    #[must_use]
    pub fn read(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|reason| reason.name() == name)
    }
}

impl std::fmt::Display for Reason {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str(self.name())
    }
}

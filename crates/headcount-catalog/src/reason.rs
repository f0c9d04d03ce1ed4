//! Why an event was rejected, or a property dropped. The list is closed.

/// Why an event was rejected or a property dropped.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Reason {
    /// The line or item is not a JSON object.
    Malformed,
    /// The line is too long, or the event has too many fields.
    TooLong,
    /// The event names a product whose catalog is not loaded.
    UnknownProduct,
    /// No loaded catalog of the product has an event with this name.
    UnknownEvent,
    /// A required property or envelope entry is missing.
    MissingProperty,
    /// A value is not of the kind of its property.
    BadProperty,
    /// A word is outside a closed set without a bucket.
    OutsideSet,
    /// The catalog has no property with this name.
    UnknownProperty,
    /// There is no id, so a duplicate could not be recognized.
    MissingId,
    /// Another event of the same day has this id.
    OtherContent,
    /// There is no time.
    MissingTime,
    /// The event is older than raw events are kept.
    TooOld,
    /// The day of the event is later than tomorrow.
    InTheFuture,
    /// The event or property is not recorded any more on that day.
    Expired,
    /// Somebody else's program said it, and its catalog does not ask for it.
    NotKept,
}

impl Reason {
    /// Every reason.
    pub const ALL: [Self; 15] = [
        Self::Malformed,
        Self::TooLong,
        Self::UnknownProduct,
        Self::UnknownEvent,
        Self::MissingProperty,
        Self::BadProperty,
        Self::OutsideSet,
        Self::UnknownProperty,
        Self::MissingId,
        Self::OtherContent,
        Self::MissingTime,
        Self::TooOld,
        Self::InTheFuture,
        Self::Expired,
        Self::NotKept,
    ];

    /// Returns the name in answers and in the label of the counter.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Malformed => "malformed",
            Self::TooLong => "too-long",
            Self::UnknownProduct => "unknown-product",
            Self::UnknownEvent => "unknown-event",
            Self::MissingProperty => "missing-property",
            Self::BadProperty => "bad-property",
            Self::OutsideSet => "outside-set",
            Self::UnknownProperty => "unknown-property",
            Self::MissingId => "missing-id",
            Self::OtherContent => "other-content",
            Self::MissingTime => "missing-time",
            Self::TooOld => "too-old",
            Self::InTheFuture => "in-the-future",
            Self::Expired => "expired",
            Self::NotKept => "not-kept",
        }
    }

    /// Returns the reason with this name.
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

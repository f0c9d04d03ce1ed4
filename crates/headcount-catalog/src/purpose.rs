//! What a group of events is for. A person can refuse one purpose and keep the
//! others.

/// A purpose of events.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Purpose {
    /// The name, as in `telemetry off crash`.
    pub name: &'static str,
    /// The name for people: `Crash reports`.
    pub title: &'static str,
    /// What its events are for, in one sentence.
    pub why: &'static str,
    /// Names that it had in earlier releases. What was refused under one of
    /// them stays refused.
    pub was: &'static [&'static str],
}

impl Purpose {
    /// The purpose of an event that names none.
    pub const USAGE: Self = Self {
        name: "usage",
        title: "Usage",
        why: "How the program is used, and whether it works.",
        was: &[],
    };

    /// Returns its name of today, and then those that it had.
    pub fn names(&self) -> impl Iterator<Item = &'static str> + use<> {
        [self.name].into_iter().chain(self.was.iter().copied())
    }

    /// Whether this is, or was, its name.
    #[must_use]
    pub fn has_name(&self, name: &str) -> bool {
        self.names().any(|known| known == name)
    }
}

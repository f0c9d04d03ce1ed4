//! What a rule sees.

/// What a rule sees now.
#[derive(Debug, Clone, PartialEq)]
pub struct AlertSight {
    /// Whether it should ring.
    pub state: AlertState,
    /// What it sees: a whole sentence.
    pub sentence: String,
    /// The version that it is about, if it is about one.
    pub version: Option<String>,
    /// The numbers in the sentence.
    pub numbers: Vec<(&'static str, f64)>,
}

/// Whether a rule should ring.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AlertState {
    /// It should.
    Ringing,
    /// It should not.
    Quiet,
    /// It cannot be said, so that it stays as it was.
    Unknown,
}

impl AlertSight {
    pub(super) fn of(
        state: AlertState,
        sentence: String,
        numbers: Vec<(&'static str, f64)>,
    ) -> Self {
        Self { state, sentence, version: None, numbers }
    }
}

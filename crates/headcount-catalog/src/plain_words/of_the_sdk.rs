//! What a build of the SDK adds to the words of a catalog.

/// What a build of the SDK knows of its own part on a machine.
#[derive(Debug, Clone, Default)]
pub struct OfTheSdk {
    /// The person's commands, each with what it does.
    pub commands: Vec<(String, String)>,
    /// Bytes of the events that were sent and are kept for the person.
    pub sent_bytes: Option<usize>,
    /// Bytes of the list of requests.
    pub receipts_bytes: Option<usize>,
}

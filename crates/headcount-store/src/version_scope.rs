//! Which versions of the host a question is about.

/// Which versions of the host a question is about.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum VersionScope {
    /// All together.
    #[default]
    All,
    /// One. The empty text stands for events that name none.
    Only(String),
    /// Each for itself: rows have a version.
    Each,
}

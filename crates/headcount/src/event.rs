//! The traits that generated code implements: an event with its definition, and
//! the host's part of the envelope.

use headcount_catalog as catalog;

/// An event of a catalog. `headcount::catalog!` implements it. Only the kinds
/// of that catalog can make its values.
pub trait TypedEvent {
    /// The event's definition in the catalog.
    fn definition(&self) -> &'static catalog::Event;

    /// The values of its properties, in the order of the definition.
    fn values(&self) -> Vec<Option<catalog::Value>>;
}

/// The part of the envelope that a host sets: `mode`, `model`, a session.
pub trait Context {
    /// Indexes in [`Catalog::envelope`](catalog::Catalog::envelope), and
    /// values.
    fn entries(&self) -> Vec<(usize, catalog::Value)>;
}

//! What generated code promises: an event that knows its definition, and the
//! host's part of the envelope.

use headcount_catalog as catalog;

/// An event of a catalog. `headcount::catalog!` implements it; its values can
/// only be made by the kinds of that catalog.
pub trait TypedEvent {
    /// The event as the catalog has it.
    fn definition(&self) -> &'static catalog::Event;

    /// The values of its properties, in the order of the definition.
    fn values(&self) -> Vec<Option<catalog::Value>>;
}

/// The part of the envelope that a host sets: `mode`, `model`, a session.
pub trait Context {
    /// Places in [`Catalog::envelope`](catalog::Catalog::envelope) and values.
    fn entries(&self) -> Vec<(usize, catalog::Value)>;
}

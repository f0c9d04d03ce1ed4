//! Generates the typed telemetry API of a host from a catalog, as Rust text.
//!
//! `headcount::catalog!` expands to this text. It is made without a syntax
//! tree; the same catalog always gives the same bytes, and a person can read
//! it. It contains
//!
//! - `CATALOG`, the whole catalog as a constant, so that a host needs no
//!   parser;
//! - a struct for each event, whose literal is the only way to make that event:
//!   a property outside the catalog, a missing property, a plain string or a
//!   word outside its set does not compile. The built-in event has no struct,
//!   because only the shipper records it;
//! - an enum for each closed set and a checked type for each pattern of text,
//!   shared by all properties with the same name and definition;
//! - `Host`, for the envelope entries that only the host knows.
//!
//! `names` turns words of the catalog into identifiers, and `plan` decides
//! which types there are. `literal` and `kinds` make constant expressions, and
//! `writer` writes lines. The other files each write one part of the text.

// Names, types and expressions.
mod names;
mod plan;
mod literal;
mod kinds;
mod writer;

// The parts of the text, in their order.
mod constant;
mod sets;
mod shapes;
mod fields;
mod events;
mod host;

use crate::Catalog;
use plan::Plan;
use writer::CodeWriter;

/// The path of the SDK in the generated text. The SDK has the traits
/// `TypedEvent` and `Context`, the type `Time`, and this crate as its module
/// `catalog`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SdkPath<'a>(pub &'a str);

impl SdkPath<'static> {
    /// The path in a host that depends on `headcount` under that name.
    pub const HOST: Self = Self("::headcount");
}

/// Returns the typed telemetry API of a catalog, as Rust text for a module.
///
/// The text refers to its own items by their names and to everything else by
/// full paths, so that no name of a catalog can shadow a name of the prelude.
#[must_use]
pub fn rust(catalog: &Catalog, sdk: SdkPath<'_>) -> String {
    let plan = Plan::of(catalog);
    let mut out = CodeWriter::new(sdk.0);
    out.line(&format!(
        "// Generated from version {} of the catalog of {}. Change the catalog, not this file.",
        catalog.version, catalog.product.name
    ));
    constant::write(&mut out, catalog);
    for named in &plan.types {
        match named.form {
            plan::Form::Set { set, other } => sets::write(&mut out, named, set, other),
            plan::Form::Shape(kind) => shapes::write(&mut out, named, kind),
        }
    }
    for event in &plan.events {
        events::write(&mut out, event);
    }
    host::write(&mut out, &plan.host);
    out.text
}

//! Codegen: from a catalog the Rust text of a host's typed telemetry API.
//!
//! The text is what `headcount::catalog!` expands to and what `headcount
//! generate` prints. It is plain text made of plain text: no syntax tree, the
//! same catalog gives the same bytes, and a person can read it. It holds
//!
//! - `CATALOG`, the whole catalog as a constant, so that a host carries no
//!   parser;
//! - one struct an event, whose literal is the only way to say that event: a
//!   property outside the catalog, a missing one, a free string or a word
//!   outside its set does not compile; none for the built-in event, which only
//!   the shipper says;
//! - one enum a closed set and one checked type a shape, shared by all
//!   properties of the same name and definition;
//! - `Host`, for the envelope entries that only the host knows.
//!
//! In reading order: what becomes of names, which types there are, how a
//! constant is written, then each part of the text.

mod constant;
mod events;
mod fields;
mod host;
mod kinds;
mod literal;
mod names;
mod writer;
mod plan;
mod sets;
mod shapes;

use crate::Catalog;
use plan::Plan;
use writer::CodeWriter;

/// Where the generated text finds what it names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Paths<'a> {
    /// The SDK, which has the traits `TypedEvent` and `Context`, the types
    /// `Catalog` and `Time`, and this crate as its module `catalog`.
    pub sdk: &'a str,
}

impl Paths<'static> {
    /// As a host that depends on `headcount` under that name has them.
    pub const HOST: Self = Self { sdk: "::headcount" };
}

/// The typed telemetry API of a catalog, as Rust text for one module.
///
/// The text refers to its own items by their bare names and to everything else
/// by whole paths, so that no name of a catalog can capture one of the prelude.
#[must_use]
pub fn rust(catalog: &Catalog, paths: Paths<'_>) -> String {
    let plan = Plan::of(catalog);
    let mut out = CodeWriter::new(paths.sdk);
    out.line(&format!(
        "// The telemetry of {}, made from version {} of its catalog. Edit the catalog, not this.",
        catalog.product.name, catalog.version
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

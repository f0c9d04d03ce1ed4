//! Checks of the house: what is true of every file and every package, kept true
//! by tests.
//!
//! ```text
//! tree      the text files, read once          ─┐
//!                                               ├─>  tidy, layers, circles, words, seeds  ─>  findings, a line each
//! metadata  the packages, as cargo sees them   ─┘
//! ```
//!
//! [`tidy`] holds every file to the rules of CONTRIBUTING.md; [`layers`] holds
//! every package to the table of ARCHITECTURE.md; [`circles`] finds files of a
//! package that use one another; [`words`] finds names with two meanings;
//! [`seeds`] finds requirements that nothing shows. They change nothing.
//! `cargo xtask` prints what they find; `cargo test` fails on it. Each rule has
//! a test of its own that shows it catching what it is there for.
//!
//! [`tidied`] is the one that changes texts: `cargo xtask tidy --fix` writes
//! what it puts in order.
//!
//! [`feature_checks`] finds nothing: it names the combinations of features that
//! `.ci/run` compiles. [`dialects`] is the text of a page, which
//! `cargo xtask dialects` writes and a test compares. Nor does [`prove`]: it
//! builds and runs `bench/`, a workspace of its own, which writes
//! docs/proof.md.
//!
//! They read text, and [`circles`] syntax: a rule that would need the compiler
//! is a lint, and the lints are in the workspace's manifest.

mod limits;

mod finding;
mod tree;
mod rust;

mod architecture;
mod metadata;

mod circles;
mod dialects;
mod features;
mod layers;
mod prove;
mod seeds;
mod tidy;
mod words;

use std::path::Path;

pub use circles::circles;
pub use dialects::{PATH as DIALECTS, dialects};
pub use features::feature_checks;
pub use finding::{Finding, report};
pub use layers::layers;
pub use metadata::{Dependency, Kind, Package, packages};
pub use prove::prove;
pub use seeds::{PATH as SEEDS, seeds, seeds_page};
pub use tidy::{Tidied, tidied, tidy};
pub use tree::{SourceFile, Tree};
pub use words::words;

/// The root of the repository that this program was built from.
#[must_use]
pub fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("xtask lies in the root")
}

//! What every target does with an unchecked event: the check, and the way out
//! and back.

use std::sync::OnceLock;

use headcount_catalog::{Catalog, Reason, Unchecked, parse};
use headcount_wire::{read, write};

/// A catalog with nested names, so that the flat dialects have a way back.
pub(crate) fn catalog() -> &'static Catalog {
    static CATALOG: OnceLock<Catalog> = OnceLock::new();
    CATALOG.get_or_init(|| {
        let text = include_str!("../../examples/archon/telemetry.toml");
        parse(text).unwrap_or_else(|mistakes| panic!("{mistakes}"))
    })
}

/// Whatever passes the check can be written, and what was written is read.
pub(crate) fn judge(unchecked: Result<Unchecked<'_>, Reason>) {
    let Ok(checked) = unchecked.and_then(|unchecked| catalog().check(&unchecked)) else { return };
    if let Ok(line) = write(catalog(), &checked) {
        let again = read(catalog(), &line).expect("what was written is read");
        assert_eq!(write(catalog(), &again).as_deref(), Ok(&*line));
    }
}

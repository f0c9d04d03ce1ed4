//! Reads a catalog from a file.

use std::path::Path;

use headcount_catalog::{Catalog, Shipping, parse};

/// Reads a catalog.
///
/// # Errors
///
/// Returns sentences, one per line: `FILE:LINE:COLUMN: …` for each mistake, or
/// why the file cannot be read.
pub(crate) fn read(path: &Path) -> Result<Catalog, String> {
    let text = std::fs::read_to_string(path)
        .map_err(|error| format!("{}: cannot read the catalog: {error}\n", path.display()))?;
    parse(&text).map_err(|mistakes| {
        mistakes.all().iter().map(|mistake| format!("{}:{mistake}\n", path.display())).collect()
    })
}

/// Reads the catalog of a host that is not written in Rust. This binary ships
/// for it, with `flush --catalog FILE`.
///
/// # Errors
///
/// The same as [`read`].
pub(crate) fn read_for_host(path: &Path) -> Result<&'static Catalog, String> {
    let catalog = read(path).map_err(|sentences| {
        if path.exists() {
            return sentences;
        }
        format!("{}; set its path with --catalog\n", sentences.trim_end())
    })?;
    let whole = std::path::absolute(path).unwrap_or_else(|_| path.to_path_buf());
    let file: &'static str = Box::leak(whole.to_string_lossy().into_owned().into_boxed_str());
    let command: &'static [&'static str] = Box::leak(Box::new(["flush", "--catalog", file]));
    let shipping = Shipping { command, ..catalog.shipping };
    Ok(Box::leak(Box::new(Catalog { shipping, ..catalog })))
}

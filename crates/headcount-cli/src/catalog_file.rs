//! A catalog read from a file, with every mistake said where it is.

use std::path::Path;

use headcount_catalog::{Catalog, Shipping, parse};

/// Reads a catalog.
///
/// # Errors
///
/// Sentences, a line each: `FILE:LINE:COLUMN: what is wrong`, or why the file
/// cannot be read.
pub(crate) fn read(path: &Path) -> Result<Catalog, String> {
    let text = std::fs::read_to_string(path).map_err(|error| {
        format!(
            "{}: the catalog cannot be read: {error}; name one with --catalog\n",
            path.display()
        )
    })?;
    parse(&text).map_err(|mistakes| {
        mistakes.all().iter().map(|mistake| format!("{}:{mistake}\n", path.display())).collect()
    })
}

/// The same for a host that is not Rust: this binary ships for it, by
/// `flush --catalog FILE`.
///
/// # Errors
///
/// As [`read`].
pub(crate) fn read_for_host(path: &Path) -> Result<&'static Catalog, String> {
    let catalog = read(path)?;
    let whole = std::path::absolute(path).unwrap_or_else(|_| path.to_path_buf());
    let file: &'static str = Box::leak(whole.to_string_lossy().into_owned().into_boxed_str());
    let command: &'static [&'static str] = Box::leak(Box::new(["flush", "--catalog", file]));
    let shipping = Shipping { command, ..catalog.shipping };
    Ok(Box::leak(Box::new(Catalog { shipping, ..catalog })))
}

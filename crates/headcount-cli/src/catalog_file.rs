//! Reads a catalog from a file.

use std::path::{Path, PathBuf};

use headcount::person::visible;
use headcount_catalog::{Catalog, Shipping, parse};

/// Reads a catalog.
///
/// # Errors
///
/// Returns sentences, one per line: `FILE:LINE:COLUMN: …` for each mistake, or
/// why the file cannot be read.
pub(crate) fn read(path: &Path) -> Result<Catalog, String> {
    let shown = visible(&path.display().to_string());
    let text = std::fs::read_to_string(path)
        .map_err(|error| format!("{shown}: cannot read the catalog: {error}\n"))?;
    parsed(&shown, &text)
}

/// Reads the text of a catalog; `shown` is what it is called.
///
/// # Errors
///
/// Returns a sentence for each mistake, as [`read`] does.
pub(crate) fn parsed(shown: &str, text: &str) -> Result<Catalog, String> {
    parse(text).map_err(|mistakes| {
        let mistakes = mistakes.all().iter();
        mistakes.map(|mistake| format!("{shown}:{}\n", visible(&mistake.to_string()))).collect()
    })
}

/// Whether a path means standard input, as it does for many programs.
pub(crate) fn is_stdin(path: &Path) -> bool {
    path == Path::new("-")
}

/// Reads the catalog of a host that is not written in Rust. This binary ships
/// for it, with `flush --catalog FILE`.
///
/// # Errors
///
/// The same as [`read`].
pub(crate) fn read_for_host(path: &Path) -> Result<&'static Catalog, String> {
    if is_stdin(path) {
        return Err("`-` is not a catalog: what is recorded is sent by another process, which reads the catalog again; set the path of a file with --catalog\n".to_owned());
    }
    // A hook is called by programs that wait for it: a pipe or a device would
    // hold them up.
    if std::fs::metadata(path).is_ok_and(|metadata| !metadata.is_file()) {
        let shown = visible(&path.display().to_string());
        return Err(format!("{shown}: the catalog is not a regular file\n"));
    }
    let catalog = read(path).map_err(|sentences| {
        if path.exists() {
            return sentences;
        }
        format!("{}; set its path with --catalog\n", sentences.trim_end())
    })?;
    let catalog = of_a_host(path, catalog)?;
    let whole = std::path::absolute(path).unwrap_or_else(|_| path.to_path_buf());
    let command: &'static [&'static str] = Box::leak(flush_command(whole).into_boxed_slice());
    let shipping = Shipping { command, ..catalog.shipping };
    Ok(Box::leak(Box::new(Catalog { shipping, ..catalog })))
}

/// Returns a catalog unless it is one of somebody else's program.
///
/// # Errors
///
/// Returns a sentence that says so.
pub(crate) fn of_a_host(path: &Path, catalog: Catalog) -> Result<Catalog, String> {
    if !catalog.is_observed() {
        return Ok(catalog);
    }
    let shown = visible(&path.display().to_string());
    Err(format!(
        "{shown} has `[opentelemetry]`, so it is for collectors: nothing is recorded by it\n"
    ))
}

/// The arguments with which this binary ships for a catalog. The words of a
/// flush command are text, and a path need not be.
fn flush_command(path: PathBuf) -> Vec<&'static str> {
    let leak = |text: String| -> &'static str { Box::leak(text.into_boxed_str()) };
    match path.into_os_string().into_string() {
        Ok(text) => vec!["flush", "--catalog", leak(text)],
        Err(bytes) => {
            let hex = bytes.as_encoded_bytes().iter().map(|byte| format!("{byte:02x}"));
            vec!["flush", "--catalog-bytes", leak(hex.collect())]
        }
    }
}

/// Reads a path that [`flush_command`] wrote in hexadecimal digits; `None` if
/// it is not one.
#[cfg(unix)]
pub(crate) fn path_of_bytes(hex: &str) -> Option<PathBuf> {
    use std::ffi::OsString;
    use std::os::unix::ffi::OsStringExt as _;

    let byte = |place: usize| u8::from_str_radix(hex.get(place..place + 2)?, 16).ok();
    let bytes: Vec<u8> = (0..hex.len()).step_by(2).map(byte).collect::<Option<_>>()?;
    Some(OsString::from_vec(bytes).into())
}

/// Elsewhere such a path cannot be made of bytes.
#[cfg(not(unix))]
pub(crate) fn path_of_bytes(_hex: &str) -> Option<PathBuf> {
    None
}

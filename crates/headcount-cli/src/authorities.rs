//! The certificate authorities in a file of PEM that the command line or the
//! configuration names.

use std::fs::File;
use std::io::Read as _;
use std::path::Path;

use ureq::tls::{Certificate, PemItem, parse_pem};

/// Reads them, of a file with at most so many bytes.
///
/// # Errors
///
/// Says why there are none: a fragment of a sentence.
pub(crate) fn in_file(file: &Path, most: u64) -> Result<Vec<Certificate<'static>>, String> {
    let mut bytes = Vec::new();
    let read = File::open(file).and_then(|open| open.take(most).read_to_end(&mut bytes));
    read.map_err(|error| error.to_string())?;
    let items = parse_pem(&bytes).filter_map(Result::ok);
    let found: Vec<_> = items
        .filter_map(|item| match item {
            PemItem::Certificate(certificate) => Some(certificate),
            _ => None,
        })
        .collect();
    if found.is_empty() { Err("there is no certificate in PEM form".to_owned()) } else { Ok(found) }
}

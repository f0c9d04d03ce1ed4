//! What an encoder makes a request of, and the request.

use headcount_catalog::{Catalog, Checked};

use crate::Rate;

/// The records of one batch, and what an encoder needs to know about their
/// destination.
#[derive(Debug, Clone, Copy)]
pub struct Payload<'a> {
    /// The catalog that the records were checked against.
    pub catalog: &'a Catalog,
    /// The records. All of them go to the same path, since a request has only
    /// one.
    pub records: &'a [Checked],
    /// The destination's key, if it has one.
    pub key: Option<&'a str>,
    /// The share of devices that report to the destination.
    pub rate: Rate,
    /// How long the home folder lasts in which the device's id is stored.
    pub home: HomeLifetime,
}

/// How long a home folder lasts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HomeLifetime {
    /// As long as its owner keeps it.
    Lasting,
    /// As long as a container or a CI runner. Its device id does not count as a
    /// new person.
    Ephemeral,
}

/// An HTTP `POST` request without its address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Post {
    /// Parameters to add to the query of the address.
    pub query: Vec<(&'static str, String)>,
    /// Headers; their names are in lower case.
    pub headers: Vec<(&'static str, String)>,
    /// The body.
    pub body: Vec<u8>,
    /// Whether the body may be sent compressed.
    pub gzip: Gzip,
}

/// Whether a dialect's receivers accept a body with `Content-Encoding: gzip`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Gzip {
    /// They accept it.
    Taken,
    /// They may not accept it.
    NotTaken,
}

/// Returns the header in which most dialects send a key.
pub(crate) fn bearer(key: &str) -> (&'static str, String) {
    ("authorization", format!("Bearer {key}"))
}

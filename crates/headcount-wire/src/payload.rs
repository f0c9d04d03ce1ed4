//! A batch's records with whom they go to and how: what a dialect makes a request of.

use headcount_catalog::{Catalog, Checked};

use crate::Rate;

/// Records for one destination, and what they show to be let in.
#[derive(Debug, Clone, Copy)]
pub struct Payload<'a> {
    /// The catalog they were judged by.
    pub catalog: &'a Catalog,
    /// The records. They share a path: a request has only one.
    pub records: &'a [Checked],
    /// The destination's key, where it has one.
    pub key: Option<&'a str>,
    /// The share of devices that report there.
    pub rate: Rate,
    /// How long the home lasts that the device's id is kept in.
    pub home: HomeLifetime,
}

/// How long a home lasts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HomeLifetime {
    /// As long as its person keeps it.
    Lasting,
    /// As long as a container or a runner: its id is not a person more.
    Ephemeral,
}

/// A request as its dialect has it: all but where it goes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Post {
    /// What the address says besides its own query.
    pub query: Vec<(&'static str, String)>,
    /// Header names in lower case, and values.
    pub headers: Vec<(&'static str, String)>,
    /// The body.
    pub body: Vec<u8>,
    /// Whether the body may be sent compressed.
    pub gzip: Gzip,
}

/// Whether a dialect's receivers take a body with `Content-Encoding: gzip`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Gzip {
    /// They do.
    Taken,
    /// They need not.
    NotTaken,
}

/// The header in which most dialects show a key.
pub(crate) fn bearer(key: &str) -> (&'static str, String) {
    ("authorization", format!("Bearer {key}"))
}

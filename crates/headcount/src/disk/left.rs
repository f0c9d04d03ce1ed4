//! What the last shipper left in the queue. Without it, a record that only
//! another version can send would start a shipper at every command.
//!
//! For one set of claims and each catalog that looked at them, the file says
//! which destinations have events to get, and how long the rest may wait. For
//! any other set of claims it says nothing.

use std::path::Path;

use headcount_catalog::Day;
use headcount_queue::ClaimName;
use serde_json::Value as Json;

use super::error::DiskError;
use super::{private_file, small_json};
use crate::as_json::json;
use crate::{limits, random};

/// The number of this file's layout.
const FORMAT: u64 = 1;

/// What is left of a set of claims.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Left {
    claims: String,
    found: Vec<Found>,
}

/// What one catalog found there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Found {
    /// The catalog's fingerprint.
    pub(crate) catalog: u64,
    /// Destinations that still have events to get.
    pub(crate) waiting: Vec<String>,
    /// The last day on which everything else may still wait.
    pub(crate) until: Option<Day>,
}

impl Left {
    /// Reads the file. A missing or damaged file says nothing.
    pub(crate) fn read(path: &Path) -> Self {
        let read = || {
            let json = small_json::read_layout(path, FORMAT)?;
            let found = json.get("found")?.as_array()?.iter().map(Found::parse);
            let claims = json.get("claims")?.as_str()?.to_owned();
            Some(Self { claims, found: found.collect::<Option<_>>()? })
        };
        read().unwrap_or_default()
    }

    /// What a catalog found, if it looked at exactly these claims.
    pub(crate) fn of(&self, claims: &[ClaimName], catalog: u64) -> Option<&Found> {
        let found = self.found.iter().find(|found| found.catalog == catalog)?;
        (self.claims == digest(claims)).then_some(found)
    }

    /// Adds what a catalog found now. What other catalogs found in the same
    /// claims stays.
    pub(crate) fn with(self, claims: &[ClaimName], found: Found) -> Self {
        let claims = digest(claims);
        let others = if self.claims == claims { self.found } else { Vec::new() };
        let others = others.into_iter().filter(|other| other.catalog != found.catalog);
        let others: Vec<Found> = others.take(limits::LEFT_CATALOGS - 1).collect();
        Self { claims, found: [vec![found], others].concat() }
    }

    /// Writes the file, unless a newer release did.
    ///
    /// # Errors
    ///
    /// Returns an error if the file cannot be written, or cannot be read now.
    pub(crate) fn write(&self, path: &Path) -> Result<(), DiskError> {
        if small_json::is_of_newer_release(path, FORMAT)? {
            return Ok(());
        }
        let found: Vec<Json> = self.found.iter().map(Found::json).collect();
        let json = json!({"format": FORMAT, "claims": self.claims, "found": found});
        private_file::write(path, &format!("{json}\n"))
    }
}

impl Found {
    fn parse(json: &Json) -> Option<Self> {
        let waiting = json.get("waiting")?.as_array()?.iter();
        Some(Self {
            catalog: u64::from_str_radix(json.get("catalog")?.as_str()?, 16).ok()?,
            waiting: waiting.map(|name| name.as_str().map(str::to_owned)).collect::<Option<_>>()?,
            until: json.get("until").and_then(Json::as_str).and_then(Day::parse),
        })
    }

    fn json(&self) -> Json {
        json!({
            "catalog": format!("{:016x}", self.catalog),
            "waiting": self.waiting,
            "until": self.until.map(|day| day.to_string()),
        })
    }
}

/// A digest of 32 hexadecimal digits for any number of claims.
fn digest(claims: &[ClaimName]) -> String {
    let names: Vec<String> = claims.iter().map(ToString::to_string).collect();
    random::hex(&hmac_sha256::Hash::hash(names.join(" ").as_bytes())[..16])
}

#[cfg(test)]
mod tests {
    use super::*;
    use headcount_queue::{Bounds, Queue};
    use headcount_testkit::Home;

    fn claims(home: &Home) -> Vec<ClaimName> {
        let queue = Queue::new(&home.path().join("events.jsonl"), Bounds::USUAL).unwrap();
        queue.append("one").unwrap();
        let shipper = queue.shipper(home.path(), std::time::Duration::ZERO).unwrap();
        shipper
            .claim(1_800_000_000, &[])
            .unwrap()
            .claims
            .iter()
            .map(headcount_queue::Claim::name)
            .collect()
    }

    fn found(catalog: u64, waiting: &[&str]) -> Found {
        let waiting = waiting.iter().map(|&name| name.to_owned()).collect();
        Found { catalog, waiting, until: Day::parse("2026-12-20") }
    }

    #[test]
    fn it_tells_only_of_the_claims_it_was_made_of() {
        let home = Home::new();
        let path = home.path().join("left.json");
        let (none, one) = (Vec::new(), claims(&home));
        assert_eq!(Left::read(&path).of(&none, 1), None);
        let left = Left::default().with(&one, found(1, &["otlp"])).with(&one, found(2, &[]));
        left.write(&path).unwrap();
        let read = Left::read(&path);
        assert_eq!(read, left);
        assert_eq!(read.of(&one, 1), Some(&found(1, &["otlp"])));
        assert_eq!(read.of(&one, 2), Some(&found(2, &[])));
        assert_eq!((read.of(&one, 3), read.of(&none, 1)), (None, None));
        let more = claims(&home);
        assert_eq!(read.of(&more, 1), None, "one claim more");
        let after = read.with(&more, found(1, &[]));
        assert_eq!((after.of(&more, 1).is_some(), after.of(&more, 2)), (true, None));
        for broken in ["", "{}", "{\"format\":1,\"claims\":\"\",\"found\":[{}]}"] {
            private_file::write(&path, broken).unwrap();
            assert_eq!(Left::read(&path), Left::default(), "{broken}");
        }
    }

    #[test]
    fn a_handful_of_catalogs_is_remembered() {
        let left =
            (0..100).fold(Left::default(), |left, catalog| left.with(&[], found(catalog, &[])));
        assert_eq!(left.found.len(), limits::LEFT_CATALOGS);
        assert_eq!(left.found[0].catalog, 99);
    }
}

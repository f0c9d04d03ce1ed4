//! An administrator's policy: a file that overrules the person. It can force
//! off or *local*, refuse purposes, and never turn anything on.

use std::path::{Path, PathBuf};

use headcount_catalog::NameMap;
use headcount_settings::{Format, Reading};
use serde_json::{Map, Value as Json};

use super::{Opinion, Says, Why};
use crate::disk::private_file;

/// What administrators have decided.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Policy {
    /// Off or *local*, if one of them says so.
    pub(crate) opinion: Option<Opinion>,
    /// The purposes that they refuse, each with the file that does.
    pub(crate) purposes: NameMap<PathBuf>,
}

/// The strictest policy of these folders, where one is `/etc` or, on Windows,
/// the folder that a variable names.
pub(super) fn policy(product: &str, policies: &[PathBuf]) -> Policy {
    let mut strictest = Policy::default();
    for folder in policies {
        let Policy { opinion, purposes } = one(product, folder);
        strictest.opinion = match (strictest.opinion.take(), opinion) {
            (before, Some(now)) if now.says == Says::Refuse && !is_off(before.as_ref()) => {
                Some(now)
            }
            (before, now) => before.or(now),
        };
        for (purpose, path) in purposes {
            if !strictest.purposes.contains_key(&purpose) {
                strictest.purposes.insert(purpose, path);
            }
        }
    }
    strictest
}

fn is_off(opinion: Option<&Opinion>) -> bool {
    opinion.is_some_and(|opinion| opinion.says == Says::Refuse)
}

/// The policy of `<policies>/<product>/telemetry.json`: `{"telemetry": "off"}`
/// or `"local"`. A file with `"on"` has no opinion, but for the purposes that
/// it refuses: `"purposes": {"crash": "off"}`. A file that cannot be read, or
/// with any other key or value, or with a key twice, forces off.
fn one(product: &str, policies: &Path) -> Policy {
    let path = policies.join(product).join("telemetry.json");
    let forced = |says| Policy {
        opinion: Some(Opinion { says, why: Why::Admin(path.clone()) }),
        ..Policy::default()
    };
    let off = || forced(Says::Refuse);
    let text = match private_file::read(&path) {
        Ok(None) => return Policy::default(),
        Ok(Some(text)) => text,
        Err(_) => return off(),
    };
    let Some(json) = read(&text) else { return off() };
    let policy = match json.get("telemetry").and_then(Json::as_str) {
        Some("on") => Policy::default(),
        Some("local") => forced(Says::Local),
        _ => return off(),
    };
    match json.get("purposes").map(refused) {
        None => policy,
        Some(None) => off(),
        Some(Some(names)) => {
            let mut purposes = NameMap::new();
            for name in names {
                purposes.insert(name.to_owned(), path.clone());
            }
            Policy { purposes, ..policy }
        }
    }
}

/// Reads a policy; `None` if it has a key that is not of a policy, or twice.
fn read(text: &str) -> Option<Json> {
    // Of a key that is there twice the parser takes the last.
    let reading = Reading::of(Format::Json, text).ok()?;
    let json: Json = text.parse().ok()?;
    for key in json.as_object()?.keys() {
        if !matches!(key.as_str(), "telemetry" | "purposes") {
            return None;
        }
        reading.get(key).ok()?;
    }
    for name in json.get("purposes").and_then(Json::as_object).into_iter().flat_map(Map::keys) {
        reading.get(&format!("purposes.{name}")).ok()?;
    }
    Some(json)
}

/// The purposes that are refused: every one whose value is not `"on"`. `None`
/// if they are not an object of texts.
fn refused(purposes: &Json) -> Option<Vec<&str>> {
    let mut refused = Vec::new();
    for (name, value) in purposes.as_object()? {
        if value.as_str()? != "on" {
            refused.push(name.as_str());
        }
    }
    Some(refused)
}

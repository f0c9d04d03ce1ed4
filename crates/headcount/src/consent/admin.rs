//! An administrator's policy: a file that overrules the person. It can force
//! off or *local*, and never on.

use std::path::{Path, PathBuf};

use serde_json::Value as Json;

use super::{Opinion, Says, Why};
use crate::disk::private_file;

/// The strictest opinion in these folders, where one is `/etc` or, on Windows,
/// the folder that a variable names.
pub(super) fn opinion(product: &str, policies: &[PathBuf]) -> Option<Opinion> {
    let mut strictest: Option<Opinion> = None;
    for folder in policies {
        match one(product, folder) {
            Some(opinion) if opinion.says == Says::Refuse => return Some(opinion),
            opinion => strictest = strictest.or(opinion),
        }
    }
    strictest
}

/// The opinion of `<policies>/<product>/telemetry.json`: `{"telemetry": "off"}`
/// or `"local"`. A file with `"on"` has no opinion. A file that cannot be read,
/// or with any other value, forces off.
fn one(product: &str, policies: &Path) -> Option<Opinion> {
    let path = policies.join(product).join("telemetry.json");
    let says = match private_file::read(&path) {
        Ok(None) => return None,
        Ok(Some(text)) => match serde_json::from_str::<Json>(&text) {
            Ok(json) => match json.get("telemetry").and_then(Json::as_str) {
                Some("on") => return None,
                Some("local") => Says::Local,
                _ => Says::Refuse,
            },
            Err(_) => Says::Refuse,
        },
        Err(_) => Says::Refuse,
    };
    Some(Opinion { says, why: Why::Admin(path) })
}

//! The person's decision, read from the settings file. A file that cannot be
//! read is a no.

use std::path::Path;

use headcount_catalog::Settings;

use super::{Opinion, Says, Why};
use crate::Paths;
use crate::disk::private_file;
use crate::disk::settings::{self, Found, Scalar};
use crate::disk::state::{Refused, State};

/// Grants if the switch is on and, if the product has one, the consent key
/// beside it too. A missing file or a missing switch is no opinion.
///
/// *Local* is a no in the product's file plus a flag in our own state. So
/// losing our state cannot turn *local* into sending.
pub(super) fn opinion(written: &Settings, paths: &Paths) -> Option<Opinion> {
    let path = &paths.settings;
    let text = match private_file::read(path) {
        Ok(text) => text?,
        Err(error) => return Some(unusable(path, error.problem())),
    };
    // An interrupted write leaves an empty file. It may have held a no.
    if text.trim_start_matches('\u{feff}').trim().is_empty() {
        return Some(unusable(path, "the file is empty".to_owned()));
    }
    let mut last = None;
    for key in [Some(written.enabled), written.given].into_iter().flatten() {
        match settings::get(written, &text, key) {
            Err(error) => return Some(unusable(path, error.to_string())),
            Ok(Found::Scalar(Scalar::Flag(true))) => last = Some(chosen(Says::Grant, key, "true")),
            Ok(Found::Scalar(Scalar::Flag(false)))
                if State::read(&paths.state).refused == Some(Refused::Local) =>
            {
                return Some(chosen(Says::Local, "local", "true"));
            }
            Ok(Found::Scalar(Scalar::Flag(false))) => {
                return Some(chosen(Says::Refuse, key, "false"));
            }
            Ok(Found::Absent) if key == written.enabled => return None,
            Ok(Found::Absent) => return Some(chosen(Says::Refuse, key, "missing")),
            Ok(Found::Scalar(Scalar::Text(_)) | Found::Other) => {
                return Some(unusable(path, format!("`{key}` is neither true nor false")));
            }
        }
    }
    last
}

fn chosen(says: Says, key: &'static str, value: &str) -> Opinion {
    Opinion { says, why: Why::Setting { key, value: value.to_owned() } }
}

fn unusable(path: &Path, problem: String) -> Opinion {
    Opinion { says: Says::Refuse, why: Why::File { path: path.to_path_buf(), problem } }
}

//! Settings in YAML, changed in place.
#![no_main]

use headcount_settings::Format;
use libfuzzer_sys::fuzz_target;

#[path = "edit.rs"]
mod edit;

fuzz_target!(|text: &str| edit::edit(Format::Yaml, text));

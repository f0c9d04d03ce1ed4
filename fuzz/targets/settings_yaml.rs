//! Settings in YAML, changed in place.
#![no_main]

#[path = "edit.rs"]
mod edit;

use headcount_settings::Format;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| edit::edit(Format::Yaml, text));

//! The parser of `telemetry.toml`: no text makes it panic, every mistake has a
//! place in the text, and what it accepts can be compared and turned into Rust.
#![no_main]

use headcount_catalog::codegen::{SdkPath, rust};
use headcount_catalog::{Scope, parse};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    match parse(text) {
        Ok(catalog) => {
            let scope = Scope::of(&catalog);
            assert!(scope.compare(&scope).is_empty(), "a catalog differs from itself");
            assert!(!rust(&catalog, SdkPath::HOST).is_empty());
        }
        Err(mistakes) => {
            assert!(!mistakes.all().is_empty(), "refused without a mistake");
            // A line and a column, from 1.
            let lines = text.lines().count().max(1);
            for mistake in mistakes.all() {
                assert!((1..=lines + 1).contains(&mistake.line), "{mistake}");
                assert!(mistake.column >= 1, "{mistake}");
            }
        }
    }
});

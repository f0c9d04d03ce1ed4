//! PostHog's decoder, forms included.
#![no_main]

#[path = "judge.rs"]
mod judge;
#[path = "../../crates/headcount-wire/tests/wire/readings.rs"]
mod readings;

use headcount_wire::flat::BodyForm;
use headcount_wire::posthog::{decode, unwrapped};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|body: &[u8]| {
    let Ok(body) = unwrapped(body) else { return };
    readings::compared(BodyForm::PostHog, judge::catalog(), &body);
    let Ok(captures) = decode(&body) else { return };
    for capture in captures.captures().into_iter().flatten() {
        let _ = (capture.key(), capture.uuid());
        judge::judge(capture.unchecked(judge::catalog()));
    }
});

//! PostHog's decoder, forms included.
#![no_main]

use headcount_wire::posthog::{decode, unwrapped};
use libfuzzer_sys::fuzz_target;

#[path = "judge.rs"]
mod judge;

fuzz_target!(|body: &[u8]| {
    let Ok(body) = unwrapped(body) else { return };
    let Ok(captures) = decode(&body) else { return };
    for capture in captures.captures().into_iter().flatten() {
        let _ = (capture.key(), capture.uuid());
        judge::judge(capture.unchecked(judge::catalog()));
    }
});

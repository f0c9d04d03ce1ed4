//! The decoder of the plain form.
#![no_main]

use headcount_wire::{http, unchecked};
use libfuzzer_sys::fuzz_target;

#[path = "judge.rs"]
mod judge;

fuzz_target!(|body: &[u8]| {
    let Ok(events) = http::decode(body) else { return };
    events.events().for_each(|event| judge::judge(event.and_then(unchecked)));
});

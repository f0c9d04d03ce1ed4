//! The native dialect's decoder.
#![no_main]

#[path = "judge.rs"]
mod judge;

use headcount_wire::{native, unchecked};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|body: &[u8]| {
    for arrival in native::decode(body).iter().flatten() {
        judge::judge(arrival.as_ref().map_err(|reason| *reason).and_then(unchecked));
    }
});

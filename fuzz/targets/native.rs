//! The native dialect's decoder.
#![no_main]

#[path = "judge.rs"]
mod judge;
#[path = "../../crates/headcount-wire/tests/wire/readings.rs"]
mod readings;

use headcount_wire::flat::BodyForm;
use headcount_wire::{native, unchecked};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|body: &[u8]| {
    readings::compared(BodyForm::Native, judge::catalog(), body);
    for arrival in native::decode(body).iter().flatten() {
        judge::judge(arrival.as_ref().map_err(|reason| *reason).and_then(unchecked));
    }
});

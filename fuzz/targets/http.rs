//! The decoder of the plain form.
#![no_main]

#[path = "judge.rs"]
mod judge;
#[path = "../../crates/headcount-wire/tests/wire/readings.rs"]
mod readings;

use headcount_wire::flat::BodyForm;
use headcount_wire::{http, unchecked};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|body: &[u8]| {
    readings::compared(BodyForm::Http, judge::catalog(), body);
    let Ok(events) = http::decode(body) else { return };
    events.events().for_each(|event| judge::judge(event.and_then(unchecked)));
});

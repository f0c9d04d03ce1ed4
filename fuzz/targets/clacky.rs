//! OpenClacky's decoder.
#![no_main]

#[path = "judge.rs"]
mod judge;
#[path = "../../crates/headcount-wire/tests/wire/readings.rs"]
mod readings;

use headcount_wire::clacky;
use headcount_wire::flat::BodyForm;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|body: &[u8]| {
    readings::compared(BodyForm::Clacky, judge::catalog(), body);
    let Ok(payload) = clacky::decode(body) else { return };
    judge::judge(payload.unchecked(judge::catalog(), "binary.startup"));
});

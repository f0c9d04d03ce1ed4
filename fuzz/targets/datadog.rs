//! Datadog's decoder.
#![no_main]

#[path = "judge.rs"]
mod judge;
#[path = "../../crates/headcount-wire/tests/wire/readings.rs"]
mod readings;

use headcount_wire::datadog;
use headcount_wire::flat::BodyForm;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|body: &[u8]| {
    readings::compared(BodyForm::Datadog, judge::catalog(), body);
    let Ok(logs) = datadog::decode(body) else { return };
    for log in logs.logs() {
        judge::judge(log.and_then(|log| log.unchecked(judge::catalog())));
    }
});

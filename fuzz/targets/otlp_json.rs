//! OTLP in JSON: the decoder.
#![no_main]

#[path = "judge.rs"]
mod judge;
#[path = "../../crates/headcount-wire/tests/wire/readings.rs"]
mod readings;

use headcount_wire::flat::BodyForm;
use headcount_wire::otlp::decode;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|body: &[u8]| {
    readings::compared(BodyForm::Otlp, judge::catalog(), body);
    let Ok(export) = decode(body) else { return };
    for record in export.records().into_iter().flatten() {
        judge::judge(Ok(record.unchecked));
    }
});

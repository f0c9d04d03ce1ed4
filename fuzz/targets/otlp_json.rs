//! OTLP in JSON: the decoder.
#![no_main]

#[path = "judge.rs"]
mod judge;

use headcount_wire::otlp::decode;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|body: &[u8]| {
    let Ok(export) = decode(body) else { return };
    for record in export.records().into_iter().flatten() {
        judge::judge(Ok(record.unchecked));
    }
});

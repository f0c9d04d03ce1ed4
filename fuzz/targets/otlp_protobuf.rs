//! OTLP in protocol buffers: the decoder, and the answer as a shipper reads it.
#![no_main]

#[path = "judge.rs"]
mod judge;
#[path = "../../crates/headcount-wire/tests/wire/readings.rs"]
mod readings;

use headcount_wire::flat::BodyForm;
use headcount_wire::otlp::{decode_protobuf, settled_protobuf};
use libfuzzer_sys::fuzz_target;

/// Lines of the batch that an answer is about.
const LINES: usize = 3;

fuzz_target!(|body: &[u8]| {
    readings::compared(BodyForm::OtlpProtobuf, judge::catalog(), body);
    let _ = settled_protobuf(None, body, LINES);
    let Ok(export) = decode_protobuf(body) else { return };
    for record in export.records().into_iter().flatten() {
        judge::judge(Ok(record.unchecked));
    }
});

//! OTLP's two decoders.
#![no_main]

use headcount_wire::otlp::{decode, decode_protobuf};
use libfuzzer_sys::fuzz_target;

#[path = "judge.rs"]
mod judge;

fuzz_target!(|body: &[u8]| {
    for export in [decode(body), decode_protobuf(body)].into_iter().flatten() {
        for record in export.records().into_iter().flatten() {
            judge::judge(Ok(record.unchecked));
        }
    }
});

//! What a shipper takes for an answer.
#![no_main]

use headcount_wire::{clacky, datadog, http, native, otlp, posthog};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|body: &[u8]| {
    let _ = native::settled(body, 3);
    let _ = (otlp::settled(200, body, 3), otlp::settled_protobuf(None, body, 3));
    let _ = (posthog::settled(body, 3), datadog::settled(202, body));
    let _ = (clacky::settled(body), http::settled(body));
});

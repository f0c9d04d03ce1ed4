//! Datadog's decoder.
#![no_main]

#[path = "judge.rs"]
mod judge;

use headcount_wire::datadog;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|body: &[u8]| {
    let Ok(logs) = datadog::decode(body) else { return };
    for log in logs.logs() {
        judge::judge(log.and_then(|log| log.unchecked(judge::catalog())));
    }
});

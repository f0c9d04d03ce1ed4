//! OpenClacky's decoder.
#![no_main]

#[path = "judge.rs"]
mod judge;

use headcount_wire::clacky;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|body: &[u8]| {
    let Ok(payload) = clacky::decode(body) else { return };
    judge::judge(payload.unchecked(judge::catalog(), "binary.startup"));
});

//! OpenClacky's decoder.
#![no_main]

use headcount_wire::clacky;
use libfuzzer_sys::fuzz_target;

#[path = "judge.rs"]
mod judge;

fuzz_target!(|body: &[u8]| {
    let Ok(payload) = clacky::decode(body) else { return };
    judge::judge(payload.unchecked(judge::catalog(), "binary.startup"));
});

//! The hidden command that ships is named nowhere.

use headcount_testkit::{Home, TestProgram, assert_is_hidden};

#[test]
fn the_upload_stays_hidden_from_every_help() {
    let home = Home::new();
    let atomic = env!("CARGO_BIN_EXE_atomic");
    assert_is_hidden(|args| TestProgram::new(atomic, &home).args(args), "upload-telemetry");
}

//! A hundred at once, forty killed half-way, and then the books.

use headcount_testkit::{CannedAnswer, CaptureServer, Crowd, Home, Ships, TestProgram};

use crate::places::EVENTS;

fn program(home: &Home, words: &[&str]) -> TestProgram {
    TestProgram::new(env!("CARGO_BIN_EXE_atomic"), home).args(words)
}

#[test]
fn a_hundred_at_once_and_forty_killed_lose_nothing() {
    let server = CaptureServer::start();
    server.reply_otherwise(
        CannedAnswer::status(200).header("content-type", "application/json").body("{}"),
    );
    let url = server.url();
    let home = Home::new();
    assert_eq!(program(&home, &["config", "set", "telemetry", "true"]).run().code(), Some(0));
    let program = program(&home, &[])
        .env("ATOMIC_TELEMETRY_ENDPOINT", &url)
        .env("ATOMIC_TELEMETRY_UPLOAD", "1");
    let crowd = Crowd { home: &home, program, run: &["update"], queue: EVENTS, ships: Ships::Here };
    crowd.assert_books_balance();
}

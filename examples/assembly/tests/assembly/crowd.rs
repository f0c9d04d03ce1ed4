//! A hundred at once, forty killed half-way, and then the books.

use headcount_testkit::{CannedAnswer, CaptureServer, Crowd, Home, Ships};

use crate::stage::{events, program};

#[test]
fn a_hundred_at_once_and_forty_killed_lose_nothing() {
    let server = CaptureServer::start();
    server.reply_otherwise(
        CannedAnswer::status(202).header("content-type", "application/json").body("{}"),
    );
    let url = server.url();
    let home = Home::new();
    assert_eq!(program(&home, &["telemetry", "on"]).run().code(), Some(0));
    let program = program(&home, &[])
        .env("AAI_TELEMETRY_ENDPOINT", &url)
        .env("AAI_TELEMETRY_FLUSH", "1")
        .env("ASSEMBLYAI_API_KEY", "a-key");
    let crowd =
        Crowd { home: &home, program, run: &["whoami"], queue: &events(), ships: Ships::Here };
    crowd.assert_books_balance();
}

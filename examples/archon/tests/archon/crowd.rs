//! A hundred at once, forty killed half-way, and then the books.

use headcount_testkit::{CannedAnswer, CaptureServer, Crowd, Ships};

use crate::stage::{EVENTS, agreed, program};

#[test]
fn a_hundred_at_once_and_forty_killed_lose_nothing() {
    let server = CaptureServer::start();
    server.reply_otherwise(
        CannedAnswer::status(200).header("content-type", "application/json").body("{}"),
    );
    let url = server.url();
    let home = agreed();
    let program = program(&home, &[])
        .env("ARCHON_TELEMETRY_ENDPOINT", &url)
        .env("ARCHON_TELEMETRY_FLUSH", "1");
    let crowd = Crowd {
        home: &home,
        program,
        run: &["version"],
        queue: EVENTS,
        ships: Ships::NotWithoutAKey,
    };
    crowd.assert_books_balance();
}

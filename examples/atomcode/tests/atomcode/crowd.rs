//! A hundred at once, forty killed half-way, and then the books.

use headcount_testkit::{CannedAnswer, CaptureServer, Crowd, ServerReply, Ships};

use crate::stage::{EVENTS, program, told};

#[test]
fn a_hundred_at_once_and_forty_killed_lose_nothing() {
    let server = CaptureServer::start();
    server.reply_otherwise(ServerReply::Made(|request| {
        let events = request.text().lines().count();
        let body =
            format!("{{\"accepted\":{events},\"duplicate\":0,\"rejected\":0,\"events\":[]}}");
        CannedAnswer::status(200).header("content-type", "application/json").body(body)
    }));
    let url = server.url();
    let home = told();
    assert_eq!(program(&home, &["telemetry", "on"]).run().code(), Some(0));
    let program = program(&home, &[])
        .env("ATOMCODE_TELEMETRY_ENDPOINT", &url)
        .env("ATOMCODE_TELEMETRY_FLUSH", "1");
    let crowd =
        Crowd { home: &home, program, run: &["-p", "hello"], queue: EVENTS, ships: Ships::Here };
    crowd.assert_books_balance();
}

//! The interactive mode as a person at a terminal meets it.

use std::path::Path;
use std::time::Duration;

use headcount_testkit::{Canary, CaptureServer, Home, Seat};
use serde_json::{Value, json};

use crate::login::ACCOUNT;
use crate::stage::{NOTICE, atomcode, dumped, only, told};

/// AtomCode, ready for a line.
fn seat(home: &Home) -> Seat {
    let marked = [("ATOMCODE_TELEMETRY_FLUSH", "1")];
    let seat = Seat::take(Path::new(env!("CARGO_BIN_EXE_atomcode")), home, &[], &marked, 160, "");
    ready(&seat);
    seat
}

/// Waits for the prompt at the end of the screen.
fn ready(seat: &Seat) {
    seat.see(|screen| screen.ends_with('>'));
}

/// Types a line and waits until it is done.
fn line(seat: &mut Seat, text: &str, expected: &str) {
    seat.press(&format!("{text}\r"));
    seat.see(|screen| screen.contains(expected) && screen.ends_with('>'));
}

/// The slash commands that were told.
fn commands(home: &Home) -> Vec<String> {
    let records = dumped(home);
    let used = only(&records, "use_command").into_iter();
    used.map(|record| record["type"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn every_slash_command_is_told_by_its_closed_word() {
    let home = told();
    let mut seat = seat(&home);
    for (text, expected) in [
        ("/help", "Type a prompt"),
        ("/model", "The model is qwen3-coder."),
        ("/model gpt-5", "The model is gpt-5."),
        ("/provider openai", "The provider is openai."),
        ("/status", "Model gpt-5 of openai; you are not logged in."),
        ("hello", "There is no model here."),
        ("/cost", "17 tokens so far."),
        ("/compact", "/compact does nothing in this example."),
        ("/undo", "/undo does nothing in this example."),
        ("/telemetry status", "Telemetry: ENABLED"),
        // Blank lines are nothing.
        ("", ""),
        ("   ", ""),
    ] {
        line(&mut seat, text, expected);
    }
    seat.press("/exit\r");
    assert_eq!(seat.end().code, 0);
    let used = ["/help", "/model", "/model", "/provider", "/status", "/cost", "/compact", "/undo"];
    assert_eq!(commands(&home), [&used[..], &["/telemetry", "/exit"]].concat());

    let records = dumped(&home);
    assert!(records.iter().all(|record| record["mode"] == "tui"), "{records:?}");
    assert!(records.iter().all(|record| record["session_id"] == records[0]["session_id"]));
    assert_eq!(records[0]["event_id"], "open_atomcode");
    let chat = only(&records, "llm_chat")[0];
    assert_eq!((&chat["model"], &chat["provider"]), (&json!("gpt-5"), &json!("openai")));
    assert_eq!(chat["turn_id"].as_str().unwrap().len(), 36);
    // What belongs to a turn is told of turns alone.
    let after = records.last().unwrap();
    assert!(after["turn_id"].is_null() && after["model"].is_null(), "{after}");
}

#[test]
fn an_unknown_command_is_told_only_as_one_and_no_argument_ever() {
    let canaries = ["command", "argument", "prompt"].map(Canary::new);
    let [command, argument, prompt] = canaries.each_ref().map(Canary::text);
    let home = told();
    let mut seat = seat(&home);
    line(&mut seat, &format!("/{command} {argument}"), &format!("unknown command `/{command}`"));
    line(&mut seat, &format!("/review {argument}"), "/review does nothing");
    line(&mut seat, &format!("/HELP {argument}"), "unknown command `/HELP`");
    line(&mut seat, prompt, "There is no model here.");
    seat.press("/exit\r");
    assert_eq!(seat.end().code, 0);
    assert_eq!(commands(&home), ["user-defined", "/review", "user-defined", "/exit"]);
    for canary in &canaries {
        assert_eq!(canary.find_in_tree(home.path()), [""; 0]);
    }
}

#[test]
fn a_login_in_between_is_told_from_there_to_the_logout() {
    let home = told();
    let mut seat = seat(&home);
    line(&mut seat, "one", "There is no model here.");
    seat.press("/login\r");
    seat.see(|screen| screen.ends_with("type the code that it shows:"));
    line(&mut seat, "1234", "You are logged in, with a coding plan.");
    line(&mut seat, "/status", "you are logged in.");
    line(&mut seat, "/logout", "You are logged out.");
    line(&mut seat, "/login 0000", "this code is not valid");
    // Ctrl-D.
    seat.press("\u{4}");
    assert_eq!(seat.end().code, 0);
    let of = |record: &Value| json!([record["event_id"], record["type"], record["account_id"]]);
    let told: Value = dumped(&home).iter().map(of).collect();
    assert_eq!(
        told,
        json!([
            ["open_atomcode", "/", null],
            ["llm_chat", null, null],
            ["use_command", "/login", null],
            ["login_success", "/", ACCOUNT],
            ["take_codingplan", "success", ACCOUNT],
            ["use_command", "/status", ACCOUNT],
            ["use_command", "/logout", ACCOUNT],
            ["use_command", "/login", null],
            ["take_codingplan", "fail", null],
        ])
    );
}

#[test]
fn a_no_in_between_is_the_last_word() {
    let home = told();
    let mut seat = seat(&home);
    line(&mut seat, "/help", "Type a prompt");
    line(&mut seat, "/telemetry disable", "Telemetry is off");
    seat.press("/exit\r");
    assert_eq!(seat.end().code, 0);
    assert_eq!(dumped(&home), [] as [Value; 0]);
    let status = atomcode(&home, &["telemetry", "status"]).stdout_text();
    assert!(status.starts_with("Telemetry: DISABLED"), "{status}");
}

#[test]
fn a_no_in_between_says_farewell_with_its_mode() {
    let (home, server) = (told(), CaptureServer::start());
    let endpoint = [("ATOMCODE_TELEMETRY_ENDPOINT", &*server.url())];
    let binary = Path::new(env!("CARGO_BIN_EXE_atomcode"));
    let mut seat = Seat::take(binary, &home, &[], &endpoint, 160, "");
    ready(&seat);
    line(&mut seat, "/telemetry disable", "Telemetry is off");
    seat.press("/exit\r");
    assert_eq!(seat.end().code, 0);
    let requests = server.wait_for(1, Duration::from_secs(20));
    let lines = requests.iter().flat_map(|request| {
        let text = request.text();
        text.lines().map(str::to_owned).collect::<Vec<_>>()
    });
    let records: Vec<Value> = lines.map(|line| serde_json::from_str(&line).unwrap()).collect();
    let farewell = only(&records, "telemetry_disabled");
    assert_eq!(farewell.len(), 1, "{records:?}");
    assert_eq!(farewell[0]["mode"], "tui");
}

#[test]
fn the_first_run_prints_the_notice_above_the_first_prompt() {
    let home = Home::new();
    let mut seat = seat(&home);
    let screen = seat.see(|screen| screen.ends_with('>'));
    assert!(screen.starts_with(NOTICE), "{screen}");
    seat.press("/exit\r");
    assert_eq!(seat.end().code, 0);
    let refused = [("ATOMCODE_TELEMETRY", "0")];
    let home = Home::new();
    let binary = Path::new(env!("CARGO_BIN_EXE_atomcode"));
    let mut seat = Seat::take(binary, &home, &[], &refused, 160, "");
    ready(&seat);
    line(&mut seat, "/help", "Type a prompt");
    seat.press("/exit\r");
    let end = seat.end();
    assert!(end.code == 0 && !end.screen.contains(NOTICE), "{}", end.screen);
    assert_eq!(home.tree(), []);
}

//! The host that starts a process with each event: itself, detached, with the
//! payload as an argument, to post it and end.

use std::os::unix::process::CommandExt as _;
use std::process::{Command, Stdio};
use std::time::Duration;

/// How long the second process may take in all.
const LIMIT: Duration = Duration::from_secs(3);

fn main() {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let endpoint = std::env::var("PROOF_ENDPOINT").ok();
    match (words.as_slice(), endpoint) {
        ([word, payload], Some(endpoint)) if word == "post" => post(&endpoint, payload),
        (_, endpoint) => {
            println!("Hello.");
            if endpoint.is_some() {
                start();
            }
        }
    }
}

fn start() {
    let Ok(program) = std::env::current_exe() else { return };
    let payload = format!(
        "{{\"event\":\"command\",\"device\":\"d5a9\",\"version\":\"{}\",\"os\":\"{}\",\
         \"command\":\"hello\",\"success\":true}}",
        env!("CARGO_PKG_VERSION"),
        std::env::consts::OS
    );
    // What cannot be started is not reported, and the host never knows.
    let _ = Command::new(program)
        .args(["post", &payload])
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .process_group(0)
        .spawn();
}

fn post(endpoint: &str, payload: &str) {
    let config = ureq::Agent::config_builder().timeout_global(Some(LIMIT)).build();
    // Fire and forget: nobody is there to be told.
    let _ = config.new_agent().post(format!("{endpoint}/event")).send(payload);
}

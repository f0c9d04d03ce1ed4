//! Canaries in everything that a person has and types: none is in a file of
//! telemetry, on the wire, or in the collector.

use std::fs;

use headcount_testkit::{Canary, Home, TestProgram};
use serde_json::json;

use crate::collector::TheCollector;
use crate::stage::{BINARY, ENDPOINT, MARKED, agreed, backend, events, install, until};

/// Where something private may be.
const PLACES: [&str; 12] = [
    "argument",
    "prompt",
    "session",
    "repository",
    "folder",
    "variable",
    "user",
    "host",
    "transcript",
    "model-answer",
    "remote",
    "mail",
];

fn canary(place: &str) -> String {
    assert!(PLACES.contains(&place), "{place}");
    Canary::new(place).text().to_owned()
}

/// A program of this person, in their repository: its folder, its remote, the
/// environment and the machine have canaries.
fn run(home: &Home, binary: &str, args: &[&str]) -> TestProgram {
    let folder = home.path().join(canary("folder")).join(canary("repository"));
    fs::create_dir_all(folder.join(".git")).expect("a folder");
    let remote = format!("[remote \"origin\"]\n\turl = ssh://{}@git.example/\n", canary("remote"));
    fs::write(folder.join(".git/config"), remote).expect("a file");
    TestProgram::new(binary, home)
        .args(args)
        .folder(folder)
        .env("PATH", &format!("{}/bin:/usr/bin:/bin", home.path().display()))
        .env("ANTHROPIC_API_KEY", &canary("variable"))
        .env("USER", &canary("user"))
        .env("LOGNAME", &canary("user"))
        .env("HOSTNAME", &canary("host"))
        .env("EMAIL", &format!("{}@mail.example", canary("mail")))
}

/// What an agent tells a hook, and what is in the transcript that it names.
fn payload(home: &Home, event: &str) -> String {
    let said = |text: &str| format!("/commit {text} {}@mail.example", canary("mail"));
    let transcript = home.path().join(".claude/projects/x/t.jsonl");
    json!({
        "session_id": canary("session"), "sessionId": canary("session"),
        "transcript_path": transcript, "cwd": home.path().join(canary("folder")),
        "hook_event_name": event, "source": "startup", "reason": "other",
        "expansion_type": "slash_command", "command_name": "commit",
        "command_args": said(&canary("prompt")), "prompt": said(&canary("prompt")),
        "last_assistant_message": said(&canary("model-answer")),
        "user_email": format!("{}@mail.example", canary("mail")),
    })
    .to_string()
}

fn transcript(home: &Home) {
    let typed = format!(
        "<command-message>create-spec</command-message>\n<command-name>/create-spec</command-name>\
         <command-args>{}</command-args>",
        canary("transcript")
    );
    let unknown = format!("<command-name>/{}</command-name>", canary("transcript"));
    let line = |kind: &str, text: &str| {
        json!({"type": kind, "message": {"role": kind, "content": text}, "cwd": canary("folder"),
               "gitBranch": canary("repository"), "timestamp": "2026-11-29T10:00:00Z"})
    };
    let lines =
        [line("user", &typed), line("user", &unknown), line("assistant", &canary("model-answer"))];
    let text: String = lines.iter().map(|line| format!("{line}\n")).collect();
    home.write(".claude/projects/x/t.jsonl", text);
    home.write(
        &format!(".copilot/session-state/{}/events.jsonl", canary("session")),
        format!(
            "{}\n",
            json!({"type": "skill.invoked", "timestamp": "2026-11-29T10:00:00Z", "data":
            {"name": "explain-code", "trigger": "user-invoked", "content": canary("transcript")}})
        ),
    );
}

/// Everything that Atomic does, once; what waits is not sent.
fn a_day(home: &Home) {
    transcript(home);
    install(home, "claude", "exit 0\n");
    let atomic = |args: &[&str]| {
        let output = run(home, BINARY, args).env(MARKED.0, MARKED.1).run();
        assert_ne!(output.code(), Some(101), "{args:?}: {}", output.stderr_text());
    };
    let argument = canary("argument");
    atomic(&["init", "--agent", "claude"]);
    atomic(&["init", "--agent", &argument]);
    atomic(&[
        "-a",
        "claude",
        "--",
        &format!("/commit {argument}"),
        &argument,
        &format!("/{argument}"),
    ]);
    atomic(&["-a", &argument, "--", &argument]);
    atomic(&["update", &argument]);
    atomic(&["config", "set", &argument, "true"]);
    atomic(&["telemetry", &argument]);
    for (agent, event) in [
        ("claude", "SessionStart"),
        ("claude", "UserPromptExpansion"),
        ("claude", "Stop"),
        ("claude", "SessionEnd"),
        ("copilot", "sessionStart"),
        ("copilot", "sessionEnd"),
        ("opencode", "session.created"),
        ("opencode", "dispose"),
        (&argument, &argument),
    ] {
        let run = run(home, BINARY, &["hook", agent, event]).stdin(payload(home, event));
        assert_eq!(run.env(MARKED.0, MARKED.1).run().code(), Some(0));
    }
    let seen: Vec<String> =
        events(home).iter().map(|event| event["eventType"].to_string()).collect();
    for name in ["atomic_command", "cli_command", "agent_session"] {
        assert!(seen.contains(&format!("\"{name}\"")), "{name} in {seen:?}");
    }
}

fn assert_nothing_in(folder: &std::path::Path) {
    for place in PLACES {
        assert_eq!(Canary::new(place).find_in_tree(folder), [] as [String; 0]);
    }
}

#[test]
fn no_canary_is_in_a_file_on_the_wire_or_in_the_collector() {
    let (collector, server) = (TheCollector::start(), backend());
    for url in [collector.url(), server.url()] {
        let home = agreed();
        a_day(&home);
        // Where they are, they are found.
        let planted = home.path().join(".claude");
        assert_eq!(Canary::new("transcript").find_in_tree(&planted).len(), 1);
        let folder = home.path().join(".local/share/atomic");
        assert_nothing_in(&folder);
        let waits = events(&home).len() as u64;
        let upload = run(&home, BINARY, &["--upload-telemetry"]).env(ENDPOINT, &url).run();
        assert_eq!(upload.code(), Some(0));
        until(|| events(&home).is_empty());
        assert_nothing_in(&folder);
        if url == collector.url() {
            let names = ["atomic_command", "cli_command", "agent_session"];
            until(|| names.map(|name| collector.count(name)).iter().sum::<u64>() == waits);
        }
    }
    let requests = server.requests();
    assert!(!requests.is_empty());
    for request in requests {
        for place in PLACES {
            let canary = Canary::new(place);
            assert_eq!(canary.find_in(&request.bytes()), None);
            assert_eq!(canary.find_in(request.text().as_bytes()), None);
        }
    }
    assert_nothing_in(&collector.data());
}

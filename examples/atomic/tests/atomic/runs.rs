//! `atomic -a AGENT -- /command …`: what is recorded before the agent starts,
//! and an agent that is started as if Atomic were not there.

use std::ffi::{OsStr, OsString};
use std::fs;
use std::os::unix::ffi::{OsStrExt as _, OsStringExt as _};
use std::os::unix::process::ExitStatusExt as _;

use headcount_testkit::Home;

use crate::places::{EVENTS, FOLDERS};
use crate::stage::{
    PATIENCE, agreed, atomic, backend, events, install, named, program, until, uploading,
};

/// Says how it was called, and what was recorded by then.
const AGENT: &str = r#"for word in "$@"; do printf '%s\0' "$word"; done >"$HOME/arguments"
cp "$HOME/.local/share/atomic/telemetry-events.jsonl" "$HOME/at-start" 2>/dev/null
cat >"$HOME/input"; pwd >"$HOME/folder"; echo $$ >"$HOME/pid"; echo out; echo err >&2; exit 7
"#;

fn arguments(home: &Home) -> Vec<OsString> {
    let bytes = fs::read(home.path().join("arguments")).expect("the agent has run");
    let words = bytes.split(|byte| *byte == 0);
    let mut words: Vec<OsString> = words.map(|word| OsString::from_vec(word.to_vec())).collect();
    assert_eq!(words.pop(), Some(OsString::new()), "each word has its end");
    words
}

#[test]
fn a_command_for_an_agent_is_recorded_before_the_agent_starts() {
    let home = agreed();
    install(&home, "claude", AGENT);
    let given = ["-a", "claude", "--", "/research-codebase", "src/"];
    let output = program(&home, &given).stdin("what was typed").run();
    let said = (output.code(), output.stdout_text(), output.stderr_text());
    assert_eq!(said, (Some(7), "out\n".to_owned(), "err\n".to_owned()));
    assert_eq!(arguments(&home), ["/research-codebase", "src/"]);
    assert_eq!(home.read("input"), "what was typed");
    assert!(home.read("folder").trim().ends_with("/project"));

    assert_eq!(home.read("at-start"), home.read(EVENTS), "nothing is recorded later");
    let [run, slash] = &events(&home)[..] else { panic!("{}", home.read(EVENTS)) };
    for (key, value) in
        [("eventType", "atomic_command"), ("command", "run"), ("agentType", "claude")]
    {
        assert_eq!(run[key], value, "{run}");
    }
    assert_eq!(run["success"], true);
    let keys: Vec<&str> =
        slash.as_object().expect("an object").keys().map(String::as_str).collect();
    let mut document = [
        "anonymousId",
        "eventId",
        "eventType",
        "timestamp",
        "agentType",
        "commands",
        "commandCount",
        "platform",
        "atomicVersion",
        "source",
    ];
    document.sort_unstable();
    assert_eq!(keys, document);
    assert_eq!(slash["eventType"], "cli_command");
    assert_eq!(slash["agentType"], "claude");
    assert_eq!(slash["commands"].as_array().expect("an array")[..], ["/research-codebase"]);
    assert_eq!((&slash["commandCount"], &slash["source"]), (&1.into(), &"cli".into()));
    assert_ne!(slash["eventId"], run["eventId"]);
}

#[test]
fn every_agent_has_every_form_and_only_commands_of_atomic_are_told() {
    for agent in ["claude", "opencode", "copilot"] {
        let home = agreed();
        install(&home, agent, AGENT);
        for head in [&["-a", agent][..], &["--agent", agent], &["run", "-a", agent]] {
            let tail = ["--", "-p", "/commit fix x", "/commit", "/unknown", "see /create-spec"];
            assert_eq!(atomic(&home, &[head, &tail].concat()).code(), Some(7), "{head:?}");
        }
        assert_eq!(atomic(&home, &["-a", agent]).code(), Some(7));
        assert_eq!(arguments(&home), [] as [&str; 0]);
        assert_eq!(atomic(&home, &["-a", agent, "--", "hello", "/commits"]).code(), Some(7));
        let runs = named(&home, "atomic_command");
        assert_eq!(runs.len(), 5);
        assert!(runs.iter().all(|run| run["agentType"] == agent), "{runs:?}");
        let slashes = named(&home, "cli_command");
        assert_eq!(slashes.len(), 3, "none where there is no command");
        for slash in slashes {
            assert_eq!(slash["commands"].as_array().expect("an array")[..], ["/commit"]);
        }
        let queue = home.read(EVENTS);
        assert!(!queue.contains("fix") && !queue.contains("unknown"), "{queue}");
    }
}

#[test]
fn arguments_are_bytes() {
    let home = agreed();
    install(&home, "claude", AGENT);
    let bytes: [&[u8]; 6] =
        [b"/commit \xff\xfe", b"", b"a\nb", b"--", b"--no-telemetry", b"\xc3\xa9 $HOME `x` '\""];
    let given = bytes.map(OsStr::from_bytes);
    let output = program(&home, &["-a", "claude", "--"]).args(given).run();
    assert_eq!(output.code(), Some(7));
    assert_eq!(arguments(&home), given);
    let slash = named(&home, "cli_command");
    assert_eq!(slash[0]["commands"].as_array().expect("an array")[..], ["/commit"]);
}

#[test]
fn the_agent_is_the_process_and_its_end_is_the_end() {
    let home = agreed();
    install(
        &home,
        "claude",
        "trap 'exit 9' TERM; echo $$ >\"$HOME/pid\"; while :; do sleep 0.01; done",
    );
    let running = program(&home, &["-a", "claude"]).spawn();
    let id = running.id().to_string();
    until(|| fs::read_to_string(home.path().join("pid")).is_ok_and(|pid| pid.trim() == id));
    let kill = std::process::Command::new("/bin/sh").args(["-c", "kill -TERM $0", &id]).status();
    assert!(kill.expect("a shell").success());
    assert_eq!(running.wait().code(), Some(9));

    install(&home, "claude", "kill -KILL $$");
    let output = atomic(&home, &["-a", "claude"]);
    assert_eq!(output.status.signal(), Some(9), "{:?}", output.status);
}

#[test]
fn an_agent_that_is_not_there_is_told_and_counted_as_a_failure() {
    let home = agreed();
    let output = atomic(&home, &["-a", "copilot", "--", "/commit"]);
    assert_eq!(output.code(), Some(127));
    let sentence = "atomic: `copilot` is not installed: put it on your PATH\n";
    assert_eq!((output.stdout_text().as_str(), output.stderr_text().as_str()), ("", sentence));
    // A file that cannot be run is not a program.
    home.write("bin/copilot", "#!/bin/sh\n");
    assert_eq!(atomic(&home, &["-a", "copilot"]).code(), Some(127));
    let runs = named(&home, "atomic_command");
    assert!(runs.len() == 2 && runs.iter().all(|run| run["success"] == false), "{runs:?}");
}

#[test]
fn whoever_refuses_starts_the_agent_and_nothing_is_recorded() {
    for (variables, flag) in [
        (&[("ATOMIC_TELEMETRY", "0")][..], &[][..]),
        (&[("DO_NOT_TRACK", "1")], &[]),
        (&[("CI", "true")], &[]),
        (&[], &["--no-telemetry"]),
    ] {
        let home = agreed();
        install(&home, "claude", AGENT);
        let args = [flag, &["-a", "claude", "--", "/commit"]].concat();
        let run = variables
            .iter()
            .fold(program(&home, &args), |program, (name, value)| program.env(name, value));
        assert_eq!(run.run().code(), Some(7));
        assert_eq!(arguments(&home), ["/commit"]);
        assert!(events(&home).is_empty(), "{variables:?}");
    }
    // Nobody was ever asked.
    let home = Home::new();
    install(&home, "claude", AGENT);
    assert_eq!(atomic(&home, &["-a", "claude", "--", "/commit"]).code(), Some(7));
    assert!(!home.path().join(FOLDERS[0]).exists());
}

#[test]
fn the_upload_starts_beside_the_agent() {
    let server = backend();
    let home = agreed();
    // It ends once the upload was there, so nothing waits for its end.
    install(&home, "claude", "while [ ! -e \"$HOME/arrived\" ]; do sleep 0.01; done; exit 3");
    let args = ["-a", "claude", "--", "/create-spec"];
    let running = uploading(&home, &args, &server.url()).spawn();
    let body = server.wait_for(1, PATIENCE)[0].text();
    home.write("arrived", "");
    assert_eq!(running.wait().code(), Some(3));
    for part in ["\"atomic_command\"", "\"cli_command\"", "\"/create-spec\"", "\"run\""] {
        assert!(body.contains(part), "{part} in {body}");
    }
    until(|| events(&home).is_empty());
}

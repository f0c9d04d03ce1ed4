//! What the real collector makes of it: two people, with and without Atomic in
//! front of their agents, and every event of theirs once.

use std::collections::BTreeMap;

use headcount_testkit::{Home, TestProgram};

use crate::collector::TheCollector;
use crate::stage::{ENDPOINT, agreed, install, program, project, until, uploading};

fn counts<const N: usize>(counts: [(&str, u64); N]) -> BTreeMap<String, u64> {
    counts.into_iter().map(|(word, count)| (word.to_owned(), count)).collect()
}

/// A session of Claude Code, started without Atomic.
fn session(home: &Home, id: &str, commands: &[&str], url: &str) {
    let hook = project(home).join(".claude/hooks/telemetry-stop.sh");
    let tell = |event: &str, more: &str| {
        let payload = format!("{{\"session_id\":\"{id}\",\"hook_event_name\":\"{event}\"{more}}}");
        let run = TestProgram::new(&hook, home).args(["claude", event]).stdin(payload);
        let run = run.folder(project(home)).env("PATH", "/usr/bin:/bin").env(ENDPOINT, url);
        assert_eq!(run.run().code(), Some(0));
    };
    tell("SessionStart", ",\"source\":\"startup\"");
    for command in commands {
        let more = format!(",\"expansion_type\":\"slash_command\",\"command_name\":\"{command}\"");
        tell("UserPromptExpansion", &more);
    }
    tell("SessionEnd", ",\"reason\":\"other\"");
}

#[test]
fn what_two_people_did_is_counted_once_and_its_sources_are_told_apart() {
    let collector = TheCollector::start();
    let url = collector.url();
    let people = [agreed(), agreed()];
    for home in &people {
        install(home, "claude", "exit 0\n");
        let run = |args: &[&str]| uploading(home, args, &url).run().code();
        assert_eq!(run(&["init", "--agent", "claude"]), Some(0));
        assert_eq!(run(&["-a", "claude", "--", "/commit fix it"]), Some(0));
        assert_eq!(run(&["-a", "claude", "--", "hello"]), Some(0));
        assert_eq!(run(&["-a", "opencode"]), Some(127));
        assert_eq!(run(&["update"]), Some(0));
        session(home, "one", &["commit", "create-spec"], &url);
        session(home, "two", &["ralph:help", "not-of-atomic"], &url);
    }
    // Whatever an upload has not taken, the next one does.
    until(|| {
        for home in &people {
            let _ = program(home, &["--upload-telemetry"]).env(ENDPOINT, &url).run();
        }
        collector.count("atomic_command") == 10
            && collector.count("cli_command") == 2
            && collector.count("agent_session") == 4
    });
    assert_eq!(collector.devices(), 2);
    let commands = counts([("init", 2), ("run", 6), ("update", 2)]);
    assert_eq!(collector.by("atomic_command", "command"), commands);
    assert_eq!(collector.by("atomic_command", "success"), counts([("false", 2), ("true", 8)]));
    assert_eq!(collector.by("cli_command", "commands"), counts([("/commit", 2)]));
    let in_sessions = counts([("/commit", 2), ("/create-spec", 2), ("/ralph:help", 2)]);
    assert_eq!(collector.by("agent_session", "commands"), in_sessions);

    // Who leaves is counted once more, and then no more.
    assert_eq!(uploading(&people[0], &["uninstall"], &url).run().code(), Some(0));
    until(|| collector.by("atomic_command", "command").get("uninstall") == Some(&1));
    assert_eq!(uploading(&people[0], &["update"], &url).run().code(), Some(0));
    assert_eq!(uploading(&people[1], &["update"], &url).run().code(), Some(0));
    until(|| collector.by("atomic_command", "command").get("update") == Some(&3));
}

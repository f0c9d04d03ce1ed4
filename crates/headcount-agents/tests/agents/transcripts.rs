//! A transcript is read where no hook told the commands, and believed only
//! where a person typed.

use headcount::Time;
use headcount::catalog::Grain;
use headcount_agents::Agent;

use crate::stage::Stage;

/// What a person typed.
fn typed(time: &str, name: &str) -> String {
    format!(
        r#"{{"parentUuid":null,"isSidechain":false,"userType":"external","cwd":"/home/ada/secret","sessionId":"a","type":"user","message":{{"role":"user","content":"<command-message>{name}</command-message>\n<command-name>/{name}</command-name>\n<command-args>my secret</command-args>"}},"uuid":"u","timestamp":"2026-11-20T{time}Z"}}"#
    )
}

/// The same words where nobody typed them.
fn hostile() -> String {
    let words = r"<command-message>create-spec</command-message>\n<command-name>/create-spec</command-name>";
    let mut lines = vec![
        format!(
            r#"{{"type":"user","message":{{"role":"user","content":[{{"type":"tool_result","tool_use_id":"t","content":"{words}"}}]}},"toolUseResult":"{words}","timestamp":"2026-11-20T10:00:01Z"}}"#
        ),
        format!(
            r#"{{"type":"assistant","message":{{"role":"assistant","content":[{{"type":"text","text":"{words}"}}]}}}}"#
        ),
        format!(
            r#"{{"type":"user","isSidechain":true,"message":{{"role":"user","content":"{words}"}}}}"#
        ),
        format!(
            r#"{{"type":"user","isMeta":true,"message":{{"role":"user","content":"{words}"}}}}"#
        ),
        format!(
            r#"{{"type":"user","origin":{{"kind":"task-notification"}},"message":{{"role":"user","content":"{words}"}}}}"#
        ),
        format!(
            r#"{{"type":"attachment","attachment":{{"type":"queued_command","prompt":"{words}"}}}}"#
        ),
        format!(
            r#"{{"type":"user","message":{{"role":"user","content":"I pasted this: {words}"}}}}"#
        ),
        format!(r#"{{"type":"user","message":{{"role":"user","content":"\u200b{words}"}}}}"#),
        format!(r#"{{"type":"user","message":{{"role":"user","content":"{words}"}}"#),
        format!(r#"{{"type":"system","subtype":"local_command","content":"{words}"}}"#),
        "not JSON at all \"<command-name>/create-spec</command-name>".to_owned(),
    ];
    let long = format!(
        r#"{{"type":"user","message":{{"role":"user","content":"{words}{}"}}}}"#,
        "x".repeat(2_000_000)
    );
    lines.insert(3, long);
    lines.join("\n")
}

fn end(stage: &Stage, second: i64, path: &str) {
    stage.claude(
        second,
        "a",
        "SessionEnd",
        &format!(r#","transcript_path":"{path}","reason":"other""#),
    );
}

#[test]
fn commands_that_a_person_typed_are_found_among_all_that_look_like_them() {
    let stage = Stage::new();
    let text = format!(
        "{{\"type\":\"mode\",\"timestamp\":\"2026-11-20T09:59:50Z\"}}\n{}\n{}\n{}\n",
        hostile(),
        typed("10:00:05", "commit"),
        hostile()
    );
    let path = stage.home.write(".claude/projects/-home-ada/a.jsonl", text);
    stage.claude(0, "a", "SessionStart", "");
    end(&stage, 60, path.to_str().unwrap());
    assert_eq!(stage.sessions(), ["claude 0+60 [/commit] 0 other"]);
    let invoked = stage.recorded("invoked");
    assert_eq!(invoked.len(), 1);
    assert_eq!(invoked[0]["time"], "2026-11-20T10:00:05Z");
    for entry in stage.home.tree() {
        let content = std::fs::read(stage.home.path().join(&entry.path)).unwrap_or_default();
        let is_ours = entry.path.starts_with(".tally/");
        assert!(
            !is_ours || !String::from_utf8_lossy(&content).contains("secret"),
            "{}",
            entry.path
        );
    }
}

#[test]
fn where_a_hook_named_commands_no_transcript_does() {
    let stage = Stage::new();
    let path = stage.home.write(".claude/projects/-x/a.jsonl", typed("10:00:05", "commit") + "\n");
    stage.claude(0, "a", "SessionStart", "");
    stage.claude(1, "a", "UserPromptExpansion", r#","command_name":"my-own-command""#);
    end(&stage, 9, path.to_str().unwrap());
    assert_eq!(stage.sessions(), ["claude 0+9 [] 0 other"]);
    assert_eq!(stage.recorded("invoked").len(), 1);
    assert_eq!(stage.recorded("invoked")[0]["command"], "own");
}

#[test]
fn a_session_that_goes_on_tells_no_command_of_before() {
    let stage = Stage::new();
    let before = typed("10:00:01", "commit") + "\n";
    let path = stage.home.write(".claude/projects/-x/a.jsonl", &before);
    stage.claude(0, "a", "SessionStart", "");
    end(&stage, 5, path.to_str().unwrap());
    stage.claude(100, "a", "SessionStart", r#","source":"resume""#);
    stage
        .home
        .write(".claude/projects/-x/a.jsonl", before + &typed("10:01:50", "create-spec") + "\n");
    end(&stage, 120, path.to_str().unwrap());
    assert_eq!(
        stage.sessions(),
        ["claude 0+5 [/commit] 0 other", "claude 100+20 [/create-spec] 0 other"]
    );
}

#[test]
fn nothing_outside_the_agents_folder_is_read() {
    let stage = Stage::new();
    let line = typed("10:00:05", "commit") + "\n";
    let outside = stage.home.write("elsewhere/a.jsonl", &line);
    stage.home.write(".claude/secret.jsonl", &line);
    let around = format!("{}/.claude/projects/../secret.jsonl", stage.home.path().display());
    stage.home.write(".claude/projects/-x/a.txt", &line);
    let other = format!("{}/.claude/projects/-x/a.txt", stage.home.path().display());
    for (second, path) in [outside.to_str().unwrap(), &around, &other, "/dev/stdin", "a.jsonl", ""]
        .into_iter()
        .enumerate()
    {
        let session = format!("s{second}");
        stage.claude(0, &session, "SessionEnd", &format!(r#","transcript_path":"{path}""#));
    }
    assert_eq!(stage.sessions(), vec!["claude 0+0 [] 0 other"; 6]);
    assert!(stage.recorded("invoked").is_empty());
}

#[test]
fn copilots_events_tell_what_was_invoked_and_by_whom() {
    let stage = Stage::new();
    stage.home.write(
        ".copilot/session-state/c41f/events.jsonl",
        [
            r#"{"type":"session.start","timestamp":"2026-11-20T10:00:00Z","data":{"sessionId":"c41f"}}"#,
            r#"{"type":"skill.invoked","timestamp":"2026-11-20T10:00:01Z","data":{"name":"commit","trigger":"user-invoked","content":"secret"}}"#,
            r#"{"type":"skill.invoked","timestamp":"2026-11-20T10:00:02Z","data":{"name":"help","pluginName":"ralph","trigger":"agent-invoked"}}"#,
            r#"{"type":"tool.execution_complete","timestamp":"2026-11-20T10:00:03Z","data":{"result":"{\"type\":\"skill.invoked\",\"data\":{\"name\":\"create-spec\",\"trigger\":\"user-invoked\"}}"}}"#,
            "",
        ]
        .join("\n"),
    );
    stage.call(0, Agent::Copilot, "sessionStart", br#"{"sessionId":"c41f","source":"new"}"#);
    stage.call(
        9,
        Agent::Copilot,
        "sessionEnd",
        br#"{"sessionId":"c41f","timestamp":1,"cwd":"/x","reason":"user_exit"}"#,
    );
    assert_eq!(stage.sessions(), ["copilot 0+9 [/commit] 0 exit"]);
    let by: Vec<String> = stage
        .recorded("invoked")
        .iter()
        .map(|it| format!("{} {}", it["command"], it["by"]))
        .collect();
    assert_eq!(by, ["\"/commit\" \"typed\"", "\"/ralph:help\" \"model\""]);
    for session in ["..", "../../secret", "c41f/../c41f", "missing"] {
        let payload = format!(r#"{{"sessionId":"{session}","reason":"error"}}"#);
        stage.call(10, Agent::Copilot, "sessionEnd", payload.as_bytes());
    }
    assert_eq!(stage.recorded("invoked").len(), 2);
}

/// Without a beginning nobody knows whether telemetry was on at each command:
/// of a file that is older than the yes, only what is younger counts. The times
/// are those of the files.
#[test]
fn what_was_typed_before_the_yes_is_not_told() {
    for (agent, place) in [
        (Agent::Claude, ".claude/projects/-x/a.jsonl"),
        (Agent::Copilot, ".copilot/session-state/a/events.jsonl"),
    ] {
        let stage = Stage::new();
        let path = stage.home.write(place, "");
        let made = std::fs::metadata(&path).and_then(|file| file.modified()).expect("a time");
        let made = Time::from_system(made).seconds();
        let line = |seconds: i64, name: &str| {
            let time = Time::from_seconds(made + seconds).format(Grain::Second);
            match agent {
                Agent::Claude => typed("10:00:05", name).replace("2026-11-20T10:00:05Z", &time),
                _ => format!(
                    r#"{{"type":"command.execute","timestamp":"{time}","data":{{"commandName":"{name}"}}}}"#
                ),
            }
        };
        let text = [line(-60, "commit"), line(60, "create-spec"), line(9999, "ralph:help")];
        std::fs::write(&path, text.join("\n") + "\n").expect("the transcript");
        let second = made - crate::stage::start().seconds();
        stage.home.write(".tally/settings.json", "{\"telemetry\": false}\n");
        let start = br#"{"session_id":"a","sessionId":"a","hook_event_name":"SessionStart"}"#;
        stage.call(second, agent, "SessionStart", start);
        assert!(stage.recorded("begun").is_empty());
        let settings = stage.home.write(".tally/settings.json", "{\"telemetry\": true}\n");
        // The yes comes a moment after the file was made, however fast this is.
        let yes =
            std::time::UNIX_EPOCH + std::time::Duration::from_secs((made + 30).unsigned_abs());
        let settings = std::fs::File::options().append(true).open(settings).expect("the settings");
        settings.set_modified(yes).expect("a time");
        let end = format!(
            r#"{{"session_id":"a","sessionId":"a","hook_event_name":"SessionEnd","transcript_path":"{}"}}"#,
            path.display()
        );
        stage.call(second + 100, agent, "SessionEnd", end.as_bytes());
        let told = &stage.sessions()[0];
        assert!(told.contains("[/create-spec]"), "{told}");
        assert_eq!(stage.recorded("invoked").len(), 1, "{told}");
    }
}

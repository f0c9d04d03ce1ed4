//! `init` asks which agent it is for: a person at a terminal, and nobody else.

use headcount_testkit::Home;

use crate::places::{EVENTS, FOLDERS};
use crate::seat::{self, CTRL_C, CTRL_D, ENTER, UP};

/// No shipper starts from a process that is marked as one.
const MARKED: (&str, &str) = ("ATOMIC_TELEMETRY_UPLOAD", "1");

/// Telemetry is refused, so that the agent is all that is asked about.
const REFUSED: (&str, &str) = ("ATOMIC_TELEMETRY", "0");

fn asks(screen: &str) -> bool {
    screen.contains("Which coding agent do you use here?") && screen.contains("or Enter for none:")
}

fn chosen(home: &Home) -> String {
    let text = home.read(".atomic.json");
    let (_, rest) = text.split_once("\"agent\": ").expect("the agent");
    rest.split_once('\n').expect("a line").0.to_owned()
}

#[test]
fn a_number_or_a_name_is_an_agent_and_nothing_is_none() {
    for (keys, agent) in [
        ("1\r", "\"claude\""),
        ("2\r", "\"opencode\""),
        ("3\r", "\"copilot\""),
        ("copilot\r", "\"copilot\""),
        ("9\rcobol\r 1 \r", "\"claude\""),
        ("7\r7\r7\r", "null"),
        (ENTER, "null"),
        (CTRL_D, "null"),
    ] {
        let home = Home::new();
        let mut seat = seat::take(&home, &["init"], &[MARKED, REFUSED], "");
        let screen = seat.see(asks);
        for name in ["1  Claude Code", "2  OpenCode", "3  GitHub Copilot CLI"] {
            assert!(screen.contains(name), "{screen}");
        }
        seat.press(keys);
        let end = seat.end();
        assert_eq!(end.code, 0, "{keys:?}: {}", end.screen);
        assert_eq!(chosen(&home), agent, "{keys:?}: {}", end.screen);
        assert!(!home.path().join(FOLDERS[0]).exists());
    }
}

#[test]
fn ctrl_c_ends_it_with_nothing_done() {
    let home = Home::new();
    let mut seat = seat::at_a_shell(&home, "trap : INT; \"$0\" init; echo code $?", &[MARKED]);
    seat.see(asks);
    seat.press(CTRL_C);
    let end = seat.end();
    assert!(end.screen.contains("code 130"), "{}", end.screen);
    assert!(!home.path().join(".atomic.json").exists());
}

/// §8.3: init, consent, event, local file; with the agent that was chosen.
#[test]
fn the_agent_and_then_consent_and_both_count_from_this_run_on() {
    let home = Home::new();
    let mut seat = seat::take(&home, &["init"], &[MARKED], "");
    seat.see(asks);
    seat.press("1\r");
    seat.see(|screen| screen.contains("● No") && screen.contains('└'));
    seat.press(UP);
    seat.see(|screen| screen.contains("● Yes"));
    seat.press(ENTER);
    let end = seat.end();
    assert_eq!(end.code, 0, "{}", end.screen);
    assert!(end.screen.contains("Claude Code tells Atomic when a session ends"), "{}", end.screen);
    let event = home.read(EVENTS);
    assert!(event.contains("\"command\":\"init\",\"agentType\":\"claude\""), "{event}");
    assert!(home.path().join(".claude/hooks/telemetry-stop.sh").is_file());
}

#[test]
fn where_nobody_can_answer_nothing_is_asked() {
    for variable in [("CI", "true"), ("TERM", "dumb"), ("CLAUDECODE", "1")] {
        let home = Home::new();
        let end = seat::take(&home, &["init"], &[MARKED, variable], "").end();
        assert_eq!(end.screen, "Atomic is set up here: see .atomic.json.", "{variable:?}");
        assert_eq!(chosen(&home), "null");
    }
    for script in ["\"$0\" init | cat", "\"$0\" init </dev/null", "\"$0\" init 2>said"] {
        let home = Home::new();
        let end = seat::at_a_shell(&home, &format!("{script}; echo ended"), &[MARKED]).end();
        assert!(end.screen.ends_with("ended") && !end.screen.contains("Which"), "{}", end.screen);
        assert_eq!(chosen(&home), "null");
    }
}

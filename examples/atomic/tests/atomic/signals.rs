//! What ends or stops a program at its question: the command ends as it does
//! everywhere, with nothing done, and the terminal is as before.

use headcount_testkit::Home;

use crate::places::{FOLDERS, SETTINGS};
use crate::seat::{self, CTRL_BACKSLASH, CTRL_C, CTRL_Z, CursorState, Seat};

/// The question stands there.
fn asks(screen: &str) -> bool {
    screen.rsplit_once('◆').is_some_and(|(_, last)| last.contains("● No") && last.contains('└'))
}

/// Atomic under a shell that lives on, and says how Atomic ended and in which
/// mode it left the terminal.
fn sit_down(home: &Home, variables: &[(&str, &str)]) -> Seat {
    let script = "trap : INT QUIT HUP TERM; sh -c 'echo $$ >pid; exec \"$0\" init --agent claude' \"$0\"; \
                  echo code $?; case $(stty -a) in *-icanon*) echo raw;; *-echo\\ *) echo mute;; \
                  *) echo as before;; esac";
    seat::at_a_shell(home, script, variables)
}

#[track_caller]
fn ended(home: &Home, seat: Seat, code: u8) {
    let end = seat.end();
    let tail: Vec<&str> = end.screen.lines().rev().take(2).collect();
    assert_eq!(tail, ["as before", &format!("code {code}")], "{}", end.screen);
    assert_eq!(end.cursor, CursorState::Shown);
    for path in [".atomic.json", FOLDERS[0]] {
        assert!(!home.path().join(path).exists(), "{path}: {}", end.screen);
    }
}

#[test]
fn the_keys_that_end_a_program_end_it_with_nothing_done() {
    for (key, code) in [(CTRL_C, 130), (CTRL_BACKSLASH, 131)] {
        let home = Home::new();
        let mut seat = sit_down(&home, &[]);
        seat.see(asks);
        seat.press(key);
        ended(&home, seat, code);
    }
}

#[test]
fn whatever_signal_ends_it_the_terminal_is_as_before() {
    for (signal, code) in [("TERM", 143), ("HUP", 129), ("INT", 130), ("ABRT", 134)] {
        let home = Home::new();
        let seat = sit_down(&home, &[]);
        seat.see(asks);
        let killed = std::process::Command::new("/bin/sh")
            .args(["-c", "kill -$0 $1", signal, home.read("pid").trim()])
            .status();
        assert!(killed.expect("a shell").success());
        ended(&home, seat, code);
    }
}

/// Ctrl-Z gives the terminal to the shell, and `fg` takes up the question.
#[test]
fn a_stopped_question_is_asked_again() {
    let home = Home::new();
    let script = "set -m; \"$0\" init --agent claude; case $(stty -a) in *-icanon*) echo raw;; *) echo stopped;; \
                  esac; fg; echo code $?";
    let mut seat = seat::at_a_shell(&home, script, &[("ATOMIC_TELEMETRY_UPLOAD", "1")]);
    seat.see(asks);
    seat.press(CTRL_Z);
    seat.see(|screen| screen.split_once("stopped").is_some_and(|(_, again)| asks(again)));
    seat.press("y");
    let end = seat.end();
    assert!(end.screen.ends_with("code 0"), "{}", end.screen);
    assert!(home.read(SETTINGS).contains("\"enabled\": true"));
}

/// A signal that waits for a stopped question ends it as soon as it goes on,
/// in the background too, where it may not touch the shell's terminal.
#[test]
fn a_stopped_question_can_be_ended() {
    for signals in ["TERM CONT", "CONT TERM CONT", "HUP CONT"] {
        let home = Home::new();
        let script = format!(
            "set -m; sh -c 'echo $$ >pid; exec \"$0\" init --agent claude' \"$0\"; \
             for signal in {signals}; do kill -$signal $(cat pid); done; \
             n=0; while kill -0 $(cat pid) && [ $n -lt 2000 ]; do n=$((n+1)); done; \
             case $(stty -a) in *-icanon*) echo raw;; *) echo as before;; esac; \
             [ $n -lt 2000 ] && echo ended"
        );
        let mut seat = seat::at_a_shell(&home, &script, &[]);
        seat.see(asks);
        seat.press(CTRL_Z);
        let end = seat.end();
        assert!(end.screen.contains("as before"), "{signals}: {}", end.screen);
        assert!(end.screen.ends_with("ended"), "{signals}: {}", end.screen);
        assert!(!home.path().join(".atomic.json").exists(), "{signals}: {}", end.screen);
    }
}

/// Where Ctrl-Z was switched off, it stays so after the question went on.
#[test]
fn a_stop_that_is_ignored_stays_ignored() {
    let home = Home::new();
    let script =
        "trap '' TSTP; sh -c 'echo $$ >pid; exec \"$0\" init --agent claude' \"$0\"; echo code $?";
    let mut seat = seat::at_a_shell(&home, script, &[("ATOMIC_TELEMETRY_UPLOAD", "1")]);
    seat.see(asks);
    let killed = std::process::Command::new("/bin/sh")
        .args(["-c", "kill -CONT $0", home.read("pid").trim()])
        .status();
    assert!(killed.expect("a shell").success());
    // By the time it answers a key it has had the signal before.
    seat.press("k");
    seat.see(|screen| screen.contains("● Yes"));
    seat.press(CTRL_Z);
    seat.press("j");
    seat.see(asks);
    seat.press("y");
    let end = seat.end();
    assert!(end.screen.ends_with("code 0"), "{}", end.screen);
    assert!(home.read(SETTINGS).contains("\"enabled\": true"));
}

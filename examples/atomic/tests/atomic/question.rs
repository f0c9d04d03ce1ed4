//! The question of `atomic init`, asked of a person at a real terminal.

use headcount_testkit::{Home, TestProgram};

use crate::places::{EVENTS, FOLDER, FOLDERS, SETTINGS, STATE_FOLDER};
use crate::seat::{self, CTRL_D, CursorState, DOWN, ENTER, ESC, Seat, SeatEnd, UP};

/// No shipper starts from a process that is marked as one.
const MARKED: (&str, &str) = ("ATOMIC_TELEMETRY_UPLOAD", "1");

/// The agent is named, so that telemetry is all that is asked about.
const INIT: [&str; 3] = ["init", "--agent", "claude"];

/// The question stands there, with the cursor on this answer.
fn asks(answer: &'static str) -> impl Fn(&str) -> bool {
    move |screen| {
        let last = screen.rsplit_once("Help improve Atomic by enabling").map(|(_, last)| last);
        last.is_some_and(|last| last.contains(&format!("● {answer}")) && last.contains('└'))
    }
}

fn sit_down(home: &Home) -> Seat {
    seat::take(home, &INIT, &[MARKED], "")
}

fn answered(home: &Home, keys: &[&str]) -> SeatEnd {
    let mut seat = sit_down(home);
    seat.see(asks("No"));
    for key in keys {
        seat.press(key);
    }
    seat.end()
}

fn flags(home: &Home) -> (bool, bool) {
    let text = home.read(SETTINGS);
    let on = |key: &str| text.contains(&format!("\"{key}\": true"));
    assert!(on("enabled") || text.contains("\"enabled\": false"), "{text}");
    assert!(on("consentGiven") || text.contains("\"consentGiven\": false"), "{text}");
    (on("enabled"), on("consentGiven"))
}

#[test]
fn yes_takes_an_arrow_and_enter_and_counts_from_this_run_on() {
    let home = Home::new();
    let mut seat = sit_down(&home);
    seat.see(asks("No"));
    seat.press(UP);
    seat.see(asks("Yes"));
    seat.press(ENTER);
    let end = seat.end();
    assert_eq!((end.code, end.cursor), (0, CursorState::Shown), "{}", end.screen);
    assert!(end.screen.contains("Atomic is set up here"), "{}", end.screen);
    assert_eq!(flags(&home), (true, true));
    let events = home.read(EVENTS);
    assert!(events.contains("\"command\":\"init\""), "{events}");
}

#[test]
fn y_and_n_answer_at_once() {
    for (key, flags_then) in
        [("y", (true, true)), ("Y", (true, true)), ("n", (false, false)), ("N", (false, false))]
    {
        let home = Home::new();
        let end = answered(&home, &[key]);
        assert_eq!((end.code, end.cursor), (0, CursorState::Shown), "{key}: {}", end.screen);
        assert_eq!(flags(&home), flags_then, "{key}");
        let line = if flags_then.0 {
            "Telemetry is on. To see what is sent: atomic telemetry inspect"
        } else {
            "Telemetry stays off: nothing is recorded."
        };
        assert!(end.screen.lines().any(|shown| shown == line), "{key}: {}", end.screen);
    }
}

#[test]
fn enter_alone_esc_and_the_end_of_input_are_no() {
    for keys in [&[ENTER][..], &[ESC], &[CTRL_D], &[DOWN, UP, ENTER], &["q", " ", "7", ENTER]] {
        let home = Home::new();
        let end = answered(&home, keys);
        assert_eq!((end.code, end.cursor), (0, CursorState::Shown), "{keys:?}: {}", end.screen);
        assert!(end.screen.contains("Atomic is set up here"), "{keys:?}: {}", end.screen);
        assert_eq!(flags(&home), (false, false), "{keys:?}");
        let left: Vec<String> = home.tree().into_iter().map(|entry| entry.path).collect();
        let files: Vec<&str> =
            left.iter().map(String::as_str).filter(|path| !path.ends_with('/')).collect();
        // The answer, and our own note of it.
        let state = STATE_FOLDER;
        let (note, lock) = (format!("{state}.json"), format!("{state}/change.lock"));
        let parts = [".atomic.json", &note, &lock, SETTINGS];
        assert!(files.iter().all(|file| parts.contains(file)), "{files:?}");
        assert!(files.contains(&SETTINGS), "{files:?}");
    }
}

#[test]
fn what_was_typed_before_cannot_consent() {
    // Up and Enter: where they were heard, they would say yes.
    for typed in ["k\r", "\u{1b}[A\r", "y\r\r\r"] {
        let home = Home::new();
        let mut seat = seat::take(&home, &INIT, &[MARKED], typed);
        seat.see(asks("No"));
        seat.press(ENTER);
        assert_eq!(seat.end().code, 0);
        assert_eq!(flags(&home), (false, false), "{typed:?}");
    }
}

#[test]
fn it_is_asked_once() {
    let home = Home::new();
    answered(&home, &[ENTER]);
    let end = sit_down(&home).end();
    assert_eq!(end.screen, "Atomic is set up here: see .atomic.json.");
}

/// A release that reports more asks for that alone, once; a no keeps what was
/// agreed to before.
#[test]
fn what_a_release_adds_is_asked_for_once() {
    let home = Home::new();
    answered(&home, &[UP, ENTER]);
    // What was agreed to is made that of an earlier release, without `success`.
    for (file, from, to) in [
        ("telemetry-state/agreed.json", "\"success\"", "\"succeeded\""),
        ("telemetry-state.json", "\"within\"", "\"before\""),
    ] {
        let file = format!("{FOLDER}{file}");
        let text = home.read(&file);
        assert!(text.contains(from), "{from} in {text}");
        home.write(&file, text.replace(from, to));
    }
    let mut seat = sit_down(&home);
    let asked =
        seat.see(|screen| screen.contains("May this be reported too?") && screen.contains("● No"));
    assert!(asked.contains("`success` of `atomic_command` is new"), "{asked}");
    seat.press(ENTER);
    assert_eq!(seat.end().code, 0);
    assert_eq!(flags(&home), (true, true), "what was agreed to before holds");
    let end = sit_down(&home).end();
    assert_eq!(end.screen, "Atomic is set up here: see .atomic.json.", "asked once");
    let last = home.read(EVENTS);
    let last = last.lines().last().unwrap_or_default();
    assert!(!last.contains("success"), "withheld: {last}");
}

#[test]
fn nobody_is_asked_who_refused_or_cannot_answer() {
    for variables in [
        ("ATOMIC_TELEMETRY", "0"),
        ("ATOMIC_TELEMETRY", "maybe"),
        ("DO_NOT_TRACK", "1"),
        ("CI", "true"),
        ("TERM", "dumb"),
    ] {
        let home = Home::new();
        let end = seat::take(&home, &INIT, &[MARKED, variables], "").end();
        assert_eq!(end.screen, "Atomic is set up here: see .atomic.json.", "{variables:?}");
        assert!(!home.path().join(FOLDERS[0]).exists(), "{variables:?}");
    }
    let home = Home::new();
    let end =
        seat::take(&home, &["init", "--agent", "claude", "--no-telemetry"], &[MARKED], "").end();
    assert_eq!(end.screen, "Atomic is set up here: see .atomic.json.");
    assert!(!home.path().join(FOLDERS[0]).exists());
}

/// A program that asked from there would be stopped by the terminal.
#[test]
fn in_the_background_of_a_shell_nobody_is_asked() {
    let home = Home::new();
    let end = seat::at_a_shell(
        &home,
        "set -m; \"$0\" init --agent claude & wait $!; echo ended",
        &[MARKED],
    )
    .end();
    assert!(end.screen.contains("Atomic is set up here"), "{}", end.screen);
    assert!(end.screen.contains("ended"), "{}", end.screen);
    assert!(!home.path().join(FOLDERS[0]).exists());
    // In its foreground somebody is.
    let home = Home::new();
    let mut seat =
        seat::at_a_shell(&home, "set -m; \"$0\" init --agent claude; echo ended", &[MARKED]);
    seat.see(asks("No"));
    seat.press(ESC);
    assert!(seat.end().screen.contains("ended"));
    assert_eq!(flags(&home), (false, false));
}

#[test]
fn in_a_coding_agents_shell_nobody_is_asked() {
    for marker in [
        ("CLAUDECODE", "1"),
        ("CLAUDE_CODE_CHILD_SESSION", "1"),
        ("AI_AGENT", "devin@1"),
        ("CODEX_SANDBOX", "seatbelt"),
        ("CURSOR_AGENT", "1"),
        ("GEMINI_CLI", "1"),
        ("OPENCODE", "1"),
        ("AGENT", "goose"),
    ] {
        let home = Home::new();
        let end = seat::take(&home, &INIT, &[MARKED, marker], "").end();
        assert_eq!(end.screen, "Atomic is set up here: see .atomic.json.", "{marker:?}");
        assert!(!home.path().join(FOLDERS[0]).exists(), "{marker:?}");
    }
    let home = Home::new();
    let mut seat = seat::take(&home, &INIT, &[MARKED, ("CLAUDECODE", "0")], "");
    seat.see(asks("No"));
    seat.press("n");
    assert_eq!(seat.end().code, 0);
}

#[test]
fn where_a_program_reads_or_writes_for_the_person_nobody_is_asked() {
    for script in [
        "\"$0\" init --agent claude | cat",
        "\"$0\" init --agent claude </dev/null",
        "\"$0\" init --agent claude 2>said",
        "\"$0\" init --agent claude >said",
    ] {
        let home = Home::new();
        let end = seat::at_a_shell(&home, &format!("{script}; echo ended"), &[MARKED]).end();
        assert!(end.screen.ends_with("ended") && !end.screen.contains('◆'), "{}", end.screen);
        assert!(!home.path().join(FOLDERS[0]).exists(), "{script}");
    }
}

#[test]
fn without_a_terminal_nobody_is_asked() {
    let home = Home::new();
    let output = TestProgram::new(env!("CARGO_BIN_EXE_atomic"), &home)
        .args(["init"])
        .env("TERM", "xterm-256color")
        .run();
    assert_eq!((output.code(), output.stderr_text().as_str()), (Some(0), ""));
    assert!(!home.path().join(FOLDERS[0]).exists());
}

/// The screens on the page for people are those of a real run. With the
/// variable `UPDATE` set they are written there instead of compared.
#[test]
#[cfg(target_os = "linux")]
fn the_screens_on_the_page_are_real() {
    let home = Home::new();
    let mut seat = sit_down(&home);
    let question = seat.see(asks("No"));
    seat.press(DOWN);
    seat.see(asks("Show an example of what is sent"));
    seat.press(ENTER);
    let example = seat.see(|screen| screen.contains("An example") && asks("No")(screen));
    let example = example.split_once("An example").map(|(_, rest)| rest).unwrap_or_default();
    let (example, _) = example.split_once("Help improve").unwrap_or((example, ""));
    let example =
        format!("◇  An example{}", settled(example).trim_end_matches(['\n', '◆', '│', ' ']));
    seat.press(ENTER);
    let end = seat.end();
    assert_eq!(flags(&home), (false, false));
    let (_, answered) = end.screen.rsplit_once("◇  Help improve").unwrap_or(("", &end.screen));

    let (status, view) = commands();
    let page = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/people.md");
    let before = std::fs::read_to_string(&page).expect("the page for people");
    let mut after = before.clone();
    for (name, screen) in [
        ("question", question),
        ("example", example),
        ("answered", format!("◇  Help improve{answered}")),
        ("status", status),
        ("view", view),
    ] {
        after = with_screen(&after, name, &screen);
    }
    if std::env::var_os("UPDATE").is_some() {
        std::fs::write(&page, after).expect("the page can be written");
    } else {
        assert_eq!(before, after, "run this test with UPDATE=1 and look at what changed");
    }
}

/// What `status` and `view` print after two commands that were agreed to.
#[cfg(target_os = "linux")]
fn commands() -> (String, String) {
    let home = Home::new();
    let run = |words: &[&str]| {
        let program = TestProgram::new(env!("CARGO_BIN_EXE_atomic"), &home).args(words);
        program.env(MARKED.0, MARKED.1).run().stdout_text()
    };
    run(&["telemetry", "on"]);
    run(&["update"]);
    run(&["init"]);
    let id = home.read(SETTINGS);
    let id = id.split_once("\"anonymousId\": \"").map(|(_, rest)| rest[..8].to_owned());
    let today = run(&["telemetry", "view", "--json"]);
    let today = today.split_once("\"day\":\"").map(|(_, rest)| rest[..10].to_owned());
    let settled = |text: String| {
        let text = text.replace(&id.clone().unwrap_or_default(), "7f3b2a8c");
        let text = text.replace(&today.clone().unwrap_or_default(), "2026-01-21");
        // A debug build says that it is one; how many bytes wait, and since
        // when, differs from version to version and from run to run.
        let lines = text.lines().filter(|line| !line.contains("debug build")).map(|line| {
            match (line.split_once(" events, "), line.strip_prefix("Last event: ")) {
                (Some((head, _)), _) => format!("{head} events, 492 bytes"),
                (_, Some(_)) => "Last event: atomic_command (3 minutes ago)".to_owned(),
                _ => line.to_owned(),
            }
        });
        lines.collect::<Vec<String>>().join("\n")
    };
    (settled(run(&["telemetry", "status"])), settled(run(&["telemetry", "view"])))
}

/// The page with a screen between its marks.
#[cfg(target_os = "linux")]
fn with_screen(page: &str, name: &str, screen: &str) -> String {
    let (open, close) = (format!("<!-- screen {name} -->\n"), format!("<!-- end {name} -->"));
    let (head, rest) = page.split_once(&open).unwrap_or_else(|| panic!("{open} is on the page"));
    let (_, tail) = rest.split_once(&close).unwrap_or_else(|| panic!("{close} is on the page"));
    format!("{head}{open}```text\n{screen}\n```\n{close}{tail}")
}

/// A screen without what differs from day to day, in as many columns.
#[cfg(target_os = "linux")]
fn settled(screen: &str) -> String {
    let mut lines = Vec::new();
    for line in screen.lines() {
        let line = stood_in(line, "\"eventId\": \"", "01924c5b-1800-7000-8000-000000000000");
        lines.push(stood_in(&line, "\"timestamp\": \"", "2026-01-21T10:00:00Z"));
    }
    lines.join("\n")
}

#[cfg(target_os = "linux")]
fn stood_in(line: &str, key: &str, value: &str) -> String {
    match line.split_once(key) {
        Some((head, rest)) => format!("{head}{key}{value}{}", &rest[value.len()..]),
        None => line.to_owned(),
    }
}

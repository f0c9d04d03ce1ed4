//! `headcount hooks`: what it writes for agents, says, and takes back.

use headcount_testkit::{Home, ProgramOutput, TestProgram};
use serde_json::Value;

use super::stage::{catalog, headcount};

const SETTINGS: &str = "{\n  \"model\": \"x\", // mine\n}\n";

fn hooks(home: &Home, args: &[&str]) -> TestProgram {
    let catalog = catalog("atomic").display().to_string();
    headcount(home, &["hooks"]).args(args).args(["--catalog", &catalog])
}

fn run(home: &Home, args: &[&str]) -> ProgramOutput {
    hooks(home, args).run()
}

/// The line of JSON that a command prints, and its exit code.
fn json(home: &Home, args: &[&str]) -> (Value, Option<i32>) {
    let output = hooks(home, args).args(["--json"]).run();
    let text = output.stdout_text();
    assert_eq!(text.lines().count(), 1, "{text}{}", output.stderr_text());
    (serde_json::from_str(&text).unwrap(), output.code())
}

#[test]
fn an_install_needs_no_question_and_is_undone_byte_for_byte() {
    let home = Home::new();
    home.write(".claude/settings.json", SETTINGS);
    home.write(".codex/config.toml", "model = \"x\"\n");
    let before = home.tree();
    let output = run(&home, &["install"]);
    assert_eq!(output.code(), Some(0), "{}", output.stderr_text());
    let said = output.stdout_text();
    assert!(said.contains("Claude Code: installed: "), "{said}");
    assert!(said.contains("type /hooks, and trust them."), "{said}");
    assert!(said.contains("Skipped") && said.contains("Gemini CLI"), "{said}");
    let settings = home.read(".claude/settings.json");
    assert!(
        settings.contains("// mine") && settings.contains(" claude SessionEnd\""),
        "{settings}"
    );
    assert!(home.read(".codex/hooks.json").contains(" codex UserPromptSubmit\""));

    let after = home.tree();
    let output = run(&home, &["install"]);
    assert!(output.stdout_text().contains("Claude Code: already installed."));
    assert_eq!(home.tree(), after);

    let output = run(&home, &["remove"]);
    assert_eq!(output.code(), Some(0), "{}", output.stderr_text());
    assert_eq!(home.tree(), before);
    assert_eq!(run(&home, &["remove"]).stdout_text(), "There is nothing to remove.\n");
}

#[test]
fn the_installed_line_is_what_a_shell_runs() {
    let home = Home::new();
    run(&home, &["install", "--agent", "claude"]);
    let settings: Value = serde_json::from_str(&home.read(".claude/settings.json")).unwrap();
    let line = settings["hooks"]["SessionEnd"][0]["hooks"][0]["command"].as_str().unwrap();
    let catalog = catalog("atomic").display().to_string();
    assert!(line.ends_with(" claude SessionEnd"), "{line}");
    if cfg!(unix) {
        let program = env!("CARGO_BIN_EXE_headcount");
        assert_eq!(line, format!("\"{program}\" hook --catalog \"{catalog}\" claude SessionEnd"));
    }
}

#[test]
fn a_dry_run_shows_the_change_and_makes_none() {
    let home = Home::new();
    home.write(".claude/settings.json", "{\n  \"a\": \"x\u{202e}\"\n}\n");
    home.write(".qwen/settings.json", "{\n  \"b\": 1\n}\n");
    let before = home.tree();
    let output = run(&home, &["install", "--dry-run"]);
    assert_eq!(output.code(), Some(0), "{}", output.stderr_text());
    let said = output.stdout_text();
    assert!(said.contains("@@ -1,3 +1,"), "{said}");
    assert!(said.contains("\n+  \"hooks\": {\n"), "{said}");
    assert!(said.contains("Qwen Code: would be installed: "), "{said}");
    assert!(!said.contains('\u{202e}'), "what could turn the line around is made visible");
    let (told, code) = json(&home, &["install", "--dry-run"]);
    assert_eq!(code, Some(0));
    assert_eq!(told["agents"][0]["outcome"], "planned");
    assert!(told["agents"][0]["files"][0]["diff"].as_str().unwrap().starts_with("--- "));
    assert_eq!(home.tree(), before);
}

#[test]
fn one_file_that_is_broken_does_not_keep_the_others() {
    let home = Home::new();
    home.write(".claude/settings.json", "{ broken");
    home.write(".gemini/settings.json", "{}");
    let (told, code) = json(&home, &["install"]);
    assert_eq!(code, Some(1));
    let outcomes: Vec<(&str, &str)> = told["agents"]
        .as_array()
        .unwrap()
        .iter()
        .map(|agent| (agent["agent"].as_str().unwrap(), agent["outcome"].as_str().unwrap()))
        .collect();
    assert_eq!(outcomes, [("claude", "failed"), ("gemini", "installed")]);
    assert_eq!(home.read(".claude/settings.json"), "{ broken");
    let output = run(&home, &["install"]);
    let sentence = output.stderr_text();
    assert!(sentence.contains("not valid JSON at line 1, column 3"), "{sentence}");
    assert_eq!(output.code(), Some(1));
}

#[test]
fn a_project_is_the_folder_around_that_has_git() {
    let home = Home::new();
    home.write("work/.git/HEAD", "");
    home.write("work/src/main.rs", "");
    let folder = home.path().join("work/src");
    let args = ["install", "--agent", "cursor", "--scope", "project"];
    let output = hooks(&home, &args).folder(&folder).run();
    assert_eq!(output.code(), Some(0), "{}", output.stderr_text());
    assert!(output.stdout_text().contains("do not commit it"));
    assert!(home.read("work/.cursor/hooks.json").contains(" cursor stop\""));
    let args = ["remove", "--scope", "project"];
    assert_eq!(hooks(&home, &args).folder(&folder).run().code(), Some(0));
    assert!(!home.path().join("work/.cursor").exists());
}

#[test]
fn folders_that_variables_move_are_those_that_are_written() {
    let home = Home::new();
    let moved = home.path().join("moved");
    for (agent, variable, file) in [
        ("claude", "CLAUDE_CONFIG_DIR", "settings.json"),
        ("codex", "CODEX_HOME", "hooks.json"),
        ("copilot", "COPILOT_HOME", "hooks/atomic-telemetry.json"),
        ("opencode", "XDG_CONFIG_HOME", "opencode/plugins/atomic-telemetry.js"),
        ("gemini", "GEMINI_CLI_HOME", ".gemini/settings.json"),
        ("qwen", "QWEN_HOME", "settings.json"),
    ] {
        let moved = moved.join(agent);
        let program = hooks(&home, &["install", "--agent", agent]);
        let output = program.env(variable, &moved.display().to_string()).run();
        assert_eq!(output.code(), Some(0), "{}", output.stderr_text());
        assert!(moved.join(file).is_file(), "{agent}");
    }
}

#[test]
fn status_and_doctor_say_what_is_there_and_what_to_do() {
    let home = Home::new();
    home.write(".claude/settings.json", "{}");
    let output = run(&home, &["doctor"]);
    assert_eq!(output.code(), Some(0), "{}", output.stdout_text());
    assert!(output.stdout_text().contains("note: Claude Code: Not installed"));
    run(&home, &["install", "--agent", "claude", "--agent", "codex"]);
    let (told, code) = json(&home, &["status"]);
    assert_eq!(code, Some(0));
    let codex = &told["agents"][1];
    assert_eq!(
        (codex["agent"].as_str(), codex["state"].as_str(), codex["reviewed"].as_bool()),
        (Some("codex"), Some("installed"), Some(false))
    );
    assert_eq!(told["agents"][7]["state"], "not-installed");
    let said = run(&home, &["status"]).stdout_text();
    assert!(
        said.contains("Claude Code: installed: ") && said.contains("Not reviewed yet"),
        "{said}"
    );
    let output = run(&home, &["doctor"]);
    assert_eq!(output.code(), Some(1));
    let said = output.stdout_text();
    assert!(said.contains("WRONG: Codex CLI: Codex skips hooks"), "{said}");
    assert!(said.ends_with("One thing needs doing.\n"), "{said}");
    let (told, code) = json(&home, &["doctor", "--agent", "claude"]);
    assert_eq!((told["findings"].as_array().map(Vec::len), code), (Some(0), Some(0)));
}

#[test]
fn wrong_usage_is_2_and_says_what_is_right() {
    let home = Home::new();
    let output = run(&home, &["install", "--agent", "emacs"]);
    assert_eq!(output.code(), Some(2));
    let sentence = output.stderr_text();
    assert!(sentence.contains("use claude, codex, copilot") && sentence.contains("or gemini"));
    for catalog in ["missing.toml", "-"] {
        let output = headcount(&home, &["hooks", "install", "--catalog", catalog]).run();
        assert_eq!(output.code(), Some(2), "{catalog}");
        assert!(output.stderr_text().contains("--catalog"), "{}", output.stderr_text());
    }
    let assembly = catalog("assembly").display().to_string();
    let output = headcount(&home, &["hooks", "install", "--catalog", &assembly]).run();
    assert_eq!(output.code(), Some(2));
    assert!(output.stderr_text().contains("hooks have nothing to record"));
    assert_eq!(home.tree(), Home::new().tree());
}

#[cfg(target_os = "linux")]
#[test]
fn in_a_terminal_it_shows_the_change_and_asks_once() {
    use headcount_testkit::Seat;
    use std::path::Path;

    let home = Home::new();
    home.write(".cursor/hooks.json", "{\"version\": 1}\n");
    let before = home.tree();
    let catalog = catalog("atomic").display().to_string();
    let binary = Path::new(env!("CARGO_BIN_EXE_headcount"));
    let args = ["hooks", "install", "--agent", "cursor", "--catalog", &catalog];
    for (answer, is_written) in [("n\r", false), ("\r", true)] {
        let mut seat = Seat::take(binary, &home, &args, &[], 200, "");
        let screen = seat.see(|screen| screen.contains("Write these changes? [Y/n]"));
        assert!(screen.contains("cursor stop"), "{screen}");
        assert_eq!(home.tree(), before);
        seat.press(answer);
        let end = seat.end();
        assert_eq!(end.code, u32::from(!is_written), "{}", end.screen);
        assert_eq!(home.tree() != before, is_written);
    }
    let seat = Seat::take(binary, &home, &args, &[], 200, "");
    let end = seat.end();
    assert!(end.screen.contains("Cursor: already installed."), "nothing is asked: {}", end.screen);
}

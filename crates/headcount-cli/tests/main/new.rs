//! `headcount new` writes a catalog that passes `check`, and lines that work
//! where the language is there.

use std::process::Command;

use headcount_testkit::{Home, ProgramOutput};

use super::stage::headcount;

fn new(home: &Home, args: &[&str]) -> ProgramOutput {
    headcount(home, &["new"]).args(args).run()
}

#[test]
fn whatever_is_wanted_the_catalog_passes_check() {
    for default in ["off", "ask", "on"] {
        let home = Home::new();
        let output = new(&home, &["--product", "my-tool", "--default", default]);
        assert_eq!(output.code(), Some(0), "{}", output.stderr_text());
        let catalog = home.read("telemetry.toml");
        assert!(catalog.contains("prefix = \"MY_TOOL\"\ntitle = \"My-tool\"\n"), "{catalog}");
        let checked = headcount(&home, &["check", "--deny-lints"]).run();
        assert_eq!(checked.code(), Some(0), "{}", checked.stderr_text());
        assert!(checked.stdout_text().contains("my-tool, catalog 1: 1 event, 3 properties"));
        assert_eq!(headcount(&home, &["docs"]).run().code(), Some(0));
    }
}

#[test]
fn a_catalog_that_is_there_stays() {
    let home = Home::new();
    home.write("telemetry.toml", "mine");
    let output = new(&home, &["--product", "tool"]);
    assert_eq!((output.code(), output.stdout_text().as_str()), (Some(1), ""));
    assert!(output.stderr_text().contains("telemetry.toml is there already, and stays as it is"));
    assert_eq!(home.read("telemetry.toml"), "mine");
    let printed = new(&home, &["--product", "tool", "--output", "-"]);
    assert_eq!(printed.code(), Some(0));
    assert!(printed.stdout_text().starts_with("# Everything that this program may ever report."));
}

#[test]
fn what_no_catalog_can_have_is_a_sentence_and_no_file() {
    for (product, endpoint, said) in [
        ("My Tool", "https://a.example/api/v1/events", "`My Tool` cannot be the name of a product"),
        ("tool", "http://telemetry.example.org/api/v1/events", "`endpoint` "),
        ("tool", "x\"]\n[event.x", "`endpoint` "),
    ] {
        let home = Home::new();
        let output = new(&home, &["--product", product, "--endpoint", endpoint]);
        assert_eq!(output.code(), Some(2), "{}", output.stderr_text());
        assert!(output.stderr_text().contains(said), "{}", output.stderr_text());
        assert!(!home.path().join("telemetry.toml").exists());
    }
}

#[test]
fn the_folder_says_which_lines_are_to_paste() {
    for (file, line) in [
        ("Cargo.toml", "headcount::catalog!(\"telemetry.toml\");"),
        ("package.json", "child.unref();"),
        ("pyproject.toml", "start_new_session=True"),
        ("Gemfile", "Process.detach("),
        ("go.mod", "exec.Command(\"headcount\", all...)"),
        ("Makefile", "record() {"),
    ] {
        let home = Home::new();
        home.write(file, "");
        let said = new(&home, &["--product", "tool"]).stdout_text();
        assert!(said.contains(line), "{file}: {said}");
        for placeholder in ["PRODUCT", "TELL", "OPEN =", "WHAT"] {
            assert!(!said.contains(placeholder), "{placeholder}: {said}");
        }
    }
}

/// A catalog that asks gets lines that ask, and the others lines that tell.
#[test]
fn the_lines_ask_or_tell_as_the_catalog_says() {
    for lang in ["rust", "node", "python", "ruby", "go", "shell"] {
        for (default, does, other) in [("ask", "ask", "notice"), ("on", "notice", "ask")] {
            let home = Home::new();
            let said = new(&home, &["--product", "tool", "--default", default, "--lang", lang]);
            let said = said.stdout_text();
            let calls = |word: &str| {
                let quoted = said.contains(&format!("\"{word}\""));
                let in_shell = said.contains(&format!("headcount {word} "));
                quoted || in_shell || said.contains(&format!("person::{word}("))
            };
            assert!(calls(does) && !calls(other), "{lang}, {default}: {said}");
            assert!(said.contains("TOOL_TELEMETRY_ENDPOINT=http://127.0.0.1:7070"), "{said}");
        }
    }
}

/// The lines of a language, run with this binary on the path: one event is on
/// disk, by the rules of the catalog.
fn walked(language: &str, interpreter: &[&str], call: &str) {
    let home = Home::new();
    let said = new(&home, &["--product", "tool", "--default", "on", "--lang", language]);
    let said = said.stdout_text();
    let lines = said.split("2. Paste this:\n\n").nth(1).and_then(|rest| rest.split("\n3. ").next());
    let program: String = lines
        .expect("lines")
        .lines()
        .map(|line| format!("{}\n", line.trim_start_matches("   ")))
        .collect();
    let file = home.write("program", format!("{program}\n{call}\n"));
    let binary = std::path::Path::new(env!("CARGO_BIN_EXE_headcount"));
    let paths = std::env::var("PATH").unwrap_or_default();
    let folder = binary.parent().expect("a folder").display().to_string();
    let mut command = Command::new(interpreter[0]);
    command.args(&interpreter[1..]).arg(&file).current_dir(home.path()).env_clear();
    command.envs(home.environment()).env("PATH", format!("{folder}:{paths}"));
    let Ok(output) = command.output() else {
        println!("{language}: skipped, since there is no {} here", interpreter[0]);
        return;
    };
    assert!(output.status.success(), "{language}: {}", String::from_utf8_lossy(&output.stderr));
    let inspected = || headcount(&home, &["telemetry", "dump"]).run().stdout_text();
    let recorded = (0..200).any(|_| {
        let is_there = inspected().contains("\"event\":\"command\"");
        if !is_there {
            std::thread::sleep(std::time::Duration::from_millis(25));
        }
        is_there
    });
    assert!(recorded, "{language}: {}", inspected());
}

#[test]
#[cfg(unix)]
fn the_lines_for_the_shell_record() {
    walked("shell", &["sh"], "record command name=build worked=true took=850");
}

#[test]
#[cfg(unix)]
fn the_lines_for_python_record() {
    walked("python", &["python3"], "record('command', 'name=build', 'worked=true', 'took=850')");
}

#[test]
#[cfg(unix)]
fn the_lines_for_node_record() {
    walked("node", &["node"], "record('command', 'name=build', 'worked=true', 'took=850')");
}

#[test]
#[cfg(unix)]
fn the_lines_for_ruby_record() {
    walked("ruby", &["ruby"], "record('command', 'name=build', 'worked=true', 'took=850')");
}

//! `headcount telemetry`: the person's commands for a program in any language.

use headcount_testkit::{Home, ProgramOutput};

use super::stage::{catalog, headcount, serve};

fn telemetry(home: &Home, product: &str, words: &str) -> ProgramOutput {
    let path = catalog(product);
    headcount(home, &["telemetry", "--catalog"]).args([&path]).args(words.split_whitespace()).run()
}

#[test]
fn every_command_is_there_wherever_the_catalog_is_named() {
    let home = Home::new();
    let path = catalog("atomcode");
    for words in
        ["", "status", "inspect", "dump --last 5 --pretty", "view", "policy", "local", "on"]
    {
        let output = telemetry(&home, "atomcode", words);
        let nothing = "There are no records on this machine.\n";
        let said = if words.starts_with("dump") { nothing } else { "" };
        assert_eq!((output.code(), output.stderr_text().as_str()), (Some(0), said), "{words}");
        let json = telemetry(&home, "atomcode", &format!("{words} --json"));
        assert_eq!(json.stdout_text().matches('\n').count(), 1, "{words}");
        let after = headcount(&home, &["telemetry"]).args(words.split_whitespace());
        let after = after.args(["--catalog"]).args([&path]).run();
        assert_eq!(after.code(), Some(0), "{words}: {}", after.stderr_text());
    }
    let status = telemetry(&home, "atomcode", "status").stdout_text();
    assert!(status.starts_with("Telemetry: ENABLED\n"), "{status}");
    let forms = [("disable", "enabled = false"), ("enable", "enabled = true")];
    for (word, text) in forms {
        assert_eq!(telemetry(&home, "atomcode", word).code(), Some(0), "{word}");
        assert!(home.read(".atomcode/config.toml").contains(text), "{word}");
    }
    assert_eq!(telemetry(&home, "atomcode", "clear --all").code(), Some(0));
    assert_eq!(home.tree(), []);
}

#[test]
fn what_was_sent_is_told_line_by_line() {
    let (home, place) = (Home::new(), Home::new());
    let served = serve(&place);
    let path = catalog("atomic");
    let run = |words: &str| {
        let mut words = words.split_whitespace();
        let command = words.next().expect("a command");
        let program = headcount(&home, &[command, "--catalog"]).args([&path]).args(words);
        let program = program.env("ATOMIC_TELEMETRY_ENDPOINT", &served.url);
        // No shipper starts beside the one below.
        let output = program.env("ATOMIC_TELEMETRY_UPLOAD", "1").run();
        assert_eq!((output.code(), output.stderr_text()), (Some(0), String::new()));
        output.stdout_text()
    };
    run("telemetry on");
    for command in ["update", "uninstall"] {
        run(&format!("record atomic_command command={command} success=true"));
    }
    let queue = run("telemetry dump");
    run("telemetry flush");
    let sent = run("telemetry sent --json --last 5 --since 2026-01-01");
    let lines: Vec<serde_json::Value> =
        sent.lines().map(|line| serde_json::from_str(line).expect("an object")).collect();
    assert_eq!(lines.len(), 2, "{sent}");
    for (entry, line) in lines.iter().zip(queue.lines()) {
        assert_eq!((&entry["destination"], &entry["status"]), (&"otlp".into(), &200.into()));
        assert_eq!(entry["line"], line);
    }
    let said = run("telemetry sent");
    assert!(said.contains(&format!("  {}\n", queue.lines().next().expect("a line"))), "{said}");
    drop(served);
}

#[test]
fn wrong_arguments_exit_with_2() {
    let home = Home::new();
    for words in ["stop", "dump --last many", "sent --since yesterday", "on now"] {
        let output = telemetry(&home, "atomic", words);
        assert_eq!((output.code(), output.stdout_text().as_str()), (Some(2), ""), "{words}");
    }
    let missing = headcount(&home, &["telemetry", "status"]).run();
    assert_eq!(missing.code(), Some(2));
    assert!(
        missing.stderr_text().contains("set its path with --catalog"),
        "{}",
        missing.stderr_text()
    );
    assert_eq!(home.tree(), []);
}

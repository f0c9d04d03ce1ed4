//! `headcount telemetry`: the person's commands for a program in any language.

use headcount_testkit::{Home, ProgramOutput};

use super::stage::{catalog, headcount};

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
fn wrong_arguments_exit_with_2() {
    let home = Home::new();
    for words in ["stop", "dump --last many", "on now"] {
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

//! `headcount ask` and `headcount notice`: what a host in another language
//! says to its person.

use headcount_testkit::{Home, ProgramOutput};

use super::stage::{catalog, headcount};

fn run(home: &Home, command: &str, product: &str, rest: &[&str]) -> ProgramOutput {
    let path = catalog(product);
    headcount(home, &[command, "--catalog"]).args([&path]).args(rest).run()
}

#[test]
fn nobody_is_asked_without_a_terminal_and_only_strict_says_so() {
    let home = Home::new();
    let silent = run(&home, "ask", "atomic", &[]);
    assert_eq!(
        (silent.code(), silent.stdout_text(), silent.stderr_text()),
        (Some(0), "".into(), "".into())
    );
    let strict = run(&home, "ask", "atomic", &["--strict"]);
    assert_eq!(
        (strict.code(), strict.stderr_text()),
        (Some(1), "headcount ask: nothing is asked: there is no terminal to ask in\n".into())
    );
    for (product, args, variables, reason) in [
        ("atomic", &[][..], &[][..], "no-terminal"),
        ("atomic", &["--audience", "machines"], &[], "for-machines"),
        ("atomic", &[], &[("CLAUDECODE", "1")], "agent"),
        ("atomcode", &[], &[], "no-terminal"),
    ] {
        let path = catalog(product);
        let program = headcount(&home, &["ask", "--json", "--catalog"]).args([&path]).args(args);
        let program =
            variables.iter().fold(program, |program, (name, value)| program.env(name, value));
        let json: serde_json::Value =
            serde_json::from_str(&program.run().stdout_text()).expect("one line of JSON");
        assert_eq!(
            (&json["asked"], &json["reason"]),
            (&false.into(), &reason.into()),
            "{product}: {json}"
        );
    }
    assert_eq!(home.tree(), []);
}

#[test]
fn the_notice_is_printed_once_by_whichever_command_comes_first() {
    for first in ["notice", "record"] {
        let home = Home::new();
        let event = ["open_atomcode", "session_id=one", "mode=headless"];
        let say = |command: &str| match command {
            "record" => run(&home, "record", "atomcode", &event).stderr_text(),
            _ => run(&home, "notice", "atomcode", &[]).stderr_text(),
        };
        let machines = run(&home, "notice", "atomcode", &["--audience", "machines", "--json"]);
        assert_eq!(machines.stdout_text(), "{\"shown\":false}\n");
        assert_eq!((machines.stderr_text(), home.tree()), ("".into(), vec![]));
        assert!(say(first).starts_with("AtomCode sends anonymous usage telemetry."), "{first}");
        for again in ["notice", "record"] {
            assert_eq!(say(again), "", "{first}, then {again}");
        }
        let status = run(&home, "telemetry", "atomcode", &["status"]).stdout_text();
        assert!(!status.contains("Not sent yet"), "{status}");
    }
    let home = Home::new();
    let status = run(&home, "telemetry", "atomcode", &["status"]).stdout_text();
    assert!(status.contains("Not sent yet: AtomCode first shows its notice"), "{status}");
    let refused = run(&home, "notice", "atomcode", &["--no-telemetry"]);
    assert_eq!((refused.stderr_text(), home.tree()), ("".into(), vec![]));
}

#[test]
fn hints_say_what_works() {
    let home = Home::new();
    let path = catalog("atomic").display().to_string();
    let status = run(&home, "telemetry", "atomic", &["status", "--no-telemetry"]);
    let text = status.stdout_text();
    assert!(text.starts_with("Telemetry: DISABLED (reason: flag:--no-telemetry)\n"), "{text}");
    let hint = format!("headcount telemetry --catalog {path} inspect\n");
    // A path of Windows stands in quotation marks.
    let plain = text.replace('"', "");
    assert!(plain.contains(&hint) && !text.contains("atomic telemetry"), "{text}");
    let named = run(&home, "telemetry", "atomic", &["--program", "wren", "status"]).stdout_text();
    assert!(named.contains("To enable: wren telemetry on\n"), "{named}");
}

#[test]
fn a_catalog_on_standard_input_is_refused_in_words() {
    let home = Home::new();
    for args in [
        &["record", "--catalog", "-", "open_atomcode"][..],
        &["ask", "--catalog", "-"],
        &["notice", "--catalog=-"],
    ] {
        let output = headcount(&home, args).run();
        let code = if args[0] == "record" { 0 } else { 2 };
        assert_eq!(output.code(), Some(code), "{args:?}");
        assert!(output.stderr_text().contains("set the path of a file with --catalog"), "{args:?}");
    }
}

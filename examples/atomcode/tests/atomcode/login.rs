//! Logging in and out: the two events of a login, and an account that is told
//! only while somebody is logged in.

use headcount_testkit::Home;
use serde_json::{Value, json};

use crate::stage::{ID, atomcode, dumped, only, program, told};

/// The codes that the pretended service knows; `src/account.rs` has them.
const CODE: &str = "1234";
const CODE_WITHOUT_PLAN: &str = "1235";

pub(crate) const ACCOUNT: &str = "atomgit-10001";

fn log_in(home: &Home, code: &str) {
    assert_eq!(atomcode(home, &["login", "--code", code]).code(), Some(0));
}

/// Names, types and accounts of all records, in their order.
fn told_of(home: &Home) -> Value {
    let of = |record: &Value| json!([record["event_id"], record["type"], record["account_id"]]);
    dumped(home).iter().map(of).collect()
}

#[test]
fn a_login_is_told_with_its_plan_and_every_spelling_is_the_same() {
    for (words, code, succeeded, plan) in [
        (&["login", "--code", CODE][..], 0, true, "success"),
        (&["codingplan", "--code", CODE], 0, true, "success"),
        (&["login", "--code", CODE_WITHOUT_PLAN], 0, true, "fail"),
        (&["login", "--code", "0000"], 1, false, "fail"),
        (&["codingplan", "--code", ""], 1, false, "fail"),
        // Nobody types a code.
        (&["login"], 1, false, "fail"),
    ] {
        let home = told();
        let output = atomcode(&home, words);
        assert_eq!(output.code(), Some(code), "{words:?}: {}", output.stderr_text());
        let mut expected = vec![json!(["open_atomcode", "/", null])];
        let account = if succeeded { json!(ACCOUNT) } else { Value::Null };
        if succeeded {
            expected.push(json!(["login_success", "/", ACCOUNT]));
        }
        expected.push(json!(["take_codingplan", plan, account]));
        assert_eq!(told_of(&home), json!(expected), "{words:?}");
    }
}

#[test]
fn a_code_is_asked_for_on_standard_input_and_kept_nowhere() {
    let home = told();
    let output = program(&home, &["login"]).stdin("1234\n").run();
    let said = output.stdout_text();
    assert_eq!(output.code(), Some(0), "{said}");
    assert!(said.starts_with("Open https://atomcode.example/login"), "{said}");
    for entry in home.tree().into_iter().filter(|entry| !entry.path.ends_with('/')) {
        assert!(!home.read(&entry.path).contains("\"1234\""), "{}", entry.path);
    }
}

#[test]
fn the_account_is_told_only_while_somebody_is_logged_in_and_the_id_stays() {
    let home = told();
    let run = || atomcode(&home, &["-p", "hello"]);
    run();
    let id = home.read(ID);
    log_in(&home, CODE);
    run();
    let of_logout = atomcode(&home, &["logout"]);
    assert_eq!(of_logout.stdout_text(), "You are logged out.\n");
    assert_eq!(atomcode(&home, &["logout"]).stdout_text(), "You were not logged in.\n");
    run();
    assert_eq!(home.read(ID), id);
    let records = dumped(&home);
    assert!(records.iter().all(|record| record["device_id"] == id.trim()));
    let accounts = |name: &str| -> Vec<Value> {
        only(&records, name).into_iter().map(|record| record["account_id"].clone()).collect()
    };
    assert_eq!(accounts("llm_chat"), [Value::Null, json!(ACCOUNT), Value::Null]);
    // Before the login, of it, after it, of both logouts, after those.
    let starts =
        [Value::Null, Value::Null, json!(ACCOUNT), json!(ACCOUNT), Value::Null, Value::Null];
    assert_eq!(accounts("open_atomcode"), starts);
}

#[test]
fn a_login_works_the_same_while_telemetry_is_off_and_clearing_keeps_it() {
    let home = Home::new();
    assert_eq!(atomcode(&home, &["--no-telemetry", "login", "--code", CODE]).code(), Some(0));
    let paths: Vec<String> = home.tree().into_iter().map(|entry| entry.path).collect();
    assert_eq!(paths, [".atomcode/", ".atomcode/account"]);
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        let about = std::fs::metadata(home.path().join(".atomcode/account")).unwrap();
        assert_eq!(about.permissions().mode() & 0o777, 0o600);
    }
    assert_eq!(atomcode(&home, &["telemetry", "clear", "--all"]).code(), Some(0));
    assert_eq!(home.read(".atomcode/account").trim(), ACCOUNT);
}

#[test]
fn what_is_no_account_is_not_told() {
    for text in ["", "me@work.example", "a b", "{\"id\": 1}", "\u{0}"] {
        let home = told();
        home.write(".atomcode/account", text);
        atomcode(&home, &["-p", "hello"]);
        let records = dumped(&home);
        assert_eq!(records.len(), 2, "{text}");
        assert!(records.iter().all(|record| record["account_id"].is_null()), "{text}");
    }
}

//! `headcount keys` and `headcount readers`, and a collector that they let
//! people into while it runs.

use std::time::{Duration, Instant};

use headcount_testkit::{Home, RunningProgram};

use super::stage::{call, catalog, headcount};

/// Runs a command with a line of standard input. Returns its exit code and what
/// it printed.
#[track_caller]
fn run(home: &Home, args: &[&str], input: &str) -> (i32, String, String) {
    let output = headcount(home, args).args(["--data", "data"]).stdin(input).run();
    let code = output.code().expect("it ends by itself");
    (code, output.stdout_text(), output.stderr_text())
}

/// Makes something, and returns the one line that is printed.
#[track_caller]
fn made(home: &Home, args: &[&str]) -> String {
    let (code, stdout, stderr) = run(home, args, "");
    assert_eq!((code, stderr.as_str()), (0, ""), "{stdout}");
    let line = stdout.strip_suffix('\n').expect("a line");
    assert!(!line.contains('\n'), "{stdout}");
    line.to_owned()
}

fn serve(home: &Home) -> (RunningProgram, String) {
    home.write("catalogs/clacky.toml", std::fs::read(catalog("clacky")).unwrap());
    let args = ["serve", "--listen", "127.0.0.1:0", "--data", "data"];
    let running = headcount(home, &args).spawn();
    let url = running.line("listening on ").trim().replace("listening on ", "");
    (running, url)
}

fn write(url: &str, key: &str) -> u16 {
    call(url, "POST", "/api/v1/events", &format!("authorization: Bearer {key}\r\n"), "").0
}

#[track_caller]
fn within_ten_seconds(what: impl Fn() -> bool) {
    let end = Instant::now() + Duration::from_secs(10);
    while !what() {
        assert!(Instant::now() < end, "it did not hold within ten seconds");
        std::thread::sleep(Duration::from_millis(50));
    }
}

#[test]
fn a_change_holds_in_a_running_collector() {
    let home = Home::new();
    let (mut running, url) = serve(&home);
    let key = made(&home, &["keys", "new", "clacky"]);
    assert!(key.starts_with("hcw_") && key.len() == 44, "{key}");
    within_ten_seconds(|| write(&url, &key) == 200);
    let listed = run(&home, &["keys", "list"], "").1;
    let id = listed.split(' ').next().unwrap().to_owned();
    let (code, _, stderr) = run(&home, &["readers", "new", "maria"], "correct horse battery\n");
    assert_eq!(
        (code, stderr.as_str()),
        (0, "The reader `maria` may sign in, with the role `read`.\n")
    );
    let token = made(&home, &["readers", "token", "maria"]);
    let read =
        || call(&url, "GET", "/metrics", &format!("authorization: Bearer {token}\r\n"), "").0;
    within_ten_seconds(|| read() == 200);
    assert_eq!(run(&home, &["keys", "revoke", &id], "").0, 0);
    within_ten_seconds(|| write(&url, &key) == 401);
    assert_eq!(read(), 200);
    assert_eq!(run(&home, &["readers", "remove", "maria"], "").0, 0);
    within_ten_seconds(|| read() == 401);
    running.kill();
    let _ = running.wait();
}

#[test]
fn lists_are_for_people_and_for_programs() {
    let home = Home::new();
    let nothing = run(&home, &["keys", "list"], "");
    assert_eq!(nothing.0, 1);
    assert!(nothing.2.starts_with("headcount keys: there is no data folder at "), "{}", nothing.2);
    made(&home, &["keys", "new", "atomic"]);
    made(&home, &["keys", "new", "archon"]);
    run(&home, &["readers", "new", "maria", "--role", "operate"], "correct horse battery\r\n");
    made(&home, &["readers", "token", "maria"]);
    let (_, keys, _) = run(&home, &["keys", "list"], "");
    let words: Vec<Vec<&str>> =
        keys.lines().map(|line| line.split_whitespace().collect()).collect();
    assert!(words.iter().all(|line| line.len() == 3 && line[0].starts_with('k')), "{keys}");
    assert_eq!([words[0][1], words[1][1]], ["atomic", "archon"]);
    let json = run(&home, &["keys", "list", "--json"], "").1;
    assert!(json.lines().all(|line| line.starts_with("{\"created\":\"2")), "{json}");
    let readers = run(&home, &["readers", "list"], "").1;
    assert!(
        readers.starts_with("maria  operate  2") && readers.contains("\n  token t"),
        "{readers}"
    );
    let json = run(&home, &["readers", "list", "--json"], "").1;
    assert!(json.contains("\"role\":\"operate\",\"tokens\":[{"), "{json}");
}

#[test]
fn what_cannot_be_done_is_a_sentence() {
    let home = Home::new();
    for (args, input, code, said) in [
        (&["keys", "new", "Atomic"][..], "", 1, "`Atomic` is not the name of a product"),
        (&["keys", "new"], "", 2, "required arguments"),
        (&["keys", "new", "atomic", "--existing"], "", 1, "there is no key"),
        (&["keys", "new", "atomic", "--existing"], "short\n", 1, "can be guessed"),
        (&["readers", "new", "maria"], "", 1, "there is no password"),
        (&["readers", "new", "maria"], "x\n", 1, "shorter than 12 characters"),
        (&["readers", "new", "maria", "--role", "admin"], "", 2, "use `read` or `operate`"),
        (&["readers", "new", "two words"], "", 1, "is not a name for a reader"),
    ] {
        let (own, stdout, stderr) = run(&home, args, input);
        assert_eq!((own, stdout.as_str()), (code, ""), "{args:?}: {stderr}");
        assert!(stderr.contains(said), "{args:?}: {stderr}");
    }
    assert!(!home.path().join("data").exists(), "nothing was made");
}

/// Beyond this machine nothing is served without keys, readers and encryption.
#[test]
fn an_unguarded_address_is_refused_with_the_commands() {
    let home = Home::new();
    home.write("catalogs/clacky.toml", std::fs::read(catalog("clacky")).unwrap());
    let serve = || run(&home, &["serve", "--listen", "0.0.0.0:0"], "");
    let (code, stdout, stderr) = serve();
    assert_eq!((code, stdout.as_str()), (1, ""));
    for command in ["keys new PRODUCT", "readers new NAME", "--tls-cert FILE --tls-key FILE"] {
        assert!(stderr.contains(command), "{stderr}");
    }
    assert!(!home.path().join("data").exists(), "nothing was made");
    made(&home, &["keys", "new", "clacky"]);
    run(&home, &["readers", "new", "maria"], "correct horse battery\n");
    let (code, _, stderr) = serve();
    assert_eq!(code, 1);
    assert!(stderr.contains("there is no encryption") && !stderr.contains("keys new"), "{stderr}");
}

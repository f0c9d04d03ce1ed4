//! What the real collector makes of it: every start and every task, and the
//! devices behind them.

use headcount_testkit::Home;

use crate::stage::{STARTUP, TheCollector, clacky, program, told, until};

#[test]
fn starts_and_tasks_are_counted_and_devices_are_told_apart() {
    let collector = TheCollector::start();
    // Three people; two of them share a home, and one starts three times.
    let home = told();
    for (user, args) in [
        ("ann", &["-m", "hello"][..]),
        ("bob", &["-m", "hello"]),
        ("cyd", &["-m", "hello"]),
        ("cyd", &["--fail", "-m", "hello"]),
        ("cyd", &["--interrupt", "-m", "hello"]),
    ] {
        let args = [&["agent"], args].concat();
        let run = program(&home, &args).env("USER", user);
        let _ = run.env("CLACKY_TELEMETRY_ENDPOINT", &collector.url()).run();
    }
    until(|| collector.count("startup") == 5 && collector.count("task") == 5);
    assert_eq!(collector.devices(), 3);
    let words = |counts: &[(&str, u64)]| -> Vec<(String, u64)> {
        counts.iter().map(|(word, count)| ((*word).to_owned(), *count)).collect()
    };
    let statuses = words(&[("error", 1), ("interrupted", 1), ("success", 3)]);
    assert_eq!(collector.by("task", "status"), statuses);
    assert_eq!(collector.by("startup", "launch_source"), words(&[("cli", 5)]));
}

/// What real gems send as `host_os`, beside what this program sends.
#[test]
fn the_system_of_a_real_gem_is_the_one_of_this_program() {
    let collector = TheCollector::start();
    let home = told();
    let run = program(&home, &["agent", "-m", "hello"]);
    assert_eq!(run.env("CLACKY_TELEMETRY_ENDPOINT", &collector.url()).run().code(), Some(0));
    let device = "60302a34a63b8ec1c2b9d2b8e1d2f9a1";
    for os in
        ["linux-gnu", "linux-musl", "linux", "darwin23", "mingw32", "mswin64_140", "solaris2.11"]
    {
        let body = format!(
            "{{\"device_id\":\"{device}\",\"version\":\"1.2.3\",\"os\":\"{os}\",\
             \"ruby_version\":\"3.3.0\",\"launch_source\":\"cli\"}}"
        );
        assert_eq!(collector.send(&format!("POST {STARTUP}"), &body), "{}");
    }
    until(|| collector.count("startup") == 8);
    let own = if cfg!(target_os = "macos") {
        "darwin"
    } else if cfg!(windows) {
        "mingw32"
    } else {
        "linux"
    };
    let mut expected = [("darwin", 1), ("linux", 3), ("mingw32", 2), ("other", 1)];
    for (word, count) in &mut expected {
        *count += u64::from(*word == own);
    }
    let expected = expected.map(|(word, count)| (word.to_owned(), count));
    assert_eq!(collector.by("startup", "os"), expected);
}

#[test]
fn the_first_run_is_lost_and_an_answer_makes_the_next_one_count() {
    let collector = TheCollector::start();
    let run = |home: &Home| {
        let run = program(home, &["agent", "-m", "hello"]);
        run.env("CLACKY_TELEMETRY_ENDPOINT", &collector.url()).run()
    };
    let home = Home::new();
    assert!(!run(&home).stderr_text().is_empty());
    run(&home);
    until(|| collector.count("startup") == 1 && collector.count("task") == 1);
    // Who says yes before the first run is not told, and nothing is lost.
    let home = Home::new();
    assert_eq!(clacky(&home, &["telemetry", "on"]).code(), Some(0));
    assert_eq!(run(&home).stderr_text(), "");
    until(|| collector.count("startup") == 2 && collector.count("task") == 2);
}

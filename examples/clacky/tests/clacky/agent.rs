//! A start and the runs of the agent: the document's two requests, with its
//! keys and values, and nothing of what was typed.

use headcount_testkit::{Canary, CaptureServer, Home, TestProgram};
use serde_json::Value;

use crate::stage::{ANSWER, PATIENCE, STARTUP, TASK, backend, bodies, program, told};

/// As `printf HOST:me:PLATFORM | sha256sum` prints it.
fn device(bodies: &[String]) -> String {
    let body: Value = serde_json::from_str(&bodies[0]).unwrap();
    let device = body["device_id"].as_str().unwrap().to_owned();
    assert!(
        device.len() == 64 && device.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
    );
    device
}

fn agent(home: &Home, server: &CaptureServer, args: &[&str]) -> TestProgram {
    let args = [&["agent"], args].concat();
    program(home, &args).env("CLACKY_TELEMETRY_ENDPOINT", &server.url())
}

/// Cuts out how long a run took.
fn without_duration(body: &str) -> String {
    let (head, rest) = body.split_once("\"duration_ms\":").expect("a duration");
    let rest = rest.trim_start_matches(|byte: char| byte.is_ascii_digit());
    format!("{head}\"duration_ms\":_{rest}")
}

#[test]
fn a_run_is_two_requests_with_the_keys_and_values_of_the_document() {
    let (home, server) = (told(), backend());
    let output = agent(&home, &server, &["-m", "hello, agent"]).run();
    assert_eq!((output.code(), output.stdout_text().as_str()), (Some(0), ANSWER));
    assert_eq!(output.stderr_text(), "");
    let requests = server.wait_for(2, PATIENCE);
    let (started, worked) = (bodies(&requests, STARTUP), bodies(&requests, TASK));
    assert_eq!((started.len(), worked.len()), (1, 1));
    let (id, version) = (device(&started), env!("CARGO_PKG_VERSION"));
    let os = if cfg!(target_os = "macos") {
        "darwin"
    } else if cfg!(windows) {
        "mingw32"
    } else {
        "linux"
    };
    assert_eq!(
        started[0],
        format!(
            "{{\"device_id\":\"{id}\",\"version\":\"{version}\",\"os\":\"{os}\",\
             \"launch_source\":\"cli\"}}"
        )
    );
    // 12 bytes of message and 59 of answer: 3 and 15 tokens.
    assert_eq!(
        without_duration(&worked[0]),
        format!(
            "{{\"device_id\":\"{id}\",\"version\":\"{version}\",\"model\":\"fixed-answer\",\
             \"provider\":\"openclacky\",\"prompt_tokens\":3,\"completion_tokens\":15,\
             \"cost_usd\":0.0002,\"duration_ms\":_,\"status\":\"success\"}}"
        )
    );
    for request in &requests {
        assert_eq!((request.method.as_str(), request.header("authorization")), ("POST", None));
        assert_eq!(request.header("content-type"), Some("application/json"));
    }
}

#[test]
fn the_metrics_are_those_of_the_runs_result() {
    for (args, code, expected) in [
        (&["--fail", "-m", "hello"][..], 1, "\"status\":\"error\""),
        (&["--interrupt", "-m", "hello"], 130, "\"status\":\"interrupted\""),
        (&["--fail", "-m", "hello"], 1, "\"completion_tokens\":0"),
        (&["--model", "claude-x:1", "-m", "hello"], 0, "\"model\":\"claude-x:1\""),
        (&["--provider", "anthropic", "-m", "hello"], 0, "\"provider\":\"anthropic\""),
        (&["--provider", "my-own.example", "-m", "hello"], 0, "\"provider\":\"other\""),
        // What is not the name of a model is left out, and the rest is told.
        (&["--model", "/home/me/my model", "-m", "hello"], 0, "\"version\":\"0.1.0\",\"provider\""),
        // A run without a result is a task without metrics.
        (&["-m", " "], 0, "\"version\":\"0.1.0\"}"),
    ] {
        let (home, server) = (told(), backend());
        assert_eq!(agent(&home, &server, args).run().code(), Some(code), "{args:?}");
        let tasks = bodies(&server.wait_for(2, PATIENCE), TASK);
        assert!(tasks[0].contains(expected), "{args:?}: {}", tasks[0]);
        assert!(!tasks[0].contains("null"), "{}", tasks[0]);
    }
}

#[test]
fn each_line_is_a_task_and_all_are_one_start() {
    let (home, server) = (told(), backend());
    let output = agent(&home, &server, &[]).stdin("one\ntwo\nthree").run();
    assert_eq!((output.code(), output.stdout_text()), (Some(0), ANSWER.repeat(3)));
    let requests = server.wait_for(4, PATIENCE);
    assert_eq!((bodies(&requests, STARTUP).len(), bodies(&requests, TASK).len()), (1, 3));
}

#[test]
fn who_launched_it_is_the_installer_or_the_command_line() {
    for (launched_by, expected) in [
        (Some("installer"), "installer"),
        (Some(""), "cli"),
        (Some("Installer"), "cli"),
        (Some("/home/me/desktop"), "cli"),
        (None, "cli"),
    ] {
        let (home, server) = (told(), backend());
        let mut start = agent(&home, &server, &["-m", "hello"]);
        if let Some(value) = launched_by {
            start = start.env("CLACKY_LAUNCHED_BY", value);
        }
        assert_eq!(start.run().code(), Some(0));
        let started = bodies(&server.wait_for(2, PATIENCE), STARTUP);
        let expected = format!("\"launch_source\":\"{expected}\"}}");
        assert!(started[0].ends_with(&expected), "{launched_by:?}: {}", started[0]);
    }
}

#[test]
fn a_brand_is_told_in_both_events_only_where_there_is_one() {
    for (text, expected) in [
        (
            "product_name: \"Class\"\npackage_name: \"clacky-education\"\n",
            Some("\"brand\":\"clacky-education\""),
        ),
        ("product_name: Mine\npackage_name: some-own-name\n", Some("\"brand\":\"branded\"")),
        ("product_name: \"\"\npackage_name: clacky-education\n", None),
        ("license_key: \"0000002A-00000007\"\n", None),
        ("\u{0}", None),
    ] {
        let (home, server) = (told(), backend());
        home.write(".clacky/brand.yml", text);
        assert_eq!(agent(&home, &server, &["-m", "hello"]).run().code(), Some(0));
        for request in server.wait_for(2, PATIENCE) {
            let body = request.text();
            match expected {
                Some(word) => assert!(body.contains(word), "{body}"),
                None => assert!(!body.contains("brand"), "{body}"),
            }
            assert!(!body.contains("some-own-name") && !body.contains("0000002A"), "{body}");
        }
    }
}

/// What comes of a link, a folder or a pipe in the brand's place is no brand,
/// and nobody waits for it.
#[test]
#[cfg(unix)]
fn what_is_no_file_is_no_brand() {
    for make in ["mkdir", "mkfifo", "ln -s nowhere"] {
        let (home, server) = (told(), backend());
        let script = format!("{make} \"$HOME/.clacky/brand.yml\"");
        let made = TestProgram::new("/bin/sh", &home).args(["-c", &script]).run();
        assert_eq!(made.code(), Some(0), "{}", made.stderr_text());
        assert_eq!(agent(&home, &server, &["-m", "hello"]).run().code(), Some(0));
        for request in server.wait_for(2, PATIENCE) {
            assert!(!request.text().contains("brand"), "{}", request.text());
        }
    }
}

#[test]
fn nothing_of_the_person_is_on_the_wire_or_on_the_disk() {
    let canaries = ["message", "folder", "variable", "user", "product"].map(Canary::new);
    let [message, folder, variable, user, product] = canaries.each_ref().map(Canary::text);
    let (home, server, work) = (told(), backend(), Home::new());
    work.write(&format!("{folder}/notes"), "");
    let brand = home
        .write(".clacky/brand.yml", format!("product_name: {product}\npackage_name: {product}\n"));
    let output = agent(&home, &server, &["-m", message, "--model", &format!("/{message}")])
        .folder(work.path().join(folder))
        .env("SECRET_TOKEN", variable)
        .env("USER", user)
        .env("CLACKY_LAUNCHED_BY", variable)
        .run();
    assert_eq!(output.code(), Some(0));
    let requests = server.wait_for(2, PATIENCE);
    std::fs::remove_file(brand).unwrap();
    for canary in &canaries {
        assert_eq!(canary.find_in_tree(home.path()), [""; 0]);
        assert!(requests.iter().all(|request| canary.find_in(&request.bytes()).is_none()));
    }
}

#[test]
fn no_event_is_ever_on_the_disk() {
    let (home, server) = (told(), backend());
    for args in [&["-m", "hello"][..], &["--fail", "-m", "hello"]] {
        let _ = agent(&home, &server, args).run();
    }
    let device = device(&bodies(&server.wait_for(4, PATIENCE), STARTUP));
    let mut files = Vec::new();
    for entry in home.tree().into_iter().filter(|entry| !entry.path.ends_with('/')) {
        let text = home.read(&entry.path);
        // What was agreed to names the properties, and no value of an event.
        assert!(!text.contains("fixed-answer"), "{text}");
        assert!(!text.contains(&device), "{}", entry.path);
        files.push(entry.path);
    }
    let ours = |path: &String| path.starts_with(".clacky/telemetry-state");
    assert!(!files.is_empty() && files.iter().all(ours), "{files:?}");
    let dumped = program(&home, &["telemetry", "dump"]).run();
    assert_eq!((dumped.code(), dumped.stdout_text().as_str()), (Some(0), ""));
}

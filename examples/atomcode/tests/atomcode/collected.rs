//! What the real collector makes of a person's day: every event by its mode,
//! one device, and no id of theirs on its disk.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::path::Path;
use std::sync::Arc;
use std::time::SystemTime;

use headcount::Time;
use headcount_collector::{
    Access, Collector, Config, Encryption, OperatorLog, PassedTime, Registry, Running, StoreConfig,
};
use headcount_testkit::Home;
use serde_json::{Value, json};

use crate::login::ACCOUNT;
use crate::stage::{ID, atomcode, program, told};

/// A collector with AtomCode's catalog, in a home.
fn collector(home: &Home) -> Running {
    let folder = home.path().join("catalogs");
    std::fs::create_dir(&folder).expect("a folder");
    let catalog = Path::new(env!("CARGO_MANIFEST_DIR")).join("telemetry.toml");
    std::fs::copy(catalog, folder.join("atomcode.toml")).expect("the catalog");
    let config = Config {
        listen: ([127, 0, 0, 1], 0).into(),
        data: home.path().join("data"),
        registry: Registry::load(&folder).expect("a valid catalog"),
        access: Access::Development,
        encryption: Encryption::None,
        store: StoreConfig::Embedded,
        hosts: Vec::new(),
        // Events are judged by the time that they say, which is the machine's.
        clock: Arc::new(|| Time::from_system(SystemTime::now())),
        passed: PassedTime::Measured,
        log: OperatorLog::new(|_| {}),
    };
    Collector::start(config).expect("a collector")
}

/// The rows of an answer, without their days.
fn ask(collector: &Running, question: &str) -> Vec<Value> {
    let mut stream = TcpStream::connect(collector.address()).expect("a connection");
    let host = "host: localhost\r\nconnection: close";
    let request = format!("GET /api/v1/ask/{question} HTTP/1.1\r\n{host}\r\n\r\n");
    stream.write_all(request.as_bytes()).expect("a request");
    let mut answer = String::new();
    stream.read_to_string(&mut answer).expect("an answer");
    let (first, last) = (answer.find("{\"question\""), answer.rfind('}'));
    let (first, last) = first.zip(last).unwrap_or_else(|| panic!("{answer}"));
    let mut answer: Value = serde_json::from_str(&answer[first..=last]).expect("JSON");
    let rows = answer["rows"].as_array_mut().expect("rows");
    rows.iter_mut().for_each(|row| drop(row.as_object_mut().expect("a row").remove("day")));
    std::mem::take(rows)
}

#[test]
fn a_day_arrives_whole_and_its_ids_stay_out_of_the_collector() {
    let (home, other) = (told(), Home::new());
    let collector = collector(&other);
    let url = collector.url();
    let run = |args: &[&str]| program(&home, args).env("ATOMCODE_TELEMETRY_FLUSH", "1").run();
    for args in [
        &["-p", "hello"][..],
        &["login", "--code", "0000"],
        &["login", "--code", "1234"],
        &["-p", "hello", "--model", "gpt-5", "--provider", "openai"],
        &["logout"],
    ] {
        let _ = run(args);
    }
    #[cfg(unix)]
    at_a_terminal(&home);
    let flush = program(&home, &["telemetry", "flush"]).env("ATOMCODE_TELEMETRY_ENDPOINT", &url);
    assert_eq!(flush.run().code(), Some(0));
    let receipts = atomcode(&home, &["telemetry", "receipts"]).stdout_text();

    let tui = usize::from(cfg!(unix));
    let mut expected = vec![
        json!({"event": "llm_chat", "count": 2 + tui}),
        json!({"event": "login_success", "count": 1}),
        json!({"event": "open_atomcode", "count": 5 + tui}),
        json!({"event": "take_codingplan", "count": 2}),
    ];
    if tui == 1 {
        expected.push(json!({"event": "use_command", "count": 2}));
    }
    assert_eq!(ask(&collector, "events?product=atomcode"), expected, "{receipts}");
    // In a container the home is thrown away, and counts as nobody.
    let devices = ask(&collector, "active?product=atomcode");
    assert!(devices.is_empty() || devices == [json!({"devices": 1})], "{devices:?}");
    let by = |event: &str, property: &str| {
        ask(&collector, &format!("by-property?product=atomcode&event={event}&property={property}"))
    };
    let plans = [json!({"value": "fail", "count": 1}), json!({"value": "success", "count": 1})];
    assert_eq!(by("take_codingplan", "type"), plans);
    let models =
        [json!({"value": "gpt-5", "count": 1}), json!({"value": "qwen3-coder", "count": 1 + tui})];
    assert_eq!(by("llm_chat", "model"), models);
    assert_eq!(by("llm_chat", "repo_origin.host"), [json!({"value": "none", "count": 2 + tui})]);
    if tui == 1 {
        let commands =
            [json!({"value": "/exit", "count": 1}), json!({"value": "/model", "count": 1})];
        assert_eq!(by("use_command", "type"), commands);
    }
    collector.stop();
    let ids = [ACCOUNT.to_owned(), home.read(ID).trim().to_owned()];
    for entry in other.tree().into_iter().filter(|entry| entry.path.starts_with("data/")) {
        let Ok(bytes) = std::fs::read(other.path().join(&entry.path)) else { continue };
        let text = String::from_utf8_lossy(&bytes);
        assert!(!ids.iter().any(|id| text.contains(id)), "{}", entry.path);
    }
}

/// Two slash commands and a prompt in the interactive mode.
#[cfg(unix)]
fn at_a_terminal(home: &Home) {
    let marked = [("ATOMCODE_TELEMETRY_FLUSH", "1")];
    let binary = Path::new(env!("CARGO_BIN_EXE_atomcode"));
    let typed = "/model\rhello\r/exit\r";
    let seat = headcount_testkit::Seat::take(binary, home, &[], &marked, 160, typed);
    assert_eq!(seat.end().code, 0);
}

//! `headcount replay`: a queue or an export goes to another destination, once
//! or several times, and never against somebody's no.

use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use headcount_catalog::{Catalog, EventId, Kind, Reference, Source, Time, Value};
use headcount_testkit::{CannedAnswer, CaptureServer, Home, ProgramOutput};

use super::stage::{
    Served, call, catalog, counted, counting, headcount, serve, serve_catalogs, serve_from,
};

/// A person who said yes to Wren and recorded three events that wait.
fn waiting() -> (Home, PathBuf) {
    let home = Home::new();
    let file = home.write("telemetry.toml", counting());
    let run = |args: &[&str]| {
        let program = headcount(&home, args).env("WREN_TELEMETRY_FLUSH", "1");
        let output = program.args(["--catalog"]).args([&file]).run();
        assert_eq!(output.code(), Some(0), "{}", output.stderr_text());
    };
    run(&["telemetry", "on"]);
    for name in ["name=build", "name=test", "name=publish"] {
        run(&["record", "--strict", "command", name, "worked=true", "took=850"]);
    }
    let tree = home.tree();
    let queue = tree.iter().find(|entry| entry.path.ends_with("/events.jsonl")).expect("a queue");
    let folder = home.path().join(&queue.path).parent().unwrap().to_path_buf();
    (home, folder)
}

/// A collector that knows Wren.
fn collector(place: &Home) -> Served {
    place.write("catalogs/wren.toml", counting());
    serve_catalogs(place, "data", &place.path().join("catalogs"))
}

fn replay(home: &Home, from: &Path, to: &str, more: &[&str]) -> ProgramOutput {
    headcount(home, &["replay"]).args([from]).args(["--to", to]).args(more).run()
}

#[test]
fn a_queue_is_copied_and_may_be_copied_again() {
    let (home, folder) = waiting();
    let queue = folder.join("events.jsonl");
    let mut text = std::fs::read_to_string(&queue).unwrap();
    text += "{\"event\":\"of-another-release\"}\nnot json\n[[[[\n{\"torn\":\u{18}\n{\"cut";
    std::fs::write(&queue, &text).unwrap();
    let place = Home::new();
    let Served { running, url } = collector(&place);

    let dry = replay(&home, &folder, &url, &["--dry-run"]);
    assert_eq!(dry.code(), Some(0), "{}", dry.stderr_text());
    let told = dry.stdout_text();
    assert!(told.starts_with("Would send 3 events of wren from "), "{told}");
    assert!(told.contains("\n  command 3\n") && told.ends_with("Nothing was sent.\n"), "{told}");
    assert_eq!(counted(&url, "wren", "stored"), 0);

    for (before, was_there) in [(0, ""), (3, ", 3 of which were there before")] {
        let output = replay(&home, &folder, &url, &[]);
        assert_eq!((output.code(), output.stderr_text().as_str()), (Some(0), ""));
        let told = output.stdout_text();
        assert!(
            told.contains(&format!("(headcount) in 1 request.\n  3 taken{was_there}\n")),
            "{told}"
        );
        assert!(told.contains("4 lines left out: malformed 2, torn 1, unknown-event 1"), "{told}");
        assert_eq!(
            (counted(&url, "wren", "stored"), counted(&url, "wren", "duplicate")),
            (3, before)
        );
    }
    assert_eq!(std::fs::read_to_string(&queue).unwrap(), text, "the queue is as it was");
    let receipts = headcount(&home, &["telemetry", "receipts"]).run();
    assert_eq!(receipts.stdout_text().matches("replay").count(), 2, "{}", receipts.stdout_text());

    let json = replay(&home, &folder, &url, &["--json"]);
    let told: serde_json::Value = serde_json::from_str(&json.stdout_text()).unwrap();
    assert_eq!(
        (&told["sent"], &told["taken"], &told["duplicates"]),
        (&3.into(), &3.into(), &3.into())
    );
    assert_eq!(told["leftOut"]["torn"], 1);
    drop(running);
}

#[test]
fn nobodys_no_is_replayed() {
    let (home, folder) = waiting();
    let server = CaptureServer::start();
    let copy = home.path().join("copy");
    copied(&folder, &copy);
    let refused = |folder: &Path, variables: &[(&str, &str)], word: &str| {
        let program = headcount(&home, &["replay"]).args([folder]).args(["--to", &server.url()]);
        let program = variables.iter().fold(program, |own, (name, value)| own.env(name, value));
        let output = program.run();
        assert_eq!((output.code(), output.stdout_text().as_str()), (Some(1), ""));
        let told = output.stderr_text();
        assert!(told.contains("nothing is sent: ") && told.contains(word), "{word}: {told}");
    };
    refused(&folder, &[("DO_NOT_TRACK", "1")], "DO_NOT_TRACK");
    refused(&folder, &[("WREN_TELEMETRY", "0")], "WREN_TELEMETRY");
    refused(&copy, &[("WREN_TELEMETRY", "0")], "off on this machine");
    // A yes in a copy is no yes against the no that was said since.
    let off = headcount(&home, &["telemetry", "off"]).run();
    assert_eq!(off.code(), Some(0), "{}", off.stderr_text());
    refused(&folder, &[], "telemetry is off");
    refused(&copy, &[], "telemetry of wren is off on this machine");
    // Nobody was asked where this one is from.
    let (other, unanswered) = (Home::new(), home.path().join("unanswered"));
    copied(&copy, &unanswered);
    let telemetry = unanswered.join("telemetry.json");
    std::fs::remove_file(&telemetry).unwrap();
    let file = other.write("telemetry.toml", counting());
    let output = headcount(&other, &["replay", "--to", &server.url(), "--catalog"])
        .args([&file, &unanswered])
        .run();
    assert_eq!(output.code(), Some(1));
    assert!(output.stderr_text().contains("telemetry is off"), "{}", output.stderr_text());
    assert_eq!(server.requests().len(), 0);
    // On a machine where nobody has decided, the answer beside the queue does.
    let elsewhere = headcount(&other, &["replay", "--dry-run", "--to", &server.url(), "--catalog"])
        .args([&file, &copy])
        .run();
    assert_eq!(elsewhere.code(), Some(0), "{}", elsewhere.stderr_text());
    assert!(elsewhere.stdout_text().starts_with("Would send 3 events"));
}

fn copied(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let to = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            copied(&entry.path(), &to);
        } else {
            std::fs::copy(entry.path(), to).unwrap();
        }
    }
}

fn read_catalog(product: &str) -> Catalog {
    let text = std::fs::read_to_string(catalog(product)).unwrap();
    headcount_catalog::parse(&text).unwrap_or_else(|mistakes| panic!("{mistakes}"))
}

/// Lines of every event of a catalog, with ids and devices of their own.
fn lines(catalog: &Catalog, time: Time) -> String {
    let device = catalog.envelope.iter().position(|entry| matches!(entry.source, Source::Device));
    let mut text = String::new();
    for (number, event) in (1_u8..).zip(catalog.events.iter().filter(|event| !event.is_report())) {
        let mut record = catalog.sample(event, time);
        let id = EventId::new(time.day(), [number; 16]);
        record.id = Some(id);
        if let Some((place, _)) = event.id.and_then(|name| event.property(name)) {
            let token = Kind::Reference(Reference::Session).token(&id.to_string()).unwrap();
            record.properties[place] = Some(Value::Token(token));
        }
        if let Some(place) = device {
            let id = format!("00000000-0000-4000-8000-{number:012x}");
            let token = Kind::Reference(Reference::Session).token(&id).unwrap();
            record.envelope[place] = Some(Value::Token(token));
        }
        text += &(headcount_wire::write(catalog, &record).unwrap() + "\n");
    }
    text
}

#[test]
fn an_export_arrives_whole_and_once() {
    let (home, now) = (Home::new(), Time::from_system(SystemTime::now()));
    let Served { running: first, url } = serve(&home);
    let Served { running: second, url: other } = serve_from(&home, "other");
    for product in ["atomic", "archon", "assembly", "atomcode"] {
        let own = read_catalog(product);
        let sent = lines(&own, now);
        let events = sent.lines().count() as u64;
        let headers =
            format!("authorization: Bearer {product}\r\nheadcount-batch: catalog=1; rate=0.5\r\n");
        let (status, answer) = call(&url, "POST", "/api/v1/events", &headers, &sent);
        assert_eq!(status, 200, "{answer}");
        assert_eq!(counted(&url, product, "stored"), events, "{answer}");
        let file = format!("{product}.ndjson");
        let export =
            headcount(&home, &["export", product, "--data", "data", "--output", &file]).run();
        assert_eq!(export.code(), Some(0), "{}", export.stderr_text());
        let path = catalog(product);
        for duplicates in [0, events] {
            let output =
                headcount(&home, &["replay", &file, "--to", &other, "--json", "--catalog"])
                    .args([&path])
                    .run();
            let told = output.stdout_text() + &output.stderr_text();
            assert_eq!(output.code(), Some(0), "{product}: {told}");
            let told: serde_json::Value = serde_json::from_str(&told).unwrap();
            assert_eq!(told["leftOut"], serde_json::json!({}), "{product}");
            assert_eq!(told["taken"], events, "{product}: {told}");
            assert_eq!(told["duplicates"], duplicates, "{product}: {told}");
        }
        assert_eq!(counted(&other, product, "stored"), events);
        // What was exported says the same of the other collector, but for the
        // pseudonyms, which are another secret's.
        let again = headcount(&home, &["export", product, "--data", "other"]).run();
        let known = |text: &str| -> Vec<(String, serde_json::Value)> {
            let mut all: Vec<_> = text
                .lines()
                .map(|line| serde_json::from_str::<serde_json::Value>(line).unwrap())
                .map(|row| (row["day"].to_string(), row["weight"].clone()))
                .collect();
            all.sort_by_key(|row| format!("{row:?}"));
            all
        };
        assert_eq!(known(&home.read(&file)), known(&again.stdout_text()), "{product}");
        assert!(again.stdout_text().contains("\"weight\":2"), "{product}");
    }
    drop((first, second));
}

/// In a container a device without an id marks its first event, too, and is not
/// counted; the row has nothing but the marks to say so.
#[test]
fn what_was_not_counted_is_not_counted_elsewhere() {
    let home = Home::new();
    let Served { running: first, url } = collector(&home);
    let place = Home::new();
    let Served { running: second, url: other } = collector(&place);
    let wren = headcount_catalog::parse(&counting()).unwrap_or_else(|all| panic!("{all}"));
    let sent = lines(&wren, Time::from_system(SystemTime::now()));
    let another = sent.replace("010101010101\"", "090909090909\"");
    for (lifetime, sent) in [("", sent), ("; ephemeral", another)] {
        let batch = format!(
            "authorization: Bearer wren\r\nheadcount-batch: catalog=1; rate=1{lifetime}\r\n"
        );
        let (status, answer) = call(&url, "POST", "/api/v1/events", &batch, &sent);
        assert_eq!(status, 200, "{answer}");
    }
    assert_eq!(counted(&url, "wren", "stored"), 2);
    let exported = |from: &Home| {
        let output = headcount(from, &["export", "wren", "--data", "data"]).run();
        assert_eq!(output.code(), Some(0), "{}", output.stderr_text());
        let mut lines: Vec<_> = output.stdout_text().lines().map(str::to_owned).collect();
        lines.sort();
        lines
    };
    let rows = exported(&home);
    let marked = |rows: &[String]| rows.iter().filter(|row| row.contains("\"marks\":")).count();
    assert_eq!((rows.len(), marked(&rows)), (2, 1), "{rows:?}");
    home.write("export.ndjson", rows.join("\n"));
    home.write("telemetry.toml", counting());
    let output = replay(&home, Path::new("export.ndjson"), &other, &[]);
    assert_eq!(output.code(), Some(0), "{}", output.stdout_text() + &output.stderr_text());
    assert_eq!(exported(&place), rows);
    drop((first, second));
}

#[test]
fn an_export_with_anything_in_it_is_judged_line_by_line() {
    let (home, server) = (Home::new(), CaptureServer::start());
    server.reply_otherwise(CannedAnswer::status(200).body("{}"));
    let long = format!("{{\"day\":\"{}\"}}\n", "x".repeat(200 * 1024));
    let deep = "[".repeat(10_000) + "\n";
    let text = [
        "\n",
        "nonsense\n",
        "{\"day\":\"2026-11-20\",\"event\":\"gone\",\"id\":\"x\"}\n",
        &long,
        &deep,
        "{\"event\":\"a line of a queue\"}\n",
        "{\"day\":\"2026-11-20\",\"weight\":7}\n",
        "\0\n",
        "{\"day\":\"2026-11-20\",",
    ]
    .concat();
    let mut bytes = text.into_bytes();
    bytes.splice(0..0, [0xff, 0xfe, b'\n']);
    home.write("export.ndjson", &bytes);
    home.write("telemetry.toml", counting());
    let output = replay(&home, Path::new("export.ndjson"), &server.url(), &[]);
    assert_eq!(output.code(), Some(1), "nothing of it was taken: {}", output.stderr_text());
    let told = output.stdout_text();
    for reason in [
        "bad-weight 1",
        "malformed 3",
        "not-exported 1",
        "not-utf8 1",
        "too-long 1",
        "torn 1",
        "unknown-event 1",
    ] {
        assert!(told.contains(reason), "{reason}: {told}");
    }
    assert_eq!(server.requests().len(), 0, "nothing of it is an event");
}

#[test]
fn what_cannot_be_done_is_a_sentence() {
    let (home, folder) = waiting();
    let server = CaptureServer::start();
    server.reply_otherwise(CannedAnswer::status(401).body(r#"{"error":"unknown write key"}"#));
    let gone = {
        let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        format!("http://{}", free.local_addr().unwrap())
    };
    let queue = std::fs::read_to_string(folder.join("events.jsonl")).unwrap();
    home.write("queue.jsonl", queue + "not json\n");
    let (url, empty) = (server.url(), home.path().join("empty"));
    std::fs::create_dir(&empty).unwrap();
    home.write("empty.ndjson", "");
    let file = Path::new("queue.jsonl");
    for (from, to, more, code, word) in [
        (&*folder, url.as_str(), &[][..], 1, "it answered 401: unknown write key"),
        (&folder, &gone, &[], 1, "no answer came (unreachable"),
        (&folder, "wren.example", &[], 2, "is not an address"),
        (&folder, "http://wren.example", &[], 2, "is not https"),
        (&folder, &url, &["--dialect", "posthog"], 2, "--key is missing"),
        (&folder, &url, &["--dialect", "morse"], 2, "invalid value 'morse'"),
        (&folder, &url, &["--catalog", "gone.toml"], 2, "cannot read the catalog"),
        (&empty, &url, &[], 1, "this is not the folder of wren"),
        (file, &url, &[], 1, "a queue is replayed by its folder"),
        (Path::new("gone"), &url, &[], 1, "it cannot be read"),
    ] {
        let output = replay(&home, from, to, more);
        let told = output.stderr_text();
        assert_eq!(output.code(), Some(code), "{more:?} {told}");
        assert!(told.contains(word), "{word}: {told}");
        assert!(!told.contains("panicked"), "{told}");
    }
    let none = replay(&home, Path::new("empty.ndjson"), &url, &[]);
    assert_eq!(none.code(), Some(0), "{}", none.stderr_text());
    assert!(none.stdout_text().starts_with("Replayed 0 events of wren"), "{}", none.stdout_text());
}

#[test]
fn every_dialect_is_spoken() {
    let now = Time::parse("2026-11-20T10:00:00Z").unwrap();
    for (dialect, product, more, path, answer) in [
        ("otlp", "atomic", &[][..], "/v1/logs", "{}"),
        ("otlp", "atomic", &["--encoding", "protobuf"], "/v1/logs", ""),
        ("posthog", "archon", &["--key", "phc_x"], "/batch/", r#"{"status":"Ok"}"#),
        ("datadog", "assembly", &["--key", "pubx", "--encoding", "lines"], "/api/v2/logs", ""),
        ("http", "atomic", &[], "/take", "{}"),
    ] {
        let (home, server) = (Home::new(), CaptureServer::start());
        server.reply_otherwise(
            CannedAnswer::status(if dialect == "datadog" { 202 } else { 200 }).body(answer),
        );
        let own = read_catalog(product);
        let rows: String = lines(&own, now)
            .lines()
            .map(|line| line.replacen('{', "{\"day\":\"2026-11-20\",", 1) + "\n")
            .collect();
        home.write("export.ndjson", &rows);
        let to = if dialect == "http" { server.url() + "/take" } else { server.url() };
        let file = catalog(product);
        let output =
            headcount(&home, &["replay", "export.ndjson", "--to", &to, "--dialect", dialect])
                .args(more)
                .args(["--catalog"])
                .args([&file])
                .run();
        assert_eq!(output.code(), Some(0), "{dialect}: {}", output.stderr_text());
        let requests = server.wait_for(1, Duration::from_secs(10));
        assert!(requests[0].path.starts_with(path), "{dialect}: {}", requests[0].path);
        let event = own.events.iter().find(|event| !event.is_report()).unwrap().name;
        let has_name = requests.iter().any(|request| request.text().contains(event));
        assert!(has_name, "{dialect}");
    }
}

//! `headcount sql` and the forms of `headcount export`: they say what the
//! collector itself answers, for all five products.

use std::path::Path;

use headcount::catalog::{Day, EventId, Time};
use headcount_testkit::Home;
use serde_json::Value as Json;

use super::stage::{Served, call, catalog, headcount, serve};

const PRODUCTS: [&str; 5] = ["archon", "assembly", "atomcode", "atomic", "clacky"];

fn now() -> Time {
    Time::from_system(std::time::SystemTime::now())
}

/// Events of all kinds of a product, on three days.
fn lines(product: &str) -> String {
    let text = std::fs::read_to_string(catalog(product)).unwrap();
    let catalog = headcount_catalog::parse(&text).unwrap();
    let mut body = String::new();
    for number in 0..40_u8 {
        let event = &catalog.events[usize::from(number) % catalog.events.len()];
        let day = Day::from_number(now().day().number() - i32::from(number % 3));
        let mut record = catalog.sample(event, day.start());
        record.id = Some(EventId::new(day, [number; 16]));
        body.push_str(&headcount_wire::write(&catalog, &record).unwrap());
        body.push('\n');
    }
    body
}

/// A collector with events of all products, once it has stopped.
fn filled(home: &Home) -> Vec<(&'static str, Json)> {
    let Served { mut running, url } = serve(home);
    let mut answers = Vec::new();
    for product in PRODUCTS {
        let key = format!("authorization: Bearer {product}\r\n");
        let (status, answer) = call(&url, "POST", "/api/v1/events", &key, &lines(product));
        let counts: Json = serde_json::from_str(&answer).expect(&answer);
        assert!(status == 200 && counts["accepted"].as_u64() > Some(20), "{product}: {answer}");
        let path = format!("/api/v1/ask/events?product={product}&days=7");
        let (_, answer) = call(&url, "GET", &path, "", "");
        answers.push((product, serde_json::from_str(&answer).expect(&answer)));
    }
    running.kill();
    let _ = running.wait();
    answers
}

fn run(home: &Home, args: &[&str]) -> (Option<i32>, String, String) {
    let output = headcount(home, args).run();
    (output.code(), output.stdout_text(), output.stderr_text())
}

fn sql(home: &Home, more: &[&str]) -> String {
    let (code, said, error) = run(home, &[&["sql", "--data", "data"], more].concat());
    assert_eq!((code, error.as_str()), (Some(0), ""), "{more:?}");
    said
}

fn json_lines(text: &str) -> Vec<Json> {
    text.lines().map(|line| serde_json::from_str(line).expect(line)).collect()
}

#[test]
fn sums_of_sql_are_what_the_collector_answers() {
    let home = Home::new();
    for (product, answer) in filled(&home) {
        let schema = sql(&home, &["--schema", "--json"]);
        let table = json_lines(&schema).into_iter().find(|table| table["table"] == product);
        let event = table.unwrap()["columns"][2]["name"].as_str().unwrap().to_owned();
        let query = format!(
            "SELECT day, \"{event}\" AS event, sum(weight) AS count FROM {product} GROUP BY 1, 2 \
             ORDER BY 1, 2"
        );
        let rows = Json::from(json_lines(&sql(&home, &["--json", &query])));
        let mut answered = answer["rows"].as_array().unwrap().clone();
        answered.sort_by_key(|row| (row["day"].to_string(), row["event"].to_string()));
        assert_eq!(rows, Json::from(answered), "{product}");
    }
}

#[test]
fn every_form_has_the_same_events() {
    let home = Home::new();
    filled(&home);
    for product in PRODUCTS {
        let form = |more: &[&str]| {
            let (code, said, error) =
                run(&home, &[&["export", product, "--data", "data"], more].concat());
            assert_eq!((code, error.as_str()), (Some(0), ""), "{product} {more:?}");
            said
        };
        let events = json_lines(&form(&[]));
        let rows = json_lines(&sql(&home, &["--json", &format!("SELECT * FROM {product}")]));
        assert_eq!(rows.len(), events.len());
        for (row, event) in rows.iter().zip(&events) {
            for (name, value) in event.as_object().unwrap() {
                // SQL has no flags, and arrays are texts.
                let wanted = match value {
                    Json::Bool(flag) => Json::from(u8::from(*flag)),
                    Json::Array(_) => Json::from(value.to_string()),
                    value => value.clone(),
                };
                assert_eq!(row[name], wanted, "{product}: {name} of {event}");
            }
            let more = row
                .as_object()
                .unwrap()
                .iter()
                .filter(|(name, value)| event.get(name.as_str()).is_none() && !value.is_null());
            let more: Vec<_> = more.map(|(name, _)| name.as_str()).collect();
            assert!(more.iter().all(|name| ["weight", "ephemeral"].contains(name)), "{more:?}");
        }
        let csv = form(&["--format", "csv"]);
        assert_eq!(csv.lines().count(), events.len() + 1, "{csv}");
        for (format, file) in [("ndjson", "a.ndjson"), ("csv", "a.csv"), ("parquet", "a.parquet")] {
            assert_eq!(form(&["--format", format, "--output", file]), "");
        }
        let written = |file: &str| std::fs::read(home.path().join(file)).unwrap();
        assert_eq!(written("a.csv"), csv.as_bytes());
        assert_eq!(json_lines(&String::from_utf8(written("a.ndjson")).unwrap()), events);
        let parquet = written("a.parquet");
        assert!(parquet.starts_with(b"PAR1") && parquet.ends_with(b"PAR1"));
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            let mode = home.path().join("a.parquet").metadata().unwrap().permissions().mode();
            assert_eq!(mode & 0o777, 0o600, "raw events are for their owner alone");
        }
    }
    assert!(!hidden_is_left(home.path()));
}

fn hidden_is_left(folder: &Path) -> bool {
    let mut entries = std::fs::read_dir(folder).unwrap();
    entries.any(|entry| entry.unwrap().file_name().to_string_lossy().ends_with(".unfinished"))
}

#[test]
fn what_cannot_be_exported_leaves_no_file() {
    let home = Home::new();
    filled(&home);
    home.write("kept.csv", "as it was");
    for (more, code, told) in [
        (&["nobody", "--format", "csv", "--output", "kept.csv"][..], 1, "no events of `nobody`"),
        (&["nobody", "--format", "parquet", "--output", "new"], 1, "no events of `nobody`"),
        (&["clacky", "--format", "parquet"], 2, "--output"),
        (&["clacky", "--format", "xml"], 2, "ndjson, csv, parquet"),
        (&["clacky", "--output", "nowhere/a"], 1, "cannot create nowhere/a"),
        (&["clacky", "--output", "data"], 1, "cannot create data"),
        (&["clacky", "--output", "data/headcount.db"], 1, "it is in the data folder"),
        (&["clacky", "--output", "data/catalogs/new"], 1, "it is in the data folder"),
        #[cfg(unix)]
        (&["clacky", "--output", "/dev/null"], 1, "not a regular file"),
    ] {
        let (is, said, error) = run(&home, &[&["export", "--data", "data"], more].concat());
        assert_eq!((is, said.as_str()), (Some(code), ""), "{more:?}: {error}");
        assert!(error.contains(told), "{more:?}: {error}");
    }
    assert_eq!(home.read("kept.csv"), "as it was");
    assert!(!home.path().join("new").exists() && !hidden_is_left(home.path()));
}

#[test]
fn rows_are_shown_for_people_and_for_programs() {
    let home = Home::new();
    filled(&home);
    let query = "SELECT 1 AS one, 'a,b' AS two, NULL AS three, 2.0 AS four, '' AS one";
    assert_eq!(
        sql(&home, &[query]),
        "one  two  three  four  one\n---  ---  -----  ----  ---\n  1  a,b  NULL    2.0\n1 row.\n"
    );
    assert_eq!(sql(&home, &["--csv", query]), "one,two,three,four,one\n1,\"a,b\",,2.0,\"\"\n");
    assert_eq!(
        sql(&home, &["--json", query]),
        "{\"one\":1,\"two\":\"a,b\",\"three\":null,\"four\":2.0,\"one:1\":\"\"}\n"
    );
    let many = "WITH RECURSIVE t(a) AS (SELECT 1 UNION ALL SELECT a + 1 FROM t LIMIT 2000) \
                SELECT a FROM t";
    let shown = sql(&home, &[many]);
    assert!(shown.ends_with("The first 1000 rows; --json and --csv print all.\n"), "{shown}");
    assert_eq!(sql(&home, &["--csv", many]).lines().count(), 2_001);
    let schema = sql(&home, &["--schema"]);
    assert!(schema.contains("table atomic\n"), "{schema}");
    assert!(schema.contains("How many devices start OpenClacky"), "{schema}");
    assert!(schema.contains("The operating system."), "{schema}");
}

/// One call that compares each of 900,000 letters with 80,000 zeros.
const SLOW: &str = "SELECT rtrim(replace(printf('%0900000d', 0), '0', 'z'), \
                    printf('%080000d', 0) || 'z')";

#[test]
fn what_has_no_answer_is_a_sentence() {
    let home = Home::new();
    filled(&home);
    let endless =
        "WITH RECURSIVE t(a) AS (SELECT 1 UNION ALL SELECT a + 1 FROM t) SELECT count(*) FROM t";
    for (more, code, told) in [
        (&["SELECT nonsense FROM clacky"][..], 1, "the query is wrong: no such column: nonsense"),
        (&["DELETE FROM clacky"], 1, "may not be modified"),
        (&["PRAGMA user_version"], 1, "a query can only read the tables of events"),
        (&["--timeout", "1", endless], 1, "took longer than 1 second:"),
        (&["--timeout", "1", SLOW], 1, "a function of the query took longer than 1 second"),
        (&[], 2, "QUERY"),
        (&["--timeout", "0", "SELECT 1"], 2, "--timeout"),
        (&[&format!("SELECT '{}'", "x".repeat(70_000))], 1, "it is longer than 64 KiB"),
        (&["--schema", "SELECT 1"], 2, "cannot be used with"),
        (&["--data", "nowhere", "SELECT 1"], 1, "there is no data folder at nowhere"),
    ] {
        let data = if more.contains(&"--data") { &["sql"][..] } else { &["sql", "--data", "data"] };
        let (is, said, error) = run(&home, &[data, more].concat());
        assert_eq!((is, said.as_str()), (Some(code), ""), "{more:?}: {error}");
        assert!(error.contains(told), "{more:?}: {error}");
    }
}

/// A reader that takes its time, such as a pager, makes no query too long.
#[cfg(unix)]
#[test]
fn the_time_of_the_reader_is_not_that_of_the_query() {
    let home = Home::new();
    filled(&home);
    let query = "WITH RECURSIVE n(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < 200000) \
                 SELECT n, printf('%20d', n) FROM n";
    let script = format!(
        "\"$0\" sql --data data --csv --timeout 2 \"{query}\" | (sleep 5; wc -l); echo ${{PIPESTATUS[0]}}"
    );
    let program = headcount_testkit::TestProgram::new("/bin/bash", &home);
    let output = program.args(["-c", &script, env!("CARGO_BIN_EXE_headcount")]).run();
    assert_eq!(output.stdout_text(), "200001\n0\n", "{}", output.stderr_text());
}

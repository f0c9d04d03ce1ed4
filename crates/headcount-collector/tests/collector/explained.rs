//! The question behind a number: its words, its address, and its SQL, which
//! gives the same numbers on the same folder.

use std::ops::ControlFlow;
use std::path::Path;
use std::time::Duration;

use headcount_catalog::Day;
use headcount_collector::offline::{self, AnalysisRows, AnalysisValue, EventTables};
use headcount_collector::{Collector, ExplainedQuestion, HttpQuestion, Registry};
use serde_json::{Map, Value as Json, json};

use crate::asking::{FIRST, LAST, TOOL, run, send};
use crate::fixture::{Fixture, TODAY};
use crate::stored::EventFolder;

/// Rows of SQL as the rows of an answer.
#[derive(Default)]
struct JsonRows {
    names: Vec<String>,
    rows: Vec<Json>,
}

impl AnalysisRows for JsonRows {
    fn columns(&mut self, names: &[&str]) -> ControlFlow<()> {
        self.names = names.iter().map(|name| (*name).to_owned()).collect();
        ControlFlow::Continue(())
    }

    fn row(&mut self, values: &[AnalysisValue<'_>]) -> ControlFlow<()> {
        let value = |value: &AnalysisValue<'_>| match value {
            AnalysisValue::Integer(number) => json!(number),
            AnalysisValue::Real(number) => json!(number),
            AnalysisValue::Text(text) => json!(text),
            AnalysisValue::Null | AnalysisValue::Blob(_) => Json::Null,
        };
        let pairs = self.names.iter().cloned().zip(values.iter().map(value));
        self.rows.push(Json::Object(pairs.collect::<Map<_, _>>()));
        ControlFlow::Continue(())
    }
}

/// Two weeks of a product whose catalog is kept, and no value that is rare.
fn served() -> Fixture {
    let mut fixture = Fixture::new();
    fixture.stop();
    fixture.home.write("catalogs/tool.toml", TOOL);
    let mut config = fixture.config();
    config.registry = Registry::load(&fixture.home.path().join("catalogs")).unwrap();
    fixture.run(Collector::start(config).unwrap());
    let mut lines = Vec::new();
    for number in 0..40_u128 {
        let day = ["2026-11-13", FIRST, LAST][number as usize % 3];
        let device = format!("d{}", number % 9);
        let version = ["1.4.0", "1.5.0"][number as usize % 2];
        let mut line = run(1 + number, &device, day, version);
        line["command"] = json!(["build", "test"][(number as usize / 3) % 2]);
        if !number.is_multiple_of(5) {
            line["agent"] = json!(["claude", "copilot"][(number as usize / 5) % 2]);
        }
        line["worked"] = json!(!number.is_multiple_of(4));
        line["took"] = json!(number);
        lines.push(line);
    }
    assert_eq!(send(&fixture, &lines).json()["accepted"], 40);
    fixture
}

fn pairs(parameters: &str) -> Vec<(String, String)> {
    let pairs = parameters.split('&').filter_map(|pair| pair.split_once('='));
    let owned = |(name, value): (&str, &str)| (name.to_owned(), value.to_owned());
    [("product", "tool")].into_iter().chain(pairs).map(owned).collect()
}

fn explained(data: &Path, question: &str) -> ExplainedQuestion {
    let (name, parameters) = question.split_once('?').unwrap_or((question, ""));
    let question = HttpQuestion::from_name(name).unwrap();
    let today = Day::parse(TODAY).unwrap();
    offline::explain(data, question, pairs(parameters), today).unwrap().unwrap()
}

fn answered(data: &Path, sql: &str) -> Vec<Json> {
    let mut rows = JsonRows::default();
    let tables = EventTables::open(data).unwrap();
    if let Err(error) = tables.query(sql, Duration::from_secs(60), &mut rows) {
        panic!("{error}\n{sql}");
    }
    rows.rows
}

/// A row of an answer as SQL has it: without shares, and a start of its own.
fn as_sql(row: &Json, question: &str) -> Json {
    let mut row = row.clone();
    let own = row.as_object_mut().unwrap();
    own.remove("share");
    own.remove("of");
    own.remove("unknown");
    for name in ["of_first", "of_before", "median_seconds", "after"] {
        own.remove(name);
    }
    if question.starts_with("quantiles") {
        let start = ["day", "week", "month"].iter().find_map(|name| own.remove(*name));
        own.remove("all");
        own.insert("start".to_owned(), start.unwrap_or(Json::Null));
        for name in ["p50", "p90", "p99", "sum"] {
            let whole = own[name].as_f64().unwrap();
            own.insert(name.to_owned(), json!(whole as i64));
        }
    }
    if question.starts_with("failures") && !question.contains("property=") {
        own.remove("value");
    }
    row
}

const QUESTIONS: [&str; 34] = [
    "events",
    "events?by=version&days=2",
    "events?version=1.4.0",
    "events?version=",
    "events?by=agent",
    "events?where=command:build&where=agent:claude&where=agent:",
    "events?where=worked:false",
    "active",
    "active?period=week",
    "active?period=month&by=version",
    "active?period=week&where=agent:copilot&days=3",
    "by-property?event=run&property=agent",
    "by-property?event=run&property=worked&by=version",
    "by-property?event=run&property=version&where=command:test",
    "across?event=run&one=command&other=agent",
    "across?event=run&one=agent&other=worked&by=version",
    "failures?event=run",
    "failures?event=run&property=command&where=agent:claude",
    "quantiles?event=run&property=took",
    "quantiles?event=run&property=took&period=week&by=command",
    "versions",
    "retention",
    "new-and-returning",
    "new-and-returning?from=2026-11-16",
    "steps?step=run:command:build&step=run:command:test",
    "steps?step=run&step=run:worked:false&step=run:agent:&within=1",
    "steps?step=run:command:test&step=run&step=run:command:test&step=opened&version=1.4.0",
    "steps?step=run:version:1.4.0&step=run:version:1.5.0&where=command:build&days=3",
    "next",
    "next?after=run:command:build",
    "next?after=run&after=run&pause=10080",
    "next?after=run:worked:true&after=run:agent:claude&pause=10080",
    "next?pause=60&where=agent:claude&days=3",
    "next?after=run:version:1.4.0&version=1.4.0&pause=10080",
];

#[test]
fn sql_gives_the_numbers_of_the_answer() {
    let fixture = served();
    let folder = EventFolder::of(&fixture);
    let data = folder.path();
    for question in QUESTIONS {
        let explained = explained(data, question);
        let answer = fixture.get(&explained.address);
        assert_eq!(answer.status, 200, "{question}: {answer:?}");
        let rows = answer.json()["rows"].as_array().unwrap().clone();
        let sql = explained.sql.unwrap_or_else(|| panic!("{question} has no SQL"));
        let mut expected: Vec<String> =
            rows.iter().map(|row| as_sql(row, question).to_string()).collect();
        let mut told: Vec<String> = answered(data, &sql).iter().map(Json::to_string).collect();
        assert!(!expected.is_empty() || question == "events?version=", "{question}");
        expected.sort();
        told.sort();
        assert_eq!(told, expected, "{question}\n{sql}");
    }
    // After the collector has ended, too.
    drop(fixture);
}

#[test]
fn a_question_is_a_plain_sentence() {
    let fixture = served();
    let data = fixture.home.path().join("data");
    for (question, sentence) in [
        ("events", "Events of Tool by day and name, 22 Oct to 20 Nov 2026."),
        (
            "by-property?event=run&property=command&from=2026-11-01&version=1.4.0&where=agent:claude",
            "Events named `run` of Tool by day and by `command`, 1 Nov to 20 Nov 2026, version \
             1.4.0, where agent is claude.",
        ),
        (
            "failures?event=run&property=command&by=version&days=1",
            "Events named `run` of Tool that failed and that worked, by day and by `command`, for \
             each version, 20 Nov 2026.",
        ),
        (
            "active?period=week&days=1&by=agent&where=agent:claude&where=agent:&where=command:test",
            "Devices of Tool by week, for each value of `agent`, 20 Nov 2026, where agent is claude \
             or missing and command is test. Machines whose home folder is temporary, as in CI and \
             in containers, are not counted.",
        ),
        (
            "quantiles?event=run&property=took&days=2",
            "Quantiles of `took` in events named `run` of Tool, of all days and by day, 19 Nov to \
             20 Nov 2026.",
        ),
        (
            "steps?step=run:command:build&step=opened&within=1&where=version:1.4.0&days=1",
            "Devices of Tool that did one after the other within 1 day: `run` where command is build, \
             then `opened`, 20 Nov 2026, where version is 1.4.0. Machines whose \
             home folder is temporary, as in CI and in containers, are not counted.",
        ),
        (
            "next?after=run:command:build&after=opened&pause=1&days=1",
            "What devices of Tool did right after `run` where command is build, then `opened`, with \
             no pause of more than 1 minute, 20 Nov 2026. Machines whose \
             home folder is temporary, as in CI and in containers, are not counted.",
        ),
        (
            "next?days=1",
            "What devices of Tool did first, or after a pause of more than 30 minutes, 20 Nov 2026. Machines whose \
             home folder is temporary, as in CI and in containers, are not counted.",
        ),
    ] {
        assert_eq!(explained(&data, question).sentence, sentence, "{question}");
    }
}

#[test]
fn what_is_not_in_raw_events_has_no_sql() {
    let fixture = served();
    let data = fixture.home.path().join("data");
    for question in ["rejected", "events?version=other", "events?where=version:other"] {
        assert_eq!(explained(&data, question).sql, None, "{question}");
    }
    // Text of a request is only ever a text in SQL.
    let quoted = explained(&data, "events?where=version:1'%20OR%201=1");
    assert!(quoted.sql.unwrap().contains("'1''%20OR%201=1'"));
}

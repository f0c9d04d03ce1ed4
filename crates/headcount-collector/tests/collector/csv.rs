//! Answers as CSV.

use serde_json::json;

use crate::asking::{FIRST, LAST, ask, known, parse, run, send, serve};
use crate::client::{Answer, get, read};
use crate::fixture::Fixture;

fn csv(fixture: &Fixture, question: &str) -> Answer {
    let (name, parameters) = question.split_once('?').unwrap_or((question, ""));
    fixture.get(&format!("/api/v1/ask/{name}?product=tool&format=csv&{parameters}"))
}

#[track_caller]
fn is(fixture: &Fixture, question: &str, lines: &[&str]) {
    let answer = csv(fixture, question.trim_end_matches('&'));
    assert_eq!(answer.status, 200, "{question}: {answer:?}");
    let expected: String = lines.iter().map(|line| format!("{line}\r\n")).collect();
    assert_eq!(answer.body, expected, "{question}");
}

#[test]
fn every_question_has_a_header_row_and_its_columns() {
    let fixture = known();
    let days = format!("from={FIRST}&to={LAST}");
    is(
        &fixture,
        &format!("events?{days}"),
        &["day,event,count", "2026-11-19,run,6", "2026-11-20,run,6"],
    );
    is(
        &fixture,
        "events?by=version&days=1",
        &["day,version,event,count", "2026-11-20,1.5.0,run,5", "2026-11-20,other,run,1"],
    );
    is(&fixture, "active?period=month&days=1", &["month,devices,estimated", "2026-11,7,"]);
    is(&fixture, "new-and-returning?days=1", &["week,new,returning,unknown", "2026-11-16,7,0,0"]);
    is(
        &fixture,
        "retention?days=1",
        &["cohort,week,devices,of,share", "2026-11-16,2026-11-16,7,7,1.0000"],
    );
    is(
        &fixture,
        "by-property?event=run&property=worked&days=1",
        &["day,value,count", "2026-11-20,false,2", "2026-11-20,true,4"],
    );
    is(
        &fixture,
        "across?event=run&one=command&other=agent&days=1",
        &["day,one,other,count", "2026-11-20,test,copilot,5"],
    );
    is(
        &fixture,
        "failures?event=run&days=1",
        &["day,value,failed,worked,share", "2026-11-20,,2,4,0.3333"],
    );
    is(
        &fixture,
        "quantiles?event=run&property=took&days=1",
        &["all,day,count,p50,p90,p99,sum", "true,,5,3,5,5,15", ",2026-11-20,5,3,5,5,15"],
    );
    is(
        &fixture,
        "versions?days=1",
        &[
            "version,first,last,count",
            "1.5.0,2026-11-20,2026-11-20,5",
            "other,2026-11-20,2026-11-20,1",
        ],
    );
    is(&fixture, "rejected?days=1", &["path,kind,reason,catalog,program,count"]);
}

#[test]
fn marks_have_flat_columns() {
    let (fixture, _) = crate::counting::counted();
    let answer = csv(&fixture, "retention?from=2026-11-02&to=2026-11-08");
    let lines: Vec<&str> = answer.body.lines().collect();
    assert_eq!(lines[0], "week,age,devices,cohorts_from,cohorts_to,cohorts_devices,share");
    assert_eq!(lines[1], "2026-11-02,1,1,2026-10-26,2026-10-26,2,0.5000", "{answer:?}");
}

#[test]
fn the_days_before_have_a_column_of_their_own() {
    let fixture = known();
    is(
        &fixture,
        "events?days=1&before=yes",
        &["span,day,event,count", "asked,2026-11-20,run,6", "before,2026-11-19,run,6"],
    );
    is(&fixture, "events?days=1&before=no", &["day,event,count", "2026-11-20,run,6"]);
}

#[test]
fn csv_is_asked_for_by_parameter_or_by_accept() {
    let fixture = known();
    let path = "/api/v1/ask/events?product=tool&days=1";
    let accepting = |accept: &str, more: &str| {
        let request = get(&format!("{path}{more}")).header("accept", accept);
        request.send(fixture.address())
    };
    let csv = "text/csv; charset=utf-8; header=present";
    for (accept, more, kind) in [
        ("text/csv", "", csv),
        ("text/csv, application/json;q=0.9", "", csv),
        ("application/json", "&format=csv", csv),
        ("text/csv", "&format=json", "application/json"),
        ("*/*", "", "application/json"),
        ("text/html", "", "application/json"),
        ("", "", "application/json"),
    ] {
        let answer = accepting(accept, more);
        assert_eq!(answer.header("content-type"), Some(kind), "{accept} {more}: {answer:?}");
        assert_eq!(answer.header("vary"), Some("Accept"), "{answer:?}");
        let file = answer.header("content-disposition");
        let expected = "attachment; filename=\"tool-events-2026-11-20-2026-11-20.csv\"";
        assert_eq!(file, (kind == csv).then_some(expected), "{accept} {more}");
    }
    // Errors are JSON, whatever was asked for.
    let wrong = accepting("text/csv", "&format=xml");
    assert_eq!((wrong.status, wrong.header("content-type")), (400, Some("application/json")));
    assert_eq!(wrong.error(), "unknown `format`: use json or csv");
}

#[test]
fn the_head_of_an_answer_is_that_of_the_answer() {
    use std::io::Write as _;
    let fixture = known();
    for more in ["", "&format=csv"] {
        let path = format!("/api/v1/ask/events?product=tool{more}");
        let whole = fixture.get(&path);
        let mut stream = std::net::TcpStream::connect(fixture.address()).unwrap();
        let request = format!(
            "HEAD {path} HTTP/1.1\r\nhost: {}\r\nconnection: close\r\n\r\n",
            fixture.address()
        );
        stream.write_all(request.as_bytes()).unwrap();
        let head = read(&mut stream);
        assert_eq!((head.status, head.body.as_str()), (200, ""), "{head:?}");
        for name in ["content-type", "content-length", "content-disposition", "vary"] {
            assert_eq!(head.header(name), whole.header(name), "{name}: {head:?}");
        }
    }
}

/// Five devices can put any text of a token's alphabet before an operator's
/// spreadsheet.
#[test]
fn what_a_spreadsheet_would_run_is_guarded() {
    let mut fixture = Fixture::new();
    let catalog = crate::asking::TOOL.replace(
        "agent = { choice = [\"claude\", \"copilot\"], optional = \"omit\" }",
        "agent = { token = \"a-z0-9=+()!-\", most = 30 }",
    );
    let pairs = "across = [[\"command\", \"agent\"], [\"command\", \"version\"]]";
    let catalog = catalog.replace(pairs, "");
    serve(&mut fixture, vec![parse(&catalog)]);
    let mut lines = Vec::new();
    for (place, agent) in ["=cmd()!a", "+sum(1+1)", "-2+3", "-7", "plain"].iter().enumerate() {
        for device in 1..=6_u128 {
            let number = place as u128 * 10 + device;
            let mut line = run(number, &format!("d{device}"), LAST, "1.4.0");
            line["agent"] = json!(agent);
            lines.push(line);
        }
    }
    let sent = send(&fixture, &lines);
    assert_eq!(sent.json()["accepted"], 30, "{sent:?}");
    let question = "by-property?event=run&property=agent&days=1";
    let answer = csv(&fixture, question);
    let values: Vec<&str> =
        answer.body.lines().skip(1).map(|line| line.split(',').nth(1).unwrap()).collect();
    assert!(values.contains(&"'=cmd()!a") && values.contains(&"'+sum(1+1)"), "{values:?}");
    assert!(values.contains(&"'-2+3") && values.contains(&"-7"), "{values:?}");
    assert!(values.contains(&"plain"), "{values:?}");
    // JSON has them as they are.
    let json = ask(&fixture, question).to_string();
    assert!(json.contains("\"=cmd()!a\""), "{json}");
}

//! The shape of a body of objects is told from its JSON, and nothing of it is
//! lost in silence.

use headcount_catalog::Time;
use headcount_wire::flat::{BodyEvent, BodyForm, Budget, Scratch, SentTime, each};
use headcount_wire::limits;

/// What is read of a body: `event`'s or `message`'s text of each event, or why
/// it is rejected; or `refused`, or `too much`.
fn read(form: BodyForm, body: &str) -> Vec<String> {
    let (scratch, mut seen) = (Scratch::new(), Vec::new());
    let read = each(form, body.as_bytes(), &scratch, &mut Budget::of_body(), &mut |arrived| {
        seen.push(match arrived {
            BodyEvent::Event(event) => {
                let named = event.fields.iter().find(|field| field.is_named("event"));
                let name = named.and_then(|field| field.value.text()).or(event.given.event);
                name.unwrap_or("?").to_owned()
            }
            BodyEvent::Rejected(reason, _) => reason.name().to_owned(),
        });
    });
    match read {
        Ok(()) => seen,
        Err(error) if error.is_too_much() => vec!["too much".to_owned()],
        Err(_) => vec!["refused".to_owned()],
    }
}

const A: &str = "{\"event\":\"a\",\"message\":\"a\",\"list\":[1],\"in\":{\"x\":1}}";
const B: &str = "{\"event\":\"b\",\"message\":\"b\"}";

#[test]
fn the_plain_form_is_told_however_it_is_written() {
    for (body, expected) in [
        (format!("{{\"events\":[\n{A},\n{B}\n]}}"), &["a", "b"][..]),
        (format!("{{\"events\":[{A},{B},null]}}"), &["a", "b", "malformed"]),
        (format!("{{\"events\":[null,{A}]}}"), &["malformed", "a"]),
        (format!("{{\"events\":[7,\n{A}]}}\n"), &["malformed", "a"]),
        (format!("{{\n\"v\":1,\n\"events\" : [\n{A}\n,{B}\n]\n}}"), &["a", "b"]),
        (format!("{{\"\\u0065vents\":[\n{A}\n]}}"), &["a"]),
        (format!("{{\"events\":[\n{A}\n],\"events\":[{B}]}}"), &["refused"]),
        (format!("{{\"events\":[\n{A}\n],\"\\u0065vents\":7}}"), &["refused"]),
        (format!("\u{feff}{{\"events\":[\n{A}\n]}}"), &["a"]),
        ("{\"events\":[]}".to_owned(), &[]),
        // Broken, in any place.
        (format!("{{\"events\":[\n{A},\n{B},\n]}}"), &["refused"]),
        (format!("{{\"events\":[\n{A},,\n{B}\n]}}"), &["refused"]),
        (format!("{{\"events\":[,\n{A},\n{B}\n]}}"), &["refused"]),
        (format!("{{,\"events\":[\n{A},\n{B}\n]}}"), &["refused"]),
        (format!("{{\"events\":[\n{A},\nNaN,\n{B}\n]}}"), &["refused"]),
        (format!("{{\"v\":NaN,\"events\":[\n{A},\n{B}\n]}}"), &["refused"]),
        (format!("{{\"events\":[\n{A},\n{B}\n"), &["refused"]),
        (format!("{{\"events\":[\n{A}\n{B}\n]}}"), &["refused"]),
        (format!("{{\"events\":[\n{A},\n{B}\n]}}\n{A}"), &["refused"]),
        ("{\"events\":[".to_owned(), &["refused"]),
        // Not the plain form: lists of a catalog contain texts.
        ("{\"event\":\"a\",\"events\":[\"x\",\"y\"]}".to_owned(), &["a"]),
        ("{\"event\":\"a\",\"events\":[]}".to_owned(), &["a"]),
        ("{\"event\":\"a\",\"events\":7}".to_owned(), &["a"]),
        (format!("{{\"events\":[]}}\n{A}"), &["?", "a"]),
    ] {
        assert_eq!(read(BodyForm::Native, &body), expected, "{body}");
    }
}

/// One of them would be lost.
#[test]
fn a_list_of_events_that_comes_twice_is_refused() {
    let scope = "{\"logRecords\":[{\"eventName\":\"a\"}]}";
    let otlp = |resource: &str| format!("{{\"resourceLogs\":[{{{resource}}}]}}");
    let twice = "{\"logRecords\":[],\"logRecords\":[{\"eventName\":\"a\"}]}";
    for (body, expected) in [
        (otlp(&format!("\"scopeLogs\":[{scope},{scope}]")), &["a", "a"][..]),
        (otlp(&format!("\"scopeLogs\":[{scope}],\"scopeLogs\":[{scope}]")), &["refused"]),
        (otlp("\"resource\":{},\"scopeLogs\":[],\"scopeLogs\":7"), &["refused"]),
        (otlp(&format!("\"scopeLogs\":[{twice}]")), &["refused"]),
        ("{\"resourceLogs\":[],\"resourceLogs\":[]}".to_owned(), &["refused"]),
    ] {
        assert_eq!(read(BodyForm::Otlp, &body), expected, "{body}");
    }
    let event = "{\"event\":\"a\"}";
    for (body, expected) in [
        (format!("{{\"api_key\":\"k\",\"batch\":[{event}]}}"), &["a"]),
        (format!("{{\"api_key\":\"k\",\"batch\":[{event}],\"batch\":[{event}]}}"), &["refused"]),
        (format!("{{\"batch\":[{event}],\"batch\":[{event}],\"api_key\":\"k\"}}"), &["refused"]),
    ] {
        assert_eq!(read(BodyForm::PostHog, &body), expected, "{body}");
    }
}

#[test]
fn a_long_plain_form_is_the_plain_form() {
    let long = format!("{{\"events\":[\n{}{B}\n]}}", format!("{A},\n").repeat(2_000));
    assert!(long.len() > limits::LINE_BYTES);
    assert_eq!(read(BodyForm::Native, &long).len(), 2_001);
    assert_eq!(read(BodyForm::Native, &long[..long.len() - 2]), ["refused"]);
    let one_line = long.replace('\n', "");
    assert_eq!(read(BodyForm::Native, &one_line).len(), 2_001);
    assert_eq!(read(BodyForm::Native, &one_line[..one_line.len() - 1]), ["refused"]);
    for line_end in ["", "\n"] {
        let many =
            |count| format!("{{\"events\":[{}{{}}]}}", format!("{{}},{line_end}").repeat(count));
        assert_eq!(read(BodyForm::Native, &many(limits::REQUEST_EVENTS - 1)).len(), 10_000);
        assert_eq!(read(BodyForm::Native, &many(limits::REQUEST_EVENTS)), ["too much"]);
    }
}

#[test]
fn arrays_and_objects_over_several_lines_are_whole_or_nothing() {
    for form in [BodyForm::Native, BodyForm::Datadog] {
        for (body, expected) in [
            (format!("[\n{A},\n{B},\nnull\n]"), &["a", "b", "malformed"][..]),
            (format!(" [{A}\n,{B}]"), &["a", "b"]),
            (format!("[\n{A},\n{B},\n]"), &["refused"]),
            (format!("[\n{A},\n{B}\n"), &["refused"]),
            (format!("[{A}]\n[{B}]"), &["refused"]),
            // One object over several lines, and one after another.
            ("{\n  \"event\": \"a\",\n  \"message\": \"a\"\n}\n".to_owned(), &["a"]),
            (
                "{\n\"event\":\"a\",\n\"message\":\"a\",\n\"in\":\n{\"event\":\"b\",\"message\":\"b\"}\n}".to_owned(),
                &["a"],
            ),
            (format!("{{\n\"event\":\"a\",\"message\":\"a\"}}\n{{\n\"event\":\"b\",\n\"message\":\"b\"}}{A}"), &["a", "b", "a"]),
            ("{\n  \"event\": \"a\",\n  \"message\": \"a\",\n}\n".to_owned(), &["refused"]),
            ("{\n  \"event\": \"a\",\n  \"x\": NaN\n}\n".to_owned(), &["refused"]),
            ("{\n\"event\":\"a\",\n\"in\":\n{\"event\":\"b\"}\n".to_owned(), &["refused"]),
            // Lines of an array whose first line is missing.
            (format!("{A},\n{B}\n]"), &["refused"]),
            (format!("{A}\n{B},\n{A}"), &["refused"]),
            // Lines, of which one is bad.
            (format!("{A}\n{{\"event\":\n{B}\n"), &["a", "malformed", "b"]),
            (format!("{{\"event\":1\n{A}\n{B}\n"), &["malformed", "a", "b"]),
            (format!("NaN\n{A}\r\n\r\n  \nnull"), &["malformed", "a", "malformed"]),
            ("null".to_owned(), &["malformed"]),
            // Byte order marks, also of files that were put together.
            (format!("\u{feff}{A}\n{B}"), &["a", "b"]),
            (format!("\u{feff}{A}\n\u{feff}{B}\n\u{feff}\n"), &["a", "b"]),
            (format!("\u{feff}[{A}]"), &["a"]),
            ("\u{feff}\n{\n\"event\":\"a\",\"message\":\"a\"\n}".to_owned(), &["a"]),
        ] {
            assert_eq!(read(form, &body), expected, "{form:?}: {body}");
        }
    }
    // For Datadog an object with `events` is a log as any other.
    assert_eq!(read(BodyForm::Datadog, &format!("{{\"message\":\"a\",\"events\":[{B}]}}")), ["a"]);
}

#[test]
fn a_mark_before_any_body_is_skipped() {
    for (form, body, expected) in [
        (BodyForm::PostHog, "[{\"event\":\"a\"}]", "a"),
        (BodyForm::PostHog, "{\"api_key\":\"k\",\"batch\":[{\"event\":\"a\"}]}", "a"),
        (BodyForm::Http, "{\"events\":[{\"event\":\"a\"}]}", "a"),
        (BodyForm::Clacky, "{\"event\":\"a\"}", "a"),
        (
            BodyForm::Otlp,
            "{\"resourceLogs\":[{\"scopeLogs\":[{\"logRecords\":[{\"eventName\":\"a\"}]}]}]}",
            "a",
        ),
    ] {
        assert_eq!(read(form, &format!("\u{feff}{body}")), [expected], "{form:?}");
        assert_eq!(read(form, &format!("\u{feff}\u{feff}{body}")), ["refused"], "{form:?}");
    }
}

/// The time and the nameless fields of the first event.
fn time(form: BodyForm, body: &str) -> (SentTime, usize) {
    let (scratch, mut seen) = (Scratch::new(), None);
    each(form, body.as_bytes(), &scratch, &mut Budget::of_body(), &mut |arrived| {
        if let BodyEvent::Event(event) = arrived {
            let nameless = event.fields.iter().filter(|field| field.is_named("")).count();
            assert_eq!(event.given.time, event.time.time());
            seen.get_or_insert((event.time, nameless));
        }
    })
    .unwrap();
    seen.unwrap()
}

#[test]
fn no_time_is_told_from_a_time_that_cannot_be_read() {
    let record = |times: &str| {
        format!(
            "{{\"resourceLogs\":[{{\"scopeLogs\":[{{\"logRecords\":[{{{times}\"eventName\":\"a\"}}]}}]}}]}}"
        )
    };
    for (form, absent, unreadable, read) in [
        (
            BodyForm::PostHog,
            "{\"event\":\"a\"}".to_owned(),
            "{\"event\":\"a\",\"timestamp\":\"2026-02-30\"}".to_owned(),
            "{\"event\":\"a\",\"timestamp\":\"2026-01-21T10:00:00\"}".to_owned(),
        ),
        (
            BodyForm::Datadog,
            "{\"message\":\"a\",\"date\":null}".to_owned(),
            "{\"message\":\"a\",\"date\":\"Jan 21\"}".to_owned(),
            "{\"message\":\"a\",\"date\":\"1768989600000\"}".to_owned(),
        ),
        (
            BodyForm::Otlp,
            record("\"timeUnixNano\":\"0\","),
            record("\"timeUnixNano\":\"soon\","),
            record("\"timeUnixNano\":1.7689896e18,"),
        ),
    ] {
        assert_eq!(time(form, &absent), (SentTime::Absent, 0), "{form:?}");
        assert_eq!(time(form, &unreadable), (SentTime::Unreadable, 1), "{form:?}");
        let (known, nameless) = time(form, &read);
        assert_eq!(nameless, 0);
        assert_eq!(known.time().map(Time::milliseconds), Some(1_768_989_600_000), "{form:?}");
    }
}

#[test]
fn a_whole_number_is_one_however_json_writes_it() {
    let value = |form: BodyForm, body: &str| {
        let (scratch, mut seen) = (Scratch::new(), None);
        each(form, body.as_bytes(), &scratch, &mut Budget::of_body(), &mut |arrived| {
            if let BodyEvent::Event(event) = arrived {
                let field = event.fields.iter().find(|field| field.is_named("exit_code"));
                seen = field.and_then(|field| field.value.number_in_text().whole());
            }
        })
        .unwrap();
        seen
    };
    for (written, expected) in [
        ("0.0", Some(0)),
        ("1e3", Some(1_000)),
        ("-1.0", Some(-1)),
        ("2.50e1", Some(25)),
        ("0.5", None),
    ] {
        let line = format!("{{\"exit_code\":{written}}}");
        assert_eq!(value(BodyForm::Native, &line), expected, "{written}");
        let text = format!("{{\"exit_code\":\"{written}\"}}");
        assert_eq!(value(BodyForm::Datadog, &text), expected, "{written}");
        for (kind, number) in [
            ("intValue", written.to_owned()),
            ("intValue", format!("\"{written}\"")),
            ("doubleValue", written.to_owned()),
            ("doubleValue", format!("\"{written}\"")),
        ] {
            let record = format!(
                "{{\"resourceLogs\":[{{\"scopeLogs\":[{{\"logRecords\":[{{\"attributes\":[{{\"key\":\"exit_code\",\"value\":{{\"{kind}\":{number}}}}}]}}]}}]}}]}}"
            );
            assert_eq!(value(BodyForm::Otlp, &record), expected, "{kind} {number}");
        }
    }
}

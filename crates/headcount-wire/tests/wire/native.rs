//! The native dialect: what is written can be read, and a bad line is rejected
//! alone.

use headcount_catalog::{Dialect, Encoding, Reason};
use headcount_wire::native::{BatchAnswer, RejectedPlace, decode};
use headcount_wire::{Outcome, limits, read, write};

use super::products::{catalogs, records, sent};

#[test]
fn an_array_is_read_like_lines() {
    let catalog = catalogs().remove(0);
    let lines = sent(&catalog, &records(&catalog), (Dialect::Headcount, Encoding::Json)).body;
    let text = String::from_utf8(lines.clone()).unwrap();
    let array = format!(" [{}]\n", text.trim_end().replace('\n', ","));
    assert_eq!(decode(array.as_bytes()).unwrap(), decode(&lines).unwrap());
    assert_eq!(decode(b"").unwrap(), []);
    assert_eq!(decode(b"[]").unwrap(), []);
    let by_hand = decode(b"{\n  \"a\": 1\n}\n").unwrap();
    assert_eq!(by_hand, decode(b"{\"a\":1}").unwrap());
}

#[test]
fn a_bad_line_is_rejected_alone() {
    let arrivals = decode(b"{\"a\":1}\n{\"a\":\r\n\n\"text\"\n\xff\xfe\n{\"a\":2}").unwrap();
    let accepted: Vec<bool> = arrivals.iter().map(Result::is_ok).collect();
    assert_eq!(accepted, [true, false, false, false, true]);
    let long = format!("{{\"a\":\"{}\"}}", "x".repeat(limits::LINE_BYTES));
    assert_eq!(decode(long.as_bytes()).unwrap(), [Err(Reason::TooLong)]);
}

#[test]
fn a_body_without_any_json_is_malformed_and_says_where() {
    for (body, place) in [
        (&b"hello"[..], "line 1, column 1"),
        (b"\n\n{\"a\":", "line 3, column 5"),
        (b"[{\"a\":1},", "line 1, column 9"),
    ] {
        let sentence = decode(body).unwrap_err().to_string();
        assert!(sentence.contains(place), "{sentence}");
    }
    let many = "{}\n".repeat(limits::REQUEST_EVENTS + 1);
    assert!(decode(many.as_bytes()).unwrap_err().to_string().contains("smaller batches"));
}

#[test]
fn deep_nesting_and_large_numbers_do_not_panic() {
    let deep = format!("{{\"a\":{}{}}}", "[".repeat(100_000 / 4), "]".repeat(100_000 / 4));
    assert!(decode(deep.as_bytes()).is_err());
    for line in ["{\"a\":1e999}", "{\"a\":NaN}", "{\"a\":99999999999999999999999999}"] {
        // Decoded or not, but without a panic.
        let _ = decode(line.as_bytes()).map(|arrivals| arrivals.len());
    }
}

#[test]
fn an_answer_is_read_as_it_was_written() {
    let answer = BatchAnswer {
        outcomes: vec![
            Outcome::Stored,
            Outcome::Duplicate,
            Outcome::Rejected(Reason::UnknownEvent),
            Outcome::Stored,
        ],
    };
    let text = answer.encode();
    assert_eq!(
        text,
        "{\"accepted\":2,\"duplicate\":1,\"rejected\":1,\"events\":[{\"index\":1,\"outcome\":\"duplicate\"},\
         {\"index\":2,\"outcome\":\"rejected\",\"reason\":\"unknown-event\"}]}"
    );
    assert_eq!(BatchAnswer::decode(text.as_bytes(), 4), Some(answer));
    for (body, sent) in [(&*text, 3), ("{}", 0), ("<html>", 4), ("[]", 0), ("{\"accepted\":-1}", 1)]
    {
        assert_eq!(BatchAnswer::decode(body.as_bytes(), sent), None, "{body}");
    }
}

/// Where an event was rejected is told beside the reason, and is no part of
/// what a client settles.
#[test]
fn an_answer_may_name_places() {
    let outcomes = [Reason::MissingProperty, Reason::TooOld, Reason::Malformed];
    let answer = BatchAnswer { outcomes: outcomes.map(Outcome::Rejected).to_vec() };
    let text = answer.encode_with(|index| match index {
        0 => Some(RejectedPlace { path: ("run", Some("shell")), kind: "choice", catalog: 4 }),
        1 => Some(RejectedPlace { path: ("run", None), kind: "", catalog: 3 }),
        _ => None,
    });
    assert_eq!(
        text,
        "{\"accepted\":0,\"duplicate\":0,\"rejected\":3,\"events\":[\
         {\"index\":0,\"outcome\":\"rejected\",\"reason\":\"missing-property\",\"path\":\"run.shell\",\
         \"kind\":\"choice\",\"catalog\":4},\
         {\"index\":1,\"outcome\":\"rejected\",\"reason\":\"too-old\",\"path\":\"run\",\"catalog\":3},\
         {\"index\":2,\"outcome\":\"rejected\",\"reason\":\"malformed\"}]}"
    );
    assert_eq!(BatchAnswer::decode(text.as_bytes(), 3), Some(answer));
}

#[test]
fn a_line_is_judged_as_it_is_read() {
    let catalog = catalogs().remove(0);
    let line = write(&catalog, &records(&catalog)[0]).unwrap();
    assert!(read(&catalog, &line).is_ok());
    assert_eq!(read(&catalog, &line[..line.len() - 1]), Err(Reason::Malformed));
    let other = line.replace("atomic_command", "somebody_else");
    assert_eq!(read(&catalog, &other), Err(Reason::UnknownEvent));
    let foreign = line.replacen('{', "{\"cwd\":\"/home/me/secret\",", 1);
    let checked = read(&catalog, &foreign).unwrap();
    assert_eq!(checked.dropped.len(), 1);
    assert_eq!(write(&catalog, &checked).unwrap(), line);
    // A line without an id or a time could not be written again.
    let id = line.split("eventId\":\"").nth(1).and_then(|rest| rest.get(..36)).unwrap();
    assert_eq!(read(&catalog, &line.replace(id, "none")), Err(Reason::MissingId));
    let timeless = line.replace("2026-11-20T", "some day, ");
    assert_eq!(read(&catalog, &timeless), Err(Reason::MissingTime));
    let outside = line.replace("\"command\":\"init\"", "\"command\":\"/home/me\"");
    assert_eq!(read(&catalog, &outside), Err(Reason::OutsideSet));
}

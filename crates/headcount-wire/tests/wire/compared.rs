//! The JSON reader accepts and rejects what `serde_json` does.

use headcount_wire::{Json, clacky, native};
use serde_json::Value as Other;

use super::mutated::{Mutator, bodies};

/// What our reader makes of a value. Only the fields of an object are public,
/// so the value is put into one.
fn ours(text: &str) -> Option<Other> {
    let body = format!("[{{\"it\":{text}}}]");
    let arrivals = native::decode(body.as_bytes()).ok()?;
    arrivals.first()?.as_ref().ok()?.get("it").map(same)
}

fn same(json: &Json<'_>) -> Other {
    match json {
        Json::Null => Other::Null,
        Json::Flag(flag) => Other::from(*flag),
        Json::Whole(number) => Other::from(*number),
        Json::Decimal(number) => Other::from(*number),
        Json::Text(text) => Other::from(text.as_ref()),
        Json::List(items) => items.iter().map(same).collect(),
        Json::Object(fields) => {
            // serde_json keeps the last field of a name that occurs twice.
            fields.iter().map(|(name, value)| (name.to_string(), same(value))).collect()
        }
        Json::OutOfRange => Other::from("beyond"),
    }
}

/// The value with the same distinction between integers and other numbers.
fn told(json: Other) -> Other {
    match json {
        Other::Number(number) if number.as_i64().is_none() => {
            number.as_f64().map_or(Other::Null, Other::from)
        }
        Other::Array(items) => items.into_iter().map(told).collect(),
        Other::Object(fields) => {
            fields.into_iter().map(|(name, value)| (name, told(value))).collect()
        }
        other => other,
    }
}

fn compare(text: &str) {
    let theirs = serde_json::from_str::<Other>(text).ok().map(told);
    assert_eq!(ours(text), theirs, "{text}");
}

#[test]
fn on_every_value_there_is() {
    for text in [
        "0",
        "1.5e-3",
        "1E5",
        "9223372036854775807",
        "9223372036854775808",
        "-1e-400",
        "[]",
        "[[],{}]",
        "{\"a\":{\"a\":[null]}}",
        "\"\\u0000\\ud83d\\ude00\"",
        "true",
        " 1 ",
        "1.",
        ".5",
        "+1",
        "00",
        "1e",
        "tru",
        "[,]",
        "{,}",
        "{\"a\":1,}",
        "[1,,2]",
        "\"\t\"",
        "'a'",
        "nul",
        "-",
        "{\"a\" 1}",
        "[1}",
        "\"\\u12g4\"",
        "0x10",
        "1_000",
        "\u{feff}1",
        "NaN",
        "-Infinity",
    ] {
        compare(text);
    }
}

#[test]
fn on_every_escape_there_is() {
    for escape in 0..=0x7f_u8 {
        let text = format!("\"é\\{}é\"", char::from(escape));
        compare(&text);
    }
    for text in [
        r#""\"\\\/\b\f\n\r\t""#,
        r#""\u0041\u00e9\u00E9\u20ac\uFFFF\ufffd""#,
        r#""\u0022\u005c\u000a\u001f\u007f\u0080""#,
        r#""\ud83d\ude00\uD83D\uDE00""#,
        r#""\ud800\udc00\udbff\udfff""#,
        r#""\ud7ff\ue000""#,
        r#""eight plain\neight plain\neight plain""#,
        r#"{"\u0061\ud83d\ude00":"\\u0061"}"#,
        r#""\"#,
        r#""\""#,
        r#""\\\""#,
        r#""\u""#,
        r#""\u004""#,
        r#""\u004g""#,
        r#""\u+041""#,
        r#""\u 041""#,
        r#""\u{41}""#,
        r#""\u00é9""#,
        r#""\U0041""#,
        r#""\x41""#,
        r#""\é""#,
        r#""\u0041"#,
        r#""\ud83d"#,
        r#""\ud83d\"#,
        r#""\ud83d\""#,
        r#""\ud83d\u""#,
        r#""\ud83d\ude0""#,
        r#""\ud83d\ude0g""#,
        r#""\ud83d\x""#,
        "\"\\n\n\"",
        "\"\\n\u{1}\"",
    ] {
        compare(text);
    }
}

/// `serde_json` refuses a lone surrogate. Our reader replaces it, and reads
/// what follows.
#[test]
fn but_for_surrogates_without_their_other_half() {
    for (text, read) in [
        (r#""\ud83d""#, "\u{fffd}"),
        (r#""\ude00""#, "\u{fffd}"),
        (r#""\ud83dx""#, "\u{fffd}x"),
        (r#""x\udbff\n""#, "x\u{fffd}\n"),
        (r#""\ud800\u0041""#, "\u{fffd}A"),
        (r#""\ud83d\ud83d\ude00""#, "\u{fffd}😀"),
        (r#""\ude00\ud83d""#, "\u{fffd}\u{fffd}"),
        (r#""\ud83d\ude00\ude00""#, "😀\u{fffd}"),
    ] {
        assert!(serde_json::from_str::<Other>(text).is_err(), "{text}");
        assert_eq!(ours(text), Some(Other::from(read)), "{text}");
    }
}

#[test]
fn on_whatever_becomes_of_a_body() {
    let mut mutator = Mutator::new(0x1234_5678);
    let mut agreed = [0, 0];
    for body in bodies().iter().filter(|body| body.starts_with(b"{")) {
        let first = body.split(|byte| *byte == b'\n').next().unwrap();
        for _ in 0..200 {
            let text = mutator.mutated(first);
            let Ok(text) = std::str::from_utf8(&text) else { continue };
            let read = clacky::decode(text.as_bytes()).is_ok();
            let theirs = serde_json::from_str::<Other>(text);
            // Our reader replaces a lone surrogate; serde_json refuses it.
            let half = theirs.as_ref().is_err_and(|error| {
                let error = error.to_string();
                error.contains("surrogate") || error.contains("hex escape")
            });
            // Our reader replaces a number out of range; serde_json refuses the
            // text.
            let beyond =
                theirs.as_ref().is_err_and(|error| error.to_string().contains("out of range"));
            if !half && !beyond {
                assert_eq!(read, theirs.is_ok_and(|json| json.is_object()), "{text}");
                agreed[usize::from(read)] += 1;
            }
        }
    }
    assert!(agreed[0] > 500 && agreed[1] > 500, "{agreed:?}");
}

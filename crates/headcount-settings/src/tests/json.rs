//! Tests of JSON settings, byte for byte.

use super::*;

const JSON: Format = Format::Json;

#[test]
fn what_is_found() {
    check_get(
        JSON,
        &[
            ("", "enabled", Found::Absent),
            (" \r\n\t", "enabled", Found::Absent),
            ("\u{feff}", "enabled", Found::Absent),
            ("{}", "enabled", Found::Absent),
            ("{}", "telemetry.enabled", Found::Absent),
            (r#"{"telemetry": {}}"#, "telemetry.enabled", Found::Absent),
            (r#"{"enabled": true}"#, "enabled", Found::Scalar(ON)),
            (r#"{"enabled":false}"#, "enabled", Found::Scalar(OFF)),
            ("\u{feff}{\"enabled\": true}", "enabled", Found::Scalar(ON)),
            (r#"{"a": {"enabled": false}, "enabled": true}"#, "enabled", Found::Scalar(ON)),
            (r#"{"a": {"enabled": false}, "enabled": true}"#, "a.enabled", Found::Scalar(OFF)),
            (r#"{"en\u0061bled": true}"#, "enabled", Found::Scalar(ON)),
            (r#"{"x": "\"enabled\": true, }{", "enabled": false}"#, "enabled", Found::Scalar(OFF)),
            (r#"{"x": ["]", {"enabled": true}], "enabled": false}"#, "enabled", Found::Scalar(OFF)),
            (r#"{"id": "a\"b\\cé\u00e9"}"#, "id", Found::Scalar(text("a\"b\\céé"))),
            (r#"{"enabled": "true"}"#, "enabled", Found::Scalar(text("true"))),
            (r#"{"enabled": null}"#, "enabled", Found::Other),
            (r#"{"enabled": 1}"#, "enabled", Found::Other),
            (r#"{"enabled": [true]}"#, "enabled", Found::Other),
            (r#"{"enabled": {"enabled": true}}"#, "enabled", Found::Other),
            (r#"{"telemetry": true}"#, "telemetry.enabled", Found::Other),
            (r#"{"telemetry": [{"enabled": true}]}"#, "telemetry.enabled", Found::Other),
            (r#"{"telemetry": null}"#, "telemetry.enabled", Found::Other),
            // Twice elsewhere is none of our business.
            (r#"{"x": 1, "x": 2, "enabled": true}"#, "enabled", Found::Scalar(ON)),
        ],
    );
}

#[test]
fn values_change_in_place() {
    check_set(
        JSON,
        &[
            ("{\"enabled\":true}", "enabled", OFF, "{\"enabled\":false}"),
            ("{ \"enabled\" : true }\n", "enabled", OFF, "{ \"enabled\" : false }\n"),
            ("{\r\n\t\"enabled\": true\r\n}", "enabled", OFF, "{\r\n\t\"enabled\": false\r\n}"),
            ("\u{feff}{\"enabled\": true}\n\n", "enabled", OFF, "\u{feff}{\"enabled\": false}\n\n"),
            (
                "{\"a\": {\"b\": 1e2,\n \"c\": null}}",
                "a.c",
                ON,
                "{\"a\": {\"b\": 1e2,\n \"c\": true}}",
            ),
            ("{\"\\u0061\": 1}", "a", ON, "{\"\\u0061\": true}"),
            (
                "{\"id\": \"x\"}",
                "id",
                text("a\"b\\\n\u{1}é"),
                "{\"id\": \"a\\\"b\\\\\\n\\u0001é\"}",
            ),
            // What is there already stays as it is written.
            ("{\"id\": \"\\u0061\"}", "id", text("a"), "{\"id\": \"\\u0061\"}"),
        ],
    );
}

#[test]
fn new_members_look_like_their_neighbours() {
    check_set(
        JSON,
        &[
            ("", "enabled", ON, "{\n  \"enabled\": true\n}\n"),
            (" \r\n", "enabled", ON, "{\r\n  \"enabled\": true\r\n}\r\n"),
            ("\u{feff}", "enabled", ON, "\u{feff}{\n  \"enabled\": true\n}\n"),
            (
                "",
                "a.b.c",
                text("x"),
                "{\n  \"a\": {\n    \"b\": {\n      \"c\": \"x\"\n    }\n  }\n}\n",
            ),
            ("{}", "enabled", ON, "{\n  \"enabled\": true\n}"),
            ("{ }\n", "a.b", ON, "{\n  \"a\": {\n    \"b\": true\n  }\n}\n"),
            ("{\n}\n", "enabled", ON, "{\n  \"enabled\": true\n}\n"),
            ("{\"a\":1}", "b", ON, "{\"a\":1,\"b\":true}"),
            ("{\"a\":1}", "b.c", ON, "{\"a\":1,\"b\":{\"c\":true}}"),
            ("{\"a\": 1}", "b", ON, "{\"a\": 1, \"b\": true}"),
            ("{\"a\": 1, \"b\": 2}", "c.d", ON, "{\"a\": 1, \"b\": 2, \"c\": {\"d\": true}}"),
            ("{ \"a\" : 1 }", "b", ON, "{ \"a\" : 1, \"b\" : true }"),
            ("{\n    \"a\": 1\n}\n", "b", ON, "{\n    \"a\": 1,\n    \"b\": true\n}\n"),
            (
                "{\r\n\t\"a\": 1\r\n}",
                "b.c",
                ON,
                "{\r\n\t\"a\": 1,\r\n\t\"b\": {\r\n\t\t\"c\": true\r\n\t}\r\n}",
            ),
            (
                "{\n  \"a\": 1,\n\n  \"b\": [\n    1\n  ]\n}\n",
                "c",
                ON,
                "{\n  \"a\": 1,\n\n  \"b\": [\n    1\n  ],\n  \"c\": true\n}\n",
            ),
            (
                "{\n \"a\": {\n  \"x\": 1\n },\n \"z\": 0\n}",
                "a.b",
                ON,
                "{\n \"a\": {\n  \"x\": 1,\n  \"b\": true\n },\n \"z\": 0\n}",
            ),
            (
                "{\n \"a\": {},\n \"z\": 0\n}",
                "a.b",
                ON,
                "{\n \"a\": {\n  \"b\": true\n },\n \"z\": 0\n}",
            ),
            ("{\"a\":{},\"z\":0}", "a.b", ON, "{\"a\":{\"b\":true},\"z\":0}"),
            ("{\"a\": {}}", "a.b", ON, "{\"a\": {\"b\": true}}"),
            ("{\"a\": {\n}}", "a.b", ON, "{\"a\": {\n  \"b\": true\n}}"),
            ("{\n  \"a\":\n    1\n}", "b", ON, "{\n  \"a\":\n    1,\n  \"b\": true\n}"),
            ("{}", "a\"b", ON, "{\n  \"a\\\"b\": true\n}"),
        ],
    );
}

#[test]
fn members_go_with_one_comma() {
    check_remove(
        JSON,
        &[
            ("", "a", ""),
            ("{\"b\": 1}", "a", "{\"b\": 1}"),
            ("{\"b\": 1}", "a.b", "{\"b\": 1}"),
            ("{\"a\": 1}", "a", "{}"),
            ("{\n  \"a\": 1\n}\n", "a", "{}\n"),
            ("{\"a\": 1, \"b\": 2, \"c\": 3}", "a", "{\"b\": 2, \"c\": 3}"),
            ("{\"a\": 1, \"b\": 2, \"c\": 3}", "b", "{\"a\": 1, \"c\": 3}"),
            ("{\"a\": 1, \"b\": 2, \"c\": 3}", "c", "{\"a\": 1, \"b\": 2}"),
            ("{\n  \"a\": 1,\n  \"b\": \"},\"\n}\n", "b", "{\n  \"a\": 1\n}\n"),
            ("{\n  \"a\": 1,\n  \"b\": 2\n}\n", "a", "{\n  \"b\": 2\n}\n"),
            ("\u{feff}{\"t\": {\"a\": true, \"b\": 2}}", "t.a", "\u{feff}{\"t\": {\"b\": 2}}"),
        ],
    );
    for refused in [r#"{"a": {}}"#, r#"{"a": [1]}"#] {
        remove(JSON, refused, "a").expect_err(refused);
    }
    remove(JSON, r#"{"a": 1}"#, "a.b").expect_err("through a number");
}

#[test]
fn refusals_say_what_and_where() {
    check_refused(
        JSON,
        &[
            ("{\n\"t\": 5}", "t.enabled", "line 2: `t` is not a table"),
            ("{\"t\": {\"u\": []}}", "t.u.v", "line 1: `u` is not a table"),
            ("{\"t\": null}", "t.enabled", "is not a table"),
            ("{\n\n\"enabled\": {}}", "enabled", "line 3: `enabled` cannot be changed"),
            ("{\"enabled\": [true]}", "enabled", "change it by hand"),
            (
                "{\"enabled\": true,\n\"enabled\": true}",
                "enabled",
                "line 2 repeats the key `enabled`",
            ),
            ("{\"enabled\": true, \"\\u0065nabled\": false}", "enabled", "repeats the key"),
            ("{\"t\": {\"e\": true}, \"t\": {\"e\": true}}", "t.e", "repeats the key `t`"),
            ("[true]", "enabled", "valid JSON, but its top level is not an object"),
            ("true", "enabled", "not an object"),
            ("{\n  \"enabled\": tru\n}", "enabled", "not valid JSON at line 3, column 1"),
            ("{\"enabled\": true // yes\n}", "enabled", "not valid JSON at line 1, column 18"),
        ],
    );
}

#[test]
fn on_off_on_changes_one_word() {
    check_round(
        JSON,
        "telemetry.enabled",
        &[
            "",
            "{}",
            "{\"telemetry\":{\"enabled\":false,\"x\":[1,2]},\"y\":{}}",
            "{\r\n\t\"theme\" : \"dark\",\r\n\t\"telemetry\": { \"enabled\": true }\r\n}\r\n",
            "\u{feff}{\n   \"z\": 1.50,\n   \"a\": \"\\u00e9\"\n}",
        ],
    );
}

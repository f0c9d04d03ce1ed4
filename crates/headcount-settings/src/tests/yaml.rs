//! Tests of YAML settings, byte for byte.

use super::*;

const YAML: Format = Format::Yaml;

#[test]
fn what_is_found() {
    check_get(
        YAML,
        &[
            ("", "enabled", Found::Absent),
            ("\u{feff}", "enabled", Found::Absent),
            (" \r\n# enabled: true\n", "enabled", Found::Absent),
            ("{}", "enabled", Found::Absent),
            ("telemetry: {}\n", "telemetry.enabled", Found::Absent),
            ("enabled: true", "enabled", Found::Scalar(ON)),
            ("enabled: True\n", "enabled", Found::Scalar(ON)),
            ("enabled: FALSE\n", "enabled", Found::Scalar(OFF)),
            ("\u{feff}---\r\nenabled: false\r\n...\r\n", "enabled", Found::Scalar(OFF)),
            ("%YAML 1.2\n---\nenabled: true\n", "enabled", Found::Scalar(ON)),
            ("telemetry:\n  enabled: true\n", "telemetry.enabled", Found::Scalar(ON)),
            ("telemetry: {x: 1, enabled: true}\n", "telemetry.enabled", Found::Scalar(ON)),
            ("{\"telemetry\": {\"enabled\": true}}", "telemetry.enabled", Found::Scalar(ON)),
            ("'telemetry':\n  \"enabled\": true\n", "telemetry.enabled", Found::Scalar(ON)),
            ("? telemetry\n: enabled: true\n", "telemetry.enabled", Found::Scalar(ON)),
            ("x: |\n  enabled: true\nenabled: false\n", "enabled", Found::Scalar(OFF)),
            ("x: \"\n  enabled: true\"\nenabled: false\n", "enabled", Found::Scalar(OFF)),
            // Anchors and merges elsewhere are none of our business.
            ("a: &a {b: 1}\nc: {<<: *a}\nenabled: true\n", "enabled", Found::Scalar(ON)),
            ("id: plain text # c\n", "id", Found::Scalar(text("plain text"))),
            ("id: 'it''s'\n", "id", Found::Scalar(text("it's"))),
            ("id: \"true\"\n", "id", Found::Scalar(text("true"))),
            ("id: |\n  a\n  b\n", "id", Found::Scalar(text("a\nb\n"))),
            ("id: 2026-01-01T00:00:00Z\n", "id", Found::Scalar(text("2026-01-01T00:00:00Z"))),
            (
                "id: 0cc175b9-c0f1-4b6a-831c-399e26977266\n",
                "id",
                Found::Scalar(text("0cc175b9-c0f1-4b6a-831c-399e26977266")),
            ),
            ("telemetry: true\n", "telemetry.enabled", Found::Other),
            ("telemetry:\n", "telemetry.enabled", Found::Other),
            ("telemetry:\n  # enabled: true\n", "telemetry.enabled", Found::Other),
            ("telemetry:\n  - enabled: true\n", "telemetry.enabled", Found::Other),
            ("telemetry: 'enabled: true'\n", "telemetry.enabled", Found::Other),
            ("enabled: [true]\n", "enabled", Found::Other),
            ("enabled:\n  enabled: true\n", "enabled", Found::Other),
            ("{enabled}", "enabled", Found::Other),
        ],
    );
}

#[test]
fn words_that_readers_disagree_about_are_neither_flag_nor_text() {
    let words = [
        "yes", "Yes", "YES", "no", "NO", "on", "On", "ON", "off", "OFF", "y", "Y", "n", "N",
        "null", "Null", "NULL", "~", "", "1", "0", "-1", "+1", "1.0", "1e3", ".5", "-.5", "0x1f",
        "0o7", "0b1", "1_000", "12:30:45", "12:30", ".inf", "-.INF", ".NaN", "=", "<<",
    ];
    for word in words {
        let document = format!("enabled: {word}\n");
        let found = get(YAML, &document, "enabled");
        assert_eq!(found, Ok(Found::Other), "{document:?}");
    }
    for word in ["tRue", "truE", "true1", "-true", "true.", "nulls", "0xg", "1x", "v1", "a1"] {
        let document = format!("enabled: {word}\n");
        let found = get(YAML, &document, "enabled");
        assert_eq!(found, Ok(Found::Scalar(text(word))), "{document:?}");
    }
}

#[test]
fn values_change_in_place() {
    check_set(
        YAML,
        &[
            ("enabled: true", "enabled", OFF, "enabled: false"),
            (
                "# a\r\nt: # b\r\n    enabled:   true   # c\r\n    z: 1\r\n",
                "t.enabled",
                OFF,
                "# a\r\nt: # b\r\n    enabled:   false   # c\r\n    z: 1\r\n",
            ),
            (
                "\u{feff}---\nenabled: yes\n...\n",
                "enabled",
                ON,
                "\u{feff}---\nenabled: true\n...\n",
            ),
            ("enabled: TRUE\n", "enabled", OFF, "enabled: FALSE\n"),
            ("enabled: False\n", "enabled", ON, "enabled: True\n"),
            ("enabled: 'true'\n", "enabled", ON, "enabled: true\n"),
            ("enabled:\nz: 1\n", "enabled", ON, "enabled: true\nz: 1\n"),
            ("enabled:   # why\n", "enabled", ON, "enabled: true   # why\n"),
            ("enabled: ~ # why\n", "enabled", ON, "enabled: true # why\n"),
            (
                "t: {enabled: true, z: [1, 2]} # c\n",
                "t.enabled",
                OFF,
                "t: {enabled: false, z: [1, 2]} # c\n",
            ),
            ("id: 'old' # c\n", "id", text("it's"), "id: 'it''s' # c\n"),
            ("id: old\n", "id", text("new-1"), "id: new-1\n"),
            ("id: old\n", "id", text("yes"), "id: \"yes\"\n"),
            ("id: old\n", "id", text("12"), "id: \"12\"\n"),
            ("id: old\n", "id", text("a: b"), "id: \"a: b\"\n"),
            ("id: old\n", "id", text("a #b"), "id: \"a #b\"\n"),
            ("id: old\n", "id", text(""), "id: \"\"\n"),
            (
                "id: \"\"\n",
                "id",
                text("a\"\\\n\u{1}\u{2028}é"),
                "id: \"a\\\"\\\\\\n\\u0001\\u2028é\"\n",
            ),
            ("id: more\n  lines\nz: 1\n", "id", text("one"), "id: one\nz: 1\n"),
        ],
    );
}

#[test]
fn new_keys_go_to_the_end_of_their_block() {
    check_set(
        YAML,
        &[
            ("", "enabled", ON, "enabled: true\n"),
            ("", "telemetry.enabled", ON, "telemetry:\n  enabled: true\n"),
            ("\u{feff}", "a.b.c", text("x"), "\u{feff}a:\n  b:\n    c: \"x\"\n"),
            ("# only this\r\n", "t.enabled", ON, "# only this\r\nt:\r\n  enabled: true\r\n"),
            ("# only this", "enabled", ON, "# only this\nenabled: true"),
            ("a: 1", "t.enabled", ON, "a: 1\nt:\n  enabled: true"),
            ("a: 1 # c\n# end\n", "b", ON, "a: 1 # c\nb: true\n# end\n"),
            ("---\na: 1\n...\n", "b", ON, "---\na: 1\nb: true\n...\n"),
            ("a:\n    b: 1\n", "c.d", ON, "a:\n    b: 1\nc:\n    d: true\n"),
            (
                "t:\n  a: 1\n\n# of u\nu: 2\n",
                "t.enabled",
                ON,
                "t:\n  a: 1\n  enabled: true\n\n# of u\nu: 2\n",
            ),
            (
                "t:\n  a:\n    - 1\n    - b: 2 # c\n  # end\nu: 2\n",
                "t.enabled",
                ON,
                "t:\n  a:\n    - 1\n    - b: 2 # c\n  enabled: true\n  # end\nu: 2\n",
            ),
            ("t:\n  a:\nu: 2\n", "t.enabled", ON, "t:\n  a:\n  enabled: true\nu: 2\n"),
            (
                "t:\n  a: |\n    x\n\nu: 2\n",
                "t.enabled",
                ON,
                "t:\n  a: |\n    x\n\n  enabled: true\nu: 2\n",
            ),
            // The last line's end is part of the text `a`, so nothing may be
            // put behind it.
            ("a: |\n  x", "enabled", ON, "enabled: true\na: |\n  x"),
            ("t:\n  a: |+\n    x\n\n", "t.enabled", ON, "t:\n  a: |+\n    x\n\n  enabled: true\n"),
            ("t:\n", "t.enabled", ON, "t:\n  enabled: true\n"),
            (
                "a:\n   b: 1\nt: # why\n  # enabled: false\nu: 2\n",
                "t.enabled",
                ON,
                "a:\n   b: 1\nt: # why\n   enabled: true\n  # enabled: false\nu: 2\n",
            ),
            ("t:\n  u:\nv: 1\n", "t.u.w.x", ON, "t:\n  u:\n    w:\n      x: true\nv: 1\n"),
            ("t: {}\n", "t.enabled", ON, "t: {enabled: true}\n"),
            ("t: { }\n", "t.a.b", ON, "t: {a: {b: true}}\n"),
            ("t: {a: 1} # c\n", "t.enabled", ON, "t: {a: 1, enabled: true} # c\n"),
            ("t: { a: 1, b: [2] }\n", "t.enabled", ON, "t: { a: 1, b: [2], enabled: true }\n"),
            ("{\n  \"a\": 1\n}\n", "t.b", ON, "{\n  \"a\": 1,\n  \"t\": {\"b\": true}\n}\n"),
            ("{\"a\": 1,}\n", "b", ON, "{\"a\": 1, \"b\": true,}\n"),
            ("", "a b", ON, "\"a b\": true\n"),
            ("", "on", ON, "\"on\": true\n"),
            ("a: 1\rb: 2\r", "c", ON, "a: 1\rb: 2\nc: true\r"),
        ],
    );
}

#[test]
fn keys_go_and_comments_stay() {
    check_remove(
        YAML,
        &[
            ("", "a", ""),
            ("b: 1\n", "a", "b: 1\n"),
            ("a: 1\n", "a", ""),
            ("---\na: 1\n", "a", "---\n{}\n"),
            ("a: 1\r\nb: 2\r\n", "a", "b: 2\r\n"),
            ("a: 1\r\nb: 2", "b", "a: 1"),
            ("# x\na: 1  # why\nb: 2\n", "a", "# x\n# why\nb: 2\n"),
            ("t:\n  a: 1 # why\nb: 2\n", "t.a", "t: {}\n  # why\nb: 2\n"),
            ("t: # here\n  a: true\n", "t.a", "t: {} # here\n"),
            ("t:\n  a:\n  b: 2\n", "t.a", "t:\n  b: 2\n"),
            ("t:\n  a: 'x\n\n    y'\n  b: 2\n", "t.a", "t:\n  b: 2\n"),
            ("t: {a: 1}\n", "t.a", "t: {}\n"),
            ("t: {a: 1, b: ',', c: 3}\n", "t.a", "t: {b: ',', c: 3}\n"),
            ("t: {a: 1, b: ',', c: 3}\n", "t.b", "t: {a: 1, c: 3}\n"),
            ("t: {a: 1, b: ',', c: 3}\n", "t.c", "t: {a: 1, b: ','}\n"),
        ],
    );
    let refused = [
        ("a:\n  b: 1\n", "a"),
        ("a: [1]\n", "a"),
        ("a: |\n  x\nb: 1\n", "a"),
        ("a: &x 1\n", "a"),
        ("? a\n: 1\n", "a"),
        ("t: {a: 1, # why\n  b: 2}\n", "t.a"),
        ("a: 1\n", "a.b"),
    ];
    for (before, path) in refused {
        remove(YAML, before, path).expect_err(before);
    }
}

#[test]
fn refusals_say_what_and_where() {
    check_refused(
        YAML,
        &[
            ("\nt: 5\n", "t.enabled", "line 2: `t` is not a table"),
            ("t: ~\n", "t.enabled", "is not a table"),
            ("t:\n  - enabled: true\n", "t.enabled", "is not a table"),
            ("enabled: [true]\n", "enabled", "line 1: `enabled` cannot be changed"),
            ("{t}", "t.enabled", "line 1: `t.enabled` cannot be changed"),
            ("{a: 1, t}", "enabled", "without changing something else"),
            ("- enabled: true\n", "enabled", "valid YAML, but its top level is not a mapping"),
            ("---\n", "enabled", "not a mapping"),
            ("enabled: true\nenabled: true\n", "enabled", "line 2 repeats the key `enabled`"),
            ("enabled: true\n\"enabled\": true\n", "enabled", "repeats the key"),
            ("t: {e: true}\nt: {e: true}\n", "t.e", "repeats the key `t`"),
            ("enabled: &e true\n", "enabled", "line 1: `enabled` uses an anchor"),
            ("t: &t\n  enabled: true\n", "t.enabled", "an anchor"),
            ("&k enabled: true\n", "enabled", "an anchor"),
            ("&r\nenabled: true\n", "enabled", "an anchor"),
            ("x:\n  y: true\n", "x.y", "a word that some readers do not take for text"),
            ("1: true\n", "1", "a word that some readers do not take for text"),
            ("x: &x true\nenabled: *x\n", "enabled", "line 2: `enabled` uses an alias"),
            ("x: &x {e: true}\nt: *x\n", "t.e", "an alias"),
            ("x: &x enabled\n*x : true\n", "enabled", "an alias as a key"),
            ("enabled: !!bool true\n", "enabled", "a tag"),
            ("enabled: !!str true\n", "enabled", "a tag"),
            ("enabled: ! true\n", "enabled", "a tag"),
            ("t: !x\n  enabled: true\n", "t.enabled", "a tag"),
            ("!!str enabled: true\n", "enabled", "a tag"),
            ("!!map\nenabled: true\n", "enabled", "a tag"),
            ("x: &x {e: true}\nt:\n  <<: *x\n", "t.e", "a merge"),
            ("x: &x {e: false}\nt:\n  <<: *x\n  e: true\n", "t.e", "a merge"),
            (
                "enabled: true\n---\nenabled: false\n",
                "enabled",
                "line 3, column 1 (a second document",
            ),
            ("enabled: true\n---\n", "enabled", "a second document"),
            ("\tenabled: true\n", "enabled", "not valid YAML at line 1, column 2 (a tab"),
            ("t:\n\tenabled: true\n", "t.enabled", "not valid YAML at line 2"),
        ],
    );
}

#[test]
fn deep_nesting_ends_in_a_sentence() {
    for (open, close) in [("[", "]"), ("{a: ", "}"), ("- ", ""), ("? ", "")] {
        let deep = format!("{}x{}", open.repeat(50_000), close.repeat(50_000));
        get(YAML, &deep, "enabled").expect_err("it is too deep");
    }
}

#[test]
fn on_off_on_changes_one_word() {
    check_round(
        YAML,
        "telemetry.enabled",
        &[
            "",
            "# what I like\r\ntheme: 'dark' # really\r\n\r\ntelemetry: # mine\r\n    enabled: false # no\r\n",
            "a:\n  # deep\n  b: [1,\n   2] # list\nd:\n- x\n- y\n",
            "telemetry: {enabled: True, x: 1e3}",
            "telemetry:\n  id: \"x\"\n# end",
            "\u{feff}telemetry:\n  # nothing yet\n",
            "a: |+\n  keep\n\n\n",
            "---\ntelemetry:\n  enabled: FALSE\n...\n",
        ],
    );
}

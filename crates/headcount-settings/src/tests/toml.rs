//! Tests of TOML settings, byte for byte.

use super::*;

const TOML: Format = Format::Toml;

#[test]
fn what_is_found() {
    check_get(
        TOML,
        &[
            ("", "enabled", Found::Absent),
            ("\u{feff}", "enabled", Found::Absent),
            (" \r\n# enabled = true\n", "enabled", Found::Absent),
            ("[telemetry]\n", "telemetry.enabled", Found::Absent),
            ("[telemetry.x]\ny = 1\n", "telemetry.enabled", Found::Absent),
            ("enabled = true", "enabled", Found::Scalar(ON)),
            ("\u{feff}enabled = false\r\n", "enabled", Found::Scalar(OFF)),
            ("[telemetry]\nenabled = true\n", "telemetry.enabled", Found::Scalar(ON)),
            ("telemetry.enabled = true\n", "telemetry.enabled", Found::Scalar(ON)),
            ("telemetry = { enabled = true }\n", "telemetry.enabled", Found::Scalar(ON)),
            ("[\"telemetry\"]\n'enabled' = true\n", "telemetry.enabled", Found::Scalar(ON)),
            ("[a]\nenabled = true\n[b]\nenabled = false\n", "b.enabled", Found::Scalar(OFF)),
            (
                "x = \"\"\"\nenabled = true\n\"\"\"\nenabled = false\n",
                "enabled",
                Found::Scalar(OFF),
            ),
            ("id = 'a\\b'\n", "id", Found::Scalar(text("a\\b"))),
            ("id = \"a\\tb\"\n", "id", Found::Scalar(text("a\tb"))),
            ("enabled = 1\n", "enabled", Found::Other),
            ("enabled = 2026-01-01\n", "enabled", Found::Other),
            ("enabled = [true]\n", "enabled", Found::Other),
            ("enabled = {}\n", "enabled", Found::Other),
            ("[enabled]\n", "enabled", Found::Other),
            ("[[telemetry]]\nenabled = true\n", "telemetry", Found::Other),
            ("[[telemetry]]\nenabled = true\n", "telemetry.enabled", Found::Other),
            ("telemetry = true\n", "telemetry.enabled", Found::Other),
            ("telemetry = [{ enabled = true }]\n", "telemetry.enabled", Found::Other),
        ],
    );
}

#[test]
fn values_change_in_place() {
    check_set(
        TOML,
        &[
            ("enabled=true#x", "enabled", OFF, "enabled=false#x"),
            (
                "# a\r\n[t] # b\r\n\tenabled  =  true  # c\r\nz = 1\r\n",
                "t.enabled",
                OFF,
                "# a\r\n[t] # b\r\n\tenabled  =  false  # c\r\nz = 1\r\n",
            ),
            (
                "\u{feff}t = {enabled = 1, z = 0x1F}\n",
                "t.enabled",
                ON,
                "\u{feff}t = {enabled = true, z = 0x1F}\n",
            ),
            ("id = 'old' # c\n", "id", text("new"), "id = 'new' # c\n"),
            ("id = 'old'\n", "id", text("it's"), "id = \"it's\"\n"),
            (
                "id = '''\nold'''\nz = 1",
                "id",
                text("a\"\\\u{7f}"),
                "id = \"a\\\"\\\\\\u007F\"\nz = 1",
            ),
            ("enabled = \"yes\"\n", "enabled", ON, "enabled = true\n"),
            ("t.u.v = 1.50\n", "t.u.v", ON, "t.u.v = true\n"),
        ],
    );
}

#[test]
fn new_keys_go_where_their_table_is() {
    check_set(
        TOML,
        &[
            ("", "enabled", ON, "enabled = true\n"),
            ("", "telemetry.enabled", ON, "[telemetry]\nenabled = true\n"),
            ("\u{feff}", "a.b.c", text("x"), "\u{feff}[a.b]\nc = \"x\"\n"),
            ("# only this\r\n", "t.enabled", ON, "# only this\r\n\r\n[t]\r\nenabled = true\r\n"),
            ("# only this", "enabled", ON, "# only this\nenabled = true"),
            ("a = 1", "t.enabled", ON, "a = 1\n\n[t]\nenabled = true"),
            ("a = 1\n\n", "t.enabled", ON, "a = 1\n\n[t]\nenabled = true\n"),
            (
                "a = 1 # one\n\n# of b\n[b]\nc = 2\n",
                "d",
                ON,
                "a = 1 # one\nd = true\n\n# of b\n[b]\nc = 2\n",
            ),
            (
                "# head\n\n# of b\n# still\n[b]\n",
                "d",
                ON,
                "# head\n\nd = true\n\n# of b\n# still\n[b]\n",
            ),
            (
                "# of b\r\n[[b]]\r\nx = 1\r\n",
                "d",
                ON,
                "d = true\r\n\r\n# of b\r\n[[b]]\r\nx = 1\r\n",
            ),
            ("[t] # here\n\n[u]\n", "t.enabled", ON, "[t] # here\nenabled = true\n\n[u]\n"),
            ("[t]", "t.enabled", ON, "[t]\nenabled = true"),
            (
                "  [t]\n    a = [\n 1 ] # c\n\n# of u\n[u]\n",
                "t.enabled",
                ON,
                "  [t]\n    a = [\n 1 ] # c\n    enabled = true\n\n# of u\n[u]\n",
            ),
            (
                "[t]\nb = 1\n[t.u]\nc = 2\n",
                "t.enabled",
                ON,
                "[t]\nb = 1\nenabled = true\n[t.u]\nc = 2\n",
            ),
            ("[t.u]\nc = 2\n", "t.enabled", ON, "[t.u]\nc = 2\n\n[t]\nenabled = true\n"),
            ("[t]\nb = 1\n", "t.u.v", ON, "[t]\nb = 1\n\n[t.u]\nv = true\n"),
        ],
    );
}

#[test]
fn new_keys_follow_dots_and_braces() {
    check_set(
        TOML,
        &[
            ("t.b = 1\nz = 2\n", "t.enabled", ON, "t.b = 1\nt.enabled = true\nz = 2\n"),
            (
                "[s]\nt.b.c = 1 # c\nz = 2\n",
                "s.t.d.e",
                ON,
                "[s]\nt.b.c = 1 # c\nt.d.e = true\nz = 2\n",
            ),
            ("t = {}\n", "t.enabled", ON, "t = { enabled = true }\n"),
            ("t = { b = 1 } # c\n", "t.enabled", ON, "t = { b = 1, enabled = true } # c\n"),
            ("t = { b.c = \"}\" }\n", "t.b.d", ON, "t = { b.c = \"}\", b.d = true }\n"),
            ("t = { b = {} }\n", "t.b.c.d", ON, "t = { b = { c.d = true } }\n"),
            (
                "t = {\n  b = 1, # c\n}\n",
                "t.enabled",
                ON,
                "t = {\n  b = 1, enabled = true, # c\n}\n",
            ),
            ("", "a b.c", ON, "[\"a b\"]\nc = true\n"),
            ("", "é", ON, "\"é\" = true\n"),
        ],
    );
}

#[test]
fn keys_go_and_comments_stay() {
    check_remove(
        TOML,
        &[
            ("", "a", ""),
            ("b = 1\n", "a", "b = 1\n"),
            ("a = 1\n", "a", ""),
            ("a = 1\r\nb = 2\r\n", "a", "b = 2\r\n"),
            ("a = 1\r\nb = 2", "b", "a = 1"),
            ("# x\n  a = 1  # why\nb = 2\n", "a", "# x\n  # why\nb = 2\n"),
            ("[t]\na = '''\n1\n'''\nb = 2\n", "t.a", "[t]\nb = 2\n"),
            ("t.a = 1\nt.b = 2\n", "t.a", "t.b = 2\n"),
            ("t = { a = 1 }\n", "t.a", "t = {}\n"),
            ("t = { a = 1, }\n", "t.a", "t = {}\n"),
            ("t = { a = 1, b = \",\", c = 3 }\n", "t.a", "t = { b = \",\", c = 3 }\n"),
            ("t = { a = 1, b = \",\", c = 3 }\n", "t.b", "t = { a = 1, c = 3 }\n"),
            ("t = { a = 1, b = \",\", c = 3 }\n", "t.c", "t = { a = 1, b = \",\" }\n"),
            ("t = { a.x = 1, a.y = 2 }\n", "t.a.x", "t = { a.y = 2 }\n"),
            ("t = { a.x = 1, a.y = 2 }\n", "t.a.y", "t = { a.x = 1 }\n"),
            ("t = {\n  a = 1, # x, y\n}\n", "b", "t = {\n  a = 1, # x, y\n}\n"),
        ],
    );
    let refused = [
        ("t = {\n  a = 1, # x, y\n  b = 2\n}\n", "t.a"),
        ("t = {\n  a = 1, # x, y\n  b = 2\n}\n", "t.b"),
        ("t = {\n  # x, y\n  a = 1\n}\n", "t.a"),
        ("t = {\n  a = 1 # x, y\n}\n", "t.a"),
        ("t = { a = [1] }\n", "t.a"),
        ("a = [1]\n", "a"),
        ("[a]\n", "a"),
        ("[[a]]\n", "a"),
        ("a = 1\n", "a.b"),
    ];
    for (before, path) in refused {
        remove(TOML, before, path).expect_err(before);
    }
}

#[test]
fn refusals_say_what_and_where() {
    check_refused(
        TOML,
        &[
            ("\nt = 5\n", "t.enabled", "line 2: `t` is not a table"),
            ("[[t]]\nenabled = true\n", "t.enabled", "line 1: `t` is not a table"),
            ("enabled = [true]\n", "enabled", "line 1: `enabled` cannot be changed"),
            ("[enabled]\nx = true\n", "enabled", "change it by hand"),
            ("t = { # why\n}\n", "t.enabled", "without changing something else"),
            ("enabled = true\nenabled = true\n", "enabled", "not valid TOML at line 2, column 1"),
            ("x = \"é\" true\n", "enabled", "not valid TOML at line 1, column 9"),
            ("[t]\nenabled = true\n[t]\n", "t.enabled", "not valid TOML at line 3"),
        ],
    );
}

#[test]
fn on_off_on_changes_one_word() {
    check_round(
        TOML,
        "telemetry.enabled",
        &[
            "",
            "# what I like\r\ntheme = 'dark' # really\r\n\r\n[telemetry] # mine\r\nenabled = false # no\r\n",
            "[a]\n  # deep\n  b.c = [1,\n 2] # list\n[[d]]\nx = 1\n",
            "telemetry = { enabled = true, x = 1e3 }",
            "telemetry.id = \"x\"\n# end",
            "\u{feff}[telemetry]\n# nothing yet\n",
        ],
    );
}

//! Broken settings: whatever has happened to them, nobody is counted, and an
//! edit never goes through.

use super::*;

/// Texts that no reader may take for a yes, with the path that is asked for.
fn check_broken(format: Format, path: &str, texts: &[&str]) {
    for broken in texts {
        let found = get(format, broken, path);
        let is_no = matches!(found, Err(_) | Ok(Found::Other));
        assert!(is_no, "{broken:?} at {path}: {found:?}");
        if let Err(error) = found {
            let sentence = error.to_string();
            assert!(sentence.len() > 20 && !sentence.contains('\n'), "{sentence:?}");
            assert_eq!(set(format, broken, path, &ON), Err(error.clone()), "{broken:?}");
            assert_eq!(remove(format, broken, path), Err(error), "{broken:?}");
        }
    }
}

#[test]
fn json() {
    check_broken(
        Format::Json,
        "enabled",
        &[
            "{",
            "}",
            "{\"enabled\": true",
            "{\"enabled\": tru}",
            "{\"enabled\": True}",
            "{\"enabled\": true,}",
            "{enabled: true}",
            "{'enabled': true}",
            "{\"enabled\" true}",
            "{\"enabled\": true}}",
            "{\"enabled\": true} x",
            "{\"enabled\": true}{\"enabled\": true}",
            "{\"enabled\": true // on\n}",
            "/* on */ {\"enabled\": true}",
            "{\"enabled\": true\0}",
            "\0\0\0\0",
            "{\"enabled\": true, \"x\": \"\u{1}\"}",
            "{\"enabled\": true, \"x\": \"\\q\"}",
            "{\"enabled\": true, \"x\": \"\\ud800\"}",
            "{\"enabled\": true, \"x\": 01}",
            "{\"enabled\": true, \"x\": NaN}",
            "{\"enabled\": true, \"x\": 1e999}",
            "{\"enabled\": true, \"x\": [1,]}",
            "{\"enabled\": true, \"x\": [}",
            "{\"enabled\": \"tr",
            "\u{feff}\u{feff}{\"enabled\": true}",
            "enabled = true",
            "enabled: true",
            "true",
            "[{\"enabled\": true}]",
            "\"enabled\"",
            "null",
            "{\"enabled\": true, \"enabled\": true}",
            "{\"enabled\": \u{a0}true}",
            "<<<<<<< ours\n{\"enabled\": true}\n",
            "{\"enabled\": null}",
            "{\"enabled\": 1}",
            "{\"enabled\": [true]}",
            "{\"enabled\": {\"enabled\": true}}",
            "\u{c}{\"enabled\": true}",
        ],
    );
    let deep = format!("{{\"enabled\": true, \"x\": {}{}}}", "[".repeat(9_999), "]".repeat(9_999));
    check_broken(Format::Json, "enabled", &[&deep]);
    check_broken(
        Format::Json,
        "t.enabled",
        &[
            "{\"t\": true}",
            "{\"t\": [{\"enabled\": true}]}",
            "{\"t\": \"{\\\"enabled\\\": true}\"}",
            "{\"t\": {\"enabled\": true}, \"t\": {}}",
            "{\"t\": {\"enabled\": true}",
        ],
    );
}

#[cfg(feature = "toml")]
#[test]
fn toml() {
    check_broken(
        Format::Toml,
        "enabled",
        &[
            "enabled",
            "enabled =",
            "enabled = tru",
            "enabled = True",
            "enabled = TRUE",
            "= true",
            "enabled = true x",
            "enabled = true enabled = true",
            "enabled = true\nx",
            "enabled: true",
            "{\"enabled\": true}",
            "enabled = true\n[",
            "enabled = true\n[t",
            "enabled = true\n[[t]",
            "enabled = true\nx = \"",
            "enabled = true\nx = '",
            "enabled = true\nx = \"\\q\"",
            "enabled = true\nx = \"\"\"\n",
            "enabled = true\nx = [1",
            "enabled = true\nx = {a = 1",
            "enabled = true\nx = 01",
            "enabled = true\nx = 1__0",
            "enabled = true\nx = 2026-13-01",
            "enabled = true\nenabled = true\n",
            "enabled = true\n[enabled]\n",
            "enabled = true\rx = 1",
            "enabled = true\0",
            "\0\0\0\0",
            "enabled = true # \u{1}\n",
            "enabled = true\nx.y = 1\n[x]\n",
            "enabled = true\n[x]\n[x]\n",
            "\u{feff}\u{feff}enabled = true",
            "enabled\n= true",
            "<<<<<<< ours\nenabled = true\n",
            "enabled = 1",
            "enabled = \"\"\"\ntrue",
            "enabled = [true]",
            "enabled = { enabled = true }",
            "[enabled]\nenabled = true",
            "enabled = yes",
            "\u{a0}enabled = true",
        ],
    );
    check_broken(
        Format::Toml,
        "t.enabled",
        &[
            "t = true",
            "[[t]]\nenabled = true",
            "t = [{ enabled = true }]",
            "[t]\nenabled = true\n[t]\n",
            "t.enabled = true\n[t]\n",
            "t = {}\n[t]\nenabled = true\n",
            "[t\nenabled = true\n",
        ],
    );
}

#[cfg(feature = "yaml")]
#[test]
fn yaml() {
    check_broken(
        Format::Yaml,
        "enabled",
        &[
            "enabled",
            "enabled:",
            "enabled:true",
            "enabled: tru\nx",
            "enabled: true\nx",
            "enabled: yes",
            "enabled: on",
            "enabled: y",
            "enabled: 1",
            "enabled: ~",
            "enabled: true: true",
            "enabled: true\n x: 1",
            " enabled: true\nx: 1",
            "\tenabled: true",
            "enabled: [true",
            "enabled: [true]",
            "enabled: {true",
            "{enabled: true",
            "{enabled: true}}",
            "{enabled: true} x",
            "enabled: true\nx: \"",
            "enabled: true\nx: '",
            "enabled: true\nx: \"\\q\"",
            "enabled: true\nx: @",
            "enabled: true\nx: `",
            "enabled: true\nx: *y",
            "enabled: true\nx: [1,\n2]\n]",
            "enabled: true\n\0",
            "\0\0\0\0",
            "enabled: true\n---\n",
            "enabled: true\n...\nx\n",
            "- enabled: true",
            "enabled: true\n: x\n",
            "{enabled: true, : x}",
            "true",
            "enabled: true\nenabled: true\n",
            "enabled: &a true",
            "enabled: !!bool true",
            "x: &x true\nenabled: *x",
            "? [enabled]\n: true\n<<: x",
            "enabled = true",
            "<<<<<<< ours\nenabled: true\n",
            "%YAML 1.2\nenabled: true\n",
            "enabled: true\nx:\n\ty: 1\n",
            "enabled: true\n\u{feff}x: 1\n",
            "enabled: true\nx: \u{1}\n",
            "enabled: |\n true\nx",
            "---",
            "...\n- x",
        ],
    );
}

#[cfg(feature = "yaml")]
#[test]
fn yaml_tables() {
    check_broken(
        Format::Yaml,
        "t.enabled",
        &[
            "t: true",
            "t:\nenabled: true",
            "t:\n- enabled: true",
            "t: \"enabled: true\"",
            "t: |\n  enabled: true",
            "t: &t {enabled: true}",
            "t: {enabled: true",
            "t: {enabled: true}\nt: {}",
        ],
    );
}

//! Settings files as crashes, disks, editors and version control leave them.
//! None of them may turn telemetry on.

/// A file's bytes, and what happened to it.
pub(crate) struct Damage {
    pub(crate) what: String,
    pub(crate) bytes: Vec<u8>,
}

fn of(what: &str, bytes: impl Into<Vec<u8>>) -> Damage {
    Damage { what: what.to_owned(), bytes: bytes.into() }
}

/// What can happen to a file in any format; `whole` is one that says yes.
pub(crate) fn of_any(whole: &str, comment: &str) -> Vec<Damage> {
    let conflict = format!("<<<<<<< HEAD\n{whole}=======\n{whole}>>>>>>> theirs\n");
    let utf16 = |mark: &[u8], pair: fn(u16) -> [u8; 2]| {
        let units = whole.encode_utf16().flat_map(pair);
        mark.iter().copied().chain(units).collect::<Vec<u8>>()
    };
    let half = whole.len() / 2;
    let mut broken = whole.as_bytes().to_vec();
    broken.extend_from_slice(b"\xc3\x28");
    let mut zeroed = whole.as_bytes().to_vec();
    zeroed[half..].fill(0);
    let mut long = whole.to_owned();
    while long.len() < 2 * 1024 * 1024 {
        long.push_str(comment);
    }
    vec![
        of("nothing in it", ""),
        of("a newline", "\n"),
        of("white space", "  \r\n\t \n"),
        of("a byte-order mark alone", "\u{feff}"),
        of("a byte-order mark and a newline", "\u{feff}\n"),
        of("two byte-order marks", format!("\u{feff}\u{feff}{whole}")),
        of("zeros", vec![0; 4096]),
        of("zeros after it", format!("{whole}\0\0\0\0")),
        of("zeros before it", format!("\0{whole}")),
        of("zeros in its second half", zeroed),
        of("no UTF-8", broken),
        of("UTF-16, little end first", utf16(b"\xff\xfe", u16::to_le_bytes)),
        of("UTF-16, big end first", utf16(b"\xfe\xff", u16::to_be_bytes)),
        of("a merge conflict", conflict),
        of("a page of a captive portal", "<!DOCTYPE html>\n<html><body>Sign in</body></html>\n"),
        of("a patch", format!("--- a\n+++ b\n@@ -1 +1 @@\n-x\n+{whole}")),
        of("a program", b"\x7fELF\x02\x01\x01\x00\x00\x00".to_vec()),
        of("two megabytes", long),
    ]
}

/// A JSON file is whole or it is none: every beginning of it is damage.
pub(crate) fn json(whole: &str) -> Vec<Damage> {
    let mut damages: Vec<Damage> = (1..whole.trim_end().len())
        .map(|end| of(&format!("its first {end} bytes"), &whole[..end]))
        .collect();
    let texts = [
        "null",
        "true",
        "\"enabled\"",
        "1",
        "[]",
        "[{\"telemetry\": {\"enabled\": true}}]",
        "{\"telemetry\": null}",
        "{\"telemetry\": true}",
        "{\"telemetry\": \"on\"}",
        "{\"telemetry\": [{\"enabled\": true}]}",
        "{\"telemetry\": {\"enabled\": null}}",
        "{\"telemetry\": {\"enabled\": \"true\"}}",
        "{\"telemetry\": {\"enabled\": \"yes\"}}",
        "{\"telemetry\": {\"enabled\": 1}}",
        "{\"telemetry\": {\"enabled\": 1.0}}",
        "{\"telemetry\": {\"enabled\": [true]}}",
        "{\"telemetry\": {\"enabled\": {\"enabled\": true}}}",
        "{\"telemetry\": {\"enabled\": True}}",
        "{\"telemetry\": {\"enabled\": TRUE}}",
        "{\"telemetry\": {\"enabled\": true, \"enabled\": true}}",
        "{\"telemetry\": {\"enabled\": false, \"\\u0065nabled\": true}}",
        "{\"telemetry\": {\"enabled\": true}, \"telemetry\": {\"enabled\": true}}",
        "{\"telemetry\": {\"enabled\": true},}",
        "{\"telemetry\": {\"enabled\": true,}}",
        "{\"telemetry\": {\"enabled\": true}} // on",
        "{\"telemetry\": {\"enabled\": true /* on */}}",
        "{'telemetry': {'enabled': true}}",
        "{telemetry: {enabled: true}}",
        "{\"telemetry\": {\"enabled\": true}}}",
        "{\"telemetry\": {\"enabled\": true}}{}",
        "{\"telemetry\": {\"enabled\": true} \"more\": 1}",
        "{\"telemetry\": {\"enabled\" true}}",
        "{\"telemetry\": {\"enabled\": true}, \"n\": NaN}",
        "{\"telemetry\": {\"enabled\": true}, \"n\": 01}",
        "{\"telemetry\": {\"enabled\": true}, \"n\": \"a\nb\"}",
        "{\"telemetry\": {\"enabled\": true}, \"n\": \"\\x\"}",
    ];
    damages.extend(texts.map(|text| of(text, text)));
    let deep = format!(
        "{{\"telemetry\": {{\"enabled\": true}}, \"n\": {}{}}}",
        "[".repeat(9_000),
        "]".repeat(9_000)
    );
    damages.push(of("nine thousand levels", deep));
    damages
}

pub(crate) fn toml() -> Vec<Damage> {
    let texts = [
        "[telemetry",
        "[telemetry]\nenabled",
        "[telemetry]\nenabled =",
        "[telemetry]\nenabled = tru",
        "[telemetry]\nenabled = \"true\"\n",
        "[telemetry]\nenabled = 'true'\n",
        "[telemetry]\nenabled = 1\n",
        "[telemetry]\nenabled = 1.0\n",
        "[telemetry]\nenabled = nan\n",
        "[telemetry]\nenabled = True\n",
        "[telemetry]\nenabled = yes\n",
        "[telemetry]\nenabled = null\n",
        "[telemetry]\nenabled = [true]\n",
        "[telemetry]\nenabled = {}\n",
        "[telemetry]\nenabled = 2026-11-15\n",
        "[telemetry]\nenabled: true\n",
        "[telemetry]\nenabled = true false\n",
        "[telemetry]\nenabled = true,\n",
        "[telemetry]\nenabled = true\nenabled = true\n",
        "[telemetry]\nenabled = false\n\"enabled\" = true\n",
        "[telemetry]\nenabled = true\n[telemetry]\n",
        "telemetry = true\n",
        "telemetry = \"on\"\n",
        "telemetry = []\n",
        "telemetry = [{ enabled = true }]\n",
        "[[telemetry]]\nenabled = true\n",
        "telemetry.enabled = true\ntelemetry = 1\n",
        "telemetry = { enabled = true\n",
        "[telemetry]\nenabled.x = true\n",
        "[telemetry.enabled]\nx = true\n",
        "[telemetry]\nenabled = true\n[model]\nname = \"large\n",
        "[telemetry]\nenabled = true\n[model\n",
        "[telemetry]\nenabled = true\nname = \"\\q\"\n",
        "{\"telemetry\": {\"enabled\": true}}",
    ];
    texts.map(|text| of(text, text)).into()
}

pub(crate) fn yaml() -> Vec<Damage> {
    let texts = [
        "telemetry",
        "telemetry:",
        "telemetry: true\n",
        "telemetry: on\n",
        "telemetry: []\n",
        "telemetry: [enabled]\n",
        "telemetry: {enabled: true\n",
        "telemetry:\n  enabled",
        "telemetry:\n  enabled:",
        "telemetry:\n  enabled: t",
        "telemetry:\n  enabled: \"true\"\n",
        "telemetry:\n  enabled: 'true'\n",
        "telemetry:\n  enabled: 1\n",
        "telemetry:\n  enabled: yes\n",
        "telemetry:\n  enabled: on\n",
        "telemetry:\n  enabled: y\n",
        "telemetry:\n  enabled: null\n",
        "telemetry:\n  enabled: ~\n",
        "telemetry:\n  enabled: [true]\n",
        "telemetry:\n  enabled: {}\n",
        "telemetry:\n  enabled: !!str true\n",
        "telemetry:\n  enabled: &a true\n",
        "base: &a true\ntelemetry:\n  enabled: *a\n",
        "base: &a\n  enabled: true\ntelemetry:\n  <<: *a\n",
        "base: &a\n  enabled: true\ntelemetry: *a\n",
        "telemetry:\n  enabled: true\n  enabled: true\n",
        "telemetry:\n  enabled: false\n  \"enabled\": true\n",
        "telemetry:\n  enabled: true\ntelemetry:\n  enabled: true\n",
        "telemetry:\n\tenabled: true\n",
        "telemetry:\n  enabled: true\n bad: 1\n",
        "telemetry:\n  enabled: true\nname: \"large\n",
        "telemetry:\n  enabled: true\n---\ntelemetry:\n  enabled: true\n",
        "telemetry:\n  enabled: true\n]\n",
        "- telemetry:\n    enabled: true\n",
        "telemetry:\n  - enabled: true\n",
        "telemetry:\n  enabled: *nobody\n",
        "%TAG\ntelemetry:\n  enabled: true\n",
    ];
    texts.map(|text| of(text, text)).into()
}

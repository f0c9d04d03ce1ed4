//! The difference between two catalogs in sentences, and what each means.
#![cfg(all(feature = "parse", feature = "plain-words"))]

use headcount_catalog::{Catalog, Judgement, Scope, difference, parse};

const OLD: &str = include_str!("accept/smallest.toml");

fn read(text: &str) -> Catalog {
    parse(text).unwrap_or_else(|mistakes| panic!("{mistakes}\n{text}"))
}

fn changed(from: &str, to: &str) -> Catalog {
    assert!(OLD.contains(from), "{from}");
    read(&OLD.replacen(from, to, 1))
}

/// Every sentence with its judgement.
fn said(old: &Catalog, new: &Catalog) -> Vec<String> {
    let all = difference(old, new);
    all.iter().map(|one| format!("{}: {}", one.judgement.name(), one.sentence)).collect()
}

const CASES: [(&str, &str, &[&str]); 22] = [
    (
        "[\"build\", \"run\"]",
        "[\"build\", \"run\", \"test\"]",
        &["widens: `name` of `command` can also be test."],
    ),
    (
        "[\"build\", \"run\"]",
        "[\"build\"]",
        &["narrows: `name` of `command` can no longer be run."],
    ),
    ("works = \"flag\"", "", &["narrows: `works` of `command` is removed."]),
    (
        "[event.command]",
        "[event.start]\nwhy = \"How often?\"\nowner = \"cli team\"\n\n[event.command]",
        &[
            "widens: The event `start` is new.",
            "same: `start` is recorded to answer: How often? It has no properties.",
        ],
    ),
    (
        "telemetry.tool.example",
        "other.example",
        &[
            "widens: Events also go to other.example.",
            "narrows: Events no longer go to telemetry.tool.example.",
            "same: `headcount` has another address.",
        ],
    ),
    ("/api/v1/events\"", "/elsewhere\"", &["same: `headcount` has another address."]),
    (
        "default = \"off\"",
        "default = \"on\"",
        &[
            "widens: Telemetry is on until a person turns it off; it was off until a person turns it on before.",
        ],
    ),
    (
        "default = \"off\"",
        "default = \"ask\"",
        &[
            "same: Telemetry is off until a person is asked and says yes; it was off until a person turns it on before.",
        ],
    ),
    ("order = [", "order = [\"ci\", ", &["narrows: Continuous integration can refuse, too."]),
    (
        "\"do-not-track\", \"flag\", \"settings\"]",
        "\"settings\", \"do-not-track\", \"flag\"]",
        &[
            "widens: The rules are asked in another order: the product's variables, the settings, `DO_NOT_TRACK`, `--no-telemetry`.",
        ],
    ),
    (
        "default = \"off\"",
        "default = \"off\"\noff = \"keep-id\"",
        &["widens: Turning telemetry off keeps the id on the machine; it deleted it before."],
    ),
    (
        "default = \"off\"",
        "default = \"off\"\nfarewell = \"command\"",
        &["widens: Turning telemetry off sends one last event, `command`."],
    ),
    (
        "default = \"off\"",
        "default = \"off\"\nvariables = [{ name = \"TOOL_TELEMETRY\", refuses = \"0\" }, { name = \"TOOL_QUIET\", refuses = \"1\" }]",
        &["narrows: `TOOL_QUIET=1` refuses, too."],
    ),
    (
        "file = \"device-id\"",
        "file = \"device-id\"\nrotate = \"monthly\"",
        &["narrows: The id changes every month."],
    ),
    ("file = \"device-id\"", "file = \"id\"", &["same: The id is kept in another place."]),
    (
        "[event.command]",
        "[retention]\nraw = \"91d\"\n\n[event.command]",
        &["widens: Raw events are kept for 91 days, not 90."],
    ),
    (
        "title = \"Tool\"",
        "title = \"The Tool\"",
        &["same: The product is called “The Tool”, not “Tool”."],
    ),
    (
        "title = \"Tool\"",
        "title = \"Tool\"\npublic = true",
        &["same: The product has a public page of numbers of many devices."],
    ),
    (
        "title = \"Tool\"",
        "title = \"Tool\"\npolicy = \"https://tool.example/policy\"",
        &["same: The policy is at https://tool.example/policy."],
    ),
    (
        "why = \"Which commands are used?\"",
        "why = \"Which ones are used?\"",
        &[
            "same: `command` is recorded to answer “Which ones are used?”; before, “Which commands are used?”.",
        ],
    ),
    (
        "owner = \"cli team\"",
        "owner = \"core team\"",
        &["same: Responsible for `command` is core team; it was cli team."],
    ),
    (
        "folder = \"~/.tool\"",
        "folder = \"~/.config/tool\"",
        &["same: Files are in another folder: on Linux `~/.config/tool`."],
    ),
];

#[test]
fn every_difference_is_a_sentence_with_a_judgement() {
    let old = read(OLD);
    for (from, to, expected) in CASES {
        let new = changed(from, to);
        assert_eq!(said(&old, &new), expected, "{from} -> {to}");
    }
    assert_eq!(said(&old, &old), [""; 0]);
    assert_eq!(
        said(&old, &changed("catalog = 1", "catalog = 2")),
        [""; 0],
        "a number says nothing"
    );
}

/// What is withheld until people agree is what consent says, no more and no
/// less.
#[test]
fn what_is_withheld_is_what_consent_compares() {
    let old = read(OLD);
    for (from, to, _) in CASES {
        let new = changed(from, to);
        let all = difference(&old, &new);
        let is_withheld = all.iter().any(|one| one.is_withheld);
        assert_eq!(is_withheld, !Scope::of(&old).allows(&Scope::of(&new)), "{from} -> {to}");
        assert!(all.iter().all(|one| !one.is_withheld || one.judgement == Judgement::Widens));
        // And back again: what widened narrows.
        let back = Judgement::of(&difference(&new, &old));
        match Judgement::of(&all) {
            Judgement::Same => assert_eq!(back, Judgement::Same, "{from} -> {to}"),
            Judgement::Narrows => assert_eq!(back, Judgement::Widens, "{from} -> {to}"),
            Judgement::Widens => {}
        }
    }
}

/// Whatever is changed in the catalogs of the five products, something is said
/// of it.
#[test]
fn nothing_changes_in_silence() {
    for name in ["archon", "assembly", "atomcode", "atomic", "clacky"] {
        let path = format!("{}/../../examples/{name}/telemetry.toml", env!("CARGO_MANIFEST_DIR"));
        let text = std::fs::read_to_string(path).unwrap();
        let old = read(&text);
        let lines: Vec<&str> = text.lines().collect();
        let mut told = 0;
        for place in 0..lines.len() {
            let mut others = lines.clone();
            others.remove(place);
            let Ok(new) = parse(&others.join("\n")) else { continue };
            let is_other = Catalog { version: old.version, ..new } != old;
            let all = said(&old, &new);
            assert_eq!(is_other, !all.is_empty(), "{name}, without {}: {all:?}", lines[place]);
            told += usize::from(is_other);
        }
        assert!(told > 5, "{name}: {told}");
    }
}

//! A product that counts devices without an id, and what its marks must be.

use std::collections::BTreeSet;

use headcount::Catalog;
use headcount::catalog::{Day, Period};
use serde_json::Value as Json;

use crate::scene;

/// A product that is on by default and counts devices by their marks. Its
/// folder can be moved.
pub(crate) const TEXT: &str = r#"
grammar = 1
catalog = 1

[product]
name = "tool"
prefix = "TOOL"
title = "Tool"

[consent]
default = "on"
order = ["environment", "do-not-track", "flag", "settings"]
farewell = "goodbye"

[files]
folder = { linux = "${TOOL_HOME:-~/base}/tool", macos = "${TOOL_HOME:-~/base}/tool", windows = "~/base/tool" }
settings = { file = "settings.json", enabled = "telemetry" }
queue = "events.jsonl"

[identity]
scheme = "none"
count = ["day", "week", "month"]

[envelope]
id = "event-id"
event = "event"
time = "time"

[[destination]]
kind = "http"
endpoint = "https://a.example/e"

[report]
owner = "tests"

[event.tick]
why = "Is the device counted once?"
owner = "tests"

[event.tick.properties]
number = { count = 1000000 }

[event.goodbye]
why = "How many turn it off?"
owner = "tests"
"#;

pub(crate) fn tool() -> &'static Catalog {
    scene::catalog(TEXT)
}

/// Every mark on these lines. None may be there twice.
#[track_caller]
pub(crate) fn seen(lines: &[String]) -> BTreeSet<(Day, Period)> {
    let mut seen = BTreeSet::new();
    for line in lines {
        let json: Json = serde_json::from_str(line).unwrap();
        let day = scene::time(json["time"].as_str().unwrap()).day();
        for word in json["first"].as_array().into_iter().flatten() {
            let is_it = |(_, name): &(Period, &str)| Some(*name) == word.as_str();
            let (period, _) = Period::ALL.into_iter().find(is_it).unwrap();
            assert!(seen.insert((period.start(day), period)), "twice: {period:?} of {day}");
        }
    }
    seen
}

/// Every period of so many days.
pub(crate) fn expected(first: &str, days: i32) -> BTreeSet<(Day, Period)> {
    let first = Day::parse(first).unwrap();
    let days = (0..days).map(|number| first.plus(number));
    days.flat_map(|day| Period::ALL.map(|(period, _)| (period.start(day), period))).collect()
}

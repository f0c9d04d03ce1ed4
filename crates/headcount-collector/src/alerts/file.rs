//! `alerts.json`: what is remembered of the rules, as it is on disk.

use std::io;
use std::path::{Path, PathBuf};

use headcount_catalog::{Day, Grain, Period, Time};
use serde_json::{Map, Value as Json, json};

use super::memory::{AlertMemory, Arrived, RuleMemory};
use super::message::AlertMessage;
use super::queue::Pending;
use crate::private_file::{self, OwnFile};
use crate::reports::ReportSpan;

/// The name of the file in the data folder.
const FILE: &str = "alerts.json";

/// Far more than the most messages that can wait.
const MOST_BYTES: u64 = 16 * 1024 * 1024;

/// The keys of what was reported: earlier releases read the weeks alone.
const REPORTED: [(&str, Period); 2] =
    [("reported", Period::Week), ("reported_months", Period::Month)];

/// Reads it.
///
/// # Errors
///
/// Returns the error of the system if there is a file that cannot be read.
pub(super) fn read(data: &Path) -> io::Result<OwnFile<AlertMemory>> {
    let decoded = |bytes: &[u8]| decode(&serde_json::from_slice(bytes).ok()?);
    private_file::read_own(&path(data), MOST_BYTES, decoded)
}

/// What is remembered, for whoever writes nothing: nothing, if it cannot be
/// read.
pub(crate) fn remembered(data: &Path) -> AlertMemory {
    match read(data) {
        Ok(OwnFile::Whole(memory)) => memory,
        _ => AlertMemory::default(),
    }
}

pub(super) fn path(data: &Path) -> PathBuf {
    data.join(FILE)
}

/// Writes it, whole or not at all.
pub(super) fn write(data: &Path, memory: &AlertMemory) -> io::Result<()> {
    private_file::write(&path(data), format!("{:#}\n", encode(memory)).as_bytes())
}

fn encode(memory: &AlertMemory) -> Json {
    let time = |time: Time| time.format(Grain::Millisecond);
    let rules: Map<String, Json> = memory
        .rules
        .iter()
        .map(|(name, rule)| {
            let arrived = rule.arrived.map(|one| json!({"stored": one.stored, "at": time(one.at)}));
            let rule = json!({"ringing": rule.ringing.map(time), "arrived": arrived});
            (name.clone(), rule)
        })
        .collect();
    let pending = memory.pending.iter().map(|one| {
        json!({"rule": one.rule, "channel": one.channel, "message": one.message.json(),
               "tries": one.tries, "next": time(one.next)})
    });
    let mut json = json!({"format": 1, "rules": rules, "pending": pending.collect::<Vec<_>>()});
    for (key, period) in REPORTED {
        let reported: Map<String, Json> = memory
            .reported
            .iter()
            .filter(|(_, span)| span.period() == period)
            .map(|(name, span)| (name.clone(), json!(span.first().to_string())))
            .collect();
        json[key] = json!(reported);
    }
    json
}

fn decode(json: &Json) -> Option<AlertMemory> {
    (json["format"] == 1).then_some(())?;
    let time = |json: &Json| Time::parse(json.as_str()?);
    let mut memory = AlertMemory::default();
    for (name, rule) in json["rules"].as_object()? {
        let ringing = match &rule["ringing"] {
            Json::Null => None,
            since => Some(time(since)?),
        };
        let arrived = match &rule["arrived"] {
            Json::Null => None,
            one => Some(Arrived { stored: one["stored"].as_u64()?, at: time(&one["at"])? }),
        };
        memory.rules.insert(name.clone(), RuleMemory { ringing, arrived, started: None });
    }
    for (key, period) in REPORTED {
        // Older files have none.
        for (name, first) in json[key].as_object().into_iter().flatten() {
            let span = ReportSpan::of(period, Day::parse(first.as_str()?)?);
            memory.reported.insert(name.clone(), span);
        }
    }
    for one in json["pending"].as_array()? {
        memory.pending.push(Pending {
            rule: one["rule"].as_str()?.to_owned(),
            channel: one["channel"].as_str()?.to_owned(),
            message: AlertMessage::of_json(one["message"].clone())?,
            tries: u32::try_from(one["tries"].as_u64()?).ok()?,
            next: time(&one["next"])?,
        });
    }
    Some(memory)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn weeks_and_months_are_read_as_they_were_written() {
        let span = |period, day| ReportSpan::of(period, Day::parse(day).unwrap());
        let mut memory = AlertMemory::default();
        memory.reported.insert("weekly".to_owned(), span(Period::Week, "2026-11-16"));
        memory.reported.insert("monthly".to_owned(), span(Period::Month, "2026-10-01"));
        let json = encode(&memory);
        assert_eq!(decode(&json), Some(memory));
        // What an earlier release looks for has what it knows, and no more.
        assert_eq!(json["reported"], json!({"weekly": "2026-11-16"}));
        let older = json!({"format": 1, "rules": {}, "reported": {"weekly": "2026-11-16"},
                           "pending": []});
        let read = decode(&older).unwrap().reported;
        assert_eq!(
            read.into_iter().collect::<Vec<_>>(),
            [("weekly".to_owned(), span(Period::Week, "2026-11-16"))]
        );
    }
}

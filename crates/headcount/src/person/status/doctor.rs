//! `doctor`: what `status` knows, judged: what is right, what is wrong, and the
//! one thing to do next. An answer of the person's is never wrong.

use headcount_wire::Wish;
use serde_json::json;

use super::facts::{DestinationFacts, Facts, Sends, is_unknown_value};
use super::place::shown;
use super::text::{ago, origin, source};
use crate::consent::{ConsentState, Why};
use crate::person::arguments::Reader;
use crate::person::reply::{Reply, call};
use crate::person::wrapped::{counted, joined};
use crate::ship;
use crate::standing::Standing;
use crate::visible::visible;

/// Something that was looked at.
struct Finding {
    /// What it is about, for programs.
    about: &'static str,
    text: String,
    /// What to do about it, if it is wrong.
    cure: Option<String>,
}

impl Finding {
    fn right(about: &'static str, text: String) -> Self {
        Self { about, text, cure: None }
    }

    fn wrong(about: &'static str, text: String, cure: String) -> Self {
        Self { about, text, cure: Some(cure) }
    }
}

/// Judges. 0 if nothing is wrong, 1 if something is.
pub(super) fn doctor(standing: &Standing, facts: &Facts, reader: Reader) -> Reply {
    let findings = findings(standing, facts);
    let next = next(standing, facts, &findings);
    let code = u8::from(findings.iter().any(|finding| finding.cure.is_some()));
    let mut reply = match reader {
        Reader::Person => {
            let line = |finding: &Finding| match finding.cure {
                None => format!("right: {}\n", finding.text),
                Some(_) => format!("WRONG: {}\n", finding.text),
            };
            let lines: String = findings.iter().map(line).collect();
            Reply::said(format!("{lines}Next: {next}\n"))
        }
        Reader::Program => {
            let finding = |finding: &Finding| {
                json!({
                    "about": finding.about,
                    "wrong": finding.cure.is_some(),
                    "text": plain(&finding.text),
                    "cure": finding.cure.as_deref().map(plain),
                })
            };
            let findings: Vec<_> = findings.iter().map(finding).collect();
            Reply::json(&json!({"findings": findings, "next": plain(&next)}))
        }
    };
    reply.code = code;
    reply
}

fn plain(text: &str) -> String {
    crate::person::wrapped::plain(text)
}

fn findings(standing: &Standing, facts: &Facts) -> Vec<Finding> {
    let mut findings = vec![decision(standing, facts)];
    findings.extend(unheeded(standing, facts));
    if facts.decision.state() == ConsentState::Off {
        return findings;
    }
    findings.push(written(standing));
    findings.push(waiting(facts));
    if facts.decision.state() == ConsentState::Local {
        return findings;
    }
    findings.push(match &facts.shipper {
        None => Finding::right("shipper", "The program can start itself again to send.".to_owned()),
        Some(problem) => Finding::wrong(
            "shipper",
            format!("Nothing is sent: {}.", visible(problem)),
            "tell the program's author: it cannot start itself again to send".to_owned(),
        ),
    });
    findings.extend(facts.destinations.iter().map(|own| destination(standing, own)));
    findings
}

/// The decision: wrong only where it is not what anybody said.
fn decision(standing: &Standing, facts: &Facts) -> Finding {
    let why = &facts.decision.winner().why;
    let because = source(standing, why);
    let state = match facts.decision.state() {
        ConsentState::On if facts.sends == Sends::Untold => {
            "on, and nothing is sent before the person was told"
        }
        ConsentState::On => "on",
        ConsentState::Local => "local: nothing is ever sent",
        ConsentState::Off => "off",
    };
    let text = format!("Telemetry is {state}: {because}.");
    match why {
        Why::File { path, .. } => {
            Finding::wrong("decision", text, format!("fix {}, or delete it", shown(standing, path)))
        }
        Why::Home(_) => {
            Finding::wrong("decision", text, "run it with a home folder of your own".to_owned())
        }
        Why::Variable { name, .. } if is_unknown_value(why) => {
            Finding::wrong("decision", text, format!("set {name} to 1 or 0, or unset it"))
        }
        Why::Setting { key, file, meant: Some(meant), .. } => {
            let file = shown(standing, file);
            Finding::wrong(
                "decision",
                text,
                format!("in {file}, write `{meant}` instead of `{key}`"),
            )
        }
        _ => Finding::right("decision", text),
    }
}

fn unheeded(standing: &Standing, facts: &Facts) -> Option<Finding> {
    let file = shown(standing, facts.unheeded.as_deref()?);
    let on = format!("{} on", call(standing));
    Some(Finding::wrong(
        "decision",
        format!("The yes in {file} does not count: no `{on}` of yours wrote it there."),
        format!("if that yes is yours, run `{on}`"),
    ))
}

fn written(standing: &Standing) -> Finding {
    let Some(paths) = standing.paths() else {
        return Finding::wrong(
            "folder",
            "There is no home folder.".to_owned(),
            "set HOME".to_owned(),
        );
    };
    let folder = shown(standing, &paths.folder);
    match ship::can_be_written(paths) {
        Ok(()) => Finding::right("folder", format!("{folder} can be written.")),
        Err(error) => Finding::wrong(
            "folder",
            format!("Nothing can be recorded: {}.", visible(&error.to_string())),
            format!("make {folder} a folder of yours that can be written"),
        ),
    }
}

fn waiting(facts: &Facts) -> Finding {
    let heading = match facts.decision.state() {
        ConsentState::Local => "Recorded for yourself",
        ConsentState::Off | ConsentState::On => "Waiting to be sent",
    };
    match &facts.waiting {
        Ok((events, bytes)) => {
            let (events, bytes) = (counted(*events, "event"), counted(*bytes, "byte"));
            Finding::right("queue", format!("{heading}: {events}, {bytes}."))
        }
        Err(problem) => Finding::wrong(
            "queue",
            format!("The queue cannot be read: {}.", visible(problem)),
            "make that file readable for you, or delete it".to_owned(),
        ),
    }
}

fn destination(standing: &Standing, facts: &DestinationFacts) -> Finding {
    let place = facts.address.as_deref().map_or(facts.destination.name, origin);
    if let Some(problem) = &facts.problem {
        let variable = standing.catalog().variable("ENDPOINT");
        let advice = if standing.surroundings().variable(&variable).is_some() {
            format!("unset {variable}, or give it an address on this machine")
        } else {
            "tell the program's author what is said of its destination; you need do nothing"
                .to_owned()
        };
        let problem = format!("{place}: nothing is sent there: {}.", joined(problem));
        return Finding::wrong("destination", problem, advice);
    }
    let now = standing.surroundings().now();
    let Some(last) = &facts.last else {
        return Finding::right("destination", format!("{place}: nothing was sent there yet."));
    };
    let when = ago(last.time, now);
    if let Some(pace) = facts.pace.filter(|pace| pace.wish == Wish::Stop) {
        let days = pace.remaining(now).unwrap_or_default().as_secs().div_ceil(86_400);
        let days = counted(days, "day");
        return Finding::right(
            "destination",
            format!("{place}: it asked to stop; nothing is sent for {days}."),
        );
    }
    let Some(error) = &last.error else {
        let taken = counted(last.taken, "event");
        return Finding::right("destination", format!("{place}: {taken} accepted {when}."));
    };
    let status = last.status.map_or_else(String::new, |status| format!(", {status}"));
    let said = last.said.as_deref().map_or_else(String::new, |said| format!(": {said}"));
    let text =
        format!("{place}: the last request failed {when} ({}{status}){said}.", visible(error));
    let cure = match facts.pause {
        Some(pause) => format!(
            "wait: what is there is sent again in {}; if it stays so, tell the program's author",
            counted(pause.as_secs(), "second")
        ),
        None => "run the program once more: it tries again at its end".to_owned(),
    };
    Finding::wrong("destination", text, cure)
}

/// The one thing to do next.
fn next(standing: &Standing, facts: &Facts, findings: &[Finding]) -> String {
    if let Some(cure) = findings.iter().find_map(|finding| finding.cure.as_deref()) {
        return format!("{cure}.");
    }
    let call = call(standing);
    match facts.decision.state() {
        ConsentState::On if !facts.withheld.is_empty() => format!(
            "nothing needs doing; `{call} on` agrees to what is new in this release (`{call} status` lists it)."
        ),
        ConsentState::On if facts.sends == Sends::Untold => {
            "nothing needs doing; the program shows its notice first.".to_owned()
        }
        ConsentState::On => format!("nothing needs doing; `{call} inspect` shows what is sent."),
        ConsentState::Local | ConsentState::Off => {
            format!("nothing needs doing; `{call} on` would turn it on.")
        }
    }
}

//! What came of watching, as text for a person and as JSON for a program.

use std::fmt::Write as _;

use headcount::catalog::ConsentDefault;
use headcount::person::{texts, visible};
use serde_json::{Value as Json, json};

use super::collector::Taken;
use super::elsewhere::Elsewhere;
use super::environment::Changes;
use super::judgement::Sight;
use super::limits;
use super::person::Consent;
use super::program::Ended;

/// An event as a line: its name, and what it says.
pub(super) fn line(taken: &Taken) -> String {
    let mut line = taken.event.clone();
    for (key, value) in &taken.fields {
        let value = match value {
            Json::String(text) => text.clone(),
            other => other.to_string(),
        };
        let _ = write!(line, " {key}={value}");
    }
    visible(&line)
}

/// What is said before the program starts.
pub(super) fn beginning(url: &str, home: &str, consent: Consent, changes: &Changes) -> String {
    let mut text = format!("a collector listens at {url}, and the home is {home}\n");
    let answer = match consent {
        Consent::Yes => "the person has agreed",
        Consent::No => "the person has said no",
        Consent::Unanswered => "the person has not been asked yet",
    };
    let _ = writeln!(text, "{answer}");
    if !changes.removed.is_empty() {
        let names = changes.removed.join(", ");
        let _ = writeln!(text, "without {names}, which would turn telemetry off");
    }
    text
}

/// The whole report.
pub(super) fn text(sight: &Sight<'_>) -> String {
    let mut text = String::new();
    match sight.ended {
        Ended::With(code) => {
            let _ = writeln!(text, "the program ended with {code}");
        }
        Ended::TooLate => {
            let _ = writeln!(text, "the program was killed after {} s", sight.seconds);
        }
    }
    list(
        &mut text,
        "Recorded and taken:",
        sight.counts().into_iter().map(|(event, count)| format!("{count:>6}  {event}")),
    );
    list(
        &mut text,
        match sight.home.is_without_key {
            true => "Recorded, and not sent, since this build has no key:",
            false => "Recorded, and not sent:",
        },
        sight.waiting.iter().take(limits::SHOWN).map(|waiting| visible(&waiting.line)),
    );
    list(&mut text, "In the catalog, and never seen:", sight.never_seen());
    let others = sight.elsewhere.iter().filter(|(_, kind)| **kind == Elsewhere::Other);
    list(&mut text, "The program also connected to:", others.map(|(host, _)| visible(host)));
    let seen_first = first_seen(sight);
    list(&mut text, &seen_first.0, seen_first.1.lines().map(str::to_owned));
    let wrong = sight.wrong();
    if wrong.is_empty() {
        text.push_str("\nNothing is wrong.\n");
    } else {
        list(&mut text, "Wrong:", wrong);
    }
    text
}

/// What a person is shown before anything is sent, and what it is called.
fn first_seen(sight: &Sight<'_>) -> (String, String) {
    let catalog = sight.catalog;
    if catalog.consent.default == ConsentDefault::On {
        let title = "A person sees this before anything is sent:".to_owned();
        return (title, texts::notice(catalog));
    }
    let question = texts::question(catalog);
    ("A person is asked:".to_owned(), format!("{question}\n{}", question.question))
}

fn list(text: &mut String, title: &str, items: impl IntoIterator<Item = String>) {
    let mut items = items.into_iter().peekable();
    if items.peek().is_none() {
        return;
    }
    let _ = writeln!(text, "\n{title}");
    for item in items {
        let _ = writeln!(text, "  {item}");
    }
}

/// The same for a program, a line.
pub(super) fn json(sight: &Sight<'_>) -> Json {
    let code = match sight.ended {
        Ended::With(code) => Some(code),
        Ended::TooLate => None,
    };
    let taken: Vec<Json> = sight
        .taken
        .iter()
        .take(limits::SHOWN)
        .map(|taken| {
            let fields: serde_json::Map<String, Json> = taken.fields.iter().cloned().collect();
            json!({"event": taken.event, "fields": fields})
        })
        .collect();
    let rejected: Vec<Json> = sight
        .refused
        .iter()
        .map(|one| json!({"at": one.place, "reason": one.reason, "count": one.events}))
        .collect();
    let counts: serde_json::Map<String, Json> =
        sight.counts().into_iter().map(|(event, count)| (event.to_owned(), count.into())).collect();
    json!({
        "product": sight.catalog.product.name,
        "exitCode": code,
        "wrong": sight.wrong(),
        "counts": counts,
        "events": taken,
        "rejected": rejected,
        "waiting": sight.waiting.len(),
        "neverSeen": sight.never_seen(),
        "connectedTo": sight.elsewhere.keys().collect::<Vec<_>>(),
    })
}

//! What is collected, event by event, and what never is.

use super::blocks::Blocks;
use super::inline::{all_of, code, one_of, prose};
use super::values;
use crate::{Catalog, EnvelopeEntry, Event, Purpose, RunningAgent, Source};

pub(super) fn events(out: &mut Blocks, catalog: &Catalog) {
    out.heading(2, "What is collected");
    let summary: Vec<String> =
        catalog.consent.texts.collected.iter().map(|line| prose(line)).collect();
    if !summary.is_empty() {
        out.list(&summary);
    }
    out.paragraph(&format!(
        "{} {}, and nothing else. Each of them is below, with every value that it may have.",
        if summary.is_empty() { "There are" } else { "These are" },
        counted(catalog.events.len(), "kind of event", "kinds of events")
    ));
    envelope(out, catalog);
    for event in catalog.events {
        one(out, catalog, event);
    }
}

/// What the catalog says is never collected, or what is true of every catalog.
pub(super) fn never(out: &mut Blocks, catalog: &Catalog) {
    out.heading(2, "What is never collected");
    let never = catalog.consent.texts.never_collected();
    out.list(&never.iter().map(|line| prose(line)).collect::<Vec<_>>());
}

fn counted(number: usize, one: &str, several: &str) -> String {
    if number == 1 { format!("one {one}") } else { format!("{number} {several}") }
}

/// The table of what is on every event.
fn envelope(out: &mut Blocks, catalog: &Catalog) {
    out.heading(3, "With every event");
    let rows: Vec<[String; 2]> = catalog
        .envelope
        .iter()
        .filter(|entry| entry.source != Source::Properties)
        .map(|entry| {
            let optional = values::absent(entry.optional);
            [code(entry.key), format!("{}{optional}", source(catalog, entry))]
        })
        .collect();
    out.table(["key", "what it says"], &rows);
    let place = catalog.envelope.iter().find(|entry| entry.source == Source::Properties);
    match place.map(|entry| entry.key) {
        Some(key) if !key.is_empty() => out.paragraph(&format!(
            "An event's own properties, below, are in its object {}.",
            code(key)
        )),
        _ => {}
    }
}

fn source(catalog: &Catalog, entry: &EnvelopeEntry) -> String {
    let title = catalog.product.title;
    match entry.source {
        Source::EventId => {
            "A random id of the event, so that one that arrives twice is counted once.".to_owned()
        }
        Source::Event => "The name of the event.".to_owned(),
        Source::Time(grain) => values::time(grain),
        Source::Device => "The id of your machine: see [Your machine's id](#your-machines-id).".to_owned(),
        Source::Session => "A random id of this run of the program, or of a conversation.".to_owned(),
        Source::Turn => "A random id of the turn in a conversation.".to_owned(),
        Source::Account => "The id of your account, while you are logged in. A Headcount collector keeps only a hash of it, made with a secret of its own.".to_owned(),
        Source::Version => format!("The version of {}.", prose(title)),
        Source::CatalogVersion => "The version of the catalog.".to_owned(),
        Source::Platform(words) => values::platforms(words),
        Source::Arch(words) => values::processors(words),
        Source::Locale => "Your language and region, such as `en-US`.".to_owned(),
        Source::Ci => "Whether it runs in continuous integration: `true` or `false`.".to_owned(),
        Source::Agent => values::kind(&RunningAgent::KIND, title),
        Source::Attended => {
            "Whether a person attends to that agent, if it says so: `true` or `false`.".to_owned()
        }
        Source::Constant(word) => constant(catalog, entry.key, word),
        Source::Host(kind) => values::kind(&kind, title),
        Source::Marks => marks(catalog),
        Source::Age => "On these first events alone: for how many weeks there have been any, as `0`, `1`, `2-3`, `4-7` or `8+`.".to_owned(),
        Source::Properties => String::new(),
    }
}

fn marks(catalog: &Catalog) -> String {
    let names = || catalog.identity.count.iter().map(|period| period.name());
    let periods: Vec<String> = names().map(|name| format!("a {name}")).collect();
    let words: Vec<String> = names().map(code).collect();
    format!(
        "Only on your machine's first event of {}: of which of them, as a list of {}.",
        one_of(&periods),
        all_of(&words)
    )
}

/// A word that is always the same, but for events that say otherwise.
fn constant(catalog: &Catalog, key: &str, word: &'static str) -> String {
    let mut text = format!("Always {}", code(word));
    for event in catalog.events {
        let own = event.constant(key, word);
        if own != word {
            text.push_str(&format!("; in {}, {}", code(event.name), code(own)));
        }
    }
    text.push('.');
    text
}

/// One event: why it is collected, whose it is, and its properties.
fn one(out: &mut Blocks, catalog: &Catalog, event: &Event) {
    out.heading(3, &code(event.name));
    out.paragraph(&format!("**{}**", prose(event.why)));
    let mut about = Vec::new();
    if catalog.purposes.len() > 1 {
        let purpose =
            catalog.purpose(event.purpose).map_or(Purpose::USAGE.title, |found| found.title);
        about.push(format!("Purpose: {}.", prose(purpose)));
    }
    about.push(format!("Responsible: {}.", prose(event.owner)));
    if let Some(day) = event.expires {
        about.push(format!("Not recorded after {day}."));
    }
    if event.hook.is_some() {
        about.push("Recorded by a hook in a coding agent, where you had one installed.".to_owned());
    }
    if event.is_report() {
        about.push("At most once a day, and only together with other events.".to_owned());
    }
    if catalog.consent.farewell == Some(event.name) {
        about.push("Only when you turn telemetry off.".to_owned());
    }
    if let Some(id) = event.id {
        about.push(format!("Its property {} is its id.", code(id)));
    }
    out.paragraph(&about.join(" "));
    let rows: Vec<[String; 2]> = event
        .properties
        .iter()
        .map(|property| [code(property.name), values::of_property(property, catalog.product.title)])
        .collect();
    if rows.is_empty() {
        out.paragraph("It has no properties of its own.");
    }
    out.table(["property", "values"], &rows);
}

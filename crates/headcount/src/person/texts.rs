//! The texts a person reads before deciding: generated from the catalog, or the
//! author's own where the catalog has them.

use std::fmt;

use headcount_catalog::{
    Catalog, Change, ConsentDefault, Event, Grain, Kind, Period, Purpose, Rotation, Scheme, Source,
    Time,
};

use super::limits::QUESTION_EVENTS;
use super::listed::one_of;
use super::pretty::pretty;
use super::shell::ShellKind;
use super::wrapped::counted;

/// The question: what is collected, what never, and how to opt out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConsentQuestion {
    /// The sentence at the top.
    pub introduction: String,
    /// What is collected, one line each.
    pub collected: Vec<String>,
    /// What it is for, a purpose a line; empty where the catalog does not tell
    /// several apart.
    pub purposes: Vec<String>,
    /// What is never collected, one line each.
    pub never: Vec<String>,
    /// How to opt out later, one line each.
    pub opt_out: Vec<String>,
    /// The question itself.
    pub question: String,
}

impl fmt::Display for ConsentQuestion {
    /// Everything except the question itself.
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}\n\nWhat we collect:", self.introduction)?;
        self.collected.iter().try_for_each(|line| write!(out, "\n  • {line}"))?;
        if !self.purposes.is_empty() {
            write!(out, "\n\nWhat it is for (you can choose):")?;
            self.purposes.iter().try_for_each(|line| write!(out, "\n  • {line}"))?;
        }
        write!(out, "\n\nWhat we NEVER collect:")?;
        self.never.iter().try_for_each(|line| write!(out, "\n  • {line}"))?;
        writeln!(out)?;
        self.opt_out.iter().try_for_each(|line| write!(out, "\n{line}"))
    }
}

/// The question of a catalog.
#[must_use]
pub fn question(catalog: &Catalog) -> ConsentQuestion {
    question_for(catalog, &usual_call(catalog), ShellKind::OfUnix)
}

/// How people reach the person's commands if the program has the product's
/// name.
fn usual_call(catalog: &Catalog) -> String {
    format!("{} telemetry", catalog.product.name)
}

/// The question for a person who types the commands like this, in this shell.
pub(super) fn question_for(catalog: &Catalog, call: &str, shell: ShellKind) -> ConsentQuestion {
    let texts = catalog.consent.texts;
    let title = catalog.product.title;
    let own = |lines: &[&str]| lines.iter().map(|line| (*line).to_owned()).collect::<Vec<_>>();
    let opt_out = match texts.notice.filter(|_| catalog.consent.default == ConsentDefault::Ask) {
        Some(notice) => shell.in_text(notice, catalog),
        None => format!("You can opt out anytime with: {}", shell.refusals(catalog).join(" or ")),
    };
    ConsentQuestion {
        introduction: texts.introduction.map_or_else(
            || format!("{title} would like to report how it is used, anonymously."),
            str::to_owned,
        ),
        collected: if texts.collected.is_empty() {
            collected(catalog, call)
        } else {
            own(texts.collected)
        },
        purposes: several_purposes(catalog)
            .iter()
            .map(|purpose| format!("{}: {}", purpose.title, purpose.why))
            .collect(),
        never: own(texts.never_collected()),
        opt_out: vec![
            opt_out,
            format!("To change your mind: {call} off"),
            format!("To see every byte that is sent: {call} inspect"),
        ],
        question: texts.question.map_or_else(
            || format!("Help improve {title} by enabling anonymous telemetry?"),
            str::to_owned,
        ),
    }
}

/// The notice of a catalog, printed once.
#[must_use]
pub fn notice(catalog: &Catalog) -> String {
    notice_for(catalog, &usual_call(catalog), ShellKind::OfUnix)
}

/// The notice for a person who types the commands like this, in this shell.
pub(super) fn notice_for(catalog: &Catalog, call: &str, shell: ShellKind) -> String {
    let notice = match catalog.consent.texts.notice {
        Some(notice) => format!("{}\n", shell.in_text(notice.trim_matches('\n'), catalog)),
        None => usual_notice(catalog, call, shell),
    };
    format!("{notice}{}", purposes(catalog, call))
}

/// The purposes that a person can choose among: none where there is only one.
pub(super) fn several_purposes(catalog: &Catalog) -> &'static [Purpose] {
    if catalog.purposes.len() > 1 { catalog.purposes } else { &[] }
}

/// The purposes in a notice, and how to turn one off.
fn purposes(catalog: &Catalog, call: &str) -> String {
    let several = several_purposes(catalog);
    if several.is_empty() {
        return String::new();
    }
    let lines = several.iter().map(|Purpose { name, why, .. }| format!("  • {name}: {why}\n"));
    format!("Turn off one purpose alone: {call} off PURPOSE\n{}", lines.collect::<String>())
}

fn usual_notice(catalog: &Catalog, call: &str, shell: ShellKind) -> String {
    let product = catalog.product;
    let title = product.title;
    let policy = product.policy.unwrap_or_default();
    match catalog.consent.default {
        ConsentDefault::On => {
            let refusals = shell.refusals(catalog).join(", or ");
            let policy = match product.policy {
                Some(policy) => format!("Full telemetry policy: {policy}\n"),
                None => String::new(),
            };
            format!(
                "{title} sends anonymous usage telemetry.\n\
                 See what will be sent: {call} inspect\n\
                 Turn it off: {call} off, or {refusals}\n{policy}"
            )
        }
        ConsentDefault::Off | ConsentDefault::Ask => {
            let policy = match product.policy {
                Some(_) => format!("\nFull telemetry policy:\n  {policy}\n"),
                None => String::new(),
            };
            format!(
                "{title} collects no usage data by default.\n\n\
                 If you'd like to share anonymous usage events to help improve {title}:\n  {call} on\n\n\
                 Review what would be sent at any time:\n  {call} inspect\n{policy}"
            )
        }
    }
}

/// The news of a release that collects more, printed once.
#[must_use]
pub fn news(catalog: &Catalog, changes: &[Change]) -> String {
    news_for(catalog, changes, &usual_call(catalog))
}

/// The news for a person who types the commands like this.
pub(super) fn news_for(catalog: &Catalog, changes: &[Change], call: &str) -> String {
    let title = catalog.product.title;
    let mut text = format!("This release of {title} reports more than you agreed to:\n");
    for change in changes {
        text.push_str(&format!("  • {change}\n"));
    }
    text.push_str(&format!(
        "Until you agree, it is withheld.\nTo agree: {call} on\nTo see what would be sent: {call} inspect\n"
    ));
    text
}

/// A sample record of an event, generated from the catalog, as it would be on
/// disk.
#[must_use]
pub fn example(catalog: &Catalog, event: &'static Event, now: Time) -> String {
    headcount_wire::write(catalog, &catalog.sample(event, now))
        .map_or_else(|error| error.to_string(), |line| pretty(&line))
}

/// What is collected, in plain words: a line an event, and one for what every
/// event carries.
fn collected(catalog: &Catalog, call: &str) -> Vec<String> {
    let mut lines: Vec<String> = catalog.events.iter().take(QUESTION_EVENTS).map(event).collect();
    match catalog.events.len().saturating_sub(QUESTION_EVENTS) {
        0 => {}
        more => lines.push(format!(
            "{}; to see them all: {call} inspect",
            counted(more as u64, "more event")
        )),
    }
    lines.push(envelope(catalog));
    lines
}

fn event(event: &Event) -> String {
    if event.is_report() {
        let numbers =
            "how many uploads were tried, how many failed, how many events were lost, and why";
        return format!("{}, once a day at most: {numbers}", words(event.name));
    }
    let given = event.properties.iter().filter(|property| {
        !matches!(property.kind, Kind::Constant(_) | Kind::CountOf(_))
            && event.id != Some(property.name)
    });
    // The unit of a duration is not interesting here.
    let name = |property: &headcount_catalog::Property| match property.kind {
        Kind::Duration { .. } => {
            words(property.name.trim_end_matches("_ms").trim_end_matches("_s"))
        }
        _ => words(property.name),
    };
    let properties: Vec<String> = given.map(name).collect();
    if properties.is_empty() {
        words(event.name)
    } else {
        format!("{}: {}", words(event.name), properties.join(", "))
    }
}

fn envelope(catalog: &Catalog) -> String {
    let mut parts = Vec::new();
    for entry in catalog.envelope {
        parts.push(match entry.source {
            Source::Time(grain) => format!("the time to the {}", grain_word(grain)),
            Source::Device => match (catalog.identity.scheme, catalog.identity.rotation) {
                (Scheme::MachineHash, _) => "a hash of host name, user and platform".to_owned(),
                (_, Rotation::Monthly) => "a random id that changes every month".to_owned(),
                (_, Rotation::Never) => "a random id of this machine".to_owned(),
            },
            Source::Session => "a random id of the session".to_owned(),
            Source::Turn => "a random id of the turn".to_owned(),
            Source::Account => "your account, while you are logged in".to_owned(),
            Source::Version => "the version".to_owned(),
            Source::Platform(_) => "the operating system".to_owned(),
            Source::Arch(_) => "the processor".to_owned(),
            Source::Locale => "the language".to_owned(),
            Source::Ci => "whether it runs in CI".to_owned(),
            Source::Agent => "which coding agent runs it, if one does".to_owned(),
            Source::Attended => "whether a person attends to that agent".to_owned(),
            Source::Marks => {
                format!("whether it is the first one of {}", periods(catalog.identity.count))
            }
            Source::Age => {
                "then also for how many weeks there have been any (0, 1, 2-3, 4-7 or 8+)".to_owned()
            }
            Source::Host(_) => words(entry.key.rsplit('.').next().unwrap_or(entry.key)),
            Source::EventId
            | Source::Event
            | Source::CatalogVersion
            | Source::Constant(_)
            | Source::Properties => continue,
        });
    }
    format!("With each event: {}", parts.join(", "))
}

/// As in "whether it is the first one of the day, the week or the month".
fn periods(count: &[Period]) -> String {
    let names: Vec<String> = count.iter().map(|period| format!("the {}", period.name())).collect();
    one_of(&names)
}

fn grain_word(grain: Grain) -> &'static str {
    Grain::ALL.iter().find(|(one, _)| *one == grain).map_or("second", |(_, word)| word)
}

/// A name as words: `cli.command_invoked` becomes `cli command invoked`.
fn words(name: &str) -> String {
    let mut text = String::with_capacity(name.len() + 4);
    let mut before = ' ';
    for letter in name.chars() {
        match letter {
            '_' | '.' | '-' | ':' => text.push(' '),
            _ if letter.is_ascii_uppercase() && before.is_ascii_lowercase() => {
                text.push(' ');
                text.push(letter.to_ascii_lowercase());
            }
            _ => text.push(letter),
        }
        before = letter;
    }
    text.trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_become_words() {
        for (name, text) in [
            ("cli.command_invoked", "cli command invoked"),
            ("agentType", "agent type"),
            ("take_codingplan", "take codingplan"),
            ("OS", "OS"),
        ] {
            assert_eq!(words(name), text);
        }
    }
}

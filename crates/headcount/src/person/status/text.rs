//! `status` for a person. The first line has the same form in every product:
//! `Telemetry: ENABLED`, `Telemetry: DISABLED (reason: …)` or
//! `Telemetry: LOCAL (reason: …)`. Archon's document has the capitals; the line
//! of a daemon has none, as AtomCode's has it.

use std::fmt::{Result, Write as _};

use headcount_catalog::{Age, ConsentDefault, Dialect, Key, Rotation, Scheme, Time, report};
use headcount_wire::HomeLifetime;
use headcount_wire::Wish;

use super::facts::{DestinationFacts, Facts, Sends, is_unknown_value, masked_id};
use super::place::shown;
use super::purposes::purposes;
use crate::consent::{ConsentState, Opinion, Says, Why};
use crate::marked_periods::MarkedPeriods;
use crate::person::listed::all_of;
use crate::person::marks::HANG;
use crate::person::reply::call;
use crate::person::wrapped::{counted, joined};
use crate::standing::Standing;
use crate::visible::{value, visible};

pub(super) fn text(standing: &Standing, facts: &Facts) -> String {
    let mut text = String::new();
    // Writing into a `String` cannot fail.
    let _ = write(standing, facts, &mut text);
    text
}

fn write(standing: &Standing, facts: &Facts, out: &mut String) -> Result {
    let why = joined(&facts.decision.winner().why.to_string());
    match facts.decision.state() {
        ConsentState::On => writeln!(out, "Telemetry: ENABLED")?,
        ConsentState::Local => writeln!(out, "Telemetry: LOCAL (reason: {why})")?,
        ConsentState::Off => writeln!(out, "Telemetry: DISABLED (reason: {why})")?,
    }
    writeln!(out, "Source: {}", source(standing, &facts.decision.winner().why))?;
    if facts.sends == Sends::Untold {
        let title = standing.catalog().product.title;
        writeln!(
            out,
            "Not sent yet: {title} first shows its notice, and sends in later runs only"
        )?;
    }
    if let Some(file) = &facts.unheeded {
        writeln!(
            out,
            "The yes in {} does not count: no `{} on` of yours wrote it there.",
            shown(standing, file),
            call(standing)
        )?;
    }
    writeln!(out, "Anonymous ID: {}", id(standing, facts))?;
    for facts in &facts.destinations {
        destination(standing, facts, out)?;
    }
    if let Some(problem) = &facts.shipper {
        writeln!(out, "Nothing is sent: {problem}")?;
    }
    match &facts.last {
        Some(record) => {
            let name = record.event.name;
            let when =
                record.time.map(|time| format!(" ({})", ago(time, standing.surroundings().now())));
            writeln!(out, "Last event: {name}{}", when.unwrap_or_default())?;
        }
        None => writeln!(out, "Last event: {}", last_sent(standing, facts))?,
    }
    let heading = match facts.decision.state() {
        ConsentState::Local => "Recorded for yourself",
        ConsentState::Off | ConsentState::On => "Waiting to be sent",
    };
    match &facts.waiting {
        Ok((events, bytes)) => {
            let (events, bytes) = (counted(*events, "event"), counted(*bytes, "byte"));
            writeln!(out, "{heading}: {events}, {bytes}")?;
        }
        Err(problem) => writeln!(out, "{heading}: {}", visible(problem))?,
    }
    match &facts.sent {
        Ok((0, _)) => {}
        Ok((events, bytes)) => {
            let (events, bytes) = (counted(*events, "event"), counted(*bytes, "byte"));
            writeln!(out, "Kept of what was sent: {events}, {bytes} ({} sent)", call(standing))?;
        }
        Err(problem) => writeln!(out, "Kept of what was sent: {}", visible(problem))?,
    }
    if facts.tally.telling.is_some() {
        writeln!(out, "With the next events goes a report on the uploads: {}", report::NAME)?;
    }
    if let (1.., Some(paths)) = (facts.quarantine_bytes, standing.paths()) {
        let path = shown(standing, &paths.quarantine());
        let bytes = counted(facts.quarantine_bytes, "byte");
        writeln!(out, "Set aside: {bytes} of rejected events ({path})")?;
    }
    for erasure in &facts.erasures {
        let (day, owed_by, call) = (erasure.asked, erasure.owed_by.join(", "), call(standing));
        writeln!(out, "Erasure pending since {day}: not confirmed by {owed_by} ({call} forget)")?;
    }
    let losses: Vec<String> =
        facts.tally.counts.losses().map(|(reason, events)| format!("{reason} {events}")).collect();
    if !losses.is_empty() {
        let since = facts.tally.since_s.map(|since| Time::from_seconds(since).day());
        let since = since.map_or_else(String::new, |day| format!(" since {day}"));
        writeln!(out, "Events lost{since}, by reason: {}", losses.join(", "))?;
    }
    purposes(standing, &facts.purposes, out)?;
    if !facts.withheld.is_empty() {
        writeln!(out, "New in this release, withheld until you agree ({} on):", call(standing))?;
        facts.withheld.iter().try_for_each(|change| writeln!(out, "  {change}"))?;
    }
    how_to(standing, facts, out)?;
    rules(standing, facts, out)
}

/// What became of the last events, if none waits and none is kept.
fn last_sent(standing: &Standing, facts: &Facts) -> String {
    let taken = facts.destinations.iter().filter_map(|facts| facts.last.as_ref());
    let taken = taken.filter(|last| last.error.is_none() && last.taken > 0);
    match taken.max_by_key(|last| last.time.milliseconds()) {
        Some(last) => {
            let when = ago(last.time, standing.surroundings().now());
            format!("sent {when} ({})", last.destination)
        }
        None => "none".to_owned(),
    }
}

fn how_to(standing: &Standing, facts: &Facts, out: &mut String) -> Result {
    let call = call(standing);
    writeln!(out)?;
    let decided = matches!(facts.decision.winner().why, Why::Setting { .. } | Why::Default);
    if facts.decision.state() != ConsentState::Off {
        writeln!(out, "To disable: {call} off")?;
    }
    if facts.decision.state() != ConsentState::On && decided {
        writeln!(out, "To enable: {call} on")?;
    }
    writeln!(out, "To inspect what is being sent: {call} inspect")?;
    let product = standing.catalog().product;
    if let Some(policy) = product.policy {
        writeln!(out, "Full policy: {policy}")?;
    }
    match product.contact {
        Some(contact) => writeln!(out, "To report a leak: {contact}"),
        None => Ok(()),
    }
}

/// Lists every rule with its opinion, including those that lost.
fn rules(standing: &Standing, facts: &Facts, out: &mut String) -> Result {
    writeln!(out, "\nRules, highest first; the first with an opinion decides:")?;
    let winner = &facts.decision.winner();
    let mut won = false;
    let mut line = |name: &str, opinion: Option<&Opinion>| {
        let wins = !won && opinion == Some(winner);
        won |= wins;
        let mark = if wins { "->" } else { "  " };
        writeln!(out, "{mark} {name:<13} {HANG}{}", described(opinion))
    };
    line("administrator", facts.admin.as_ref())?;
    for (rule, opinion) in &facts.rules {
        line(rule.name(), opinion.as_ref())?;
    }
    let default = match standing.catalog().consent.default {
        ConsentDefault::On => Says::Grant,
        ConsentDefault::Off | ConsentDefault::Ask => Says::Refuse,
    };
    line("default", Some(&Opinion { says: default, why: Why::Default }))?;
    if let Why::Home(problem) = winner.why {
        writeln!(out, "   No rule counts: {problem}, so nothing is recorded.")?;
    }
    Ok(())
}

fn described(opinion: Option<&Opinion>) -> String {
    match opinion {
        None => "no opinion".to_owned(),
        Some(Opinion { says: opinion, why: Why::Default }) => says(*opinion).to_owned(),
        Some(opinion) if is_unknown_value(&opinion.why) => {
            let why = joined(&opinion.why.to_string());
            format!("{} ({why}: unknown value, so it refuses)", says(opinion.says))
        }
        Some(opinion) => {
            format!("{} ({})", says(opinion.says), joined(&opinion.why.to_string()))
        }
    }
}

pub(super) fn says(says: Says) -> &'static str {
    match says {
        Says::Grant => "on",
        Says::Local => "local",
        Says::Refuse => "off",
    }
}

/// Describes which rule decided, in full.
pub(super) fn source(standing: &Standing, why: &Why) -> String {
    match why {
        Why::Variable { name, value: text } if is_unknown_value(why) => format!(
            "the variable {name}: its value `{}` is unknown, and an unknown value refuses",
            joined(&value(text))
        ),
        Why::Variable { name, value: text } => {
            format!("the variable {name} ({name}={})", joined(&value(text)))
        }
        Why::Flag => "this command line (--no-telemetry)".to_owned(),
        Why::Setting { key, value: text, file, meant: None } => {
            format!("{} ({key} = {})", shown(standing, file), joined(&value(text)))
        }
        Why::Setting { key, value: text, file, meant: Some(meant) } => format!(
            "{} ({key} = {}, which counts as a no: the key is `{meant}`)",
            shown(standing, file),
            joined(&value(text))
        ),
        Why::Integration(name) => format!("continuous integration ({name} is set)"),
        Why::Default => match standing.catalog().consent.default {
            ConsentDefault::On => "the default: on until you turn it off".to_owned(),
            ConsentDefault::Off => "the default: off until you turn it on".to_owned(),
            ConsentDefault::Ask => "the default: off until you are asked and say yes".to_owned(),
        },
        Why::File { path, problem } => {
            let path = shown(standing, path);
            format!("{path}: {}; telemetry is off until this is fixed", visible(problem))
        }
        Why::Home(problem) => format!("{problem}, so nothing can be saved"),
        Why::Admin(path) => format!("{} (an administrator)", shown(standing, path)),
        Why::NotBuilt => "this build, which has no telemetry".to_owned(),
    }
}

/// How a device is counted without an id.
fn marks(standing: &Standing, facts: &Facts) -> String {
    let periods: Vec<&str> =
        standing.catalog().identity.count.iter().map(|period| period.name()).collect();
    let first = format!("none. The first event of each {} is marked as such", all_of(&periods));
    match facts.marked.as_ref().and_then(MarkedPeriods::since) {
        Some(since) => {
            let age = Age::between(since, standing.surroundings().now().day()).name();
            format!("{first}, with this machine's age in weeks (now {age}, since {since})")
        }
        None => format!("{first}, with this machine's age in weeks"),
    }
}

fn id(standing: &Standing, facts: &Facts) -> String {
    let identity = standing.catalog().identity;
    let Some(id) = &facts.id else {
        return match identity.scheme {
            Scheme::None if !identity.count.is_empty() => marks(standing, facts),
            Scheme::None => "none: this product has no ids".to_owned(),
            Scheme::Random | Scheme::MachineHash => "not created".to_owned(),
        };
    };
    let mut about = Vec::new();
    if let Some(day) = facts.minted {
        about.push(format!("created {day}"));
    }
    if identity.rotation == Rotation::Monthly {
        about.push("changes every month".to_owned());
    }
    if identity.scheme == Scheme::MachineHash {
        about.push(
            "a hash of host name, user and platform: linkable, since others can compute it, and so \
             not erased by proof"
                .to_owned(),
        );
    }
    let mut dialects =
        standing.catalog().destinations.iter().map(|destination| destination.dialect);
    if standing.surroundings().home_lasts() == HomeLifetime::Ephemeral
        && dialects.any(|dialect| dialect == Dialect::Headcount)
    {
        about.push("not counted as a device: this home folder looks temporary".to_owned());
    }
    if about.is_empty() {
        masked_id(id)
    } else {
        format!("{} ({})", masked_id(id), about.join(", "))
    }
}

fn destination(standing: &Standing, facts: &DestinationFacts, out: &mut String) -> Result {
    let kind = facts.destination.dialect.name();
    let title = match facts.destination.dialect {
        Dialect::Headcount => "Headcount",
        Dialect::Otlp => "OpenTelemetry",
        Dialect::PostHog => "PostHog",
        Dialect::Datadog => "Datadog",
        Dialect::Clacky => standing.catalog().product.title,
        Dialect::Http => "HTTP",
    };
    let title = if facts.destination.name == kind {
        title.to_owned()
    } else {
        format!("{title} ({})", facts.destination.name)
    };
    writeln!(out, "{title} host: {}", facts.address.as_deref().map_or("none", origin))?;
    match (&facts.key, facts.destination.key) {
        (Some((key, from)), _) => writeln!(out, "{title} key: {key} ({from})")?,
        (None, Key::Public(_)) => {
            writeln!(out, "{title} key: none (development build: nothing can be sent)")?;
        }
        (None, Key::None | Key::Optional(_)) => {}
    }
    if let Some(problem) = &facts.problem {
        writeln!(out, "  Nothing is sent there: {}", kept_whole(standing, problem))?;
    }
    for sentence in facts.via.sentences() {
        writeln!(out, "  {}", visible(&sentence))?;
    }
    if let Some(last) = &facts.last {
        let when = ago(last.time, standing.surroundings().now());
        match (last.status, &last.error) {
            (Some(status), Some(error)) => {
                writeln!(out, "  Last request: {when}, failed ({}, {status})", visible(error))?;
            }
            (None, Some(error)) => {
                writeln!(out, "  Last request: {when}, failed ({})", visible(error))?;
            }
            (_, None) => {
                let taken = counted(last.taken, "event");
                writeln!(out, "  Last request: {when}, {taken} accepted")?;
            }
        }
    }
    if let Some(said) = facts.last.as_ref().and_then(|last| last.said.as_deref()) {
        writeln!(out, "  It said: {said}")?;
    }
    if let Some(pace) = facts.pace {
        let days = pace.remaining(standing.surroundings().now()).unwrap_or_default().as_secs();
        let days = counted(days.div_ceil(86_400), "day");
        match pace.wish {
            Wish::Stop => writeln!(out, "  It asked to stop: nothing is sent for {days}")?,
            Wish::Send(rate) => {
                writeln!(out, "  It asked for fewer devices: {rate} of all, for {days}")?;
            }
        }
    }
    match facts.pause {
        Some(pause) => {
            writeln!(out, "  It failed; next try in {}", counted(pause.as_secs(), "second"))
        }
        None => Ok(()),
    }
}

/// The problem of a destination, in which the variable that causes it is not
/// broken.
fn kept_whole(standing: &Standing, problem: &str) -> String {
    let name = standing.catalog().variable("ENDPOINT");
    match standing.surroundings().variable(&name).map(|text| value(&text)) {
        Some(text) if !text.is_empty() => problem.replace(&text, &joined(&text)),
        _ => problem.to_owned(),
    }
}

/// Scheme, host and port of an address.
pub(super) fn origin(address: &str) -> &str {
    let start = address.find("://").map_or(0, |scheme| scheme + 3);
    let end = address[start..].find(['/', '?', '#']).map_or(address.len(), |path| start + path);
    &address[..end]
}

/// How long ago something was, in the largest unit that fits.
pub(super) fn ago(then: Time, now: Time) -> String {
    let seconds = now.seconds().saturating_sub(then.seconds()).max(0);
    let (number, unit) = match seconds {
        0..60 => (seconds, "second"),
        60..3_600 => (seconds / 60, "minute"),
        3_600..86_400 => (seconds / 3_600, "hour"),
        _ => (seconds / 86_400, "day"),
    };
    format!("{} ago", counted(number.unsigned_abs(), unit))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_told_in_their_largest_unit() {
        for (seconds, told) in [
            (0, "0 seconds ago"),
            (1, "1 second ago"),
            (180, "3 minutes ago"),
            (7_199, "1 hour ago"),
            (200_000, "2 days ago"),
            (-5, "0 seconds ago"),
        ] {
            assert_eq!(ago(Time::from_seconds(0), Time::from_seconds(seconds)), told);
        }
    }

    #[test]
    fn an_address_is_told_without_its_path() {
        assert_eq!(origin("https://a.example/v1/logs?x=y"), "https://a.example");
        assert_eq!(origin("http://127.0.0.1:80"), "http://127.0.0.1:80");
    }
}

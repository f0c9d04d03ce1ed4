//! `status`: what holds, whose word that is, and where things are.

mod json;
mod text;

use std::time::Duration;

use headcount_catalog::{Checked, Day, Destination, Key, Rule};
use headcount_queue::Queue;
use headcount_wire::read;

use super::{Reader, Reply, switch};
use crate::consent::{self, Decision, Opinion, Why};
use crate::ship::receipts::{self, Receipt};
use crate::ship::{Backoff, Build, Overrides, Pace, Target, key_variable, target, written};
use crate::tally::Tally;
use crate::{Paths, Session, identity};

pub(super) fn status(session: &Session, reader: Reader) -> Reply {
    let facts = Facts::of(session);
    match reader {
        Reader::Person => Reply::said(text::text(session, &facts)),
        Reader::Program => Reply::json(&json::json(session, &facts)),
    }
}

/// Everything `status` tells.
struct Facts {
    decision: Decision,
    admin: Option<Opinion>,
    rules: Vec<(Rule, Option<Opinion>)>,
    id: Option<String>,
    minted: Option<Day>,
    last: Option<Checked>,
    waiting: Result<(u64, u64), String>,
    /// Bytes set aside because a destination will never take them.
    quarantine_bytes: u64,
    /// What was tried, and what was lost.
    tally: Tally,
    places: Vec<Place>,
    withheld: Vec<String>,
}

/// One destination.
struct Place {
    destination: &'static Destination,
    /// The address in the catalog or the one that replaces it.
    address: Option<String>,
    /// The head of the key that is shown there, and where it comes from.
    key: Option<(String, String)>,
    /// Why nothing is sent there.
    problem: Option<String>,
    /// Until it is tried again.
    pause: Option<Duration>,
    /// What it asked for in place of everything.
    pace: Option<Pace>,
    /// What came of the last request.
    last: Option<Receipt>,
}

impl Facts {
    fn of(session: &Session) -> Self {
        let Session { catalog, host, surroundings, paths, .. } = session;
        let paths = paths.as_ref();
        let queue = session.queue();
        let lines = queue.as_ref().and_then(|queue| queue.lines().ok());
        let last = lines.into_iter().flatten().map_while(Result::ok);
        Self {
            decision: switch::decided(session),
            admin: consent::administrator(catalog, surroundings),
            rules: consent::explain(catalog, host.flag, surroundings, paths),
            id: paths
                .and_then(|paths| identity::shown(catalog, paths, surroundings).ok())
                .flatten(),
            minted: paths.and_then(|paths| identity::minted(catalog, paths)),
            last: last.filter_map(|line| read(catalog, &line.text).ok()).last(),
            waiting: match queue.as_ref().map(Queue::waiting) {
                Some(Ok(waiting)) => Ok((waiting.lines, waiting.bytes)),
                Some(Err(error)) => Err(error.to_string()),
                None => Ok((0, 0)),
            },
            quarantine_bytes: paths
                .and_then(|paths| std::fs::metadata(paths.quarantine()).ok())
                .map_or(0, |metadata| metadata.len()),
            tally: paths.map(|paths| Tally::read(&paths.tally())).unwrap_or_default(),
            places: places(session, paths),
            withheld: session.withheld().iter().map(ToString::to_string).collect(),
        }
    }
}

fn places(session: &Session, paths: Option<&Paths>) -> Vec<Place> {
    let Session { catalog, surroundings, .. } = session;
    let receipts = paths.and_then(|paths| receipts::read(paths).ok()).unwrap_or_default();
    let place = |destination: &'static Destination| {
        let overrides = Overrides::read(catalog, destination, |name| surroundings.variable(name));
        let to = target(catalog, destination, &overrides, Build::this());
        let problem = to.as_ref().err().map(ToString::to_string);
        let replaced = to.as_ref().ok().and_then(Target::key);
        Place {
            destination,
            key: masked_key(destination, replaced),
            address: to.ok().or_else(|| written(destination)).map(|to| to.url(None)),
            problem,
            pause: paths.and_then(|paths| {
                Backoff::read(&paths.backoff(destination.name)).remaining(surroundings.now())
            }),
            pace: paths
                .and_then(|paths| Pace::read(&paths.pace(destination.name), surroundings.now())),
            last: receipts.iter().rev().find(|it| it.destination == destination.name).cloned(),
        }
    };
    catalog.destinations.iter().map(place).collect()
}

/// What a destination is shown, and where it comes from; enough of it to tell
/// two apart. A key of the environment's counts where it is taken at all.
fn masked_key(destination: &Destination, taken: Option<&str>) -> Option<(String, String)> {
    let Key::Public(key) = destination.key else { return None };
    let own = key.value();
    let value = taken.or(own)?;
    let origin = match (key_variable(destination), key.built) {
        (Some(variable), _) if own != Some(value) => format!("from {variable}"),
        (_, Some(built)) if !built.is_empty() => "embedded at build time".to_owned(),
        _ => "from the catalog".to_owned(),
    };
    // `phc_` or `pub` and three letters more.
    Some((masked(value, 7), origin))
}

/// The head of an id or key.
fn masked(text: &str, letters: usize) -> String {
    format!("{}...", text.chars().take(letters).collect::<String>())
}

/// The head of a device id: `7f3b2a8c-...`.
fn masked_id(id: &str) -> String {
    masked(id, if id.contains('-') { 9 } else { 8 })
}

/// Whether a variable refuses because nobody knows what its value means.
fn is_not_understood(why: &Why) -> bool {
    let Why::Variable { value, .. } = why else { return false };
    let word = value.trim().to_ascii_lowercase();
    !matches!(word.as_str(), "0" | "false" | "off" | "no" | "1" | "true" | "on" | "yes")
}

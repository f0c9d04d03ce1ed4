//! Collects everything that `status` shows, before any text is made.

use std::path::PathBuf;
use std::time::Duration;

use headcount_catalog::{Checked, Day, Destination, Rule};
use headcount_queue::Queue;
use headcount_wire::read;

use crate::consent::{self, Decision, Opinion, Why};
use crate::disk::backoff::Backoff;
use crate::disk::counted;
use crate::disk::erasures::{self, PendingErasure};
use crate::disk::pace::Pace;
use crate::disk::quarantine;
use crate::disk::receipts::{self, Receipt};
use crate::disk::tally::Tally;
use crate::marked_periods::MarkedPeriods;
use crate::person::purpose_facts::PurposeFacts;
use crate::person::sent;
use crate::ship::{Build, Overrides, Target, Via, key_variable, target, written};
use crate::standing::Standing;
use crate::{Paths, identity, ship};

/// Everything that `status` shows.
pub(super) struct Facts {
    pub(super) decision: Decision,
    pub(super) admin: Option<Opinion>,
    pub(super) rules: Vec<(Rule, Option<Opinion>)>,
    /// A settings file with a yes that does not count.
    pub(super) unheeded: Option<PathBuf>,
    pub(super) id: Option<String>,
    pub(super) minted: Option<Day>,
    /// The periods that this device has marked, if it is counted without an id.
    pub(super) marked: Option<MarkedPeriods>,
    /// The newest event that waits, or else that was sent and is kept.
    pub(super) last: Option<Checked>,
    pub(super) waiting: Result<(u64, u64), String>,
    /// Events and bytes that are kept of what was sent.
    pub(super) sent: Result<(u64, u64), String>,
    /// Bytes of records that a destination rejected, kept in quarantine.
    pub(super) quarantine_bytes: u64,
    /// What destinations still have to erase.
    pub(super) erasures: Vec<PendingErasure>,
    /// Uploads tried and events lost.
    pub(super) tally: Tally,
    pub(super) destinations: Vec<DestinationFacts>,
    /// Why nothing is sent anywhere: the program cannot be started for it.
    pub(super) shipper: Option<String>,
    pub(super) withheld: Vec<String>,
    /// What events are for, and what is refused of it.
    pub(super) purposes: Vec<PurposeFacts>,
    /// Whether something would be sent now, if it waited and a destination were
    /// ready.
    pub(super) sends: Sends,
}

/// Whether something would be sent now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Sends {
    Yes,
    /// Telemetry is off or local.
    No,
    /// Telemetry is on by default, but the person was not told before this run.
    Untold,
}

/// One destination.
pub(super) struct DestinationFacts {
    pub(super) destination: &'static Destination,
    /// Its address: the catalog's, or the one that replaces it.
    pub(super) address: Option<String>,
    /// The first characters of its key, and where the key comes from.
    pub(super) key: Option<(String, String)>,
    /// Why nothing is sent there.
    pub(super) problem: Option<String>,
    /// What stands between this machine and it.
    pub(super) via: Via,
    /// How long until the next try after a failure.
    pub(super) pause: Option<Duration>,
    /// What it asked for instead of all devices.
    pub(super) pace: Option<Pace>,
    /// The receipt of the last request.
    pub(super) last: Option<Receipt>,
}

impl Facts {
    pub(super) fn of(standing: &Standing) -> Self {
        let (catalog, host, surroundings, paths) =
            (standing.catalog(), standing.host(), standing.surroundings(), standing.paths());
        let queue = standing.queue();
        let lines = queue.as_ref().and_then(|queue| queue.lines().ok());
        let lines = lines.into_iter().flatten().map_while(Result::ok);
        let last = lines.filter_map(|line| read(catalog, &line.text).ok()).last();
        let sent = sent::kept(standing);
        let last_sent = || {
            let newest = sent.as_ref().ok()?.records.last()?;
            read(catalog, &newest.line).ok()
        };
        Self {
            decision: standing.decide(),
            admin: consent::administrator(catalog, surroundings),
            rules: consent::explain(catalog, host.flag, surroundings, paths),
            unheeded: paths.and_then(|paths| consent::answered(catalog, paths).unheeded),
            id: paths
                .and_then(|paths| identity::shown(catalog, paths, surroundings).ok())
                .flatten(),
            minted: paths.and_then(|paths| identity::minted(catalog, paths)),
            marked: paths.filter(|_| !catalog.identity.count.is_empty()).and_then(counted::shown),
            last: last.or_else(last_sent),
            waiting: match queue.as_ref().map(Queue::waiting) {
                Some(Ok(waiting)) => Ok((waiting.lines, waiting.bytes)),
                Some(Err(error)) => Err(error.to_string()),
                None => Ok((0, 0)),
            },
            sent: match &sent {
                Ok(kept) => Ok((kept.events(), kept.bytes)),
                Err(error) => Err(error.to_string()),
            },
            quarantine_bytes: paths.map_or(0, quarantine::bytes),
            erasures: paths.map(erasures::read).unwrap_or_default(),
            tally: paths.map(|paths| Tally::read(&paths.tally())).unwrap_or_default(),
            destinations: destinations(standing, paths),
            shipper: ship::problem(standing),
            sends: match (standing.send_permit_now(), standing.is_on()) {
                (Some(_), _) => Sends::Yes,
                (None, true) => Sends::Untold,
                (None, false) => Sends::No,
            },
            purposes: PurposeFacts::all(standing),
            withheld: standing.withheld().iter().map(ToString::to_string).collect(),
        }
    }
}

fn destinations(standing: &Standing, paths: Option<&Paths>) -> Vec<DestinationFacts> {
    let (catalog, surroundings) = (standing.catalog(), standing.surroundings());
    let receipts = paths.and_then(|paths| receipts::read(paths).ok()).unwrap_or_default();
    let facts = |destination: &'static Destination| {
        let overrides = Overrides::read(catalog, destination, |name| surroundings.variable(name));
        let to = target(catalog, destination, &overrides, Build::this());
        let problem = to.as_ref().err().map(ToString::to_string);
        let key = masked_key(destination, to.as_ref().ok().and_then(Target::key));
        let to = to.ok().or_else(|| written(destination));
        let replaced = to.as_ref().and_then(Target::replaced);
        let address = to.as_ref().map(|to| to.url(None));
        let now = surroundings.now();
        DestinationFacts {
            destination,
            key,
            problem,
            via: address.as_deref().map(|url| Via::here(url, surroundings)).unwrap_or_default(),
            pause: paths.and_then(|paths| {
                Backoff::read(&paths.backoff(destination.name), replaced).remaining(now)
            }),
            pace: paths.and_then(|paths| Pace::read(&paths.pace(destination.name), replaced, now)),
            address,
            last: receipts
                .iter()
                .rev()
                .find(|receipt| receipt.destination == destination.name)
                .cloned(),
        }
    };
    catalog.destinations.iter().map(facts).collect()
}

/// The first characters of a destination's key, enough to tell two keys apart,
/// and where the key comes from. A key from the environment counts only where
/// it is accepted.
pub(super) fn masked_key(
    destination: &Destination,
    taken: Option<&str>,
) -> Option<(String, String)> {
    let key = destination.key.setting()?;
    let own = written(destination);
    let own = own.as_ref().and_then(Target::key);
    let value = taken.or(own)?;
    let origin = match (key_variable(destination), key.built.map(str::trim)) {
        (Some(variable), _) if own != Some(value) => format!("from {variable}"),
        (_, Some(built)) if built == value => "embedded at build time".to_owned(),
        _ => "from the catalog".to_owned(),
    };
    // `phc_` or `pub` and a few characters more.
    Some((masked(value, 7), origin))
}

/// The first characters of an id or key.
pub(super) fn masked(text: &str, letters: usize) -> String {
    format!("{}...", text.chars().take(letters).collect::<String>())
}

/// The first characters of a device id: `7f3b2a8c-...`.
pub(super) fn masked_id(id: &str) -> String {
    masked(id, if id.contains('-') { 9 } else { 8 })
}

/// Whether a variable refuses because its value is unknown.
pub(super) fn is_unknown_value(why: &Why) -> bool {
    let Why::Variable { value, .. } = why else { return false };
    let word = value.trim().to_ascii_lowercase();
    !matches!(word.as_str(), "0" | "false" | "off" | "no" | "1" | "true" | "on" | "yes")
}

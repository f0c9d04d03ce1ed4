//! `inspect`: the exact requests of the next shipment to each destination,
//! built by the code that ships.

use std::fmt::Write as _;

use headcount_catalog::{Catalog, Checked, Destination};
use headcount_queue::{Queue, QueueError};
use headcount_wire::{Rate, Wish, base64, read};
use serde_json::{Map, Value as Json};

use super::arguments::{Layout, Reader};
use super::marks::AS_IT_IS;
use super::pretty::pretty;
use super::reply::Reply;
use crate::disk::pace::{self, Pace};
use crate::disk::versions::Newer;
use crate::ship::{self, Build, Compression, Overrides, Recheck, Request, Verdict};
use crate::ship::{Target, Via, judge, request, target, written};
use crate::standing::Standing;
use crate::visible::visible;

/// The line above samples.
pub(super) const SAMPLES: &str =
    "Nothing is recorded. These are samples made from the catalog, one for each event.\n";

/// The same where no event is left to show.
pub(super) const REFUSED: &str = "Nothing is recorded: every purpose is refused.\n";

pub(super) fn inspect(standing: &Standing, layout: Layout, reader: Reader) -> Reply {
    let catalog = standing.in_force().unwrap_or(standing.catalog());
    let mut shipments = Vec::new();
    let is_sample = recorded(standing).is_empty();
    for destination in catalog.destinations {
        let batches = if is_sample {
            let mut samples = samples(standing).into_iter().map(|record| (record, 0));
            ship::batches(catalog, destination.dialect, &mut samples)
        } else {
            batches(standing, catalog, destination).unwrap_or_default()
        };
        let made = batches.iter().map(|records| shipment(standing, catalog, destination, records));
        shipments.extend(made);
    }
    match reader {
        Reader::Program => {
            let requests: Vec<Json> = shipments.iter().filter_map(Shipment::json).collect();
            Reply::json(&Json::from(requests))
        }
        Reader::Person => {
            let mut text = not_sent(standing);
            text.push_str(match (is_sample, shipments.is_empty()) {
                (true, true) if !standing.refusals().is_empty() => REFUSED,
                (true, _) => SAMPLES,
                (false, _) => "",
            });
            for shipment in shipments {
                // Writing into a `String` cannot fail.
                let _ = shipment.write(layout, &mut text);
            }
            Reply::said(text)
        }
    }
}

/// Why nothing is sent now, in a line; empty if it would be.
pub(super) fn not_sent(standing: &Standing) -> String {
    let decision = standing.decision();
    if !decision.is_on() {
        let why = &decision.winner().why;
        return format!("None of this is sent: telemetry is not on ({why}).\n");
    }
    if standing.send_permit().is_none() {
        let title = standing.catalog().product.title;
        return format!("None of this is sent yet: {title} first shows its notice.\n");
    }
    String::new()
}

/// What would be sent to one destination, and why it is not sent.
struct Shipment {
    destination: &'static str,
    request: Option<Request>,
    problem: Option<String>,
    /// What stands between. It is not part of the request.
    via: Via,
}

/// The batches that wait for a destination, in the order in which they are
/// sent: sealed batches as they were sealed, then the rest as it would be
/// sealed.
pub(super) fn batches(
    standing: &Standing,
    catalog: &'static Catalog,
    destination: &Destination,
) -> Result<Vec<Vec<Checked>>, QueueError> {
    let (Some(queue), Some(name)) =
        (standing.shipped_queue(), headcount_queue::DestinationName::new(destination.name))
    else {
        return Ok(Vec::new());
    };
    let now = standing.surroundings().now();
    let newer = standing.paths().map(|paths| Newer::read(standing.catalog(), paths, now.day()));
    let newest = newer.unwrap_or_default().newest;
    let recheck = Recheck::new(catalog, now, rate(standing, destination))
        .beside(newest)
        .refusing((standing.catalog(), standing.refusals()))
        .with_ids(standing.catalog(), standing.paths());
    let mut batches = Vec::new();
    for claim in queue.claims()? {
        let progress = claim.progress(&name)?;
        for batch in progress.batches() {
            batches.push(judge(&recheck, &claim, batch)?.records);
        }
        let free = claim.lines()?.map_while(Result::ok);
        let mut free = free.filter(|line| progress.is_free(line.index)).map(|line| line.text);
        batches.extend(split(&recheck, destination, &mut free));
    }
    let unclaimed = queue.unclaimed()?.map_while(Result::ok).map(|line| line.text);
    let mut unclaimed: Vec<String> = unclaimed.collect();
    // A report is sent with other events only.
    if unclaimed.iter().any(|line| matches!(recheck.verdict(line), Verdict::Goes(_))) {
        let report = ship::waiting_report(standing).filter(|line| !unclaimed.contains(line));
        unclaimed.extend(report);
    }
    batches.extend(split(&recheck, destination, &mut unclaimed.into_iter()));
    batches.retain(|records| !records.is_empty());
    Ok(batches)
}

/// Splits lines into the batches that the shipper would make.
fn split(
    recheck: &Recheck<'_>,
    destination: &Destination,
    lines: &mut dyn Iterator<Item = String>,
) -> Vec<Vec<Checked>> {
    let mut records = lines.filter_map(|line| match recheck.verdict(&line) {
        Verdict::Goes(record) => Some((*record, line.len())),
        Verdict::Waits { .. } | Verdict::Lost(_) | Verdict::Refused => None,
    });
    ship::batches(recheck.catalog, destination.dialect, &mut records)
}

/// What the destination asked for instead of all devices.
fn wish_of(standing: &Standing, destination: &Destination) -> Option<Pace> {
    let path = standing.paths()?.pace(destination.name);
    let variable = |name: &str| standing.surroundings().variable(name);
    let overrides = Overrides::read(standing.catalog(), destination, variable);
    let to = target(standing.catalog(), destination, &overrides, Build::this()).ok();
    let replaced = to.as_ref().and_then(Target::replaced);
    Pace::read(&path, replaced, standing.surroundings().now())
}

fn rate(standing: &Standing, destination: &Destination) -> Rate {
    pace::rate(wish_of(standing, destination))
}

/// Records that could be sent, oldest first.
fn recorded(standing: &Standing) -> Vec<Checked> {
    let queue = standing.shipped_queue();
    let Some(Ok(lines)) = queue.as_ref().map(Queue::lines) else { return Vec::new() };
    lines
        .map_while(Result::ok)
        .filter(|line| !ship::is_refused(standing.catalog(), standing.refusals(), &line.text))
        .filter_map(|line| read(standing.catalog(), &line.text).ok())
        .collect()
}

/// One sample record for each event of the catalog that is not refused.
pub(super) fn samples(standing: &Standing) -> Vec<Checked> {
    let catalog = standing.catalog();
    let now = standing.surroundings().now();
    let events = catalog.events.iter();
    let events = events.filter(|event| standing.refusals().of_event(catalog, event).is_none());
    events.map(|event| catalog.sample(event, now)).collect()
}

/// Builds the request to a destination. If nothing may be sent, the request is
/// still shown, to the catalog's own address and with the reason.
fn shipment(
    standing: &Standing,
    catalog: &'static Catalog,
    destination: &Destination,
    records: &[Checked],
) -> Shipment {
    let variable = |name: &str| standing.surroundings().variable(name);
    let overrides = Overrides::read(catalog, destination, variable);
    let to = target(catalog, destination, &overrides, Build::this());
    let stopped = wish_of(standing, destination).filter(|pace| pace.wish == Wish::Stop);
    let stopped = stopped.map(|_| "the destination asked to stop".to_owned());
    let problem = to.as_ref().err().map(ToString::to_string).or(stopped);
    let request: Option<Request> = to
        .ok()
        .or_else(|| written(destination))
        .map(|to| to.with_rate(rate(standing, destination)))
        .map(|to| to.with_home(standing.surroundings().home_lasts()))
        .and_then(|to| request(catalog, destination, &to, records).ok());
    let via = request.as_ref().map(|request| Via::here(&request.url, standing.surroundings()));
    let via = via.unwrap_or_default();
    Shipment { destination: destination.name, request, problem, via }
}

impl Shipment {
    fn json(&self) -> Option<Json> {
        let request = self.request.as_ref()?;
        let mut headers = Map::new();
        for (name, value) in &request.headers {
            headers.insert((*name).to_owned(), Json::from(value.as_str()));
        }
        let mut shown = Map::new();
        for (key, value) in [
            ("destination", self.destination),
            ("method", request.method),
            ("url", request.url.as_str()),
        ] {
            shown.insert(key.to_owned(), Json::from(value));
        }
        shown.insert("headers".to_owned(), Json::Object(headers));
        let readable = request.text();
        if let Some(text) = readable {
            shown.insert("body".to_owned(), Json::from(text));
        }
        // The bytes on the wire differ from the readable body: show both.
        if readable.is_none() || request.compression != Compression::None {
            shown.insert("bodyBase64".to_owned(), Json::from(base64::encode(&request.sent())));
        }
        let between = [("proxy", &self.via.proxy), ("authorities", &self.via.authorities)];
        for (key, value) in between {
            if let Some(value) = value {
                shown.insert(key.to_owned(), Json::from(value.as_str()));
            }
        }
        Some(Json::Object(shown))
    }

    fn write(&self, layout: Layout, text: &mut String) -> std::fmt::Result {
        writeln!(text)?;
        if let Some(problem) = &self.problem {
            writeln!(text, "Not sent to {}: {problem}", self.destination)?;
        }
        let Some(request) = &self.request else { return Ok(()) };
        for sentence in self.via.sentences() {
            writeln!(text, "{}.", visible(&sentence))?;
        }
        writeln!(text, "{AS_IT_IS}{} {}", request.method, request.url)?;
        for (name, value) in &request.headers {
            writeln!(text, "{AS_IT_IS}{name}: {value}")?;
        }
        writeln!(text)?;
        let body = request.text().map_or_else(|| base64::encode(&request.body), str::to_owned);
        // A body may be a line of JSON for each record.
        for line in body.trim_end().lines() {
            let line = match layout {
                Layout::Line => line.to_owned(),
                Layout::Pretty => pretty(line),
            };
            line.lines().try_for_each(|line| writeln!(text, "{AS_IT_IS}{line}"))?;
        }
        Ok(())
    }
}

//! For authors: whether a catalog passes its check, whether its destinations
//! take what is sent by it, and whether this machine can send.

use std::path::Path;
use std::time::SystemTime;

use headcount::catalog::{Catalog, ConsentDefault};
use headcount::consent::{ConsentState, Why};
use headcount::person;
use headcount::ship::built_in;
use headcount::{Host, Session, Telemetry, Time};
use headcount_catalog::Day;
use serde_json::Value as Json;

use super::destination;
use super::finding::{Finding, tell};
use crate::host_args::Given;
use crate::{catalog_file, check, made_file};

/// Said if nothing is wrong.
const WELL: &str =
    "nothing needs doing; `headcount watch -- PROGRAM` shows what a run of it reports";

/// Looks at everything that an author can get wrong. Returns 1 if something is.
pub(super) fn run(file: &Path, as_json: bool, today: Day) -> u8 {
    let mut findings = vec![checked(file, today)];
    // Of what has mistakes, nothing else can be said.
    if findings[0].cure.is_none() {
        match catalog_file::read_for_host(file) {
            Ok(catalog) => findings.extend(of_catalog(file, catalog)),
            Err(sentences) => {
                let text = sentences.trim_end().to_owned();
                findings.push(Finding::wrong(text, "give the catalog of a program of yours"));
            }
        }
    }
    tell(&findings, WELL, as_json)
}

fn checked(file: &Path, today: Day) -> Finding {
    let shown = made_file::shown(file);
    let check::Verdict { mistakes, advice } = check::verdict(file, today);
    let run = format!("run `headcount check {shown}`");
    match (mistakes, advice) {
        (0, 0) => Finding::right(format!("{shown} passes its check.")),
        (0, advice) => {
            let pieces = if advice == 1 { "one piece" } else { "some pieces" };
            Finding::right(format!("{shown} has no mistakes, and {pieces} of advice: {run}."))
        }
        (mistakes, _) => Finding::wrong(
            format!("{shown} has {}.", crate::ask::plural(mistakes as u64, "mistake")),
            run,
        ),
    }
}

fn of_catalog(file: &Path, catalog: &'static Catalog) -> Vec<Finding> {
    let mut findings = Vec::new();
    match built_in() {
        Some(transport) => {
            let now = Time::from_system(SystemTime::now());
            for own in catalog.destinations {
                findings.extend(destination::look(catalog, own, &*transport, now));
            }
        }
        None => findings.push(Finding::wrong(
            "This build cannot send anything.",
            "use a build of headcount with a transport",
        )),
    }
    let given = Given { catalog: file.to_path_buf(), program: None };
    let surroundings = crate::person::surroundings(&given);
    let session = Telemetry::new(catalog, Host::new("unknown"), surroundings).open();
    findings.extend(of_machine(&session));
    findings.push(Finding::right(seen_next(catalog, &session)));
    findings
}

/// What the SDK finds on this machine, but for the destinations, which were
/// asked.
fn of_machine(session: &Session) -> Vec<Finding> {
    let reply = person::run(session, &["doctor".to_owned(), "--json".to_owned()]);
    let told: Json = serde_json::from_str(&reply.out).unwrap_or_default();
    let all = told["findings"].as_array().cloned().unwrap_or_default();
    let own = all.iter().filter(|finding| finding["about"] != "destination");
    own.map(|finding| {
        let text = finding["text"].as_str().unwrap_or_default();
        let text = format!("On this machine: {text}");
        match finding["cure"].as_str() {
            Some(cure) => Finding::wrong(text, cure),
            None => Finding::right(text),
        }
    })
    .collect()
}

/// What a person would see of telemetry in the next run on this machine.
fn seen_next(catalog: &Catalog, session: &Session) -> String {
    let decision = session.decision();
    let is_undecided = decision.winner().why == Why::Default;
    let seen = match (decision.state(), catalog.consent.default) {
        (_, ConsentDefault::Ask) if is_undecided => {
            "is asked, in a terminal, and sends nothing before the answer"
        }
        (_, ConsentDefault::Off) if is_undecided => {
            "is shown nothing, and nothing is recorded: telemetry is off until it is turned on"
        }
        (_, ConsentDefault::On) if is_undecided => {
            "is shown the notice once, and nothing is sent before the run after it"
        }
        (ConsentState::On, _) => {
            "is shown nothing: it is decided, and what is recorded is sent at its end"
        }
        (ConsentState::Local, _) => "is shown nothing: what is recorded stays on the machine",
        (ConsentState::Off, _) => "is shown nothing, and nothing is recorded: it is decided",
    };
    format!("A person whose program runs here next {seen}.")
}

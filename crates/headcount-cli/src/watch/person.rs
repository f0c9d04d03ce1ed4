//! The person in whose home a watched program runs: what they have answered,
//! and what the SDK says of their home afterwards.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::thread;
use std::time::{Instant, SystemTime};

use headcount::catalog::ConsentDefault;
use headcount::catalog::Destination;
use headcount::person::{self, Audience, Terminal};
use headcount::ship::{Build, FlushEnd, Overrides, Unshippable, Ureq, target};
use headcount::{Catalog, Host, Session, Surroundings, Telemetry, Time};
use serde_json::Value as Json;

use super::limits;

/// What the person has answered before the program starts.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum Consent {
    /// Yes; or they know, where telemetry is on by default
    #[default]
    Yes,
    /// No: then nothing may be recorded
    No,
    /// Nothing: then nothing may leave the machine
    Unanswered,
}

/// A person in a home of their own.
pub(super) struct Person {
    catalog: &'static Catalog,
    home: PathBuf,
    variables: HashMap<String, String>,
}

/// An event that waits to be sent.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Waiting {
    /// As it is in the queue.
    pub(super) line: String,
    /// Its name and the properties that it has; nothing where the catalog does
    /// not know it.
    pub(super) event: Option<&'static str>,
    pub(super) properties: Vec<&'static str>,
}

impl Waiting {
    fn read(catalog: &Catalog, line: &str) -> Self {
        let line_only = Self { line: line.to_owned(), ..Self::default() };
        let Ok(record) = headcount_wire::read(catalog, line) else { return line_only };
        let own = record.event.properties.iter().zip(&record.properties);
        let properties = own.filter(|(_, value)| value.is_some()).map(|(own, _)| own.name);
        Self { event: Some(record.event.name), properties: properties.collect(), ..line_only }
    }
}

/// What the SDK says of a home.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Home {
    /// Whether telemetry is on there, and why.
    pub(super) is_on: bool,
    pub(super) reason: String,
    /// Events that wait to be sent.
    pub(super) waiting: u64,
    /// Why the destinations get nothing, by name.
    pub(super) problems: Vec<(String, String)>,
    /// Events that were lost, by reason; what a destination rejected is not
    /// among them.
    pub(super) lost: Vec<(String, u64)>,
    /// What the SDK cannot do there, if anything.
    pub(super) problem: Option<String>,
    /// Whether the build has no key for any destination.
    pub(super) is_without_key: bool,
    /// Whether anything was ever recorded there.
    pub(super) has_recorded: bool,
}

impl Person {
    pub(super) fn new(
        catalog: &'static Catalog,
        home: &Path,
        variables: HashMap<String, String>,
    ) -> Self {
        Self { catalog, home: home.to_path_buf(), variables }
    }

    /// Gives the answer.
    ///
    /// # Errors
    ///
    /// Why it cannot be kept, as a sentence.
    pub(super) fn answer(&self, consent: Consent) -> Result<(), String> {
        let session = self.session();
        let is_on_by_default = self.catalog.consent.default == ConsentDefault::On;
        let said = match consent {
            Consent::Yes if is_on_by_default => {
                let notice = person::notice(&session, Terminal::Absent, Audience::ForPeople);
                let _ = notice.and_then(person::Notice::into_text);
                Ok(())
            }
            Consent::Yes => person::grant(&session),
            Consent::No => person::refuse(&session),
            Consent::Unanswered => Ok(()),
        };
        said.map_err(|error| {
            format!("the answer cannot be kept in {}: {error}", self.home.display())
        })
    }

    /// Sends what still waits, once nobody else does.
    pub(super) fn send_the_rest(&self) {
        let until = Instant::now() + limits::SENDING;
        let transport = Ureq::new();
        while self.session().flush(&transport).ended == FlushEnd::Held && Instant::now() < until {
            thread::sleep(limits::LOOK);
        }
    }

    /// What waits to be sent.
    pub(super) fn waiting(&self) -> Vec<Waiting> {
        let reply = person::run(&self.session(), &["dump".to_owned()]);
        reply.out.lines().map(|line| Waiting::read(self.catalog, line)).collect()
    }

    /// Whether the only reason why nothing is sent is that the build of this
    /// program has no key: developers' builds have none.
    fn is_without_key(&self) -> bool {
        let surroundings = self.session_surroundings();
        let is_without = |destination: &Destination| {
            let own =
                Overrides::read(self.catalog, destination, |name| surroundings.variable(name));
            target(self.catalog, destination, &own, Build::this()) == Err(Unshippable::NoKey)
        };
        let destinations = self.catalog.destinations;
        !destinations.is_empty() && destinations.iter().all(is_without)
    }

    /// What the SDK says of the home.
    pub(super) fn home(&self) -> Home {
        let reply = person::run(&self.session(), &["status".to_owned(), "--json".to_owned()]);
        let read = read(&serde_json::from_str(&reply.out).unwrap_or_default());
        Home { is_without_key: self.is_without_key(), ..read }
    }

    fn session(&self) -> Session {
        Telemetry::new(self.catalog, Host::new("unknown"), self.session_surroundings()).open()
    }

    fn session_surroundings(&self) -> Surroundings {
        let now = Time::from_system(SystemTime::now());
        let own = Surroundings::given(&self.home, self.variables.clone(), now);
        Surroundings { policies: Surroundings::of_this_process().policies, ..own }
    }
}

/// Reads the answer of `status --json`.
fn read(status: &Json) -> Home {
    let text = |json: &Json| json.as_str().map(str::to_owned);
    let destinations = status["destinations"].as_array().into_iter().flatten();
    let problems = destinations
        .filter_map(|one| Some((text(&one["name"])?, text(&one["problem"])?)))
        .collect();
    let lost = status["lost"].as_object().into_iter().flatten();
    Home {
        is_on: status["state"] == "on",
        reason: text(&status["reason"]).unwrap_or_default(),
        waiting: status["waiting"]["events"].as_u64().unwrap_or(0),
        problems,
        lost: lost
            .filter(|(why, _)| *why != "rejected")
            .filter_map(|(why, events)| Some((why.clone(), events.as_u64()?)))
            .collect(),
        problem: text(&status["problem"]),
        is_without_key: false,
        has_recorded: !status["last"].is_null(),
    }
}

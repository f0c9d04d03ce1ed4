//! The state of each purpose, and whose word it is: what `status`, `on PURPOSE`
//! and `off PURPOSE` show.

use std::path::PathBuf;

use headcount_catalog::{Catalog, Purpose};
use serde_json::Value as Json;

use super::marks::JOINED;
use super::reply::call;
use crate::as_json::json;
use crate::consent::{self, ConsentState, Refusals, RefusedBy};
use crate::standing::Standing;

/// One purpose.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct PurposeFacts {
    pub(super) name: String,
    /// `None` if this release has no purpose of that name.
    pub(super) purpose: Option<&'static Purpose>,
    pub(super) state: PurposeState,
    /// Its events that are withheld although it is on: they were refused under
    /// another purpose.
    pub(super) except: Vec<&'static str>,
}

/// Whether the events of a purpose are recorded and sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum PurposeState {
    On,
    /// Telemetry as a whole is local.
    Local,
    Off(PurposeOff),
}

/// Why a purpose is off.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum PurposeOff {
    /// The person refused it.
    ByPerson,
    /// An administrator refuses it, by this file.
    ByAdministrator(PathBuf),
    /// It is new in this release, and the person has not agreed to it.
    IsNew,
    /// Telemetry as a whole is off.
    WithTelemetry,
}

impl PurposeFacts {
    /// The facts of every purpose of the catalog, and of every other name that
    /// is refused.
    pub(super) fn all(standing: &Standing) -> Vec<Self> {
        let (catalog, surroundings) = (standing.catalog(), standing.surroundings());
        let refusals = consent::refusals(catalog, surroundings, standing.paths());
        let state = standing.decide().state();
        let agreed = standing.agreement().in_force(catalog);
        let known = catalog.purposes.iter();
        let known = known.map(|purpose| of_known(catalog, agreed, state, &refusals, purpose));
        let strangers = refusals.strangers(catalog).map(|(name, by)| Self {
            name: name.to_owned(),
            purpose: None,
            state: PurposeState::Off(by.into()),
            except: Vec::new(),
        });
        known.chain(strangers).collect()
    }

    /// The facts of one purpose.
    pub(super) fn of(standing: &Standing, name: &str) -> Option<Self> {
        Self::all(standing).into_iter().find(|facts| facts.name == name)
    }

    pub(super) fn is_on(&self) -> bool {
        self.state == PurposeState::On
    }

    /// Whether the person or an administrator keeps it off.
    pub(super) fn is_refused(&self) -> bool {
        use PurposeOff::{ByAdministrator, ByPerson};

        matches!(self.state, PurposeState::Off(ByPerson | ByAdministrator(_)))
    }

    /// Its title, or its name in quotes if it has none.
    pub(super) fn title(&self) -> String {
        self.purpose.map_or_else(|| format!("`{}`", self.name), |purpose| purpose.title.to_owned())
    }

    /// One object:
    /// `{"name":"crash","title":"Crash reports","on":false,"by":"you"}`.
    pub(super) fn json(&self) -> Json {
        let by = match &self.state {
            PurposeState::On => None,
            PurposeState::Local | PurposeState::Off(PurposeOff::WithTelemetry) => Some("telemetry"),
            PurposeState::Off(PurposeOff::ByPerson) => Some("you"),
            PurposeState::Off(PurposeOff::ByAdministrator(_)) => Some("administrator"),
            PurposeState::Off(PurposeOff::IsNew) => Some("release"),
        };
        let title = self.purpose.map(|purpose| purpose.title);
        let mut json = json!({"name": self.name, "title": title, "on": self.is_on(), "by": by});
        if !self.except.is_empty() {
            json["except"] = json!(self.except);
        }
        json
    }
}

/// The purposes that stay refused while telemetry as a whole is turned on.
pub(super) fn still_refused(standing: &Standing) -> String {
    let call = call(standing);
    let stays = PurposeFacts::all(standing);
    let stays = stays.iter().filter(|facts| facts.purpose.is_some());
    let sentence = |facts: &PurposeFacts| match &facts.state {
        PurposeState::Off(PurposeOff::ByPerson) => Some(format!(
            "{}: still off, because you refused this purpose. To turn it on: {call} on{JOINED}{}\n",
            facts.title(),
            facts.name
        )),
        PurposeState::Off(PurposeOff::ByAdministrator(_)) => Some(format!(
            "{}: still off, because an administrator refuses this purpose.\n",
            facts.title()
        )),
        _ => None,
    };
    stays.filter_map(sentence).collect()
}

fn of_known(
    catalog: &'static Catalog,
    agreed: Option<&'static Catalog>,
    state: ConsentState,
    refusals: &Refusals,
    purpose: &'static Purpose,
) -> PurposeFacts {
    let events = || catalog.events.iter().filter(|event| event.purpose == purpose.name);
    let is_agreed = |name: &str| agreed.is_some_and(|agreed| agreed.event(name).is_some());
    let refused = events().filter(|event| refusals.of_event(catalog, event).is_some());
    let except: Vec<&'static str> = refused.map(|event| event.name).collect();
    let (state, except) = match (refusals.of_purpose(purpose), state) {
        (Some(by), _) => (PurposeState::Off(by.into()), Vec::new()),
        (None, _) if except.len() == events().count() => {
            (PurposeState::Off(PurposeOff::ByPerson), Vec::new())
        }
        (None, ConsentState::Off) => (PurposeState::Off(PurposeOff::WithTelemetry), except),
        (None, ConsentState::Local) => (PurposeState::Local, except),
        (None, ConsentState::On) if !events().any(|event| is_agreed(event.name)) => {
            (PurposeState::Off(PurposeOff::IsNew), Vec::new())
        }
        (None, ConsentState::On) => (PurposeState::On, except),
    };
    PurposeFacts { name: purpose.name.to_owned(), purpose: Some(purpose), state, except }
}

impl From<RefusedBy<'_>> for PurposeOff {
    fn from(by: RefusedBy<'_>) -> Self {
        match by {
            RefusedBy::Person => Self::ByPerson,
            RefusedBy::Administrator(path) => Self::ByAdministrator(path.to_path_buf()),
        }
    }
}

//! Consent: which rule has an opinion, which one wins, and what it permits.
//!
//! `decide` is a pure function over opinions. Each rule has its own file:
//! `variable` (environment and `DO_NOT_TRACK`), `integration` (CI), `chosen`
//! (the person's answer), `admin` (an administrator's policy). A rule refuses,
//! grants or has no opinion. The first opinion in the catalog's order wins;
//! without any, the catalog's default holds. Only an answer and a default can
//! grant.
//!
//! The answer may be written in several places: `written` reads them all,
//! `near_miss` finds a no under a misspelt key, and `chosen` decides from all
//! of it, purely: a no counts wherever it was said.
//!
//! `permit` is the proof of a yes, which recording needs, and `told` the proof
//! that the person knows, which sending needs. `agreement` and `cut` withhold
//! what a new release adds until the person agrees, and `refusals` and `cut`
//! what has a purpose that is refused.

mod decide;
mod variable;
mod integration;
mod near_miss;
mod written;
mod chosen;
mod admin;
mod refusals;
mod permit;
mod told;
mod cut;
mod joined;
mod agreement;

use std::cell::OnceCell;

use headcount_catalog::{Catalog, RefusingValues, Rule};

use crate::built::BUILT;
use crate::surroundings::ci;
use crate::{Owner, Paths, Surroundings};
use decide::decide;

pub use decide::{ConsentState, Decision, Opinion, Says, Why};
pub use permit::{Permit, Reach};

pub(crate) use agreement::{Agreement, agree, agree_to_purpose};
pub(crate) use chosen::Chosen;
pub(crate) use joined::note_joined;
pub(crate) use refusals::{Refusals, RefusedBy};
pub(crate) use told::{SendPermit, Told};
pub(crate) use written::Answers;

/// Whether `--no-telemetry` was given at this run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Flag {
    /// It was not given.
    Absent,
    /// `--no-telemetry` was given.
    NoTelemetry,
}

/// A decision, and what it was made of.
#[derive(Debug)]
pub(crate) struct Settled {
    pub(crate) decision: Decision,
    /// What was read for it, if that needed any file.
    pub(crate) answers: Option<Answers>,
    /// The purposes that are refused, as far as that was read. All of them if
    /// the decision permits anything.
    pub(crate) refusals: Refusals,
}

impl Settled {
    fn off(winner: Opinion) -> Self {
        let refusals = Refusals::default();
        Self { decision: Decision::off(winner), answers: None, refusals }
    }
}

/// Decides. It asks each rule only until one has an opinion: a host whose
/// variable says off reads no file. Returns what it read, too.
#[must_use]
pub(crate) fn settle(
    catalog: &Catalog,
    flag: Flag,
    surroundings: &Surroundings,
    paths: Option<&Paths>,
) -> Settled {
    if !BUILT {
        return Settled::off(Opinion { says: Says::Refuse, why: Why::NotBuilt });
    }
    if let Some(opinion) = ground(surroundings, paths) {
        return Settled::off(opinion);
    }
    let policy = admin::policy(catalog.product.name, &surroundings.policies);
    let answers = OnceCell::new();
    let ask = |rule| opinion(rule, catalog, flag, surroundings, paths, &answers);
    let decision = decide(catalog, policy.opinion.clone(), ask);
    // Only settings and a default can grant, so the answers were read for both.
    let answers = answers.into_inner();
    let refusals = Refusals::read(answers.as_ref(), policy);
    Settled { decision, answers, refusals }
}

/// The purposes that are refused, to be shown to a person.
#[must_use]
pub(crate) fn refusals(
    catalog: &Catalog,
    surroundings: &Surroundings,
    paths: Option<&Paths>,
) -> Refusals {
    let policy = admin::policy(catalog.product.name, &surroundings.policies);
    let answers = paths.map(|paths| Answers::read(&catalog.files.settings, paths));
    Refusals::read(answers.as_ref(), policy)
}

/// The catalog without what is refused; `None` if that cannot be made.
pub(crate) fn without_refused(
    agreed: &'static Catalog,
    refusals: &Refusals,
) -> Option<&'static Catalog> {
    cut::without(agreed, refusals.withheld(agreed))
}

/// Whether a variable or the flag refuses before any settings file could grant:
/// then no file need be read. Which rule wins is the result of [`settle`].
#[must_use]
pub(crate) fn is_refused(catalog: &Catalog, flag: Flag, surroundings: &Surroundings) -> bool {
    // Only settings can grant. Continuous integration has about sixty
    // variables, so it is not asked here.
    let before = catalog.consent.order.iter().take_while(|rule| **rule != Rule::Settings);
    let mut quick = before.filter(|rule| **rule != Rule::Ci);
    let none = OnceCell::new();
    quick.any(|rule| opinion(*rule, catalog, flag, surroundings, None, &none).is_some())
}

/// The administrator's opinion, to be shown to a person.
#[must_use]
pub fn administrator(catalog: &Catalog, surroundings: &Surroundings) -> Option<Opinion> {
    admin::policy(catalog.product.name, &surroundings.policies).opinion
}

/// The opinion of every rule, in the catalog's order, to be shown to a person.
#[must_use]
pub fn explain(
    catalog: &Catalog,
    flag: Flag,
    surroundings: &Surroundings,
    paths: Option<&Paths>,
) -> Vec<(Rule, Option<Opinion>)> {
    let answers = OnceCell::new();
    let ask = |rule| opinion(rule, catalog, flag, surroundings, paths, &answers);
    catalog.consent.order.iter().map(|rule| (*rule, ask(*rule))).collect()
}

/// The opinion of what the person answered, and a yes that does not count.
#[must_use]
pub(crate) fn answered(catalog: &Catalog, paths: &Paths) -> Chosen {
    chosen::chosen(&Answers::read(&catalog.files.settings, paths))
}

/// Refuses without a home folder of the person: there is nothing to decide.
fn ground(surroundings: &Surroundings, paths: Option<&Paths>) -> Option<Opinion> {
    let problem = match paths.map(|paths| paths.owner(surroundings)) {
        None => "there is no home folder",
        Some(Owner::Somebody) => {
            "the home folder, or a folder of this product in it, belongs to another user"
        }
        Some(Owner::Nobody) => "the home folder is not there",
        Some(Owner::User) => return None,
    };
    Some(Opinion { says: Says::Refuse, why: Why::Home(problem) })
}

fn opinion(
    rule: Rule,
    catalog: &Catalog,
    flag: Flag,
    surroundings: &Surroundings,
    paths: Option<&Paths>,
    answers: &OnceCell<Answers>,
) -> Option<Opinion> {
    match rule {
        Rule::Ci => integration::opinion(&surroundings.variables),
        Rule::Environment => catalog.consent.variables.iter().find_map(|variable| {
            variable::opinion(variable.name, variable.refuses, &surroundings.variables)
        }),
        Rule::DoNotTrack => {
            variable::opinion("DO_NOT_TRACK", RefusingValues::One, &surroundings.variables)
        }
        Rule::Flag => {
            (flag == Flag::NoTelemetry).then_some(Opinion { says: Says::Refuse, why: Why::Flag })
        }
        Rule::Settings => {
            let paths = paths?;
            let read = || Answers::read(&catalog.files.settings, paths);
            chosen::chosen(answers.get_or_init(read)).opinion
        }
    }
}

/// The variables that a shipper needs to decide as its host did.
pub(crate) fn variables(catalog: &Catalog) -> impl Iterator<Item = &'static str> {
    let own = catalog.consent.variables.iter().map(|variable| variable.name);
    own.chain(["DO_NOT_TRACK"]).chain(ci::VARIABLES.iter().copied())
}

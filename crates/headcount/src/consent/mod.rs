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
//! what a new release adds until the person agrees.

mod decide;
mod variable;
mod integration;
mod near_miss;
mod written;
mod chosen;
mod admin;
mod permit;
mod told;
mod cut;
mod agreement;

use std::cell::OnceCell;

use headcount_catalog::{Catalog, RefusingValues, Rule};

use crate::built::BUILT;
use crate::surroundings::ci;
use crate::{Owner, Paths, Surroundings};
use decide::decide;

pub use decide::{ConsentState, Decision, Opinion, Says, Why};
pub use permit::{Permit, Reach};

pub(crate) use agreement::{Agreement, agree};
pub(crate) use chosen::Chosen;
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

/// Decides. It asks each rule only until one has an opinion: a host whose
/// variable says off reads no file. Returns what it read, too.
#[must_use]
pub(crate) fn settle(
    catalog: &Catalog,
    flag: Flag,
    surroundings: &Surroundings,
    paths: Option<&Paths>,
) -> (Decision, Option<Answers>) {
    if !BUILT {
        let winner = Opinion { says: Says::Refuse, why: Why::NotBuilt };
        return (Decision::off(winner), None);
    }
    if let Some(opinion) = ground(surroundings, paths) {
        return (Decision::off(opinion), None);
    }
    let admin = admin::opinion(catalog.product.name, &surroundings.policies);
    let answers = OnceCell::new();
    let ask = |rule| opinion(rule, catalog, flag, surroundings, paths, &answers);
    let decision = decide(catalog, admin, ask);
    (decision, answers.into_inner())
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
    admin::opinion(catalog.product.name, &surroundings.policies)
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

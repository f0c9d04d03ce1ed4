//! Consent: who has an opinion, whose wins, and what it permits.
//!
//! `decide` is a pure function over opinions. Each rule's
//! opinion is formed in a file of its own: variables, continuous integration,
//! settings. A rule refuses, grants or is silent; the first in the catalog's
//! order that is not silent wins; where all are silent the catalog's default
//! holds. Only a settings file and a default can grant.

mod decide;
mod variable;
mod integration;
mod chosen;
mod admin;
mod permit;
mod cut;
mod agreement;

pub use decide::{ConsentState, Decision, Opinion, Says, Why};
pub use permit::{Permit, Reach};

pub(crate) use agreement::{Agreement, agree};

use headcount_catalog::{Catalog, RefusingValues, Rule};

use decide::decide;

use crate::built::BUILT;
use crate::surroundings::ci;
use crate::{Owner, Paths, Surroundings};

/// What this invocation's own flag says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Flag {
    /// It was not given.
    Absent,
    /// `--no-telemetry` was given.
    NoTelemetry,
}

/// Decides, asking each rule only until one has an opinion: a host whose
/// variable says off reads no file.
#[must_use]
pub(crate) fn settle(
    catalog: &Catalog,
    flag: Flag,
    surroundings: &Surroundings,
    paths: Option<&Paths>,
) -> Decision {
    if !BUILT {
        let winner = Opinion { says: Says::Refuse, why: Why::NotBuilt };
        return Decision::off(winner);
    }
    if let Some(opinion) = ground(surroundings, paths) {
        return Decision::off(opinion);
    }
    let admin = admin::opinion(catalog.product.name, surroundings.policies.as_deref());
    decide(catalog, admin, |rule| opinion(rule, catalog, flag, surroundings, paths))
}

/// Whether a variable or the flag refuses, and nothing can come before them:
/// then nothing need be read. Whose word wins is for [`settle`] to say.
#[must_use]
pub(crate) fn is_refused(catalog: &Catalog, flag: Flag, surroundings: &Surroundings) -> bool {
    // Only settings can grant. Continuous integration has some sixty variables, so it is asked
    // when it is its turn.
    let before = catalog.consent.order.iter().take_while(|rule| **rule != Rule::Settings);
    let mut quick = before.filter(|rule| **rule != Rule::Ci);
    quick.any(|rule| opinion(*rule, catalog, flag, surroundings, None).is_some())
}

/// The administrator's opinion, for a person to read.
#[must_use]
pub fn administrator(catalog: &Catalog, surroundings: &Surroundings) -> Option<Opinion> {
    admin::opinion(catalog.product.name, surroundings.policies.as_deref())
}

/// The opinion of every rule, in the catalog's order, for a person to read.
#[must_use]
pub fn explain(
    catalog: &Catalog,
    flag: Flag,
    surroundings: &Surroundings,
    paths: Option<&Paths>,
) -> Vec<(Rule, Option<Opinion>)> {
    let order = catalog.consent.order.iter();
    order.map(|rule| (*rule, opinion(*rule, catalog, flag, surroundings, paths))).collect()
}

/// Without a home of one's own there is nothing to decide.
fn ground(surroundings: &Surroundings, paths: Option<&Paths>) -> Option<Opinion> {
    let problem = match paths.map(|paths| surroundings.owner_of(&paths.folder)) {
        None => "there is no home folder",
        Some(Owner::Somebody) => "the home folder belongs to another user",
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
        Rule::Settings => chosen::opinion(&catalog.files.settings, paths?),
    }
}

/// The variables a shipper must see to decide as its host did.
pub(crate) fn variables(catalog: &Catalog) -> impl Iterator<Item = &'static str> {
    let own = catalog.consent.variables.iter().map(|variable| variable.name);
    own.chain(["DO_NOT_TRACK"]).chain(ci::VARIABLES.iter().copied())
}

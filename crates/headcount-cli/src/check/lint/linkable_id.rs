//! HC109: an id that anybody who knows the machine can compute.

use headcount_catalog::{Catalog, Day, Scheme};

use super::advice::{Advice, Lint, keys};
use crate::check::finding::Level;

pub(super) const LINT: Lint = Lint {
    code: "HC109",
    name: "linkable-id",
    explanation: "`machine-hash` is made of the host name, the user and the platform, without a secret. Whoever knows the \
                  three, such as an employer, finds the device in the data, and it comes back after the id was deleted. \
                  `random` with `rotation = \"monthly\"`, or no id with `count`, answer nearly the same questions.",
    find,
};

fn find(catalog: &Catalog, _today: Day) -> Vec<Advice> {
    if catalog.identity.scheme != Scheme::MachineHash {
        return Vec::new();
    }
    let message = "The id can be computed by anybody who knows the machine: use `scheme = \"random\"`, or `\"none\"` with `count`.";
    vec![Advice {
        level: Level::Advice,
        keys: keys(&["identity", "scheme"]),
        message: message.to_owned(),
    }]
}

//! HC111: telemetry is on before anybody was asked.

use headcount_catalog::{Catalog, ConsentDefault, Day};

use super::advice::{Advice, Lint, keys};
use crate::check::finding::Level;

pub(super) const LINT: Lint = Lint {
    code: "HC111",
    name: "on-by-default",
    explanation: "In the European Union, reading from or storing on somebody's device what the program does not need for \
                  its own work takes their consent first (Directive 2002/58/EC, article 5(3)), whether or not it is \
                  personal. A notice is not consent. `default = \"ask\"` asks once; `\"off\"` waits for those who want to \
                  help. This is not legal advice.",
    find,
};

fn find(catalog: &Catalog, _today: Day) -> Vec<Advice> {
    if catalog.consent.default != ConsentDefault::On {
        return Vec::new();
    }
    let message = "Telemetry is on before anybody was asked, which the law of the European Union does not allow for most of it: use `default = \"ask\"`.";
    vec![Advice {
        level: Level::Hint,
        keys: keys(&["consent", "default"]),
        message: message.to_owned(),
    }]
}

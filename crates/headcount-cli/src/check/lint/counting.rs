//! HC112: active devices could be counted without an id.

use headcount_catalog::{Catalog, Day, Scheme};

use super::advice::{Advice, Lint, keys};
use crate::check::finding::Level;

pub(super) const LINT: Lint = Lint {
    code: "HC112",
    name: "counting",
    explanation: "How many devices are active in a day, a week or a month can be known without an id: a device marks its \
                  own first event of each, and the collector adds up marks. It answers what most products have an id \
                  for, and nobody can be followed by it.",
    find,
};

fn find(catalog: &Catalog, _today: Day) -> Vec<Advice> {
    if !catalog.identity.count.is_empty() || catalog.is_observed() {
        return Vec::new();
    }
    let message = match catalog.identity.scheme {
        Scheme::None => {
            "Add `count = [\"day\", \"week\", \"month\"]` to `[identity]` to learn how many devices are active, without an id."
        }
        Scheme::Random | Scheme::MachineHash => {
            "Active devices can be counted without an id: `scheme = \"none\"` and `count = [\"day\", \"week\", \"month\"]` in `[identity]`."
        }
    };
    let keys = keys(&["identity", "scheme"]);
    vec![Advice { level: Level::Hint, keys, message: message.to_owned() }]
}

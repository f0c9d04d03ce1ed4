//! Every question of the closed list about the events of the suite.

use headcount_catalog::{Day, Period};

use super::random_commits::PRODUCTS;
use super::test_event::{ACROSS, EVENTS, HISTOGRAMS};
use crate::{Question, VersionScope};

/// The columns that are asked about.
const PROPERTIES: [&str; 8] =
    ["command", "agent", "success", "model", "text", "texts", "version", "code"];

/// Every question, about the days from one to another.
pub(super) fn questions((from, to): (Day, Day)) -> Vec<Question> {
    let mut all = vec![Question::Outcomes, Question::Products];
    for product in PRODUCTS {
        let product = || product.to_owned();
        all.push(Question::Retention { product: product(), from, to });
        all.push(Question::Versions { product: product(), from, to });
        all.push(Question::Rejected { product: product(), from, to });
        for (period, _) in Period::ALL {
            all.push(Question::Marks { product: product(), period, from, to });
        }
        let only = ["1.0", "1.5", "other", "", "none"];
        let only = only.map(|version| VersionScope::Only(version.to_owned()));
        for versions in [VersionScope::All, VersionScope::Each].into_iter().chain(only) {
            of_versions(&mut all, &product(), (from, to), &versions);
        }
    }
    all
}

fn of_versions(
    all: &mut Vec<Question>,
    product: &str,
    (from, to): (Day, Day),
    versions: &VersionScope,
) {
    let product = || product.to_owned();
    let versions = || versions.clone();
    all.push(Question::Events { product: product(), from, to, versions: versions() });
    for (period, _) in Period::ALL {
        let (product, versions) = (product(), versions());
        all.push(Question::Active { product, period, from, to, versions });
    }
    for event in EVENTS {
        let event = || event.to_owned();
        let none = [None].into_iter();
        for by in none.chain(PROPERTIES.map(|name| Some(name.to_owned()))) {
            if let Some(property) = by.clone() {
                let (product, event, versions) = (product(), event(), versions());
                all.push(Question::ByProperty { product, event, property, from, to, versions });
            }
            let (product, event, versions) = (product(), event(), versions());
            all.push(Question::Failures { product, event, by, from, to, versions });
        }
        for (property, (period, _)) in HISTOGRAMS.into_iter().zip([Period::ALL[1], Period::ALL[0]])
        {
            let (product, event, versions) = (product(), event(), versions());
            let property = property.to_owned();
            all.push(Question::Quantiles { product, event, property, period, from, to, versions });
        }
    }
    for (event, one, other) in ACROSS {
        for (one, other) in [(one.0, other.0), (other.0, one.0)] {
            let [event, one, other] = [event, one, other].map(str::to_owned);
            let (product, versions) = (product(), versions());
            all.push(Question::Across { product, event, one, other, from, to, versions });
        }
    }
}

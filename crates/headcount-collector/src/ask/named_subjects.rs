//! Which events and properties a question names, and so looks at. Pure.

use headcount_catalog::Event;
use headcount_store::{RawCount, RawQuestion, Step, StepFollower};

use crate::last_asked::Subject;
use crate::registry::LoadedProduct;

/// The events and properties that a question names. What the newest catalog
/// does not have is left out, and so are entries of the envelope, which are not
/// properties.
///
/// A filter or a split is of the property in each event that is named; without
/// one, in every event that has it. A question about failures also reads the
/// property that tells them.
pub(super) fn named(question: &RawQuestion, product: &LoadedProduct) -> Vec<Subject> {
    let everywhere: Vec<&str> = question
        .filters
        .iter()
        .map(|filter| filter.column.as_str())
        .chain(question.split.as_deref())
        .collect();
    let counted = counted(&question.count);
    let mut all = Vec::new();
    for event in product.newest().events {
        let own = || counted.iter().filter(|(name, _)| *name == event.name);
        if own().next().is_some() {
            all.push(Subject::event(event.name));
        } else if !counted.is_empty() {
            continue;
        }
        let mut names: Vec<&str> = own().flat_map(|(_, names)| names.iter().copied()).collect();
        names.extend(&everywhere);
        if matches!(question.count, RawCount::Failures { .. }) {
            names.extend(event.failure().map(|(_, property)| property.name));
        }
        all.extend(properties(event, &names));
    }
    all
}

fn properties(event: &Event, names: &[&str]) -> impl Iterator<Item = Subject> {
    let own = event.properties.iter().filter(|property| names.contains(&property.name));
    own.map(|property| Subject::property(event.name, property.name))
}

/// The events that are counted, each with the properties that it is counted by.
/// Empty where all events are counted.
fn counted(count: &RawCount) -> Vec<(&str, Vec<&str>)> {
    match count {
        RawCount::ByProperty { event, property } | RawCount::Quantiles { event, property, .. } => {
            vec![(event, vec![property])]
        }
        RawCount::Across { event, one, other } => vec![(event, vec![one, other])],
        RawCount::Failures { event, by } => vec![(event, by.iter().map(String::as_str).collect())],
        RawCount::Steps(count) => steps(&count.steps, &count.followed),
        // What nobody named is looked at, but not asked for.
        RawCount::Next(count) => steps(&count.after, &count.followed),
        // Devices, and events by name.
        _ => Vec::new(),
    }
}

fn steps<'a>(steps: &'a [Step], followed: &'a StepFollower) -> Vec<(&'a str, Vec<&'a str>)> {
    let sessions = match followed {
        StepFollower::Devices => &[][..],
        StepFollower::Sessions(columns) => columns,
    };
    steps
        .iter()
        .map(|step| {
            let value = step.value.iter().map(|value| value.column.as_str());
            (step.event.as_str(), value.chain(sessions.iter().map(String::as_str)).collect())
        })
        .collect()
}

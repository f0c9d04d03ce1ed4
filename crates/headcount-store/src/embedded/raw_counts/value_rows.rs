//! Which values of open vocabularies a question may show.

use std::collections::{HashMap, HashSet};

use super::super::rollups::Rollups;
use crate::{RawCount, RawQuestion, Step, VersionScope};

/// The values of open vocabularies that have a row, by column.
pub(in crate::embedded) type ValueRows = HashMap<Box<str>, HashSet<Box<str>>>;

/// The values of a product that a question may have to show.
pub(in crate::embedded) fn value_rows(rollups: &Rollups, question: &RawQuestion) -> ValueRows {
    let named: Vec<&str> = match &question.count {
        RawCount::Events | RawCount::Active { .. } | RawCount::Quantiles { .. } => Vec::new(),
        RawCount::ByProperty { property, .. } => vec![property],
        RawCount::Across { one, other, .. } => vec![one, other],
        RawCount::Failures { by, .. } => by.iter().map(String::as_str).collect(),
        RawCount::Steps(count) => columns_of(&count.steps).collect(),
        RawCount::Next(count) => {
            let told = count.events.iter().filter_map(|event| event.value.as_deref());
            columns_of(&count.after).chain(told).collect()
        }
    };
    // The schema says which column is the version.
    let is_by_version = question.versions != VersionScope::All;
    rollups.value_rows(&question.product, |column| {
        let is_filter = || question.filters.iter().any(|filter| filter.column == column);
        let is_split = question.split.as_deref() == Some(column);
        is_by_version || is_split || named.contains(&column) || is_filter()
    })
}

fn columns_of(steps: &[Step]) -> impl Iterator<Item = &str> {
    steps.iter().filter_map(|step| step.value.as_ref()).map(|value| value.column.as_str())
}

//! The pieces of SQL that a question about raw events is made of. Whatever
//! somebody chose is in quotes.

use super::super::statement::{listed, part, quoted};
use crate::{RawQuestion, ValueFilter, VersionScope};

/// The conditions of a question.
pub(super) fn filters(question: &RawQuestion) -> String {
    let mut all: Vec<String> = question.filters.iter().map(filter).collect();
    if let VersionScope::Only(version) = &question.versions {
        all.push(format!("{} = {}", part("raw_version", &[]), quoted(version)));
    }
    if all.is_empty() { "1".into() } else { all.join(" AND ") }
}

/// Whether an event has one of the values.
pub(super) fn filter(filter: &ValueFilter) -> String {
    let wanted = match filter.values.as_slice() {
        [] => "emptyArrayString()".to_owned(),
        values => listed(values.iter().map(|value| quoted(value))),
    };
    part("filter", &[("column", &quoted(&filter.column)), ("wanted", &wanted)])
}

/// The values of a column, as rows show them.
pub(super) fn shown(column: &str) -> String {
    part("shown_values", &[("column", &quoted(column))])
}

/// What an event is counted under in the place of its version.
pub(super) fn scopes(question: &RawQuestion) -> String {
    match (&question.split, &question.versions) {
        (Some(column), _) => {
            let shown = shown(column);
            format!("if(empty({shown}), [''], {shown})")
        }
        (None, VersionScope::Each) => format!("[{}]", part("raw_version", &[])),
        (None, _) => "['']".into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_that_looks_like_sql_stays_in_its_quotes() {
        let values = vec!["') OR 1 --".to_owned(), "@include(filter)".to_owned()];
        let told = filter(&ValueFilter { column: "it's".into(), values });
        assert!(told.contains(r"['\') OR 1 --', '@include(filter)']"), "{told}");
        assert!(told.contains(r"`column` = 'it\'s'"), "{told}");
    }
}

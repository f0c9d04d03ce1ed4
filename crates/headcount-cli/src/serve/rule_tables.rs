//! A list of rules in the configuration file, such as `[[alert]]`: each table
//! is one, with a name of its own.

use std::ops::Range;

use toml::Spanned;
use toml::de::DeValue;

use super::config_table::{Mistakes, Table};
use super::file_place::FilePlace;

/// A rule, and where it is.
#[derive(Debug)]
pub(super) struct RuleSetting<R> {
    pub(super) rule: R,
    /// The file and the line.
    pub(super) line: String,
}

/// A list of rules.
pub(super) struct RuleList<R> {
    /// The key in the file, which is also what one of them is called.
    pub(super) key: &'static str,
    /// How many there may be.
    pub(super) most: usize,
    /// The name of a rule. No two have one.
    pub(super) name: fn(&R) -> &str,
}

impl<R> RuleList<R> {
    /// Reads all of them with `rule`, and what is wrong.
    pub(super) fn read(
        &self,
        value: &Spanned<DeValue<'_>>,
        place: &dyn Fn(Range<usize>) -> FilePlace,
        mut rule: impl FnMut(&mut Table<'_, '_>) -> Option<R>,
    ) -> (Vec<RuleSetting<R>>, Mistakes) {
        let Self { key, most, name } = self;
        let (mut rules, mut mistakes): (Vec<RuleSetting<R>>, Mistakes) = (Vec::new(), Vec::new());
        let DeValue::Array(items) = value.get_ref() else {
            let sentence = format!("write `[[{key}]]`, with two brackets");
            return (rules, vec![(value.span(), sentence)]);
        };
        for item in items {
            let DeValue::Table(entries) = item.get_ref() else {
                let sentence = format!("`{key}` is not a table: write `[[{key}]]`");
                mistakes.push((item.span(), sentence));
                continue;
            };
            let mut table = Table::new(entries, item.span());
            let read = rule(&mut table);
            table.refuse_others();
            mistakes.append(&mut table.mistakes);
            let Some(rule) = read else { continue };
            if rules.iter().any(|other| name(&other.rule) == name(&rule)) {
                let name = name(&rule);
                let sentence = format!("two {key}s have the name `{name}`: give one a `name`");
                mistakes.push((item.span(), sentence));
            } else {
                rules.push(RuleSetting { rule, line: place(item.span()).line() });
            }
        }
        if rules.len() > *most {
            mistakes.push((value.span(), format!("there are more than {most} {key}s")));
        }
        (rules, mistakes)
    }
}

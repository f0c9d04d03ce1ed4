//! `[[report]]` in the configuration file: which products are reported once a
//! week, when, and to whom.

use std::ops::Range;
use std::path::Path;

use headcount_collector::{ReportRule, Weekday, limits};
use toml::Spanned;
use toml::de::DeValue;

use super::config_table::{Mistakes, Table, mail_channel, product_name, rule_name};
use super::file_place::FilePlace;
use super::rule_tables::{RuleList, RuleSetting};

/// The key in the file.
pub(super) const KEY: &str = "report";

/// The names of the days.
const DAYS: [&str; Weekday::ALL.len()] = {
    let mut names = [""; Weekday::ALL.len()];
    let mut at = 0;
    while at < names.len() {
        names[at] = Weekday::ALL[at].1;
        at += 1;
    }
    names
};

/// The hour at which a report is sent unless the file says another one: by
/// then, most of what programs kept over a weekend has arrived.
const USUAL_HOUR: u64 = 8;

/// A report, and where it is.
pub(super) type ReportSetting = RuleSetting<ReportRule>;

/// All of them in a file.
const LIST: RuleList<ReportRule> =
    RuleList { key: KEY, most: limits::REPORT_RULES, name: |rule| &rule.name };

/// Reads all of them, and what is wrong.
pub(super) fn read(
    value: &Spanned<DeValue<'_>>,
    place: &dyn Fn(Range<usize>) -> FilePlace,
    folder: &Path,
) -> (Vec<ReportSetting>, Mistakes) {
    LIST.read(value, place, |table| rule(table, folder))
}

fn rule(table: &mut Table<'_, '_>, folder: &Path) -> Option<ReportRule> {
    let wrong = table.mistakes.len();
    let name = table.text("name", rule_name).unwrap_or_else(|| "weekly".to_owned());
    let products = table.texts("products", product_name);
    let on = match table.has("on") {
        true => table.one_of("on", &DAYS),
        false => Some(DAYS[0]),
    };
    let hour = table.whole("hour", 0, 23, USUAL_HOUR);
    if !table.has("email") {
        table.mistake("nobody gets it: add `email`");
    }
    let channel = mail_channel(table, folder);
    let products = products?;
    if products.len() > limits::REPORT_PRODUCTS {
        let most = limits::REPORT_PRODUCTS;
        table.mistake(&format!("a report has at most {most} products: make two"));
    }
    let is_twice = |at: usize| products[..at].contains(&products[at]);
    if (0..products.len()).any(is_twice) {
        table.mistake("`products` names one twice: name each once");
    }
    let on = on?;
    let (on, _) = Weekday::ALL.into_iter().find(|(_, name)| *name == on)?;
    let (hour, channels) = (u8::try_from(hour?).ok()?, vec![channel?]);
    let rule = ReportRule { name, products, on, hour, channels };
    (table.mistakes.len() == wrong).then_some(rule)
}

#[cfg(test)]
#[path = "report_tables_tests.rs"]
mod tests;

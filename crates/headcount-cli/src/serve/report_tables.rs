//! `[[report]]` in the configuration file: which products are reported once a
//! week, when, and to whom.

use std::ops::Range;
use std::path::Path;

use headcount_collector::{ReportRule, Weekday, limits};
use toml::Spanned;
use toml::de::DeValue;

use super::config_table::{Mistakes, Table, mail_channel, product_name, rule_name};
use super::file_place::FilePlace;

/// The key in the file.
pub(super) const KEY: &str = "report";

/// The names of the days.
const DAYS: &[&str] =
    &["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];

/// The hour at which a report is sent unless the file says another one: by
/// then, most of what programs kept over a weekend has arrived.
const USUAL_HOUR: u64 = 8;

/// A report, and where it is.
#[derive(Debug)]
pub(super) struct ReportSetting {
    pub(super) rule: ReportRule,
    /// The file and the line.
    pub(super) line: String,
}

/// Reads all of them, and what is wrong.
pub(super) fn read(
    value: &Spanned<DeValue<'_>>,
    place: &dyn Fn(Range<usize>) -> FilePlace,
    folder: &Path,
) -> (Vec<ReportSetting>, Mistakes) {
    let (mut reports, mut mistakes): (Vec<ReportSetting>, Mistakes) = (Vec::new(), Vec::new());
    let DeValue::Array(items) = value.get_ref() else {
        let sentence = "write `[[report]]`, with two brackets".to_owned();
        return (reports, vec![(value.span(), sentence)]);
    };
    for item in items {
        let DeValue::Table(entries) = item.get_ref() else {
            mistakes.push((item.span(), "`report` is not a table: write `[[report]]`".to_owned()));
            continue;
        };
        let mut table = Table::new(entries, item.span());
        let rule = rule(&mut table, folder);
        table.refuse_others();
        mistakes.append(&mut table.mistakes);
        let Some(rule) = rule else { continue };
        if reports.iter().any(|report| report.rule.name == rule.name) {
            let sentence = format!("two reports have the name `{}`: give one a `name`", rule.name);
            mistakes.push((item.span(), sentence));
        } else {
            reports.push(ReportSetting { rule, line: place(item.span()).line() });
        }
    }
    if reports.len() > limits::REPORT_RULES {
        let sentence = format!("there are more than {} reports", limits::REPORT_RULES);
        mistakes.push((value.span(), sentence));
    }
    (reports, mistakes)
}

fn rule(table: &mut Table<'_, '_>, folder: &Path) -> Option<ReportRule> {
    let wrong = table.mistakes.len();
    let name = table.text("name", rule_name).unwrap_or_else(|| "weekly".to_owned());
    let products = table.texts("products", product_name);
    let on = match table.has("on") {
        true => table.one_of("on", DAYS),
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

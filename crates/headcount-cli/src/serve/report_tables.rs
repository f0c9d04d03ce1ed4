//! `[[report]]` in the configuration file: which products are reported once a
//! week or a month, when, and to whom.

use std::ops::Range;
use std::path::Path;

use headcount_collector::{ReportDay, ReportRule, Weekday, limits};
use toml::Spanned;
use toml::de::DeValue;

use super::config_table::{self, Mistakes, Table, mail_channel, product_name, rule_name};
use super::file_place::FilePlace;
use super::rule_tables::{RuleList, RuleSetting};

/// The key in the file.
pub(super) const KEY: &str = "report";

/// The values of `every`, the usual one first.
const EVERY: [&str; 2] = ["week", MONTH];
const MONTH: &str = "month";

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
    let every = match table.has("every") {
        true => table.one_of("every", &EVERY),
        false => Some(EVERY[0]),
    };
    let usual_name = if every == Some(MONTH) { "monthly" } else { "weekly" };
    let name = table.text("name", rule_name).unwrap_or_else(|| usual_name.to_owned());
    let products = table.texts("products", product_name);
    let on = day(table, every);
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
    let (on, hour, channels) = (on?, u8::try_from(hour?).ok()?, vec![channel?]);
    let rule = ReportRule { name, products, on, hour, channels };
    (table.mistakes.len() == wrong).then_some(rule)
}

/// The day on which it is sent: the first one if the file says none. What it
/// may be depends on `every`: nothing is said of it while that is wrong.
fn day(table: &mut Table<'_, '_>, every: Option<&str>) -> Option<ReportDay> {
    let given = table.get("on");
    let is_month = every? == MONTH;
    let Some(value) = given else {
        return Some(if is_month { ReportDay::Month(1) } else { ReportDay::Week(Weekday::Monday) });
    };
    let (text, number) = (value.get_ref().as_str(), config_table::whole(value));
    let weekday = Weekday::ALL.into_iter().find(|(_, name)| text == Some(name));
    let is_number = value.get_ref().is_integer();
    let of_month = number.and_then(|number| u8::try_from(number).ok());
    let of_month = of_month.filter(|day| (1..=ReportDay::LAST).contains(day));
    let (day, why) = match is_month {
        true => (of_month.map(ReportDay::Month), why_not_of_month(weekday.is_some(), is_number)),
        false => (weekday.map(|(day, _)| ReportDay::Week(day)), why_not_of_week(is_number)),
    };
    if day.is_none() {
        table.wrong("on", value, &why);
    }
    day
}

fn why_not_of_month(is_weekday: bool, is_number: bool) -> String {
    let last = ReportDay::LAST;
    match (is_weekday, is_number) {
        (true, _) => format!(
            "a monthly report is sent on a day of the month: use a whole number from 1 to {last}, \
             or `every = \"week\"`"
        ),
        (_, true) => {
            format!("not a day that every month has: use a whole number from 1 to {last}")
        }
        _ => format!("not a day of the month: use a whole number from 1 to {last}"),
    }
}

fn why_not_of_week(is_number: bool) -> String {
    let days = DAYS.join(", ");
    match is_number {
        true => format!(
            "a weekly report is sent on a day of the week: use {days}; or `every = \"month\"` for a \
             day of the month"
        ),
        false => format!("use {days}"),
    }
}

#[cfg(test)]
#[path = "report_tables_tests.rs"]
mod tests;

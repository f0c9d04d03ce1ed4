//! `[[alert]]` in the configuration file: what the operator wants to hear of.

use std::ops::Range;
use std::path::Path;

use headcount_collector::{AlertChannel, AlertCondition, AlertRule, CountedThing, limits};
use toml::Spanned;
use toml::de::DeValue;

use super::config_table::{Mistakes, Table, mail_channel, product_name, rule_name};
use super::file_place::FilePlace;
use super::rule_tables::{RuleList, RuleSetting};
use crate::delivery::Webhook;

/// The key in the file.
pub(super) const KEY: &str = "alert";

/// An alert, and where it is.
pub(super) type AlertSetting = RuleSetting<AlertRule>;

/// All of them in a file.
const LIST: RuleList<AlertRule> =
    RuleList { key: KEY, most: limits::ALERT_RULES, name: |rule| &rule.name };

/// Reads all of them, and what is wrong.
pub(super) fn read(
    value: &Spanned<DeValue<'_>>,
    place: &dyn Fn(Range<usize>) -> FilePlace,
    folder: &Path,
) -> (Vec<AlertSetting>, Mistakes) {
    LIST.read(value, place, |table| rule(table, folder))
}

fn rule(table: &mut Table<'_, '_>, folder: &Path) -> Option<AlertRule> {
    let kind = table.one_of("kind", &["silence", "drop", "failure-rate", "rejected"]);
    let product = table.required("product", product_name);
    let name = table.text("name", rule_name);
    let channels = channels(table, folder);
    let condition = condition(table, kind?)?;
    let product = product?;
    let name = name.unwrap_or_else(|| usual_name(&condition, &product));
    Some(AlertRule { name, product, condition, channels: channels? })
}

fn usual_name(condition: &AlertCondition, product: &str) -> String {
    let event = match condition {
        AlertCondition::FailureRate { event, .. } => format!("-{event}"),
        _ => String::new(),
    };
    let name = format!("{}-{product}{event}", condition.kind()).to_ascii_lowercase();
    let plain = |letter: char| if letter.is_ascii_alphanumeric() { letter } else { '-' };
    name.chars().map(plain).collect()
}

fn condition(table: &mut Table<'_, '_>, kind: &str) -> Option<AlertCondition> {
    let least = |table: &mut Table<'_, '_>, usual| table.whole("least", 1, 1_000_000_000, usual);
    match kind {
        "silence" => silence(table),
        "drop" => {
            let of = table.one_of("of", &["events", "devices"])?;
            let of = if of == "events" { CountedThing::Events } else { CountedThing::Devices };
            let below = table.number("below", 1.0, 99.0);
            let least = least(table, 20);
            let below_percent = below?.round();
            #[expect(
                clippy::cast_possible_truncation,
                clippy::cast_sign_loss,
                reason = "it is from 1 to 99"
            )]
            let below_percent = below_percent as u32;
            Some(AlertCondition::Drop { of, below_percent, least: least? })
        }
        "failure-rate" => {
            let event = table.required("event", |text| Ok(text.to_owned()));
            let newest_version = table.flag("newest-version");
            let above_percent = table.number("above", 0.0, 99.9);
            let (least, days) = (least(table, 50), table.whole("days", 1, 28, 7));
            Some(AlertCondition::FailureRate {
                event: event?,
                newest_version: newest_version?,
                above_percent: above_percent?,
                least: least?,
                days: u32::try_from(days?).ok()?,
            })
        }
        _ => Some(AlertCondition::Rejected { least: least(table, 1)? }),
    }
}

fn silence(table: &mut Table<'_, '_>) -> Option<AlertCondition> {
    let (hours, days) = (table.whole("hours", 1, 8_760, 0), table.whole("days", 1, 365, 0));
    match (hours?, days?) {
        (0, 0) => table.mistake("missing key `hours` or `days`: how long may it be silent?"),
        (hours, 0) => {
            return Some(AlertCondition::Silence { hours: u32::try_from(hours).ok()? });
        }
        (0, days) => {
            return Some(AlertCondition::Silence { hours: u32::try_from(days * 24).ok()? });
        }
        _ => table.mistake("both `hours` and `days` are given: give one of them"),
    }
    None
}

fn channels(table: &mut Table<'_, '_>, folder: &Path) -> Option<Vec<AlertChannel>> {
    let wrong = table.mistakes.len();
    let webhook = table.text("webhook", Webhook::new).map(Webhook::channel);
    let email = mail_channel(table, folder);
    let channels: Vec<_> = webhook.into_iter().chain(email).collect();
    if channels.is_empty() && table.mistakes.len() == wrong {
        table.mistake("nobody is told: add `webhook` or `email`");
    }
    (!channels.is_empty() && table.mistakes.len() == wrong).then_some(channels)
}

#[cfg(test)]
#[path = "alert_tables_tests.rs"]
mod tests;

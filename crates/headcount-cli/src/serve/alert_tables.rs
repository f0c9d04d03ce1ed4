//! `[[alert]]` in the configuration file: what the operator wants to hear of.

use std::ops::Range;
use std::path::Path;

use headcount_catalog::{is_product_name, nearest};
use headcount_collector::{AlertChannel, AlertCondition, AlertRule, CountedThing, limits};
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::file_place::FilePlace;
use crate::delivery::{Email, Relay, Webhook, is_mail_address};

/// The key in the file.
pub(super) const KEY: &str = "alert";

/// An alert, and where it is.
#[derive(Debug)]
pub(super) struct AlertSetting {
    pub(super) rule: AlertRule,
    /// The file and the line.
    pub(super) line: String,
}

/// Mistakes, each with what is meant by it.
type Mistakes = Vec<(Range<usize>, String)>;

/// Reads all of them, and what is wrong.
pub(super) fn read(
    value: &Spanned<DeValue<'_>>,
    place: &dyn Fn(Range<usize>) -> FilePlace,
    folder: &Path,
) -> (Vec<AlertSetting>, Mistakes) {
    let (mut alerts, mut mistakes): (Vec<AlertSetting>, Mistakes) = (Vec::new(), Vec::new());
    let DeValue::Array(items) = value.get_ref() else {
        return (alerts, vec![(value.span(), "write `[[alert]]`, with two brackets".to_owned())]);
    };
    for item in items {
        let DeValue::Table(entries) = item.get_ref() else {
            mistakes.push((item.span(), "`alert` is not a table: write `[[alert]]`".to_owned()));
            continue;
        };
        let mut table =
            Table { entries, span: item.span(), known: Vec::new(), mistakes: Vec::new() };
        let rule = rule(&mut table, folder);
        table.refuse_others();
        mistakes.append(&mut table.mistakes);
        let Some(rule) = rule else { continue };
        if alerts.iter().any(|alert| alert.rule.name == rule.name) {
            let sentence = format!("two alerts have the name `{}`: give one a `name`", rule.name);
            mistakes.push((item.span(), sentence));
        } else {
            alerts.push(AlertSetting { rule, line: place(item.span()).line() });
        }
    }
    if alerts.len() > limits::ALERT_RULES {
        mistakes
            .push((value.span(), format!("there are more than {} alerts", limits::ALERT_RULES)));
    }
    (alerts, mistakes)
}

fn rule(table: &mut Table<'_, '_>, folder: &Path) -> Option<AlertRule> {
    let kind = table.one_of("kind", &["silence", "drop", "failure-rate", "rejected"]);
    let product = table.required("product", |text| {
        if is_product_name(text) { Ok(text.to_owned()) } else { Err("not the name of a product") }
    });
    let name = table.text("name", name_of);
    let channels = channels(table, folder);
    let condition = condition(table, kind?)?;
    let product = product?;
    let name = name.unwrap_or_else(|| usual_name(&condition, &product));
    Some(AlertRule { name, product, condition, channels: channels? })
}

fn name_of(text: &str) -> Result<String, &'static str> {
    let is_plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    match (1..=60).contains(&text.len()) && text.bytes().all(is_plain) {
        true => Ok(text.to_owned()),
        false => Err("use lower-case letters, digits and `-`"),
    }
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
    let email = match table.get("email") {
        None => None,
        Some(value) => match value.get_ref() {
            DeValue::Table(entries) => {
                let span = value.span();
                let mut own = Table { entries, span, known: Vec::new(), mistakes: Vec::new() };
                let email = email(&mut own, folder);
                own.refuse_others();
                table.mistakes.append(&mut own.mistakes);
                email.map(Email::channel)
            }
            _ => {
                let sentence = "`email` is not a table: write `{ relay = …, from = …, to = … }`";
                table.mistakes.push((value.span(), sentence.to_owned()));
                None
            }
        },
    };
    let channels: Vec<_> = webhook.into_iter().chain(email).collect();
    if channels.is_empty() && table.mistakes.len() == wrong {
        table.mistake("nobody is told: add `webhook` or `email`");
    }
    (!channels.is_empty() && table.mistakes.len() == wrong).then_some(channels)
}

fn email(table: &mut Table<'_, '_>, folder: &Path) -> Option<Email> {
    let address = |text: &str| match is_mail_address(text) {
        true => Ok(text.to_owned()),
        false => Err("not an address such as team@example.org"),
    };
    let path = |text: &str| Ok(folder.join(text));
    let relay = table.required("relay", Relay::new);
    let from = table.required("from", address);
    let to = table.texts("to", address);
    let user = table.text("user", |text| Ok(text.to_owned()));
    let password_file = table.text("password-file", path);
    let authorities = table.text("ca", path);
    if user.is_some() != password_file.is_some() {
        table.mistake("`user` and `password-file` go together: give both or neither");
        return None;
    }
    Some(Email { relay: relay?, from: from?, to: to?, user, password_file, authorities })
}

/// A table of the file, with what is wrong in it.
struct Table<'a, 't> {
    entries: &'a DeTable<'t>,
    span: Range<usize>,
    /// The keys that it may have.
    known: Vec<&'static str>,
    mistakes: Mistakes,
}

impl<'a, 't> Table<'a, 't> {
    fn get(&mut self, key: &'static str) -> Option<&'a Spanned<DeValue<'t>>> {
        self.known.push(key);
        self.entries.iter().find(|(name, _)| name.get_ref() == key).map(|(_, value)| value)
    }

    fn mistake(&mut self, sentence: &str) {
        self.mistakes.push((self.span.clone(), sentence.to_owned()));
    }

    fn wrong(&mut self, key: &str, value: &Spanned<DeValue<'_>>, why: &str) {
        self.mistakes.push((value.span(), format!("`{key}`: {why}")));
    }

    fn text<T>(
        &mut self,
        key: &'static str,
        parse: impl Fn(&str) -> Result<T, &'static str>,
    ) -> Option<T> {
        let value = self.get(key)?;
        let parsed = match value.get_ref() {
            DeValue::String(text) if !text.is_empty() => parse(text),
            _ => Err("not a string"),
        };
        parsed.map_err(|why| self.wrong(key, value, why)).ok()
    }

    fn required<T>(
        &mut self,
        key: &'static str,
        parse: impl Fn(&str) -> Result<T, &'static str>,
    ) -> Option<T> {
        if self.get(key).is_none() {
            self.mistake(&format!("missing key `{key}`"));
        }
        self.text(key, parse)
    }

    /// A string, or an array of them.
    fn texts(
        &mut self,
        key: &'static str,
        parse: impl Fn(&str) -> Result<String, &'static str>,
    ) -> Option<Vec<String>> {
        let Some(value) = self.get(key) else {
            self.mistake(&format!("missing key `{key}`"));
            return None;
        };
        let one = |value: &DeValue<'_>| match value {
            DeValue::String(text) => parse(text),
            _ => Err("not a string or an array of strings"),
        };
        let all: Result<Vec<String>, _> = match value.get_ref() {
            DeValue::Array(items) if items.is_empty() => Err("names nobody"),
            DeValue::Array(items) => items.iter().map(|item| one(item.get_ref())).collect(),
            value => one(value).map(|text| vec![text]),
        };
        all.map_err(|why| self.wrong(key, value, why)).ok()
    }

    fn one_of(
        &mut self,
        key: &'static str,
        words: &'static [&'static str],
    ) -> Option<&'static str> {
        let text = self.required(key, |text| Ok(text.to_owned()))?;
        let found = words.iter().copied().find(|word| *word == text);
        if found.is_none() {
            let value = self.get(key)?;
            self.wrong(key, value, &format!("use {}", words.join(", ")));
        }
        found
    }

    /// A whole number, or the usual one if it is not there.
    fn whole(&mut self, key: &'static str, least: u64, most: u64, usual: u64) -> Option<u64> {
        let Some(value) = self.get(key) else { return Some(usual) };
        let number = match value.get_ref() {
            DeValue::Integer(number) => number.as_str().replace('_', "").parse::<u64>().ok(),
            _ => None,
        };
        let number = number.filter(|number| (least..=most).contains(number));
        if number.is_none() {
            self.wrong(key, value, &format!("not a whole number from {least} to {most}"));
        }
        number
    }

    /// A number, whole or not.
    fn number(&mut self, key: &'static str, least: f64, most: f64) -> Option<f64> {
        let Some(value) = self.get(key) else {
            self.mistake(&format!("missing key `{key}`: so many percent"));
            return None;
        };
        let text = match value.get_ref() {
            DeValue::Integer(number) => number.as_str(),
            DeValue::Float(number) => number.as_str(),
            _ => "",
        };
        let number = text.replace('_', "").parse::<f64>().ok();
        let number = number.filter(|number| (least..=most).contains(number));
        if number.is_none() {
            self.wrong(key, value, &format!("not a number of percent from {least} to {most}"));
        }
        number
    }

    fn flag(&mut self, key: &'static str) -> Option<bool> {
        let Some(value) = self.get(key) else { return Some(false) };
        match value.get_ref() {
            DeValue::Boolean(flag) => Some(*flag),
            _ => {
                self.wrong(key, value, "neither `true` nor `false`");
                None
            }
        }
    }

    /// Tells of keys that nobody has asked for.
    fn refuse_others(&mut self) {
        for (name, _) in self.entries {
            let text = name.get_ref();
            if self.known.iter().any(|known| known == text) {
                continue;
            }
            let hint = match nearest(text, self.known.iter().copied()) {
                Some(near) => format!("did you mean `{near}`?"),
                None => {
                    let mut known = self.known.clone();
                    known.sort_unstable();
                    known.dedup();
                    format!("use {}", known.join(", "))
                }
            };
            let shown: String =
                text.chars().filter(|letter| !letter.is_control()).take(60).collect();
            self.mistakes.push((name.span(), format!("unknown key `{shown}`; {hint}")));
        }
    }
}

#[cfg(test)]
#[path = "alert_tables_tests.rs"]
mod tests;

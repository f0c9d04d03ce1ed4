//! A table of the configuration file, read key by key with what is wrong in it,
//! and what alerts and reports have in common.

use std::ops::Range;
use std::path::Path;

use headcount_catalog::{is_product_name, nearest};
use headcount_collector::AlertChannel;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use crate::delivery::{Email, Relay, is_mail_address};

/// Mistakes, each with what is meant by it.
pub(super) type Mistakes = Vec<(Range<usize>, String)>;

/// Reads the name of an alert or a report.
pub(super) fn rule_name(text: &str) -> Result<String, &'static str> {
    let is_plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    match (1..=60).contains(&text.len()) && text.bytes().all(is_plain) {
        true => Ok(text.to_owned()),
        false => Err("use lower-case letters, digits and `-`"),
    }
}

/// Reads the name of a product.
pub(super) fn product_name(text: &str) -> Result<String, &'static str> {
    if is_product_name(text) { Ok(text.to_owned()) } else { Err("not the name of a product") }
}

/// The channel of the key `email`, if it is there and right.
pub(super) fn mail_channel(table: &mut Table<'_, '_>, folder: &Path) -> Option<AlertChannel> {
    let value = table.get("email")?;
    let DeValue::Table(entries) = value.get_ref() else {
        let sentence = "`email` is not a table: write `{ relay = …, from = …, to = … }`";
        table.mistakes.push((value.span(), sentence.to_owned()));
        return None;
    };
    let mut own = Table::new(entries, value.span());
    let email = email(&mut own, folder);
    own.refuse_others();
    table.mistakes.append(&mut own.mistakes);
    email.map(Email::channel)
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

/// The whole number that a value is, if it is one and not below 0.
pub(super) fn whole(value: &Spanned<DeValue<'_>>) -> Option<u64> {
    match value.get_ref() {
        DeValue::Integer(number) => number.as_str().replace('_', "").parse().ok(),
        _ => None,
    }
}

/// A table of the file, with what is wrong in it.
pub(super) struct Table<'a, 't> {
    entries: &'a DeTable<'t>,
    span: Range<usize>,
    /// The keys that it may have.
    known: Vec<&'static str>,
    pub(super) mistakes: Mistakes,
}

impl<'a, 't> Table<'a, 't> {
    pub(super) fn new(entries: &'a DeTable<'t>, span: Range<usize>) -> Self {
        Self { entries, span, known: Vec::new(), mistakes: Vec::new() }
    }

    pub(super) fn get(&mut self, key: &'static str) -> Option<&'a Spanned<DeValue<'t>>> {
        self.known.push(key);
        self.entries.iter().find(|(name, _)| name.get_ref() == key).map(|(_, value)| value)
    }

    /// Whether the key is there.
    pub(super) fn has(&mut self, key: &'static str) -> bool {
        self.get(key).is_some()
    }

    pub(super) fn mistake(&mut self, sentence: &str) {
        self.mistakes.push((self.span.clone(), sentence.to_owned()));
    }

    pub(super) fn wrong(&mut self, key: &str, value: &Spanned<DeValue<'_>>, why: &str) {
        self.mistakes.push((value.span(), format!("`{key}`: {why}")));
    }

    pub(super) fn text<T>(
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

    pub(super) fn required<T>(
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
    pub(super) fn texts(
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

    pub(super) fn one_of(
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
    pub(super) fn whole(
        &mut self,
        key: &'static str,
        least: u64,
        most: u64,
        usual: u64,
    ) -> Option<u64> {
        let Some(value) = self.get(key) else { return Some(usual) };
        let number = whole(value).filter(|number| (least..=most).contains(number));
        if number.is_none() {
            self.wrong(key, value, &format!("not a whole number from {least} to {most}"));
        }
        number
    }

    /// A number, whole or not.
    pub(super) fn number(&mut self, key: &'static str, least: f64, most: f64) -> Option<f64> {
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

    pub(super) fn flag(&mut self, key: &'static str) -> Option<bool> {
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
    pub(super) fn refuse_others(&mut self) {
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

//! A property of an event: its kind, whether it may be absent, what it is for.

use super::fields::{Fields, Text};
use super::notes::{Notes, or, shown};
use super::spanned::Spanned;
use super::toml_tree::{Data, Pair, Table};
use super::{failure, kinds, names};
use crate::{Absent, Day, Kind, Property, limits};

pub(super) const ABSENT: [(Absent, &str); 2] = [(Absent::Null, "null"), (Absent::Omit, "omit")];

/// Reads `[event.<name>.properties]`. Returns the properties that could be
/// read, in the order of the file.
pub(super) fn read(table: &Table, notes: &mut Notes<'_>) -> Vec<Spanned<Property>> {
    if table.pairs.len() > limits::PROPERTIES {
        let most = limits::PROPERTIES;
        notes.wrong(table.at, format!("An event may have at most {most} properties."));
    }
    let mut read: Vec<Spanned<Property>> = Vec::with_capacity(table.pairs.len());
    for pair in &table.pairs {
        if !names::is_key(&pair.key) {
            let message = format!(
                "`{}` is not a valid property name: use letters, digits, `_` and `-`, and start with a letter.",
                shown(&pair.key)
            );
            notes.wrong(pair.at, message);
        }
        let name = names::squashed(&pair.key);
        if let Some(other) = read.iter().find(|other| names::squashed(other.value.name) == name) {
            let message = format!(
                "`{}` and `{}` differ only in case or separators: rename one.",
                other.value.name,
                shown(&pair.key)
            );
            notes.wrong(pair.at, message);
        }
        if let Some(property) = property(pair, notes) {
            read.push(Spanned { at: pair.at, value: property });
        }
    }
    read
}

fn property(pair: &Pair, notes: &mut Notes<'_>) -> Option<Property> {
    let name = super::fields::leak(&pair.key);
    let table = match &pair.value.data {
        Data::Text(_) => {
            let kind = kinds::plain(pair.text(notes)?, notes)?;
            let (optional, why, expires) = (None, None, None);
            return Some(Property { name, kind, optional, why, expires, failure: &[] });
        }
        Data::Table(table) => table,
        _ => {
            let wanted = "a kind such as \"flag\" or { count = 1000 }";
            return pair.value.wrong_type(&pair.key, wanted, notes);
        }
    };
    let mut fields = Fields::new(table, format!("`{}`", shown(&pair.key)));
    let kind = kind(&mut fields, &kinds::shaped(), notes);
    let optional = fields.text("optional", notes);
    let why =
        fields.text("why", notes).and_then(|text| text.checked(names::is_line, names::LINE, notes));
    if let Some((kind, text)) = kind.as_ref().zip(optional)
        && kinds::follows_by_itself(kind)
    {
        let message = format!("A `{}` is always present: remove `optional`.", kind.name());
        notes.wrong(text.at, message);
    }
    let optional = absent(optional, notes);
    let expires = expires(&mut fields, notes);
    let failure = fields.find("failure");
    fields.finish(notes);
    let failure =
        failure.zip(kind.as_ref()).and_then(|(pair, kind)| failure::read(pair, kind, notes));
    let failure = failure.unwrap_or(&[]);
    Some(Property { name, kind: kind?, optional, why, expires, failure })
}

/// Reads `optional`.
pub(super) fn absent(text: Option<Text<'_>>, notes: &mut Notes<'_>) -> Option<Absent> {
    text?.one_of(&ABSENT, notes)
}

/// Reads the last day on which something is recorded.
pub(super) fn expires(fields: &mut Fields<'_>, notes: &mut Notes<'_>) -> Option<Day> {
    let text = fields.text("expires", notes)?;
    match Day::parse(text.text) {
        Some(day) => Some(day),
        None => text.must_be("a day such as `2027-06-30`", notes),
    }
}

/// Reads the kind of a table, which is given by `is` or by a key of its own.
pub(super) fn kind(
    fields: &mut Fields<'_>,
    shaped: &[&'static str],
    notes: &mut Notes<'_>,
) -> Option<Kind> {
    let plain = fields.first_of(&["is"]);
    let Some((name, pair)) = plain.or_else(|| fields.first_of(shaped)) else {
        no_kind(fields, shaped, notes);
        return None;
    };
    fields.know([name]);
    if let Some((second, pair)) = fields.another_of(shaped, name) {
        let message =
            format!("{} has two kinds, `{name}` and `{second}`: remove one.", fields.place());
        notes.wrong(pair.at, message);
        fields.know([second]);
    }
    if name == "is" {
        return kinds::plain(pair.text(notes)?, notes);
    }
    kinds::shape(name, pair, fields, notes)
}

/// Notes why a table has no kind.
fn no_kind(fields: &mut Fields<'_>, shaped: &[&'static str], notes: &mut Notes<'_>) {
    let place = fields.place();
    if let Some((foreign, pair)) = fields.first_of(&kinds::shaped()) {
        let message = format!("{place} cannot have the kind `{foreign}`: use {}.", or(shaped));
        notes.wrong(pair.at, message);
        fields.know([foreign]);
    } else if !fields.misspells(shaped) {
        let message = format!("{place} has no kind: use `is`, {}.", or(shaped));
        notes.missing(fields.at(), message);
    }
    // `finish` reports a misspelt kind, with the right word.
    fields.know(shaped.iter().copied());
}

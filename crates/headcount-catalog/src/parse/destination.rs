//! `[[destination]]`: where events go, and with which key.

use super::fields::{Fields, Text, leak};
use super::notes::Notes;
use super::spanned::Spanned;
use super::toml_tree::{Data, Pair, Table};
use super::{address, names, secret};
use crate::{Destination, Dialect, Encoding, Key, Setting, limits};

pub(super) const ENCODINGS: [(Encoding, &str); 3] =
    [(Encoding::Json, "json"), (Encoding::Lines, "ndjson"), (Encoding::Protobuf, "protobuf")];

pub(super) fn read(pair: &Pair, notes: &mut Notes<'_>) -> Option<Vec<Spanned<Destination>>> {
    let Data::List(items) = &pair.value.data else {
        notes.wrong(
            pair.at,
            "Write `[[destination]]` with two brackets, because a catalog can have several.",
        );
        return None;
    };
    if !(1..=limits::LIST_ITEMS).contains(&items.len()) {
        notes.wrong(
            pair.at,
            format!("A catalog must have 1 to {} destinations.", limits::LIST_ITEMS),
        );
    }
    let mut read: Vec<Spanned<Destination>> = Vec::with_capacity(items.len());
    for item in items {
        let Data::Table(table) = &item.data else {
            item.wrong_type::<()>("destination", "a table", notes);
            continue;
        };
        let Some(one) = destination(table, notes) else { continue };
        if read.iter().any(|other| other.value.name == one.value.name) {
            let name = one.value.name;
            let message =
                format!("Two destinations have the name `{name}`: give each its own `name`.");
            notes.wrong(one.at, message);
        }
        read.push(one);
    }
    (read.len() == items.len()).then_some(read)
}

fn destination(table: &Table, notes: &mut Notes<'_>) -> Option<Spanned<Destination>> {
    let mut fields = Fields::new(table, "`[[destination]]`");
    let kind = fields.need_text("kind", notes);
    let dialect = kind.and_then(|text| text.one_of(&Dialect::ALL, notes));
    let name = fields.text("name", notes);
    let at = name.or(kind).map_or(table.at, |text| text.at);
    let name = match name {
        Some(text) => text.checked(names::is_name, names::NAME, notes),
        None => dialect.map(Dialect::name),
    };
    let endpoint = fields.need("endpoint", notes).and_then(|pair| endpoint(pair, notes));
    let key = key(fields.find("key"), dialect, table.at, notes);
    let encoding = encoding(fields.text("encoding", notes), dialect, notes);
    fields.finish(notes);
    let value = Destination {
        name: name?,
        dialect: dialect?,
        endpoint: endpoint?,
        key: key?,
        encoding: encoding?,
    };
    Some(Spanned { at, value })
}

fn encoding(
    text: Option<Text<'_>>,
    dialect: Option<Dialect>,
    notes: &mut Notes<'_>,
) -> Option<Encoding> {
    let Some(text) = text else {
        return Some(match dialect {
            Some(Dialect::Datadog) => Encoding::Lines,
            _ => Encoding::Json,
        });
    };
    let encoding = text.one_of(&ENCODINGS, notes)?;
    let (whose, word) = match encoding {
        Encoding::Json => return Some(encoding),
        Encoding::Lines => (Dialect::Datadog, "ndjson"),
        Encoding::Protobuf => (Dialect::Otlp, "protobuf"),
    };
    if dialect.is_some_and(|dialect| dialect != whose) {
        let name = whose.name();
        notes.wrong(
            text.at,
            format!(
                "Only destinations of the kind `{name}` have the encoding `{word}`: remove `encoding`."
            ),
        );
    }
    Some(encoding)
}

/// Reads a URL, or one that a build may replace. At run time only
/// `<PREFIX>_TELEMETRY_ENDPOINT` can replace it, and only by loopback.
fn endpoint(pair: &Pair, notes: &mut Notes<'_>) -> Option<Setting> {
    let Data::Table(table) = &pair.value.data else {
        return address::endpoint(pair.text(notes)?, notes).map(Setting::fixed);
    };
    let mut fields = Fields::new(table, "`endpoint`");
    let written = fields.need_text("value", notes).and_then(|text| address::endpoint(text, notes));
    let build = variable(fields.text("build", notes), notes);
    fields.finish(notes);
    Some(Setting { written: written?, build, built: None, run: None })
}

fn variable(text: Option<Text<'_>>, notes: &mut Notes<'_>) -> Option<&'static str> {
    text?.checked(names::is_variable, names::VARIABLE, notes)
}

fn key(
    pair: Option<&Pair>,
    dialect: Option<Dialect>,
    at: usize,
    notes: &mut Notes<'_>,
) -> Option<Key> {
    let Some(pair) = pair else {
        if let Some(dialect @ (Dialect::PostHog | Dialect::Datadog)) = dialect {
            let name = dialect.name();
            let message = format!(
                "A `{name}` destination needs a `key`: write the key, or {{ build = \"VARIABLE\" }} to set it when the program is built."
            );
            notes.missing(at, message);
        }
        return Some(Key::None);
    };
    let Data::Table(table) = &pair.value.data else {
        return public(pair.text(notes)?, dialect, notes)
            .map(|key| Key::Public(Setting::fixed(key)));
    };
    let mut fields = Fields::new(table, "`key`");
    let value = fields.text("value", notes);
    let build = variable(fields.text("build", notes), notes);
    let run = variable(fields.text("run", notes), notes);
    let is_optional = optional(fields.text("optional", notes), dialect, value.is_some(), notes);
    fields.finish(notes);
    if value.is_none() && build.is_none() {
        notes.missing(pair.at, "`key` needs `value`, or `build` with the variable that sets it.");
    }
    let written = match value {
        Some(text) => public(text, dialect, notes)?,
        None => "",
    };
    let setting = Setting { written, build, built: None, run };
    Some(if is_optional { Key::Optional(setting) } else { Key::Public(setting) })
}

/// Reads whether requests have no key where a build gives none.
fn optional(
    text: Option<Text<'_>>,
    dialect: Option<Dialect>,
    has_value: bool,
    notes: &mut Notes<'_>,
) -> bool {
    let Some(text) = text else { return false };
    if text.one_of(&[((), "omit")], notes).is_none() {
        return false;
    }
    if let Some(dialect @ (Dialect::PostHog | Dialect::Datadog)) = dialect {
        let name = dialect.name();
        notes.wrong(text.at, format!("A `{name}` destination needs its key: remove `optional`."));
    } else if has_value {
        notes.wrong(text.at, "With `value` there always is a key: remove `value` or `optional`.");
    }
    true
}

/// Reads a key that everybody may see.
fn public(text: Text<'_>, dialect: Option<Dialect>, notes: &mut Notes<'_>) -> Option<&'static str> {
    if secret::secret(text.text).is_some() {
        return None;
    }
    let (fits, must): (fn(&str) -> bool, &str) = match dialect {
        Some(Dialect::Datadog) => (
            |key| key.starts_with("pub"),
            "a client token, which starts with `pub`, or a collector's write key, which starts with `hcw_`",
        ),
        Some(Dialect::PostHog) => (
            |key| key.starts_with("phc_"),
            "a project key, which starts with `phc_`, or a collector's write key, which starts with `hcw_`",
        ),
        _ => (|_| true, "a key"),
    };
    if secret::is_datadog_secret(text.text) && dialect == Some(Dialect::Datadog) {
        let message = "This looks like a Datadog API key. The catalog ships with every copy of the program: \
                       remove the key, revoke it, and use a client token, which starts with `pub`.";
        notes.wrong(text.at, message);
        return None;
    }
    let is_known = text.text.starts_with(Key::COLLECTOR_PREFIX) || fits(text.text);
    if names::is_argument(text.text) && is_known {
        return Some(leak(text.text));
    }
    text.must_be(must, notes)
}

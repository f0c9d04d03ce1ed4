//! `[envelope]`: what every event carries, in the order of the line.

use super::At;
use super::fields::{Fields, leak, leak_list};
use super::notes::{Notes, shown};
use super::source::{Data, Pair, Table};
use super::{kinds, names, property};
use crate::{Absent, EnvelopeEntry, Grain, Source, Words, limits};

/// Where values can come from. The words of `platform` and `arch` and the grain
/// of `time` are those of an entry that says nothing of them.
const SOURCES: [(Source, &str); 14] = [
    (Source::EventId, "event-id"),
    (Source::Event, "event"),
    (Source::Time(Grain::Second), "time"),
    (Source::Device, "device"),
    (Source::Session, "session"),
    (Source::Turn, "turn"),
    (Source::Account, "account"),
    (Source::Version, "version"),
    (Source::CatalogVersion, "catalog-version"),
    (Source::Platform(Words::Rust), "platform"),
    (Source::Arch(Words::Rust), "arch"),
    (Source::Locale, "locale"),
    (Source::Ci, "ci"),
    (Source::Properties, "properties"),
];

/// Kinds a host may set for every event: closed sets, numbers, tokens.
const HOST: [&str; 5] = ["choice", "choices", "count", "bucket", "token"];

/// The envelope as far as it could be read.
pub(super) struct Envelope {
    pub(super) at: usize,
    pub(super) entries: Vec<At<EnvelopeEntry>>,
    /// Whether every entry could be read: only then can one be missing.
    pub(super) is_whole: bool,
}

impl Envelope {
    pub(super) fn entries(&self) -> &'static [EnvelopeEntry] {
        leak_list(self.entries.iter().map(|entry| entry.it).collect())
    }

    /// The first entry whose source is like that.
    pub(super) fn find(&self, wanted: fn(&Source) -> bool) -> Option<&At<EnvelopeEntry>> {
        self.entries.iter().find(|entry| wanted(&entry.it.source))
    }
}

pub(super) fn read(table: &Table, notes: &mut Notes<'_>) -> Envelope {
    if table.pairs.len() > limits::ENVELOPE_ENTRIES {
        let most = limits::ENVELOPE_ENTRIES;
        notes.wrong(table.at, format!("An envelope has at most {most} entries."));
    }
    let mut entries: Vec<At<EnvelopeEntry>> = Vec::with_capacity(table.pairs.len() + 1);
    for pair in &table.pairs {
        if let Some(entry) = entry(pair, notes) {
            entries.push(At { at: pair.at, it: entry });
        }
    }
    let is_whole = entries.len() == table.pairs.len();
    if is_whole && !entries.iter().any(|entry| entry.it.source == Source::Properties) {
        let entry = EnvelopeEntry { key: "", source: Source::Properties, optional: None };
        entries.push(At { at: table.at, it: entry });
    }
    Envelope { at: table.at, entries, is_whole }
}

fn entry(pair: &Pair, notes: &mut Notes<'_>) -> Option<EnvelopeEntry> {
    let (source, optional) = match &pair.value.data {
        Data::Text(_) => {
            let text = pair.text(notes)?;
            match SOURCES.iter().find(|(_, word)| *word == text.text) {
                Some((source, _)) => (*source, None),
                None if text.text == "flag" => (Source::Host(crate::Kind::Flag), None),
                None => {
                    let words = SOURCES.iter().map(|(_, word)| *word).chain(["flag"]);
                    notes.unknown(text.at, "an entry", text.text, words);
                    return None;
                }
            }
        }
        Data::Table(table) => table_entry(pair, table, notes)?,
        _ => {
            let wanted = "a source such as \"device\", or a table";
            return pair.value.wrong_type(&pair.key, wanted, notes);
        }
    };
    let key = key(pair, &source, notes)?;
    Some(EnvelopeEntry { key, source, optional })
}

/// The key of an entry. `*` stands where the event's own properties go.
fn key(pair: &Pair, source: &Source, notes: &mut Notes<'_>) -> Option<&'static str> {
    let starred = match pair.key.as_str() {
        "*" => Some(""),
        key => key.strip_suffix(".*"),
    };
    match (starred, source) {
        (Some(""), Source::Properties) => return Some(""),
        (Some(holder), Source::Properties) if names::is_key(holder) => return Some(leak(holder)),
        (Some(_), Source::Properties) | (None, Source::Properties) => {
            let message = "The event's own properties stand at `\"*\"`, or at `\"name.*\"` for an object of their own.";
            notes.wrong(pair.at, message);
        }
        (Some(_), _) => {
            notes.wrong(pair.at, "Only \"properties\" can stand at a key with `*`.");
        }
        (None, _) if names::is_key_path(&pair.key) => return Some(leak(&pair.key)),
        (None, _) => {
            let message = format!(
                "\"{}\" cannot be a key of the line; use letters, digits, `_` and `-`, and dots between nested keys.",
                shown(&pair.key)
            );
            notes.wrong(pair.at, message);
        }
    }
    None
}

/// An entry that says more than its source.
fn table_entry(
    pair: &Pair,
    table: &Table,
    notes: &mut Notes<'_>,
) -> Option<(Source, Option<Absent>)> {
    let mut fields = Fields::new(table, format!("`{}`", shown(&pair.key)));
    let of_ours = ["is", "constant", "optional", "grain", "words", "other", "most"];
    if let Some(nested) = table.pairs.iter().find(|it| !of_ours.contains(&it.key.as_str()))
        && matches!(nested.value.data, Data::Table(_) | Data::Text(_))
        && !kinds::shaped().contains(&nested.key.as_str())
        && table.pairs.iter().all(|it| !of_ours.contains(&it.key.as_str()))
    {
        let (outer, inner) = (shown(&pair.key), shown(&nested.key));
        let message = format!(
            "Write `\"{outer}.{inner}\"` in quotation marks: a dot in the key nests it on the line."
        );
        notes.wrong(pair.at, message);
        return None;
    }
    let source = match fields.first_of(&["is", "constant"]) {
        Some(("is", it)) => {
            fields.know(["is"]);
            it.text(notes).and_then(|text| sourced(text, &mut fields, notes))
        }
        Some((_, it)) => {
            fields.know(["constant"]);
            it.text(notes).and_then(|text| kinds::word(text, notes)).map(Source::Constant)
        }
        None => {
            fields.know(["is", "constant"]);
            property::kind(&mut fields, &HOST, notes).map(Source::Host)
        }
    };
    let written = fields.text("optional", notes);
    let optional = property::absent(written, notes);
    if let Some((source, text)) = source.as_ref().zip(written)
        && is_always_there(source)
    {
        notes.wrong(
            text.at,
            format!("`{}` is always there; leave `optional` out.", shown(&pair.key)),
        );
    }
    fields.finish(notes);
    Some((source?, optional))
}

fn sourced(
    text: super::fields::Text<'_>,
    fields: &mut Fields<'_>,
    notes: &mut Notes<'_>,
) -> Option<Source> {
    if text.text == "flag" {
        return Some(Source::Host(crate::Kind::Flag));
    }
    let source = match text.one_of(&SOURCES, notes)? {
        Source::Time(grain) => match fields.text("grain", notes) {
            Some(text) => Source::Time(text.one_of(&Grain::ALL, notes)?),
            None => Source::Time(grain),
        },
        Source::Platform(words) => Source::Platform(vocabulary(words, fields, notes)?),
        Source::Arch(words) => Source::Arch(vocabulary(words, fields, notes)?),
        other => other,
    };
    Some(source)
}

fn vocabulary(otherwise: Words, fields: &mut Fields<'_>, notes: &mut Notes<'_>) -> Option<Words> {
    match fields.text("words", notes) {
        Some(text) => text.one_of(&Words::ALL, notes),
        None => Some(otherwise),
    }
}

/// Whether a value of this source can never be absent.
fn is_always_there(source: &Source) -> bool {
    match source {
        Source::Session | Source::Turn | Source::Account | Source::Locale | Source::Host(_) => {
            false
        }
        Source::EventId
        | Source::Event
        | Source::Time(_)
        | Source::Device
        | Source::Version
        | Source::CatalogVersion
        | Source::Platform(_)
        | Source::Arch(_)
        | Source::Ci
        | Source::Constant(_)
        | Source::Properties => true,
    }
}

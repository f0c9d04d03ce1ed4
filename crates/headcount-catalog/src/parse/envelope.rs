//! `[envelope]`: what every event carries, in the order of the line.

use super::fields::{Fields, leak, leak_list};
use super::notes::{Notes, quoted, shown};
use super::spanned::Spanned;
use super::toml_tree::{Data, Pair, Table};
use super::{kinds, names, property};
use crate::{Absent, EnvelopeEntry, Grain, Period, Source, Words, limits};

/// Where values can come from. The vocabulary of `platform` and `arch` and the
/// grain of `time` are the defaults.
pub(super) const SOURCES: [(Source, &str); 18] = [
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
    (Source::Marks, "first"),
    (Source::Age, "age"),
    (Source::Agent, "agent"),
    (Source::Attended, "attended"),
    (Source::Properties, "properties"),
];

/// The kinds that a host may set for every event.
pub(super) const HOST: [&str; 5] = ["choice", "choices", "count", "bucket", "token"];

/// Which sources always have a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum AlwaysThere {
    /// What every host of ours knows of itself.
    AsInAHost,
    /// Somebody else's program may leave out anything.
    Nothing,
}

/// The envelope as far as it could be read.
pub(super) struct Envelope {
    pub(super) at: usize,
    pub(super) entries: Vec<Spanned<EnvelopeEntry>>,
    /// Whether every entry could be read. Otherwise an entry that seems to be
    /// missing may only be unreadable.
    pub(super) is_whole: bool,
}

impl Envelope {
    pub(super) fn entries(&self) -> &'static [EnvelopeEntry] {
        leak_list(self.entries.iter().map(|entry| entry.value).collect())
    }

    /// Returns the same envelope with the marks of a device, where it is
    /// counted by them and the file does not name their keys.
    pub(super) fn with_marks(mut self, count: &[Period], notes: &mut Notes<'_>) -> Self {
        let implied = [(Source::Marks, "first"), (Source::Age, "age")];
        for (source, key) in implied {
            let is_named = self.entries.iter().any(|entry| entry.value.source == source);
            if !count.is_empty() && !is_named {
                if let Some(other) = self.entries.iter().find(|entry| entry.value.key == key) {
                    let message = format!(
                        "`{key}` is the key of a mark: rename this entry, or give the mark another key, as in `other = \"{key}\"`."
                    );
                    notes.wrong(other.at, message);
                }
                let entry = EnvelopeEntry { key, source, optional: Some(Absent::Omit) };
                self.entries.push(Spanned { at: self.at, value: entry });
            }
        }
        self
    }

    /// Returns the first entry with a source that `wanted` accepts.
    pub(super) fn find(&self, wanted: fn(&Source) -> bool) -> Option<&Spanned<EnvelopeEntry>> {
        self.entries.iter().find(|entry| wanted(&entry.value.source))
    }
}

pub(super) fn read(table: &Table, always: AlwaysThere, notes: &mut Notes<'_>) -> Envelope {
    if table.pairs.len() > limits::ENVELOPE_ENTRIES {
        let most = limits::ENVELOPE_ENTRIES;
        notes.wrong(table.at, format!("`[envelope]` may have at most {most} entries."));
    }
    let mut entries: Vec<Spanned<EnvelopeEntry>> = Vec::with_capacity(table.pairs.len() + 1);
    for pair in &table.pairs {
        if let Some(entry) = entry(pair, always, notes) {
            entries.push(Spanned { at: pair.at, value: entry });
        }
    }
    let is_whole = entries.len() == table.pairs.len();
    if is_whole && !entries.iter().any(|entry| entry.value.source == Source::Properties) {
        let entry = EnvelopeEntry { key: "", source: Source::Properties, optional: None };
        entries.push(Spanned { at: table.at, value: entry });
    }
    Envelope { at: table.at, entries, is_whole }
}

fn entry(pair: &Pair, always: AlwaysThere, notes: &mut Notes<'_>) -> Option<EnvelopeEntry> {
    let (source, optional) = match &pair.value.data {
        Data::Text(_) => {
            let text = pair.text(notes)?;
            match SOURCES.iter().find(|(_, word)| *word == text.text) {
                Some((source, _)) => (*source, None),
                None if text.text == "flag" => (Source::Host(crate::Kind::Flag), None),
                None => {
                    let words = SOURCES.iter().map(|(_, word)| *word).chain(["flag"]);
                    let unknown = format!("source {}", quoted(text.text));
                    notes.unknown(text.at, &unknown, text.text, words);
                    return None;
                }
            }
        }
        Data::Table(table) => table_entry((pair, table), always, notes)?,
        _ => {
            let wanted = "a source such as \"device\", or a table";
            return pair.value.wrong_type(&pair.key, wanted, notes);
        }
    };
    let key = key(pair, &source, notes)?;
    // Most events carry no mark, and most hosts are not run by an agent.
    let optional = match source {
        Source::Marks | Source::Age | Source::Agent | Source::Attended => {
            optional.or(Some(Absent::Omit))
        }
        _ => optional,
    };
    Some(EnvelopeEntry { key, source, optional })
}

/// Reads the key of an entry. `*` marks the place of the event's own
/// properties.
fn key(pair: &Pair, source: &Source, notes: &mut Notes<'_>) -> Option<&'static str> {
    let starred = match pair.key.as_str() {
        "*" => Some(""),
        key => key.strip_suffix(".*"),
    };
    match (starred, source) {
        (Some(""), Source::Properties) => return Some(""),
        (Some(holder), Source::Properties) if names::is_key(holder) => return Some(leak(holder)),
        (Some(_), Source::Properties) | (None, Source::Properties) => {
            let message = "The source \"properties\" needs the key `\"*\"`, or `\"name.*\"` to put them into an object.";
            notes.wrong(pair.at, message);
        }
        (Some(_), _) => {
            notes.wrong(pair.at, "A key with `*` needs the source \"properties\".");
        }
        (None, _) if names::is_key_path(&pair.key) => return Some(leak(&pair.key)),
        (None, _) => {
            let message = format!(
                "`{}` is not a valid key: use letters, digits, `_` and `-`, and dots between nested keys.",
                shown(&pair.key)
            );
            notes.wrong(pair.at, message);
        }
    }
    None
}

/// Reads an entry that is a table.
fn table_entry(
    (pair, table): (&Pair, &Table),
    always: AlwaysThere,
    notes: &mut Notes<'_>,
) -> Option<(Source, Option<Absent>)> {
    let mut fields = Fields::new(table, format!("`{}`", shown(&pair.key)));
    let of_ours = ["is", "constant", "optional", "grain", "words", "other", "most"];
    if let Some(nested) = table.pairs.iter().find(|pair| !of_ours.contains(&pair.key.as_str()))
        && matches!(nested.value.data, Data::Table(_) | Data::Text(_))
        && !kinds::shaped().contains(&nested.key.as_str())
        && table.pairs.iter().all(|pair| !of_ours.contains(&pair.key.as_str()))
    {
        let (outer, inner) = (shown(&pair.key), shown(&nested.key));
        let message =
            format!("Write `\"{outer}.{inner}\"` in quotation marks: the dot is part of the key.");
        notes.wrong(pair.at, message);
        return None;
    }
    let source = match fields.first_of(&["is", "constant"]) {
        Some(("is", pair)) => {
            fields.know(["is"]);
            pair.text(notes).and_then(|text| sourced(text, &mut fields, notes))
        }
        Some((_, pair)) => {
            fields.know(["constant"]);
            pair.text(notes).and_then(|text| kinds::word(text, notes)).map(Source::Constant)
        }
        None => {
            fields.know(["is", "constant"]);
            property::kind(&mut fields, &HOST, notes).map(Source::Host)
        }
    };
    let written = fields.text("optional", notes);
    let optional = property::absent(written, notes);
    if let Some((source, text)) = source.as_ref().zip(written)
        && always == AlwaysThere::AsInAHost
        && is_always_there(source)
    {
        notes.wrong(
            text.at,
            format!("`{}` is always present: remove `optional`.", shown(&pair.key)),
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
        Source::Session
        | Source::Turn
        | Source::Account
        | Source::Locale
        | Source::Marks
        | Source::Age
        | Source::Agent
        | Source::Attended
        | Source::Host(_) => false,
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

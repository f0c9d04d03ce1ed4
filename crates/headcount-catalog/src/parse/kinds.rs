//! The kinds of values: a name such as `"flag"`, or a table with the kind as a
//! key, such as `{ count = 1000 }`.

use super::fields::{Fields, Text, leak, leak_list};
use super::list::{self, ItemRule};
use super::names;
use super::notes::{Notes, quoted, shown};
use super::toml_tree::{Data, Pair};
use crate::{Grain, Kind, Reference, Unit, limits};

/// The kinds that need only their name.
pub(super) const PLAIN: [(Kind, &str); 5] = [
    (Kind::Flag, "flag"),
    (Kind::ExitCode, "exit-code"),
    (Kind::Version, "version"),
    (Kind::Locale, "locale"),
    (Kind::Location, "location"),
];

/// All other kinds, each with an example, in the order of the documentation.
const SHAPED: [(&str, &str); 15] = [
    ("choice", "{ choice = [\"yes\", \"no\"] }"),
    ("choices", "{ choices = [\"a\", \"b\"] }"),
    ("count", "{ count = 1000 }"),
    ("amount", "{ amount = \"usd\", cap = 100 }"),
    ("bucket", "{ bucket = [1, 10, 100] }"),
    ("duration", "{ duration = \"ms\" }"),
    ("token", "{ token = \"a-z0-9.-\", most = 64 }"),
    ("frames", "{ frames = 5 }"),
    ("scrubbed", "{ scrubbed = 120, because = \"…\" }"),
    ("reference", "{ reference = \"session\" }"),
    ("function", "{ function = [\"main\"], other = \"unknown\" }"),
    ("class", "{ class = [\"io\"], other = \"other\" }"),
    ("count-of", "{ count-of = \"commands\" }"),
    ("time", "{ time = \"second\" }"),
    ("constant", "{ constant = \"/\" }"),
];

/// What other grammars call a kind, and what it is called here.
const ALIASES: [(&[&str], &str); 4] = [
    (&["bool", "boolean"], "flag"),
    (&["exit", "exitcode", "exit_code", "status"], "exit-code"),
    (&["semver"], "version"),
    (&["language", "lang"], "locale"),
];

/// Kinds of other grammars that are too wide here, and what to use instead.
const NO_KINDS: [(&[&str], &str); 4] = [
    (
        &["string", "text", "str", "any", "object", "json"],
        "`{ choice = [\"…\"] }` for a closed set, or `{ token = \"a-z0-9-\", most = 32 }` for an open but \
         harmless vocabulary",
    ),
    (
        &["int", "integer", "number", "num", "float", "double", "u64", "i64", "long"],
        "`{ count = 1000 }` for a number up to a limit, or `{ bucket = [1, 10, 100] }` for its size alone",
    ),
    (
        &["date", "datetime", "timestamp", "time"],
        "`{ time = \"second\" }`, or `{ duration = \"ms\" }` for how long something took",
    ),
    (
        &["enum", "list", "array", "set"],
        "`{ choice = [\"…\"] }` for one word of a set, or `{ choices = [\"…\"] }` for several",
    ),
];

pub(super) const REFERENCES: [(Reference, &str); 3] =
    [(Reference::Session, "session"), (Reference::Turn, "turn"), (Reference::Account, "account")];

pub(super) const UNITS: [(Unit, &str); 2] = [(Unit::Milliseconds, "ms"), (Unit::Seconds, "s")];

/// The default number of decimals of an amount: cents.
const DECIMALS: u8 = 2;

/// Returns the keys that name a kind in a table.
pub(super) fn shaped() -> Vec<&'static str> {
    SHAPED.iter().map(|(name, _)| *name).collect()
}

/// Reads a kind that is given by its name.
pub(super) fn plain(text: Text<'_>, notes: &mut Notes<'_>) -> Option<Kind> {
    if let Some((kind, _)) = PLAIN.iter().find(|(_, name)| *name == text.text) {
        return Some(*kind);
    }
    if let Some((name, example)) = SHAPED.iter().find(|(name, _)| *name == text.text) {
        notes.wrong(text.at, format!("The kind `{name}` needs a value, as in `{example}`."));
        return None;
    }
    if let Some((_, kind)) = ALIASES.iter().find(|(words, _)| words.contains(&text.text)) {
        let message = format!("Unknown kind {}; did you mean `{kind}`?", quoted(text.text));
        notes.foreign(text.at, message, kind);
        return None;
    }
    if let Some((_, advice)) = NO_KINDS.iter().find(|(words, _)| words.contains(&text.text)) {
        notes.wrong(text.at, format!("There is no kind `{}`: use {advice}.", text.text));
        return None;
    }
    let names = PLAIN.iter().map(|(_, name)| *name).chain(SHAPED.iter().map(|(name, _)| *name));
    notes.unknown(text.at, &format!("kind {}", quoted(text.text)), text.text, names);
    None
}

/// Reads a kind that is given by a key of a table, with the keys beside it.
pub(super) fn shape(
    name: &'static str,
    pair: &Pair,
    fields: &mut Fields<'_>,
    notes: &mut Notes<'_>,
) -> Option<Kind> {
    match name {
        "choice" => set(pair, fields, notes).map(|(set, other)| Kind::Choice { set, other }),
        "choices" => set(pair, fields, notes).map(|(set, other)| Kind::Choices { set, other }),
        "function" => set(pair, fields, notes).map(|(set, other)| Kind::Function { set, other }),
        "class" => set(pair, fields, notes).map(|(set, other)| Kind::Class { set, other }),
        "count" => pair.whole(1, limits::CAP, notes).map(|cap| Kind::Count { cap }),
        "amount" => amount(pair, fields, notes),
        "bucket" => ladder(pair, notes).map(|ladder| Kind::Bucket { ladder }),
        "duration" => duration(pair, fields, notes),
        "token" => token(pair, fields, notes),
        "frames" => {
            let most = pair.whole(1, u64::from(limits::FRAMES), notes)?;
            u8::try_from(most).ok().map(|most| Kind::Frames { most })
        }
        "scrubbed" => scrubbed(pair, fields, notes),
        "reference" => pair.text(notes)?.one_of(&REFERENCES, notes).map(Kind::Reference),
        "count-of" => pair.text(notes).map(|text| Kind::CountOf(leak(text.text))),
        "time" => pair.text(notes)?.one_of(&Grain::ALL, notes).map(Kind::Time),
        "constant" => word(pair.text(notes)?, notes).map(Kind::Constant),
        _ => None,
    }
}

/// Reads a word of a closed set.
pub(super) fn word(text: Text<'_>, notes: &mut Notes<'_>) -> Option<&'static str> {
    text.checked(names::is_word, WORD, notes)
}

pub(super) const WORD: &str =
    "a word of printable ASCII without quotation marks or backslashes, of at most 80 characters";

/// The words of a closed set, and the word for everything else.
type Set = (&'static [&'static str], Option<&'static str>);

/// Reads a closed set.
fn set(pair: &Pair, fields: &mut Fields<'_>, notes: &mut Notes<'_>) -> Option<Set> {
    let rule = ItemRule { must: WORD, fits: names::is_word, most: limits::SET_WORDS };
    let set = list::texts(pair, &rule, notes);
    let written = fields.text("other", notes);
    let other = written.and_then(|text| word(text, notes));
    if let (Some(text), Data::List(items)) = (written, &pair.value.data)
        && items.iter().any(|item| matches!(&item.data, Data::Text(word) if word == text.text))
    {
        let message = format!(
            "`{}` is the word for everything outside the set: remove it from the set.",
            shown(text.text)
        );
        notes.wrong(text.at, message);
    }
    Some((leak_list(set?), other))
}

fn amount(pair: &Pair, fields: &mut Fields<'_>, notes: &mut Notes<'_>) -> Option<Kind> {
    let unit = pair.text(notes).and_then(|text| {
        text.checked(names::is_name, "a unit in lower case, such as `usd`", notes)
    });
    let cap = fields.need("cap", notes).and_then(|pair| pair.whole(1, limits::CAP, notes));
    let decimals = match fields.find("decimals") {
        Some(pair) => pair
            .whole(0, u64::from(limits::DECIMALS), notes)
            .and_then(|number| u8::try_from(number).ok()),
        None => Some(DECIMALS),
    };
    Some(Kind::Amount { unit: unit?, cap: cap?, decimals: decimals? })
}

fn ladder(pair: &Pair, notes: &mut Notes<'_>) -> Option<&'static [u64]> {
    let items = pair.list(notes)?;
    if !(1..=limits::RUNGS).contains(&items.len()) {
        let most = limits::RUNGS;
        notes.wrong(pair.value.at, format!("`bucket` must have 1 to {most} numbers."));
    }
    let mut rungs: Vec<u64> = Vec::with_capacity(items.len());
    for item in items {
        let Some(rung) = item.whole("bucket", 1, limits::CAP, notes) else { continue };
        if let Some(below) = rungs.last().filter(|below| **below >= rung) {
            let message =
                format!("The numbers of `bucket` must rise: {rung} is not above {below}.");
            notes.wrong(item.at, message);
        }
        rungs.push(rung);
    }
    (rungs.len() == items.len()).then(|| leak_list(rungs))
}

/// Reads a duration. Its default cap is a day.
fn duration(pair: &Pair, fields: &mut Fields<'_>, notes: &mut Notes<'_>) -> Option<Kind> {
    let unit = pair.text(notes)?.one_of(&UNITS, notes);
    let cap = match fields.find("cap") {
        Some(pair) => pair.whole(1, limits::CAP, notes),
        None => unit.map(|unit| match unit {
            Unit::Milliseconds => 24 * 60 * 60 * 1000,
            Unit::Seconds => 24 * 60 * 60,
        }),
    };
    Some(Kind::Duration { unit: unit?, cap: cap? })
}

fn token(pair: &Pair, fields: &mut Fields<'_>, notes: &mut Notes<'_>) -> Option<Kind> {
    let alphabet = pair.text(notes).and_then(|text| alphabet(text, notes));
    let most = fields
        .need("most", notes)
        .and_then(|pair| pair.whole(1, u64::from(limits::TOKEN_CHARACTERS), notes))
        .and_then(|most| u16::try_from(most).ok());
    Some(Kind::Token { alphabet: alphabet?, most: most? })
}

/// Reads characters and ranges, as in a bracket expression: `a-z0-9._-`.
///
/// A range must be one of lower-case letters, of capitals or of digits, because
/// `+-_` would allow nearly everything. A space would allow sentences, and `@`
/// mail addresses.
fn alphabet(text: Text<'_>, notes: &mut Notes<'_>) -> Option<&'static str> {
    let fine = |character: char| character.is_ascii_graphic() && !"\"'`\\@".contains(character);
    if text.text.is_empty() || !text.text.chars().all(fine) {
        let must = "characters and ranges such as `a-z0-9._-`, without spaces, quotation marks, backslashes or `@`";
        return text.must_be(must, notes);
    }
    let mut rest = text.text;
    while let Some(low) = rest.chars().next() {
        rest = &rest[1..];
        let Some(high) = rest.strip_prefix('-').and_then(|rest| rest.chars().next()) else {
            continue;
        };
        let same = |class: fn(&char) -> bool| class(&low) && class(&high);
        let within = same(char::is_ascii_lowercase)
            || same(char::is_ascii_uppercase)
            || same(char::is_ascii_digit);
        if !within || low > high {
            let message = format!(
                "`{low}-{high}` is not a range of letters or digits; to allow `-` itself, put it last."
            );
            notes.wrong(text.at, message);
            return None;
        }
        rest = &rest[2..];
    }
    Some(leak(text.text))
}

fn scrubbed(pair: &Pair, fields: &mut Fields<'_>, notes: &mut Notes<'_>) -> Option<Kind> {
    let most = pair
        .whole(1, u64::from(limits::SCRUBBED_CHARACTERS), notes)
        .and_then(|most| u16::try_from(most).ok());
    let because = fields.need_text("because", notes).and_then(|text| {
        text.checked(names::is_line, "the reason why a closed set is not enough", notes)
    });
    Some(Kind::Scrubbed { most: most?, because: because? })
}

/// Whether a value of this kind is always present, whatever the host does.
pub(super) fn follows_by_itself(kind: &Kind) -> bool {
    matches!(kind, Kind::Constant(_) | Kind::CountOf(_))
}

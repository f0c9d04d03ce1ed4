//! `failure` of a property: the values that stand for a failure.

use super::fields::leak_list;
use super::list::{self, ItemRule};
use super::names;
use super::notes::{Notes, quoted};
use super::spanned::Spanned;
use super::toml_tree::{Data, Pair};
use crate::{Kind, Property, limits};

/// The words of a flag.
const FLAGS: [&str; 2] = ["false", "true"];

/// Reads `failure`, which a flag, a choice and a class can have.
pub(super) fn read(
    pair: &Pair,
    kind: &Kind,
    notes: &mut Notes<'_>,
) -> Option<&'static [&'static str]> {
    match kind {
        Kind::Flag => flag(pair, notes),
        Kind::Choice { set, other } | Kind::Class { set, other } => words(pair, set, *other, notes),
        Kind::ExitCode => {
            let message =
                "An exit code fails if it is not 0, without being told: remove `failure`.";
            notes.wrong(pair.at, message);
            None
        }
        _ => {
            let message = format!(
                "A `{}` cannot say what a failure is: use `failure` with a `flag`, a `choice` or a `class`.",
                kind.name()
            );
            notes.wrong(pair.at, message);
            None
        }
    }
}

fn flag(pair: &Pair, notes: &mut Notes<'_>) -> Option<&'static [&'static str]> {
    match &pair.value.data {
        Data::Flag(flag) => Some(leak_list(vec![FLAGS[usize::from(*flag)]])),
        _ => pair.value.wrong_type(&pair.key, "`false` or `true` for a flag", notes),
    }
}

fn words(
    pair: &Pair,
    set: &[&'static str],
    other: Option<&'static str>,
    notes: &mut Notes<'_>,
) -> Option<&'static [&'static str]> {
    let rule = ItemRule { must: super::kinds::WORD, fits: names::is_word, most: limits::SET_WORDS };
    let words = list::texts(pair, &rule, notes)?;
    let known = || set.iter().copied().chain(other);
    for word in &words {
        if !known().any(|known| known == *word) {
            let unknown = format!("value {} in `failure`", quoted(word));
            notes.unknown(pair.value.at, &unknown, word, known());
        }
    }
    if known().all(|known| words.contains(&known)) {
        let message = "`failure` has all values, so nothing would ever work: remove one.";
        notes.wrong(pair.value.at, message);
    }
    Some(leak_list(words))
}

/// Checks that one property at most says whether an event failed.
pub(super) fn once(properties: &[Spanned<Property>], notes: &mut Notes<'_>) {
    let mut telling = properties.iter().filter(|property| !property.value.failure.is_empty());
    let Some(first) = telling.next() else { return };
    for property in telling {
        let message = format!(
            "`{}` already says what a failure of this event is: remove one `failure`.",
            first.value.name
        );
        notes.wrong(property.at, message);
    }
}

//! Lists of text: closed sets, lines for people, arguments.

use super::fields::{Text, leak};
use super::notes::{Notes, shown};
use super::source::Pair;

/// What a list may hold.
pub(super) struct Rule {
    /// What one item must be, as a message says it.
    pub(super) must: &'static str,
    /// Whether an item is that.
    pub(super) fits: fn(&str) -> bool,
    /// The greatest number of items; there is at least one.
    pub(super) most: usize,
}

/// The items, none twice.
pub(super) fn texts(pair: &Pair, rule: &Rule, notes: &mut Notes<'_>) -> Option<Vec<&'static str>> {
    let items = pair.list(notes)?;
    if items.is_empty() || items.len() > rule.most {
        let most = rule.most;
        notes.wrong(pair.value.at, format!("`{}` must have between 1 and {most} items.", pair.key));
    }
    let mut texts: Vec<&'static str> = Vec::with_capacity(items.len());
    for item in items {
        let Some(text) = item.text(&pair.key, notes) else { continue };
        if texts.contains(&text.text) {
            notes.wrong(text.at, format!("`{}` has \"{}\" twice.", pair.key, shown(text.text)));
        } else if let Some(text) = item_text(text, rule, notes) {
            texts.push(text);
        }
    }
    (texts.len() == items.len()).then_some(texts)
}

fn item_text(text: Text<'_>, rule: &Rule, notes: &mut Notes<'_>) -> Option<&'static str> {
    if (rule.fits)(text.text) {
        return Some(leak(text.text));
    }
    let written = shown(text.text);
    let must = rule.must;
    notes.wrong(text.at, format!("An item of `{}` must be {must}, not \"{written}\".", text.key));
    None
}

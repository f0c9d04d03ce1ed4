//! Arrays of strings: closed sets, lines for people, arguments.

use super::fields::{Text, leak};
use super::notes::{Notes, quoted, shown};
use super::toml_tree::Pair;

/// What an array may contain.
pub(super) struct ItemRule {
    /// What an item must be, for messages.
    pub(super) must: &'static str,
    /// Whether an item is valid.
    pub(super) fits: fn(&str) -> bool,
    /// The greatest number of items. The least is 1.
    pub(super) most: usize,
}

/// Reads the items, none of which may occur twice.
pub(super) fn texts(
    pair: &Pair,
    rule: &ItemRule,
    notes: &mut Notes<'_>,
) -> Option<Vec<&'static str>> {
    let items = pair.list(notes)?;
    if items.is_empty() || items.len() > rule.most {
        let most = rule.most;
        notes.wrong(pair.value.at, format!("`{}` must have 1 to {most} items.", pair.key));
    }
    let mut texts: Vec<&'static str> = Vec::with_capacity(items.len());
    for item in items {
        let Some(text) = item.text(&pair.key, notes) else { continue };
        if texts.contains(&text.text) {
            notes.wrong(text.at, format!("`{}` lists `{}` twice.", pair.key, shown(text.text)));
        } else if let Some(text) = item_text(text, rule, notes) {
            texts.push(text);
        }
    }
    (texts.len() == items.len()).then_some(texts)
}

fn item_text(text: Text<'_>, rule: &ItemRule, notes: &mut Notes<'_>) -> Option<&'static str> {
    if (rule.fits)(text.text) {
        return Some(leak(text.text));
    }
    let (must, found) = (rule.must, quoted(text.text));
    notes.wrong(text.at, format!("An item of `{}` must be {must}; found {found}.", text.key));
    None
}

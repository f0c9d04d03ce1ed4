//! `[consent]`: the default, the order of the rules, the variables, the texts.

use super::fields::{Fields, Text, leak, leak_list};
use super::list::{self, ItemRule};
use super::names;
use super::notes::{Notes, shown};
use super::spanned::Spanned;
use super::toml_tree::Pair;
use crate::{Consent, ConsentDefault, OnOff, RefusingValues, Rule, Texts, Variable, limits};

pub(super) const DEFAULTS: [(ConsentDefault, &str); 3] =
    [(ConsentDefault::Ask, "ask"), (ConsentDefault::Off, "off"), (ConsentDefault::On, "on")];

pub(super) const OFF: [(OnOff, &str); 2] =
    [(OnOff::KeepId, "keep-id"), (OnOff::DeleteId, "delete-id")];

pub(super) const REFUSES: [(RefusingValues, &str); 2] =
    [(RefusingValues::Zero, "0"), (RefusingValues::One, "1")];

/// Rules that every product must have.
const NEEDED: [Rule; 4] = [Rule::Environment, Rule::DoNotTrack, Rule::Flag, Rule::Settings];

/// `[consent]`, with the places that the checks across sections report.
#[derive(Debug, Clone, Copy)]
pub(super) struct ConsentSection {
    pub(super) consent: Consent,
    pub(super) farewell: Option<Spanned<&'static str>>,
    /// Where the variables are.
    pub(super) variables: usize,
}

pub(super) fn read(
    mut fields: Fields<'_>,
    prefix: &str,
    notes: &mut Notes<'_>,
) -> Option<Spanned<ConsentSection>> {
    let at = fields.at();
    let default = fields.need_text("default", notes).and_then(|text| text.one_of(&DEFAULTS, notes));
    let order = fields.need("order", notes).and_then(|pair| order(pair, notes));
    let written = fields.find("variables");
    let variables = match written {
        Some(pair) => variables(pair, notes),
        None => Some(vec![own_variable(prefix)]),
    };
    let off = match fields.text("off", notes) {
        Some(text) => text.one_of(&OFF, notes),
        None => Some(OnOff::DeleteId),
    };
    let farewell = fields
        .text("farewell", notes)
        .map(|Text { at, text, .. }| Spanned { at, value: leak(text) });
    let texts = texts(fields.find("texts"), notes);
    fields.finish(notes);
    let consent = Consent {
        default: default?,
        order: leak_list(order?),
        variables: leak_list(variables?),
        off: off?,
        farewell: farewell.map(|farewell| farewell.value),
        texts: texts?,
    };
    let variables = written.map_or(at, |pair| pair.at);
    Some(Spanned { at, value: ConsentSection { consent, farewell, variables } })
}

/// Returns `<PREFIX>_TELEMETRY`, which refuses when it is `0`.
fn own_variable(prefix: &str) -> Variable {
    Variable { name: leak(&format!("{prefix}_TELEMETRY")), refuses: RefusingValues::Zero }
}

fn order(pair: &Pair, notes: &mut Notes<'_>) -> Option<Vec<Rule>> {
    let words = Rule::ALL.map(|rule| (rule, rule.name()));
    let items = pair.list(notes)?;
    let mut order = Vec::with_capacity(items.len());
    let mut unknown = 0;
    for item in items {
        let Some(text) = item.text("order", notes) else { continue };
        match text.one_of(&words, notes) {
            Some(rule) if order.contains(&rule) => {
                notes.wrong(text.at, format!("`order` lists `{}` twice.", text.text));
            }
            Some(rule) => order.push(rule),
            None => unknown += 1,
        }
    }
    if unknown > 0 {
        // An unknown rule may be a misspelt required one.
        return None;
    }
    for rule in NEEDED.into_iter().filter(|rule| !order.contains(rule)) {
        let name = rule.name();
        let message = format!("`order` must contain `{name}`, so that people can refuse that way.");
        notes.wrong(pair.value.at, message);
    }
    Some(order)
}

fn variables(pair: &Pair, notes: &mut Notes<'_>) -> Option<Vec<Variable>> {
    let items = pair.list(notes)?;
    if !(1..=limits::LIST_ITEMS).contains(&items.len()) {
        let most = limits::LIST_ITEMS;
        notes.wrong(pair.value.at, format!("`variables` must have 1 to {most} items."));
    }
    let mut variables: Vec<Variable> = Vec::with_capacity(items.len());
    for item in items {
        let super::toml_tree::Data::Table(table) = &item.data else {
            let wanted =
                "an array of tables such as { name = \"MY_TOOL_TELEMETRY\", refuses = \"0\" }";
            item.wrong_type::<()>("variables", wanted, notes);
            continue;
        };
        let mut fields = Fields::new(table, "`variables`");
        let name = fields.need_text("name", notes);
        let refuses =
            fields.need_text("refuses", notes).and_then(|text| text.one_of(&REFUSES, notes));
        fields.finish(notes);
        if let Some(name) = name.and_then(|name| variable_name(name, &variables, notes))
            && let Some(refuses) = refuses
        {
            variables.push(Variable { name, refuses });
        }
    }
    Some(variables)
}

fn variable_name(
    text: Text<'_>,
    others: &[Variable],
    notes: &mut Notes<'_>,
) -> Option<&'static str> {
    if text.text == "DO_NOT_TRACK" {
        notes.wrong(text.at, "Every product honours `DO_NOT_TRACK`: remove it here.");
        return None;
    }
    if others.iter().any(|other| other.name == text.text) {
        notes.wrong(text.at, format!("The variable `{}` is listed twice.", shown(text.text)));
        return None;
    }
    text.checked(names::is_variable, names::VARIABLE, notes)
}

/// Reads `[consent.texts]`, where every key is optional.
fn texts(pair: Option<&Pair>, notes: &mut Notes<'_>) -> Option<Texts> {
    let mut texts =
        Texts { question: None, introduction: None, collected: &[], never: &[], notice: None };
    let Some(pair) = pair else { return Some(texts) };
    let mut fields = Fields::new(pair.table(notes)?, "`[consent.texts]`");
    texts.question = sentence(fields.text("question", notes), notes);
    texts.introduction = sentence(fields.text("introduction", notes), notes);
    texts.collected = lines(fields.find("collected"), notes);
    texts.never = lines(fields.find("never"), notes);
    texts.notice = sentence(fields.text("notice", notes), notes);
    fields.finish(notes);
    Some(texts)
}

fn sentence(text: Option<Text<'_>>, notes: &mut Notes<'_>) -> Option<&'static str> {
    let must = format!("text of at most {} characters", limits::TEXT_CHARACTERS);
    text?.checked(names::is_sentence, &must, notes)
}

fn lines(pair: Option<&Pair>, notes: &mut Notes<'_>) -> &'static [&'static str] {
    let rule =
        ItemRule { must: "text on one line", fits: names::is_line, most: limits::TEXT_LINES };
    pair.and_then(|pair| list::texts(pair, &rule, notes)).map_or(&[], leak_list)
}

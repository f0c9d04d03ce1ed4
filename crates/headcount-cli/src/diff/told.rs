//! Differences as text, as Markdown and as JSON. Pure.

use std::fmt::Write as _;

use headcount::person::visible;
use headcount_catalog::{Catalog, ConsentDefault, Difference, Judgement};
use serde_json::json;

/// What is told of two catalogs.
pub(super) struct Told<'a> {
    /// The earlier one; `None` where there was none.
    pub(super) old: Option<&'a Catalog>,
    pub(super) new: &'a Catalog,
    /// What is different; `None` where there was nothing before.
    pub(super) all: Option<&'a [Difference]>,
}

/// The heading over the sentences of one judgement.
fn heading(judgement: Judgement) -> &'static str {
    match judgement {
        Judgement::Widens => "A person would also share",
        Judgement::Narrows => "A person would no longer share",
        Judgement::Same => "Different, and a person shares what they did",
    }
}

fn sign(judgement: Judgement) -> char {
    match judgement {
        Judgement::Widens => '+',
        Judgement::Narrows => '-',
        Judgement::Same => '=',
    }
}

const IN_ORDER: [Judgement; 3] = [Judgement::Widens, Judgement::Narrows, Judgement::Same];

impl Told<'_> {
    /// What all differences together mean. A first catalog widens: nothing was
    /// shared before.
    pub(super) fn judgement(&self) -> Judgement {
        self.all.map_or(Judgement::Widens, Judgement::of)
    }

    /// For a terminal.
    pub(super) fn text(&self) -> String {
        let mut text = format!("{}\n", self.first_line());
        for (judgement, all) in self.groups() {
            let _ = write!(text, "\n{}:\n", heading(judgement));
            for one in all {
                let mark = if one.is_withheld { " *" } else { "" };
                let _ = writeln!(text, "  {} {}{mark}", sign(judgement), visible(&one.sentence));
            }
        }
        if let Some(sentence) = self.of_consent() {
            let _ = write!(text, "\n{sentence}\n");
        }
        text
    }

    /// For a comment on a pull request.
    pub(super) fn markdown(&self) -> String {
        let mut text = format!("### {}\n", escaped(&self.first_line()));
        for (judgement, all) in self.groups() {
            let _ = write!(text, "\n**{}**\n\n", heading(judgement));
            for one in all {
                let mark = if one.is_withheld { " \\*" } else { "" };
                let _ = writeln!(text, "- {}{mark}", escaped(&visible(&one.sentence)));
            }
        }
        if let Some(sentence) = self.of_consent() {
            let _ = write!(text, "\n{}\n", escaped(&sentence));
        }
        text
    }

    /// One line for a program.
    pub(super) fn json(&self) -> String {
        let all = self.all.unwrap_or_default().iter();
        let differences: Vec<_> = all
            .map(|one| {
                json!({
                    "judgement": one.judgement.name(),
                    "sentence": one.sentence,
                    "withheld": one.is_withheld,
                })
            })
            .collect();
        let line = json!({
            "product": self.new.product.name,
            "old": self.old.map(|old| old.version),
            "new": self.new.version,
            "judgement": self.judgement().name(),
            "differences": differences,
        });
        format!("{line}\n")
    }

    fn first_line(&self) -> String {
        let new = self.new;
        let (title, version) = (visible(new.product.title), new.version);
        let Some((old, all)) = self.old.zip(self.all) else {
            return format!(
                "{title}: catalog {version} widens. It is the first one: everything in it is new. `headcount docs` says what that is."
            );
        };
        if all.is_empty() {
            return format!("{title}: same. Catalog {version} has no difference.");
        }
        let word = self.judgement().name();
        if old.version == version {
            // Answers and receipts name catalogs by this number.
            return format!(
                "{title}: {word}. Both are catalog {version}: raise the number `catalog` before a release, so that they can be told apart."
            );
        }
        format!("{title}: {word}, from catalog {} to catalog {version}.", old.version)
    }

    fn groups(&self) -> impl Iterator<Item = (Judgement, Vec<&Difference>)> {
        let all = self.all.unwrap_or_default();
        IN_ORDER.into_iter().filter_map(move |judgement| {
            let those: Vec<_> = all.iter().filter(|one| one.judgement == judgement).collect();
            (!those.is_empty()).then_some((judgement, those))
        })
    }

    /// What the release means for those who have decided already.
    fn of_consent(&self) -> Option<String> {
        let is_withheld = self.all.unwrap_or_default().iter().any(|one| one.is_withheld);
        let widens = self.judgement() == Judgement::Widens;
        let old = self.old?;
        if is_withheld {
            let whom = match old.consent.default {
                ConsentDefault::On => "whoever was told of the earlier catalog",
                ConsentDefault::Ask | ConsentDefault::Off => {
                    "everybody who agreed to the earlier catalog"
                }
            };
            return Some(format!(
                "* Withheld from {whom}, until they agree to this one: they are told once, in a terminal, and nothing else changes for them."
            ));
        }
        widens.then(|| {
            "Nothing of this is withheld: it is not a part of what people agree to. Say it in your release notes.".to_owned()
        })
    }
}

/// What Markdown makes something of.
const MARKUP: &str = "\\*_<>[]#@|";

/// A sentence without what Markdown would make of it. Names stay between their
/// backticks.
fn escaped(sentence: &str) -> String {
    let mut text = String::new();
    let mut is_code = false;
    for (place, letter) in sentence.char_indices() {
        is_code ^= letter == '`';
        // An address becomes a link by itself.
        let is_address = sentence[place..].starts_with("://");
        if !is_code && (is_address || MARKUP.contains(letter)) {
            text.push('\\');
        }
        text.push(letter);
    }
    text
}

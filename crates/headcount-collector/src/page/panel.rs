//! A panel: what it asks, how it draws the answers, and where its numbers can
//! be had as data. Every panel is a file beside this one.

use maud::{Markup, html};

use super::address::PageAddress;
use super::call::{Answered, Call};
use super::text;

/// Draws the answers to a panel's calls, in their order.
pub(super) type Draw<'a> = Box<dyn FnOnce(&[Answered]) -> Markup + Send + 'a>;

/// A panel of a product's page.
pub(super) struct Panel<'a> {
    /// Unlike that of every other panel of the page.
    pub(super) id: String,
    /// Unlike that of every other panel of the page, with what stands beside.
    pub(super) title: String,
    /// What of it the panel is about.
    pub(super) aside: String,
    pub(super) width: Width,
    pub(super) calls: Vec<Call>,
    /// Of the calls, how many of the last ones it is also drawn without.
    optional: usize,
    pub(super) draw: Draw<'a>,
    /// What can be chosen, below what is drawn, and also where that cannot be.
    pub(super) form: Markup,
}

/// How much of the page a panel takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Width {
    Whole,
    Half,
    Third,
}

impl Width {
    fn class(self) -> &'static str {
        match self {
            Self::Whole => "whole",
            Self::Half => "half",
            Self::Third => "third",
        }
    }
}

/// Panels under one heading.
pub(super) struct PanelGroup<'a> {
    pub(super) id: &'static str,
    pub(super) title: &'static str,
    pub(super) panels: Vec<Panel<'a>>,
}

impl<'a> Panel<'a> {
    pub(super) fn new(
        id: &str,
        title: impl Into<String>,
        width: Width,
        calls: Vec<Call>,
        draw: impl FnOnce(&[Answered]) -> Markup + Send + 'a,
    ) -> Self {
        let (title, aside) = (title.into(), String::new());
        let (form, optional) = (html! {}, 0);
        let draw: Draw<'a> = Box::new(draw);
        Self { id: slug(id), title, aside, width, calls, optional, draw, form }
    }

    /// Asks this, too. The panel draws the answer after those to its calls, and
    /// is drawn without it where it cannot be asked for.
    pub(super) fn and_perhaps(mut self, call: Call) -> Self {
        self.calls.push(call);
        self.optional += 1;
        self
    }

    pub(super) fn with_form(mut self, form: Markup) -> Self {
        self.form = form;
        self
    }

    pub(super) fn beside(mut self, aside: impl Into<String>) -> Self {
        self.aside = aside.into();
        self
    }

    /// Draws the panel. An answer that could not be asked for is a sentence.
    pub(super) fn drawn(
        self,
        address: &PageAddress,
        answers: &[Result<Answered, String>],
    ) -> Markup {
        let heading = format!("{}-heading", self.id);
        let needed = self.calls.len().saturating_sub(self.optional).min(answers.len());
        let (own, optional) = answers.split_at(needed);
        let wrong = own.iter().find_map(|answer| answer.as_ref().err());
        let mut read: Vec<Answered> =
            own.iter().filter_map(|answer| answer.as_ref().ok().cloned()).collect();
        // The rest says by itself what it counts.
        let later = read.iter().filter_map(Answered::counted_later).max();
        let compared_later = read.iter().filter_map(Answered::compared_later).max();
        read.extend(optional.iter().filter_map(|answer| answer.as_ref().ok().cloned()));
        // What could not be asked is no source of what is drawn.
        let places = self.calls.iter().zip(answers).enumerate();
        let asked = places.filter(|(place, (_, answer))| *place < needed || answer.is_ok());
        let asked: Vec<Call> = asked.map(|(_, (call, _))| call.clone()).collect();
        html! {
            section class={ "panel " (self.width.class()) } id=(self.id) aria-labelledby=(heading) {
                h3 id=(heading) {
                    (self.title)
                    @if !self.aside.is_empty() { span.aside { (self.aside) } }
                }
                @if self.calls.iter().any(|call| call.leaves_out(address)) {
                    p.quiet { "Not filtered: this panel always counts all events." }
                }
                @match wrong {
                    None => {
                        @if let Some(day) = later {
                            p.quiet { "Counted from " (text::long(day)) " on: filters read raw events, and those before have expired." }
                        }
                        @if let Some(day) = compared_later {
                            p.quiet { "Of the days to compare with, those from " (text::long(day)) " on are known: filters read raw events, and those before have expired." }
                        }
                        ((self.draw)(&read))
                    }
                    Some(sentence) => p.quiet { "This cannot be asked: " (text::quoted(sentence)) "." },
                }
                (self.form)
                (source(&asked, address))
            }
        }
    }
}

/// The questions behind numbers, each with them as data.
pub(super) fn source(calls: &[Call], address: &PageAddress) -> Markup {
    let links = |call: &Call| {
        html! {
            a href=(call.page(address)) { "The question" } " "
            a href=(call.url("json")) data-format="json" { "JSON" } " "
            a href=(call.url("csv")) data-format="csv" { "CSV" }
        }
    };
    html! {
        @match calls {
            [] => {}
            [call] => div.source { (links(call)) },
            calls => details.source {
                summary { "The questions" }
                ul { @for call in calls { li { (call.subject()) " " (links(call)) } } }
            },
        }
    }
}

/// A text as an id: lower-case letters, digits and hyphens.
pub(super) fn slug(text: &str) -> String {
    let mut slug = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            'a'..='z' | '0'..='9' => slug.push(letter),
            'A'..='Z' => slug.push(letter.to_ascii_lowercase()),
            _ if !slug.is_empty() && !slug.ends_with('-') => slug.push('-'),
            _ => {}
        }
    }
    slug.trim_end_matches('-').to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ask::HttpQuestion;

    #[test]
    fn what_is_asked_perhaps_is_left_out_where_it_cannot_be() {
        let today = headcount_catalog::Day::parse("2026-11-20").unwrap();
        let address = PageAddress::new("atomic", today);
        let answered = || Ok(Answered::none());
        let refused = || Err("these days have 10000001 raw events".to_owned());
        let drawn = |answers: &[Result<Answered, String>]| {
            let draw = |answers: &[Answered]| html! { "answers: " (answers.len()) };
            let calls = [HttpQuestion::Events, HttpQuestion::Active].map(Call::new);
            let [needed, perhaps] = calls;
            Panel::new("p", "P", Width::Third, vec![needed], draw)
                .and_perhaps(perhaps)
                .drawn(&address, answers)
                .into_string()
        };
        let both = drawn(&[answered(), answered()]);
        assert!(both.contains("answers: 2") && both.contains("ask/active?"), "{both}");
        let without = drawn(&[answered(), refused()]);
        assert!(without.contains("answers: 1") && without.contains("ask/events?"), "{without}");
        assert!(!without.contains("ask/active?") && !without.contains("cannot"), "{without}");
        let neither = drawn(&[refused(), answered()]);
        assert!(neither.contains("This cannot be asked: "), "{neither}");
    }

    #[test]
    fn an_id_is_plain() {
        assert_eq!(
            slug("values cli.command_invoked · is_slash"),
            "values-cli-command-invoked-is-slash"
        );
        assert_eq!(slug("<b>É"), "b");
    }
}

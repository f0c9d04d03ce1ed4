//! What did not arrive, and what was not taken: events that hosts report as
//! lost, and events and properties that the catalog does not allow.

use std::collections::BTreeMap;

use headcount_catalog::report;
use headcount_store::RejectedRow;
use maud::{Markup, html};

use super::call::rows;
use super::panel::{Panel, Width};
use super::rejections::{self, Rejected, Rejections};
use super::text;
use super::view::View;
use crate::ask::{HttpQuestion, QuestionParameter};
use crate::limits;
use crate::registry::LoadedProduct;

pub(super) fn panels<'a>(view: &'a View<'_>) -> Vec<Panel<'a>> {
    lost(view).into_iter().chain([rejected(view)]).collect()
}

/// Whether the shippers of the product report what they lose.
pub(super) fn reports(view: &View<'_>) -> bool {
    view.product.events().any(headcount_catalog::Event::is_report)
}

/// The call for the sum of a property of the report.
pub(super) fn report_call(view: &View<'_>, property: &str) -> super::call::Call {
    let call = view.call_of(HttpQuestion::Quantiles, report::NAME);
    // A report is of all that was lost, whatever it was.
    call.without(QuestionParameter::Where).with(QuestionParameter::Property, property)
}

/// The names of the properties that count lost events.
pub(crate) fn losses(product: &LoadedProduct) -> Vec<&'static str> {
    let events = product.events().filter(|event| event.is_report());
    let names = events.flat_map(|event| event.properties).map(|property| property.name);
    names.filter(|name| name.starts_with("lost_")).collect()
}

fn lost<'a>(view: &'a View<'_>) -> Option<Panel<'a>> {
    if !reports(view) {
        return None;
    }
    let event = view.product.events().find(|event| event.is_report())?;
    let names: Vec<&'static str> = event.properties.iter().map(|property| property.name).collect();
    let calls = names.iter().map(|name| report_call(view, name)).collect();
    Some(Panel::new("lost", "On the way", Width::Half, calls, move |answers| {
        let sums: Vec<(&str, u64)> =
            names.iter().zip(answers).map(|(name, answer)| (*name, sum(answer.rows()))).collect();
        html! {
            table.plain {
                thead { tr { th scope="col" { "What hosts report" } th.number scope="col" { "Number" } } }
                tbody { @for (name, sum) in sums { tr {
                    th scope="row" {
                        @match event.property(name).and_then(|(_, property)| property.why) {
                            Some(why) => (why.trim_end_matches('.')),
                            None => (name),
                        }
                    }
                    td.number { (text::number(sum)) }
                } } }
            }
            p.quiet.note { "Programs report this themselves, with what they send next: what a program that never runs again \
                has lost is not in it. Numbers from 64 up are rounded, by at most 1.6%." }
        }
    }))
}

/// The sum of the values of an answer, over all days.
pub(crate) fn sum(rows: &[headcount_store::AnswerRows]) -> u64 {
    let all = rows!(rows, Quantiles).filter(|row| row.start.is_none());
    all.map(|row| row.sum.round() as u64).sum()
}

fn rejected<'a>(view: &'a View<'_>) -> Panel<'a> {
    let call = view.call(HttpQuestion::Rejected);
    Panel::new("rejected", "Rejected and dropped on arrival", Width::Half, vec![call], |answers| {
        let rows: Vec<&RejectedRow> =
            answers.iter().flat_map(|answer| rows!(answer.rows(), Rejected)).collect();
        if rows.is_empty() {
            return html! { p.quiet { "Everything that arrived in these days was allowed." } };
        }
        let versions = view.product.versions();
        let mut counts: BTreeMap<(&str, &str, &str), (u64, Vec<&RejectedRow>)> = BTreeMap::new();
        for row in &rows {
            let what = match rejections::rejected(row, versions) {
                Rejected::Event => "event",
                Rejected::Property => "property",
            };
            let (sum, rows) = counts.entry((&row.path, what, &row.reason)).or_default();
            *sum += row.count;
            rows.push(row);
        }
        let mut counts: Vec<_> = counts.into_iter().collect();
        counts.sort_by_key(|(_, (sum, _))| std::cmp::Reverse(*sum));
        html! {
            p { (Rejections::of(rows.iter().copied(), view.product).told()) "." }
            (rejected_table(&counts))
            p.quiet.note {
                @if counts.len() > limits::PAGE_ROWS {
                    "The first " (limits::PAGE_ROWS) " of " (counts.len()) " rows. "
                }
                "A rejected event is not stored. A dropped property is left out, and its event is stored without it."
            }
        }
    })
}

/// Where, what and why, with how often and by which programs.
type RejectedSum<'r> = ((&'r str, &'r str, &'r str), (u64, Vec<&'r RejectedRow>));

fn rejected_table(counts: &[RejectedSum<'_>]) -> Markup {
    html! {
        table.plain.stacked {
            thead { tr {
                th scope="col" { "Where" } th scope="col" { "What" } th scope="col" { "Why" }
                th scope="col" { "Sent by" } th.number scope="col" { "Number" }
            } }
            tbody { @for ((path, what, reason), (sum, rows)) in counts.iter().take(limits::PAGE_ROWS) { tr {
                th scope="row" { @if path.is_empty() { "unknown" } @else { code { (path) } } }
                td data-label="What" { (what) }
                td data-label="Why" { code { (reason) } }
                td data-label="Sent by" { (programs(rows)) }
                td.number data-label="Number" { (text::number(*sum)) }
            } } }
        }
    }
}

/// The versions of the program that sent it, the one that sent most first.
fn programs(rows: &[&RejectedRow]) -> Markup {
    let mut counts: BTreeMap<&str, u64> = BTreeMap::new();
    rows.iter().for_each(|row| *counts.entry(&row.program).or_default() += row.count);
    let mut counts: Vec<_> = counts.into_iter().collect();
    counts.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    let name =
        |program: &str| if program.is_empty() { "unknown".to_owned() } else { program.to_owned() };
    let first: Vec<String> = counts.iter().take(3).map(|(program, _)| name(program)).collect();
    html! {
        (first.join(", "))
        @if counts.len() > 3 { " and " (counts.len() - 3) " more" }
    }
}

//! All products at a glance: a row for each.

use axum::http::StatusCode;
use headcount_catalog::{Day, Period};
use headcount_store::{AnswerRows, Question};
use maud::{Markup, html};

use super::address::PageAddress;
use super::call::{self, Answered, Call, rows};
use super::failures::shares;
use super::id_changes::{self, IdChanges};
use super::in_parts::{FinishedPage, Rest, UnsentPage};
use super::layout::Shell;
use super::rejections::{Rejections, counted_properties};
use super::tiles::{change, last_week};
use super::view::{View, of_product};
use super::{arrivals, spark, text};
use crate::app::{App, StoreUnavailable};
use crate::ask::{HttpQuestion, QuestionParameter};
use crate::registry::{LoadedProduct, Registry};
use crate::share::Share;

const TITLE: &str = "All products";

/// Days of which the overview tells failures and drops.
const DAYS: i32 = 7;

/// The questions about one product.
struct Row<'a> {
    product: &'a LoadedProduct,
    address: PageAddress,
    active: Option<Call>,
    events: Call,
    failures: Vec<Call>,
    rejected: Call,
    lost: Vec<Call>,
}

impl<'a> Row<'a> {
    fn new(product: &'a LoadedProduct, today: Day) -> Self {
        let address = PageAddress::new(product.name(), today).with_days(DAYS);
        let view = View::new(product, &address, Vec::new());
        let weeks = address.range.periods(Period::Week);
        let from = weeks.first().copied().unwrap_or(today).to_string();
        let active = product.counts_devices(Period::Week).then(|| {
            let call = of_product(HttpQuestion::Active, product.name());
            call.with(QuestionParameter::Period, "week").with(QuestionParameter::From, from.clone())
        });
        let events = of_product(HttpQuestion::Events, product.name());
        let failing = view.failing().into_iter();
        let failures =
            failing.map(|event| view.call_of(HttpQuestion::Failures, event.name)).collect();
        let losses = arrivals::losses(product).into_iter();
        let lost = losses.map(|property| arrivals::report_call(&view, property)).collect();
        let rejected = view.call(HttpQuestion::Rejected);
        let events = events.with(QuestionParameter::From, from);
        Self { product, active, events, failures, rejected, lost, address }
    }

    fn calls(&self) -> Vec<Call> {
        let mut calls: Vec<Call> = self.active.iter().cloned().collect();
        calls.extend([self.events.clone(), self.rejected.clone()]);
        calls.extend(self.failures.iter().chain(&self.lost).cloned());
        calls
    }
}

/// Asks about every product at once, and draws the rows.
pub(super) async fn drawn(
    app: &App,
    shell: &Shell<'_>,
    registry: &Registry,
    page: UnsentPage,
) -> FinishedPage {
    let Ok(known) = app.ask(vec![Question::Products]).await else {
        return page.whole(StatusCode::SERVICE_UNAVAILABLE, shell.store_unavailable(TITLE));
    };
    let headline = html! { header.headline { h1 { (TITLE) } } };
    let page = page.begin(shell.above_numbers(None, TITLE, &headline));
    page.end(async { Rest::of(table(app, registry, &known).await) }).await
}

async fn table(
    app: &App,
    registry: &Registry,
    known: &[AnswerRows],
) -> Result<Markup, StoreUnavailable> {
    let today = app.today();
    let rows: Vec<Row<'_>> =
        registry.products().iter().map(|product| Row::new(product, today)).collect();
    let calls: Vec<Call> = rows.iter().flat_map(Row::calls).collect();
    let mut answers = call::ask(app, registry, &calls).await?.into_iter();
    let first = |product: &str| {
        let mut rows = rows!(known, Products);
        rows.find(|row| row.product == product).map(|row| row.first)
    };
    let drawn: Vec<Markup> = rows
        .iter()
        .map(|row| {
            let answers = answers.by_ref().take(row.calls().len());
            let answers = answers.filter_map(Result::ok).collect::<Vec<_>>();
            row_of(row, &answers, first(row.product.name()), today)
        })
        .collect();
    Ok(html! {
        @if rows.is_empty() {
            p { "This collector has no catalog yet: start it with one, and its product is here." }
        } @else {
            section.panel.whole id="products" aria-labelledby="products-heading" {
                h2.hidden id="products-heading" { (TITLE) }
                div.wide tabindex="0" role="region" aria-label=(TITLE) { table.plain.products {
                    thead { tr {
                        th scope="col" { "Product" }
                        th.number scope="col" { "Last week" }
                        th.number scope="col" { "Change" }
                        th scope="col" { "12 weeks" }
                        th.number scope="col" { "Failed" span.aside { "7 days" } }
                        th.number scope="col" { "Dropped events" span.aside { "7 days" } }
                        th scope="col" { "Last event" }
                    } }
                    tbody { @for row in &drawn { (row) } }
                } }
            }
        }
    })
}

fn row_of(row: &Row<'_>, answers: &[Answered], since: Option<Day>, today: Day) -> Markup {
    let mut answers = answers.iter();
    let active = row.active.as_ref().and_then(|_| answers.next());
    let (events, rejected) = (answers.next(), answers.next());
    let failed: Vec<&Answered> = answers.by_ref().take(row.failures.len()).collect();
    let lost: u64 = answers.map(|answer| arrivals::sum(answer.rows())).sum();
    let weeks = row.address.range.periods(Period::Week);
    let counted = |week: Day| match active {
        Some(active) => {
            rows!(active.rows(), Active).find(|row| row.start == week).map_or(0, |row| row.devices)
        }
        None => events.map_or(0, |events| in_week(events, week)),
    };
    let is_known = |week: &Day| since.is_some_and(|since| *week >= since.week_start());
    let counts: Vec<Option<u64>> =
        weeks.iter().map(|week| is_known(week).then(|| counted(*week))).collect();
    let last = last_week(row.address.range);
    let [now, before] = [last, last.plus(-7)].map(|week| is_known(&week).then(|| counted(week)));
    // A week in which a product began, or its ids changed, counts otherwise.
    let changes = IdChanges::of_weeks(row.product, since);
    let [own, other] = [last, last.plus(-7)].map(id_changes::days_of_week);
    let is_compared = since.is_none_or(|since| since <= other.0) && changes.are_alike(own, other);
    let share: Share = failed.iter().map(|answer| shares(answer.rows())).sum();
    let rejected = rejected.map_or_else(Rejections::default, |answer| {
        Rejections::of(rows!(answer.rows(), Rejected), row.product)
    });
    let newest = events.and_then(|answer| rows!(answer.rows(), Events).map(|row| row.day).max());
    let one = if active.is_some() { "device" } else { "event" };
    let title = row.product.newest().product.title;
    let url = format!("/product/{}", row.product.name());
    let dropped = rejected.events + lost;
    let is_empty = since.is_none() && dropped == 0;
    html! {
        tr {
            th scope="row" { a href=(url) { (title) } }
            td.number data-label="Last week" {
                @match now {
                    None => "–",
                    Some(now) => { strong { (text::number(now)) } span.aside { (one) @if now != 1 { "s" } } }
                }
            }
            td.number data-label="Change" {
                @match now.zip(before).filter(|_| is_compared) {
                    Some((now, before)) => (change(now, before)),
                    None => "–",
                }
            }
            td data-label="12 weeks" {
                @if since.is_none() { "–" }
                @else { (spark::line(&counts, &format!("{title}, {one}s by week"))) }
            }
            td.number data-label="Failed in 7 days" { @if share.all == 0 { "–" } @else { (text::percentage(share.value() * 100.0)) } }
            td.number data-label="Dropped in 7 days" {
                @if is_empty { "–" } @else { (text::number(dropped)) }
                @if rejected.properties > 0 { span.aside { (counted_properties(rejected.properties)) } }
            }
            td data-label="Last event" {
                @if since.is_none() { span.quiet { "nothing yet" } } @else { (freshness(newest, today)) }
            }
        }
    }
}

fn in_week(events: &Answered, week: Day) -> u64 {
    let rows = rows!(events.rows(), Events).filter(|row| row.day.week_start() == week);
    rows.map(|row| row.count).sum()
}

/// How long ago the last event was, by its own day.
fn freshness(newest: Option<Day>, today: Day) -> Markup {
    html! {
        @match newest.map(|day| (day, today.days_since(day))) {
            None => span.quiet { "none in 12 weeks" },
            Some((_, days)) if days <= 0 => "today",
            Some((_, 1)) => "yesterday",
            Some((day, days)) => { span.worse { (days) " days ago" } span.aside { (text::time(day)) } },
        }
    }
}

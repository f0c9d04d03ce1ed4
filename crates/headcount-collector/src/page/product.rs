//! A product's page: which panels there are, and in which order.

use axum::http::StatusCode;
use headcount_catalog::Day;
use headcount_store::{AnswerRows, OutcomeRow, Question, VersionRow};
use maud::{Markup, html};

use super::address::PageAddress;
use super::call::{self, Answered, Call};
use super::in_parts::{FinishedPage, Rest, UnsentPage};
use super::layout::Shell;
use super::panel::{Panel, PanelGroup, Width};
use super::tiles::Tiles;
use super::view::View;
use super::{
    active, arrivals, by_hand, durations, events, facts, failures, next, refused, release, remarks,
    retention, steps, text, values, versions,
};
use crate::app::{App, StoreUnavailable};
use crate::cohorts;
use crate::registry::LoadedProduct;

/// Every group of panels that this product has something for.
fn groups<'a>(view: &'a View<'_>) -> Vec<PanelGroup<'a>> {
    let group = |id, title, panels| PanelGroup { id, title, panels };
    let groups = [
        group("devices", "Devices", both(active::panels(view), retention::panels(view))),
        group("release", "The last release", release::panels(view)),
        group("failures", "Failures", failures::panels(view)),
        group("numbers", "Durations and other numbers", durations::panels(view)),
        group("versions", "Versions", versions::panels(view)),
        group("steps", "Step by step", both(next::panels(view), steps::panels(view))),
        group("use", "What is used", both(events::panels(view), values::of_events(view))),
        group("senders", "Where events come from", values::of_senders(view)),
        group("arrivals", "Rejected and dropped", arrivals::panels(view)),
    ];
    groups.into_iter().filter(|group| !group.panels.is_empty()).collect()
}

fn both<'a>(first: Vec<Panel<'a>>, then: Vec<Panel<'a>>) -> Vec<Panel<'a>> {
    first.into_iter().chain(then).collect()
}

/// Asks about a product, and draws its page.
pub(super) async fn drawn(
    app: &App,
    shell: &Shell<'_>,
    product: &LoadedProduct,
    address: &PageAddress,
    page: UnsentPage,
) -> FinishedPage {
    let title = product.newest().product.title;
    let unknown = refused::unknown_filters(shell.registry, address, app.today());
    if !unknown.is_empty() {
        let view = View::new(product, address, Vec::new());
        let content = html! { (headline(&view, false)) (refused::told(&unknown, address)) };
        return page
            .whole(StatusCode::BAD_REQUEST, shell.without_numbers(Some(address), title, &content));
    }
    let Ok(Known { versions, outcomes, since }) = known(app, product, address).await else {
        return page.whole(StatusCode::SERVICE_UNAVAILABLE, shell.store_unavailable(title));
    };
    let days = cohorts::FIRST_DAY..=address.range.today();
    let view = View::new(product, address, versions).since(since);
    let view = view.with_notes(app.notes(product.name(), &days));
    let has_events = outcomes.iter().any(|row| row.count > 0);
    if since.is_some_and(|since| address.range.to() < since) {
        let content = html! {
            (headline(&view, false))
            (before_all(address, since))
            (remarks::drawn(&view))
            (facts::outcomes(&outcomes))
            (facts::catalog(product))
        };
        return page.whole(StatusCode::OK, shell.around(Some(address), title, &content));
    }
    let headline = headline(&view, has_events);
    if !has_events {
        let content = html! {
            (headline)
            (nothing_yet(app, product))
            (facts::catalog(product))
        };
        return page.whole(StatusCode::OK, shell.around(Some(address), title, &content));
    }
    let page = page.begin(shell.above_numbers(Some(address), title, &headline));
    page.end(async {
        let numbers = panels(app, shell, &view).await.map(|panels| {
            html! {
                (panels)
                (remarks::drawn(&view))
                (facts::outcomes(&outcomes))
                (facts::catalog(product))
            }
        });
        Rest::of(numbers)
    })
    .await
}

fn headline(view: &View<'_>, has_events: bool) -> Markup {
    let (product, range) = (view.product, view.address.range);
    let newest = &product.newest().product;
    html! {
        header.headline {
            div {
                h1 { (newest.title) }
                p.quiet { (text::time(range.from())) " – " (text::time(range.to())) ", UTC" }
                @if has_events { (super::choices::compared_in_words(view)) }
                p.quiet {
                    a href={ "/product/" (product.name()) "/catalog" } { "The catalog" }
                    @if newest.is_public {
                        " · " a href={ "/public/" (product.name()) } { "The public page" }
                    }
                }
            }
            (super::choices::drawn(view))
        }
        (super::choices::corrections(view))
    }
}

/// What is asked before anything is drawn.
struct Known {
    /// Every version ever: a version's first day is marked on the charts, and
    /// only all days tell which one that is.
    versions: Vec<VersionRow>,
    /// All arrivals of the product.
    outcomes: Vec<OutcomeRow>,
    /// The first day with an event.
    since: Option<Day>,
}

async fn known(
    app: &App,
    product: &LoadedProduct,
    address: &PageAddress,
) -> Result<Known, StoreUnavailable> {
    let (from, to) = (cohorts::FIRST_DAY, address.range.today());
    let name = product.name().to_owned();
    let versions = Question::Versions { product: name, from, to };
    let mut known = Known { versions: Vec::new(), outcomes: Vec::new(), since: None };
    for answer in app.ask(vec![versions, Question::Outcomes, Question::Products]).await? {
        match answer {
            AnswerRows::Versions(rows) => known.versions = rows,
            AnswerRows::Outcomes(rows) => {
                let own = rows.into_iter().filter(|row| row.product == product.name());
                known.outcomes = own.collect();
            }
            AnswerRows::Products(rows) => {
                let own = rows.iter().find(|row| row.product == product.name());
                known.since = own.map(|row| row.first);
            }
            _ => {}
        }
    }
    Ok(known)
}

async fn panels(app: &App, shell: &Shell<'_>, view: &View<'_>) -> Result<Markup, StoreUnavailable> {
    let (tiles, groups) = (Tiles::new(view), groups(view));
    let all = groups.iter().flat_map(|group| &group.panels).flat_map(|panel| &panel.calls);
    let mut calls: Vec<Call> = tiles.calls();
    let tile_calls = calls.len();
    calls.extend(all.cloned());
    let mut answers = call::ask(app, shell.registry, &calls).await?.into_iter();
    let of_tiles: Vec<_> = answers.by_ref().take(tile_calls).collect();
    let jumps: Vec<(&str, &str)> = groups.iter().map(|group| (group.id, group.title)).collect();
    let mut drawn = Vec::new();
    for PanelGroup { id, title, panels } in groups {
        let panels: Vec<(Width, Markup)> = panels
            .into_iter()
            .map(|panel| (panel.width, draw(panel, view.address, &mut answers)))
            .collect();
        // Small panels lie in columns, each as high as it is.
        let runs = panels
            .chunk_by(|(one, _), (other, _)| (*one == Width::Third) == (*other == Width::Third));
        drawn.push(html! {
            section.group id=(id) {
                h2 { (title) }
                div.panels { @for run in runs {
                    @if run.first().is_some_and(|(width, _)| *width == Width::Third) {
                        div.thirds { @for (_, panel) in run { (panel) } }
                    } @else {
                        @for (_, panel) in run { (panel) }
                    }
                } }
            }
        });
    }
    Ok(html! {
        (tiles.drawn(view, &of_tiles))
        nav.jumps aria-label="On this page" {
            ul { @for (id, title) in jumps { li { a href={ "#" (id) } { (title) } } } }
        }
        @for group in &drawn { (group) }
    })
}

fn draw(
    panel: Panel<'_>,
    address: &PageAddress,
    answers: &mut impl Iterator<Item = Result<Answered, String>>,
) -> Markup {
    let own: Vec<_> = answers.by_ref().take(panel.calls.len()).collect();
    panel.drawn(address, &own)
}

/// Days before the first event, of which nothing can be drawn.
fn before_all(address: &PageAddress, since: Option<Day>) -> Markup {
    html! {
        @if let Some(since) = since {
            section.panel.whole.empty {
                h2 { "Before the first event" }
                p {
                    "All these days are before the first event, on " (text::time(since)) ". "
                    a href=(address.with_days_since(since).url()) { "Show the days that have events" }
                }
            }
        }
    }
}

/// A product of which nothing has arrived: what to do.
fn nothing_yet(app: &App, product: &LoadedProduct) -> Markup {
    let catalog = product.newest();
    html! {
        section.panel.whole.empty {
            h2 { "Nothing has arrived yet" }
            p { "Let " (catalog.product.title) " send its events here:" }
            pre tabindex="0" { code { (catalog.variable("ENDPOINT")) "=" (app.url) } }
            (by_hand::drawn(app, product))
            p.quiet { "Nothing arrives while telemetry is off. If the catalog asks for consent, it is off until \
                a person agrees. This page shows new events by itself." }
        }
    }
}

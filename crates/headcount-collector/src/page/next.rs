//! What people do next: what visits begin with, then what came right after each
//! step that somebody clicks, one at a time.

use headcount_store::NextRow;
use maud::{Markup, html};

use super::address::PageAddress;
use super::bars::{bar, breakable};
use super::call::{Answered, Call, rows};
use super::comparison::Beside;
use super::panel::{Panel, Width};
use super::text;
use super::values::TEMPORARY;
use super::view::View;
use crate::ask::{self, FollowedEvents, HttpQuestion, QuestionParameter};
use crate::limits;

/// The id of the panel, to which its links and its form return.
const ID: &str = "what-comes-next";

pub(super) fn panels<'a>(view: &'a View<'_>) -> Vec<Panel<'a>> {
    if view.events().next().is_none() {
        return Vec::new();
    }
    let Some(who) = Who::of(view) else { return Vec::new() };
    let is_counted = !view.address.after.is_empty() || view.is_counted_unasked();
    if !is_counted {
        let drawn = move |_: &[Answered]| starts(view, &who);
        return vec![panel(Vec::new(), drawn)];
    }
    let call = call(view, &who);
    let form = form(view, &who);
    let drawn = move |answers: &[Answered]| match answers {
        [answer] => drawn(view, &who, answer),
        _ => html! {},
    };
    vec![panel(vec![call], drawn).with_form(form)]
}

fn panel<'a>(calls: Vec<Call>, draw: impl FnOnce(&[Answered]) -> Markup + Send + 'a) -> Panel<'a> {
    Panel::new(ID, "What comes next", Width::Whole, calls, draw)
}

/// Who is followed.
struct Who {
    is_by_session: bool,
    /// Whether the other one can be followed, too.
    has_choice: bool,
    names: Vec<&'static str>,
}

impl Who {
    fn of(view: &View<'_>) -> Option<Self> {
        let devices = FollowedEvents::by_device(view.product);
        let sessions = FollowedEvents::by_session(view.product);
        let has_choice = devices.is_some() && sessions.is_some();
        // Where one of both can be followed, it is, whatever the address says.
        let wants_sessions = has_choice && view.address.per.as_deref() == Some("session");
        let is_by_session = wants_sessions || devices.is_none();
        let followed = if is_by_session { sessions } else { devices }?;
        let names = followed.events.iter().map(|event| event.name).collect();
        Some(Self { is_by_session, has_choice, names })
    }

    fn one(&self) -> &'static str {
        if self.is_by_session { "session" } else { "device" }
    }

    fn heading(&self) -> &'static str {
        if self.is_by_session { "Sessions" } else { "Devices" }
    }
}

fn call(view: &View<'_>, who: &Who) -> Call {
    let mut call = view.compared(view.call(HttpQuestion::Next));
    for step in &view.address.after {
        call = call.and(QuestionParameter::After, step.clone());
    }
    if let Some(minutes) = &view.address.pause {
        call = call.with(QuestionParameter::Pause, minutes.clone());
    }
    match view.address.per.as_ref().filter(|_| who.has_choice) {
        Some(per) => call.with(QuestionParameter::Per, per.clone()),
        None if who.is_by_session => call.with(QuestionParameter::Per, who.one()),
        None => call,
    }
}

fn url(address: &PageAddress) -> String {
    format!("{}#{ID}", address.url())
}

/// The first steps to choose from, of a product with many events.
fn starts(view: &View<'_>, who: &Who) -> Markup {
    html! {
        p.quiet {
            "What comes next is counted from raw events, and this product has many: it is counted once you choose what \
             it comes after."
        }
        ul.choices {
            @for name in &who.names {
                li { a href=(url(&view.address.after_step(name))) { "after " (breakable(name)) } }
            }
        }
    }
}

fn drawn(view: &View<'_>, who: &Who, answer: &Answered) -> Markup {
    let mut came: Vec<&NextRow> = rows!(answer.rows(), Next).collect();
    // The end of visits is last, however often it came.
    came.sort_by_key(|row| (row.event.is_empty(), std::cmp::Reverse(row.times)));
    let all: u64 = came.iter().map(|row| row.times).sum();
    let beside = view.beside(answer);
    let missing = beside
        .and_then(|beside| beside.missing((view.address.range.from(), view.address.range.to())));
    let before: Option<(Vec<&NextRow>, Beside)> = answer
        .before()
        .zip(beside.filter(|_| missing.is_none()))
        .map(|(span, beside)| (rows!(span.rows, Next).collect(), beside));
    html! {
        (path(view, all))
        @if came.is_empty() {
            p.quiet { "Nothing of this kind in these days." }
        } @else {
            (table(view, who, &came, all, before.as_ref()))
        }
        (note(view, who, came.iter().filter(|row| !row.event.is_empty()).count(), missing.as_deref()))
    }
}

/// A step as a row has it: without the name of the property.
fn plain(view: &View<'_>, step: &str) -> String {
    let of_event = |name: &str| {
        let value = step.strip_prefix(name)?.strip_prefix(':')?.split_once(':')?.1;
        Some(named_value(name, value))
    };
    let names = view.product.events().map(|event| event.name);
    let plain = names.filter_map(|name| Some((name.len(), of_event(name)?))).max();
    plain.map_or_else(|| step.to_owned(), |(_, plain)| plain)
}

/// The steps so far, each a link to what came after it, and how often they were
/// done.
fn path(view: &View<'_>, times: u64) -> Markup {
    let steps = &view.address.after;
    html! {
        nav.path aria-label="The steps before" { ol {
            li {
                @if steps.is_empty() { strong { "What visits begin with" } }
                @else { a href=(url(&view.address.after_steps(0))) { "What visits begin with" } }
            }
            @for (place, step) in steps.iter().enumerate() { li {
                @if place == 0 { "right after " }
                @if place + 1 == steps.len() { strong { (breakable(&plain(view, step))) } }
                @else { a href=(url(&view.address.after_steps(place + 1))) { (breakable(&plain(view, step))) } }
            } }
        } }
        @if !steps.is_empty() && times > 0 {
            p.quiet {
                "Counted " (text::counted(times, "time")) ", wherever in a visit "
                @if steps.len() == 1 { "it was done." } @else { "they were done, one right after the other." }
            }
        }
    }
}

fn table(
    view: &View<'_>,
    who: &Who,
    came: &[&NextRow],
    all: u64,
    before: Option<&(Vec<&NextRow>, Beside)>,
) -> Markup {
    let before_all: u64 = before.map_or(0, |(rows, _)| rows.iter().map(|row| row.times).sum());
    let heading = if view.address.after.is_empty() { "Visits" } else { "Times" };
    // The last row is the end of visits, if there is one.
    let (ends, next): (Vec<&NextRow>, Vec<&NextRow>) =
        came.iter().partition(|row| row.event.is_empty());
    // Where most visits end, their bar would leave the others no width.
    let most = next.iter().map(|row| row.times).max().unwrap_or(1);
    let shown = next.iter().take(limits::PAGE_ROWS).chain(&ends);
    html! {
        table.bars.steps {
            thead { tr {
                th scope="col" { @if view.address.after.is_empty() { "Begins with" } @else { "Then" } } td {}
                th.number scope="col" { (heading) }
                th.number scope="col" { "Share" }
                th.number scope="col" { (who.heading()) }
                @if let Some((_, beside)) = before { th.number scope="col" { (beside.heading()) } }
            } }
            tbody { @for row in shown { tr.others[row.event.is_empty()] {
                th scope="row" { (named(view, row)) }
                td.bar { @if !row.event.is_empty() { (bar(row.times, most)) } }
                td.number data-label=(heading) { strong { (text::number(row.times)) } }
                td.share data-label="Share" { (text::percent(row.times, all)) }
                td.number data-label=(who.heading()) { (text::number(row.count)) }
                @if let Some((rows, beside)) = before {
                    td.share data-label=(beside.heading()) {
                        @let same = rows.iter().find(|other| (&other.event, &other.value) == (&row.event, &row.value));
                        (text::percent(same.map_or(0, |row| row.times), before_all))
                    }
                }
            } } }
        }
    }
}

/// What came next, as a link to what came after that.
fn named(view: &View<'_>, row: &NextRow) -> Markup {
    let Some(step) = ask::next_step(view.product, row) else {
        return html! { "nothing more" };
    };
    let shown = match step == row.event {
        true => step.clone(),
        false => named_value(&row.event, &row.value),
    };
    html! {
        @if view.address.after.len() < limits::MOST_STEPS {
            a href=(url(&view.address.after_step(&step))) { (breakable(&shown)) }
        } @else { (breakable(&shown)) }
    }
}

/// `run: build`, or `run (no value)`.
fn named_value(event: &str, value: &str) -> String {
    match value {
        "" => format!("{event} (no value)"),
        value => format!("{event}: {value}"),
    }
}

/// What is counted, and why nothing is compared.
fn note(view: &View<'_>, who: &Who, rows: usize, missing: Option<&str>) -> Markup {
    let pause = view.address.pause.as_ref().and_then(|minutes| minutes.parse().ok());
    let minutes =
        text::counted(pause.unwrap_or(limits::PAUSE_MINUTES.unsigned_abs().into()), "minute");
    html! {
        p.quiet.note {
            @if rows > limits::PAGE_ROWS { "The first " (limits::PAGE_ROWS) " of " (rows) ". " }
            "A visit is what one " (who.one()) " did without a pause of more than " (minutes) ". "
            @if view.address.after.is_empty() { "Click a row to see what came right after it, wherever in a visit it was done. " }
            @if !view.address.filters.is_empty() || view.address.version.is_some() {
                "Only events that pass the filters are seen: what was done between them is left out. "
            }
            @if !who.is_by_session { (TEMPORARY) " " }
            @if who.is_by_session && !who.names.is_empty() && who.has_choice {
                "Only events that tell the session are seen. "
            }
            @if let Some(missing) = missing { "There is no comparison (" (missing) "). " }
            @if ask::is_monthly(view.product) && !who.is_by_session {
                "Ids are replaced every month: every visit ends there, and a device that came in both months counts twice. "
            }
        }
    }
}

/// Another pause, and who is followed.
fn form(view: &View<'_>, who: &Who) -> Markup {
    let address = view.address;
    let kept = address.pairs().into_iter();
    let kept: Vec<_> = kept.filter(|(name, _)| !["pause", "per"].contains(name)).collect();
    let minutes = address.pause.clone().unwrap_or(limits::PAUSE_MINUTES.to_string());
    html! {
        form.between.choose-steps method="get" action={ "/product/" (address.product) "#" (ID) } {
            @for (name, value) in &kept { input type="hidden" name=(name) value=(value); }
            label {
                "pauses of up to "
                input type="number" name="pause" autocomplete="off" min="1" max=(limits::MOST_PAUSE_MINUTES) value=(minutes);
                " minutes"
            }
            @if who.has_choice {
                label { span.hidden { "Followed" } select name="per" {
                    option value="device" selected[!who.is_by_session] { "devices" }
                    option value="session" selected[who.is_by_session] { "sessions" }
                } }
            }
            button type="submit" { "Count" }
            @if !address.after.is_empty() { a href=(url(&address.after_steps(0))) { "Start again" } }
        }
    }
}

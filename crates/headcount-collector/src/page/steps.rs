//! Who did one thing after the other: an ordered list of steps, each with those
//! who came so far, and a form for other steps.
//!
//! Steps are counted from raw events, once somebody chooses them.

use headcount_catalog::{Event, Kind};
use headcount_store::StepRow;
use maud::{Markup, html};

use super::bars::{bar, breakable};
use super::call::{Answered, Call, rows};
use super::comparison::Beside;
use super::id_changes::IdChanges;
use super::panel::{Panel, Width};
use super::text;
use super::view::View;
use crate::ask::{self, HttpQuestion, QuestionParameter};
use crate::limits;

/// The id of the panel, to which its form returns.
const ID: &str = "steps-in-order";

pub(super) fn panels<'a>(view: &'a View<'_>) -> Vec<Panel<'a>> {
    if view.events().next().is_none() {
        return Vec::new();
    }
    let steps = view.address.steps.clone();
    let follows = Follows::of(view, &steps);
    if !follows.devices && !follows.sessions {
        return vec![panel(Vec::new(), |_| nobody(view))];
    }
    let form = form(view, &steps, &follows);
    // A catalog has no order in which its events are done, and any that is not
    // chosen would show people as lost who never had to come.
    if steps.is_empty() {
        let drawn = move |_: &[Answered]| purpose(&follows);
        return vec![panel(Vec::new(), drawn).with_form(form)];
    }
    let call = call(view, &steps, &follows);
    let drawn = move |answers: &[Answered]| match answers {
        [answer] => drawn(view, &steps, &follows, answer),
        _ => html! {},
    };
    vec![panel(vec![call], drawn).with_form(form)]
}

/// What the form is for.
fn purpose(follows: &Follows) -> Markup {
    let who = if follows.devices { "devices" } else { "sessions" };
    html! {
        p.quiet {
            "How many " (who) " did one thing after the other, and how many were lost on the way: write two \
             events or more, in the order in which people do them."
        }
    }
}

fn panel<'a>(calls: Vec<Call>, draw: impl FnOnce(&[Answered]) -> Markup + Send + 'a) -> Panel<'a> {
    Panel::new(ID, "Steps, one after the other", Width::Whole, calls, draw)
}

/// Who can be followed from step to step, and who is.
struct Follows {
    devices: bool,
    sessions: bool,
    is_by_session: bool,
}

impl Follows {
    fn of(view: &View<'_>, steps: &[String]) -> Self {
        let is_of = |step: &String, name: &str| {
            let rest = step.strip_prefix(name);
            rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(':'))
        };
        let names = || view.product.events().map(|event| event.name);
        let devices = ask::has_ids(view.product);
        let sessions = if steps.is_empty() {
            names().any(|name| !ask::session_names(view.product, &[name]).is_empty())
        } else {
            let chosen = names().filter(|name| steps.iter().any(|step| is_of(step, name)));
            !ask::session_names(view.product, &chosen.collect::<Vec<_>>()).is_empty()
        };
        let is_by_session = view.address.per.as_deref() == Some("session") || !devices;
        Self { devices, sessions, is_by_session }
    }

    /// One of those who are followed.
    fn one(&self) -> &'static str {
        if self.is_by_session { "session" } else { "device" }
    }
}

fn call(view: &View<'_>, steps: &[String], follows: &Follows) -> Call {
    let mut call = view.compared(view.call(HttpQuestion::Steps));
    for step in steps {
        call = call.and(QuestionParameter::Step, step.clone());
    }
    if let Some(days) = &view.address.within {
        call = call.with(QuestionParameter::Within, days.clone());
    }
    match &view.address.per {
        Some(per) => call.with(QuestionParameter::Per, per.clone()),
        None if follows.is_by_session => call.with(QuestionParameter::Per, follows.one()),
        None => call,
    }
}

/// Why nobody can be followed.
fn nobody(view: &View<'_>) -> Markup {
    let title = view.product.newest().product.title;
    html! {
        p.quiet {
            "Nobody can be followed from one step to the next: " (title) " counts devices without an id, and its events \
             tell no session. An id under " code { "[identity]" } " or an entry " code { "session" } " in the envelope of \
             the catalog would allow it."
        }
    }
}

fn drawn(view: &View<'_>, steps: &[String], follows: &Follows, answer: &Answered) -> Markup {
    let reached: Vec<&StepRow> = rows!(answer.rows(), Steps).collect();
    let beside = view.beside(answer);
    let missing = beside.and_then(|beside| missing(view, follows, beside));
    let before: Option<(Vec<&StepRow>, Beside)> = answer
        .before()
        .zip(beside.filter(|_| missing.is_none()))
        .map(|(span, beside)| (rows!(span.rows, Steps).collect(), beside));
    let first = reached.first().map_or(0, |row| row.count);
    let heading = if follows.is_by_session { "Sessions" } else { "Devices" };
    html! {
        table.bars.steps {
            thead { tr {
                th scope="col" { "Step" } td {}
                th.number scope="col" { (heading) }
                th.number scope="col" { "Of the first" }
                th.number scope="col" { "Lost" }
                th.number scope="col" { "Median time" }
                @if let Some((_, beside)) = &before { th.number scope="col" { (beside.heading()) } }
            } }
            tbody { @for (place, (row, step)) in reached.iter().zip(steps).enumerate() { tr {
                th scope="row" { (place + 1) ". " (breakable(step)) }
                td.bar { (bar(row.count, first)) }
                td.number data-label=(heading) { strong { (text::number(row.count)) } }
                td.share data-label="Of the first" { (text::percent(row.count, first)) }
                td.share data-label="Lost" {
                    @if let Some(before) = place.checked_sub(1).and_then(|before| reached.get(before)) {
                        (lost(before.count, row.count))
                    }
                }
                td.share data-label="Median time" {
                    @if let Some(seconds) = row.median_seconds { (time(seconds)) }
                }
                @if let Some((before, beside)) = &before {
                    td.share data-label=(beside.heading()) {
                        (text::number(before.get(place).map_or(0, |row| row.count)))
                    }
                }
            } } }
        }
        (note(view, follows, missing.as_deref()))
    }
}

/// Why the days to compare with have no numbers, if they have none.
fn missing(view: &View<'_>, follows: &Follows, beside: Beside) -> Option<String> {
    let when = beside.named_days();
    let range = view.address.range;
    let (own, other) = ((range.from(), range.to()), (beside.from, beside.to));
    if let Some(missing) = beside.missing(own) {
        return Some(format!("There is no comparison ({missing}). "));
    }
    let changes = IdChanges::of(view.product, view.since);
    (!follows.is_by_session && !changes.are_alike(own, other)).then(|| {
        let [own, other] = [own, other].map(|days| times(changes.within(days)));
        format!(
            "There is no comparison: ids were replaced {own} within these days and {other} \
             within {when}, and each time devices count twice. "
        )
    })
}

/// `0 times`, `once`, `3 times`.
fn times(number: i64) -> String {
    match number {
        1 => "once".to_owned(),
        _ => format!("{number} times"),
    }
}

/// How many did not come from the step before to this one.
fn lost(before: u64, now: u64) -> Markup {
    let lost = before.saturating_sub(now);
    html! { (text::number(lost)) @if before > 0 { " (" (text::percent(lost, before)) ")" } }
}

/// Seconds in the unit that suits, up to days.
fn time(seconds: u64) -> String {
    match seconds {
        172_800.. => format!("{} days", text::measured(seconds as f64 / 86_400.0)),
        _ => text::seconds(seconds as f64),
    }
}

/// What is counted, and why nothing is compared.
fn note(view: &View<'_>, follows: &Follows, missing: Option<&str>) -> Markup {
    let days = view.address.within.clone().unwrap_or(limits::STEP_DAYS.to_string());
    html! {
        p.quiet.note {
            "A " (follows.one()) " counts for a step if it did all steps up to this one, in this order, within "
            (days) " days of the first. Only events of the days above are seen. "
            @if let Some(missing) = missing { (missing) }
            @if ask::is_monthly(view.product) && !follows.is_by_session {
                "Ids are replaced every month: nobody can be followed from one month into the next, and a device that \
                 came in both counts twice."
            }
        }
    }
}

/// Other steps, of the events and values of the catalog.
fn form(view: &View<'_>, steps: &[String], follows: &Follows) -> Markup {
    let address = view.address;
    let kept = address.pairs().into_iter();
    let kept: Vec<_> = kept.filter(|(name, _)| !["step", "within", "per"].contains(name)).collect();
    let number = (steps.len() + 1).clamp(3, limits::MOST_STEPS);
    let days = address.within.clone().unwrap_or(limits::STEP_DAYS.to_string());
    html! {
        form.between.choose-steps method="get" action={ "/product/" (address.product) "#" (ID) } {
            @for (name, value) in &kept { input type="hidden" name=(name) value=(value); }
            @for place in 0..number {
                label.text {
                    span.hidden { "Step " (place + 1) }
                    input type="text" name="step" list="step-options" autocomplete="off"
                        value=[steps.get(place)]
                        placeholder=(if place == 0 { "First step" } else { "A further step" });
                }
            }
            label { "within " input type="number" name="within" autocomplete="off" min="1" max=(limits::MOST_STEP_DAYS) value=(days); " days" }
            @if follows.devices && follows.sessions {
                label { span.hidden { "Followed" } select name="per" {
                    option value="device" selected[!follows.is_by_session] { "devices" }
                    option value="session" selected[follows.is_by_session] { "sessions" }
                } }
            }
            button type="submit" { "Count" }
            datalist id="step-options" { @for option in options(view) { option value=(option) {} } }
        }
    }
}

/// The events, then each with the values of its closed sets.
fn options(view: &View<'_>) -> Vec<String> {
    let events = || view.product.events().filter(|event| !event.is_report());
    let valued = events().flat_map(|event| {
        let values = move |name: &&str| values(event, name);
        let names = view.product.counted_names(event.name).into_iter();
        names.flat_map(move |name| {
            let of_value = move |value| format!("{}:{name}:{value}", event.name);
            values(&name).into_iter().map(of_value)
        })
    });
    let names = events().map(|event| event.name.to_owned());
    names.chain(valued).take(limits::PAGE_STEP_OPTIONS).collect()
}

/// The values of a property with a closed set.
fn values(event: &Event, name: &str) -> Vec<&'static str> {
    match event.property(name).map(|(_, property)| property.kind) {
        Some(Kind::Flag) => vec!["true", "false"],
        Some(kind @ (Kind::Choice { .. } | Kind::Choices { .. })) => {
            kind.set().map_or(Vec::new(), |(set, other)| set.iter().copied().chain(other).collect())
        }
        _ => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_has_the_unit_that_suits() {
        let told = [0, 90, 600, 10_800, 172_800, 216_000].map(time);
        assert_eq!(told, ["0 s", "90 s", "10 min", "3 h", "2 days", "2.5 days"]);
    }

    #[test]
    fn what_was_lost_has_its_share() {
        assert_eq!(lost(80, 60).into_string(), "20 (25%)");
        assert_eq!(lost(0, 0).into_string(), "0");
    }
}

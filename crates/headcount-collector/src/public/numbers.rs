//! The numbers of a public page: made of what was published, and of nothing
//! else.

use std::collections::BTreeMap;

use headcount_catalog::plain_words::thousands;
use headcount_catalog::{Catalog, Day, Source};
use maud::{Markup, html};

use super::week::{BY_EVENT, PublicTable, PublicWeek};
use super::week_tally::ABSENT;
use crate::{day_text, limits};

/// All of them. `weeks` are the oldest first.
pub(super) fn all(catalog: &Catalog, weeks: &[PublicWeek]) -> Markup {
    html! {
        (rule())
        @if weeks.is_empty() {
            p { "Nothing is published yet. Each week appears one week after it ends." }
        } @else {
            (by_week(weeks))
            @if weeks.iter().all(|week| week.events.is_none()) {
                p { "Too few devices report for any number to be shown." }
            }
            div.pair { @for counted in tables(catalog, weeks) { (shares(&counted)) } }
        }
    }
}

fn rule() -> Markup {
    html! {
        p {
            "Every number stands for at least " (limits::PUBLIC_DEVICES) " devices. What stands for fewer is \
             withheld, and so is what it could be worked out of; numbers are rounded down to tens. A week, from \
             Monday in UTC, is counted once, a week after its end: what arrives later is not in it, and what is \
             erased later stays."
        }
    }
}

fn by_week(weeks: &[PublicWeek]) -> Markup {
    html! {
        div.wide tabindex="0" role="group" aria-label="Devices and events by week" {
            table.plain {
                thead { tr {
                    th scope="col" { "Week of" }
                    th.number scope="col" { "Devices" } th.number scope="col" { "Events" }
                } }
                tbody { @for week in weeks.iter().rev() { tr {
                    th scope="row" { (day(week.monday)) }
                    td.number { (number(week.devices)) }
                    td.number { (number(week.events)) }
                } } }
            }
        }
    }
}

/// A number, or that it is withheld.
fn number(number: Option<u64>) -> Markup {
    html! {
        @match number {
            Some(number) => { (thousands(number)) }
            None => { span.quiet { span aria-hidden="true" { "–" } span.hidden { "withheld" } } }
        }
    }
}

/// One thing over all weeks.
struct OverWeeks {
    /// The highest sum first.
    values: Vec<ShownValue>,
    /// The Mondays.
    weeks: Vec<Day>,
    /// The Mondays of the weeks that have a table, the first one first.
    counted: Vec<Day>,
    /// All events of the weeks that have a table.
    whole: u64,
    has_others: bool,
}

/// A value over all weeks, in some of which it may be withheld.
#[derive(Debug, PartialEq, Eq)]
struct ShownValue {
    value: String,
    by_week: Vec<Option<u64>>,
    sum: u64,
    /// All events of the weeks in which this value is shown: what it is a share
    /// of. `None` if those of a week are withheld.
    whole: Option<u64>,
}

impl ShownValue {
    fn weeks(&self) -> usize {
        self.by_week.iter().flatten().count()
    }
}

/// A table, and what it is of.
struct Counted {
    title: String,
    /// The event that it divides; `None` for all.
    event: Option<String>,
    table: OverWeeks,
}

/// The tables that any week has, with their titles, in the order of the newest
/// week that has them.
fn tables(catalog: &Catalog, weeks: &[PublicWeek]) -> Vec<Counted> {
    let mut keys: Vec<(Option<&str>, &str)> = Vec::new();
    for table in weeks.iter().rev().flat_map(|week| &week.tables) {
        let key = (table.event.as_deref(), table.by.as_str());
        if !keys.contains(&key) {
            keys.push(key);
        }
    }
    keys.truncate(limits::PUBLIC_TABLES);
    let of = |(event, by)| Counted {
        title: title(catalog, event, by),
        event: event.map(str::to_owned),
        table: over(weeks, event, by),
    };
    keys.into_iter().map(of).collect()
}

fn over(weeks: &[PublicWeek], event: Option<&str>, by: &str) -> OverWeeks {
    let mut values: BTreeMap<&str, ShownValue> = BTreeMap::new();
    let (mut whole, mut has_others) = (0, false);
    let mut counted = Vec::new();
    for (place, week) in weeks.iter().enumerate() {
        let Some(table) = week.table(event, by) else { continue };
        let of_week = total(week, table);
        whole += of_week.unwrap_or(0);
        counted.push(week.monday);
        has_others |= table.has_others;
        for (value, events) in &table.values {
            let own = values.entry(value).or_insert_with(|| ShownValue {
                value: value.clone(),
                by_week: vec![None; weeks.len()],
                sum: 0,
                whole: Some(0),
            });
            own.by_week[place] = Some(*events);
            own.sum += events;
            own.whole = own.whole.zip(of_week).map(|(sum, events)| sum + events);
        }
    }
    let mut values: Vec<ShownValue> = values.into_values().collect();
    values.sort_by_key(|value| std::cmp::Reverse(value.sum));
    values.truncate(limits::PUBLIC_VALUES);
    let weeks = weeks.iter().map(|week| week.monday).collect();
    OverWeeks { values, weeks, counted, whole, has_others }
}

/// The events that a table divides.
fn total(week: &PublicWeek, table: &PublicTable) -> Option<u64> {
    let Some(event) = &table.event else { return week.events };
    let names = week.table(None, BY_EVENT)?;
    names.values.iter().find(|(name, _)| name == event).map(|(_, events)| *events)
}

fn title(catalog: &Catalog, event: Option<&str>, by: &str) -> String {
    let entry = catalog.envelope.iter().find(|entry| entry.key == by);
    match (event, entry.map(|entry| entry.source)) {
        (Some(event), _) => format!("{event} by {by}"),
        (None, _) if by == BY_EVENT => "Events by name".to_owned(),
        (None, Some(Source::Version)) => "Versions".to_owned(),
        (None, Some(Source::Platform(_))) => "Operating systems".to_owned(),
        (None, Some(Source::Arch(_))) => "Processors".to_owned(),
        (None, _) => format!("Events by {by}"),
    }
}

/// What the shares of a table are shares of.
fn base(counted: &Counted) -> Markup {
    let table = &counted.table;
    let (Some(from), Some(last)) = (table.counted.first(), table.counted.last()) else {
        return html! {};
    };
    let is_partly_withheld = table.values.iter().any(|value| value.weeks() < table.counted.len());
    html! {
        p.quiet {
            "Of " (thousands(table.whole)) " events"
            @if let Some(event) = &counted.event { " named " code { (event) } }
            ", " (day_text::span(*from, last.plus(6))) "."
            @if is_partly_withheld {
                " A value that is withheld in some weeks has the number and the share of the others."
            }
        }
    }
}

fn shares(counted: &Counted) -> Markup {
    let Counted { title, table, .. } = counted;
    html! {
        section.panel.counted {
            h3 { (title) }
            (base(counted))
            table.bars {
                thead.hidden { tr {
                    th scope="col" { "Value" } th scope="col" { "Bar" }
                    th scope="col" { "Events" } th scope="col" { "Share" }
                } }
                tbody {
                    @for own in &table.values { (row(own, table.counted.len())) }
                    @if table.has_others { tr.others {
                        th scope="row" { "others, withheld" }
                        td.bar {} td.number { (number(None)) } td.share {}
                    } }
                }
            }
            (details(table))
        }
    }
}

fn row(own: &ShownValue, weeks: usize) -> Markup {
    html! {
        tr {
            th scope="row" {
                (named(&own.value))
                @if own.weeks() < weeks { span.aside { (own.weeks()) " of " (weeks) " weeks" } }
            }
            td.bar aria-hidden="true" { @if let Some(whole) = own.whole { (bar(own.sum, whole)) } }
            td.number { (thousands(own.sum)) }
            td.share { @if let Some(whole) = own.whole { (percent(own.sum, whole)) } }
        }
    }
}

fn details(table: &OverWeeks) -> Markup {
    html! {
        details {
            summary { "By week" }
            div.scroll tabindex="0" role="group" aria-label="By week" {
                table {
                    thead { tr {
                        th scope="col" { "Week of" }
                        @for own in &table.values { th.number scope="col" { (named(&own.value)) } }
                    } }
                    tbody { @for (place, week) in table.weeks.iter().enumerate().rev() { tr {
                        th scope="row" { (day(*week)) }
                        @for own in &table.values { td.number { (number(own.by_week[place])) } }
                    } } }
                }
            }
        }
    }
}

fn day(day: Day) -> Markup {
    html! { time datetime=(day) { (day_text::long(day)) } }
}

fn named(value: &str) -> Markup {
    html! { @if value == ABSENT { span.quiet { "not said" } } @else { (value) } }
}

fn bar(part: u64, whole: u64) -> Markup {
    let width = (part.min(whole) * 100).checked_div(whole).unwrap_or(0);
    html! {
        svg viewBox="0 0 100 10" preserveAspectRatio="none" {
            rect.track width="100" height="10" {}
            rect.fill width=(width) height="10" {}
        }
    }
}

/// A share of two numbers that are shown.
fn percent(part: u64, whole: u64) -> String {
    let share = (part.min(whole) * 100).checked_div(whole).unwrap_or(0);
    if part > 0 && share == 0 { "<1 %".to_owned() } else { format!("{share} %") }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn week(monday: &str, events: Option<u64>, values: &[(&str, u64)]) -> PublicWeek {
        let values = values.iter().map(|(value, events)| ((*value).to_owned(), *events)).collect();
        let by = "os".to_owned();
        PublicWeek {
            monday: Day::parse(monday).unwrap(),
            devices: None,
            events,
            tables: vec![PublicTable { event: None, by, values, has_others: false }],
        }
    }

    /// A value of two weeks of which one is withheld is a share of the other.
    #[test]
    fn a_share_is_of_the_weeks_in_which_its_value_is_shown() {
        let weeks = [
            week("2026-11-02", Some(1_000), &[("linux", 500), ("macos", 100)]),
            week("2026-11-09", Some(3_000), &[("linux", 500)]),
            week("2026-11-16", None, &[("windows", 50)]),
        ];
        let table = over(&weeks, None, "os");
        let told: Vec<_> = table
            .values
            .iter()
            .map(|own| (own.value.as_str(), own.sum, own.whole, own.weeks()))
            .collect();
        let wanted = [
            ("linux", 1_000, Some(4_000), 2),
            ("macos", 100, Some(1_000), 1),
            ("windows", 50, None, 1),
        ];
        assert_eq!(told, wanted);
        let row = row(&table.values[1], 3).into_string();
        assert!(row.contains("10 %") && row.contains("1 of 3 weeks"), "{row}");
        let without_share = self::row(&table.values[2], 3).into_string();
        assert!(
            !without_share.contains('%') && !without_share.contains("<rect"),
            "{without_share}"
        );
    }
}

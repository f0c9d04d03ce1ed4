//! The panels about devices: how many are active, and, where they are counted
//! without an id, how many are new and how many come back.

use std::collections::BTreeMap;

use headcount_catalog::{Age, Day, Period};
use maud::{Markup, html};

use super::chart::{self, Subject};
use super::figures::Figures;
use super::text;
use crate::cohorts::{NewAndReturning, Retained};
use crate::registry::LoadedProduct;

/// Every panel about devices.
pub(super) fn all(product: &LoadedProduct, figures: &Figures) -> Markup {
    html! {
        @if product.counts_devices(Period::Day) { (active(&figures.devices, Period::Day)) }
        @if !figures.longer.is_empty() {
            div.pair { @for (period, counts) in &figures.longer { (active(counts, *period)) } }
        }
        @if product.counts(Period::Week) {
            (new_and_returning(&figures.weeks, figures.range.to()))
            (retention(&figures.retained, figures.range.to()))
        }
    }
}

fn active(counts: &[(Day, u64)], period: Period) -> Markup {
    let label = match period {
        Period::Day => "Active devices by day",
        Period::Week => "Active devices by week",
        Period::Month => "Active devices by month",
    };
    chart::panel("Active devices", counts, "Devices", Subject { one: "device", label, period })
}

fn new_and_returning(weeks: &[NewAndReturning], today: Day) -> Markup {
    let has_unknown = weeks.iter().any(|sums| sums.unknown > 0);
    html! {
        section.panel {
            h2 { "New and returning devices" span.aside { "by week" } }
            @if weeks.is_empty() {
                p.quiet { "No device has marked a week yet." }
            } @else {
                table.plain {
                    thead { tr {
                        th scope="col" { "Week" } th.number scope="col" { "New" }
                        th.number scope="col" { "Returning" }
                        @if has_unknown { th.number scope="col" { "Unknown" } }
                    } }
                    tbody { @for sums in weeks.iter().rev() { tr {
                        th scope="row" { (week_of(sums.week, today)) }
                        td.number { (text::number(sums.new)) }
                        td.number { (text::number(sums.returning)) }
                        @if has_unknown { td.number { (text::number(sums.unknown)) } }
                    } } }
                }
            }
            p.quiet.note {
                "These are sums of marks, without an id: a delivery that is lost makes its device missing \
                 from that day, week or month, a person who refuses is never counted, and a reinstall \
                 is a new device."
            }
        }
    }
}

fn retention(retained: &[Retained], today: Day) -> Markup {
    let mut weeks: BTreeMap<Day, Vec<&Retained>> = BTreeMap::new();
    let later = retained.iter().filter(|row| row.age != Age::ALL[0]);
    later.for_each(|row| weeks.entry(row.week).or_default().push(row));
    html! {
        section.panel {
            h2 { "Devices that come back" span.aside { "by week, and by the time since they were new" } }
            @if weeks.is_empty() {
                p.quiet { "No device is older than a week yet." }
            } @else {
                table.plain {
                    thead { tr {
                        th scope="col" { "Week" }
                        @for age in &Age::ALL[1..] { th.number scope="col" { (since(*age)) } }
                    } }
                    tbody { @for (week, rows) in weeks.iter().rev() { tr {
                        th scope="row" { (week_of(*week, today)) }
                        @for age in &Age::ALL[1..] {
                            td.number { (share(rows.iter().find(|row| row.age == *age).copied())) }
                        }
                    } } }
                }
            }
            p.quiet.note {
                "The share of the devices that were new so long before and were active in this week. Where \
                 a column stands for several weeks, the share is the average of the devices that were new \
                 in them. More than 100% means that devices came whose first mark never arrived."
            }
        }
    }
}

/// The Monday of a week. The current week is not over.
fn week_of(week: Day, today: Day) -> Markup {
    html! {
        (text::long(week))
        @if week == today.week_start() { span.aside { "so far" } }
    }
}

/// The heading of an age's column: `2–3 weeks`.
fn since(age: Age) -> String {
    match age.weeks() {
        (1, Some(1)) => "1 week".to_owned(),
        (fewest, Some(most)) => format!("{fewest}–{most} weeks"),
        (fewest, None) => format!("{fewest} weeks or more"),
    }
}

fn share(row: Option<&Retained>) -> Markup {
    html! {
        @match row {
            Some(row) => {
                (text::percent(row.devices, row.cohorts.devices))
                span.aside { (text::number(row.devices)) }
            }
            None => { "–" }
        }
    }
}

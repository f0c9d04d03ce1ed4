//! Counts by value, as a table with a bar in each row.

use maud::{Markup, html};

use super::text;
use crate::limits;

/// The page of events with one value.
pub(super) type Link<'a> = &'a dyn Fn(&str) -> String;

/// The values with the highest counts, each with a link if there is one, and
/// one row for all others.
pub(super) fn bars(values: &[(String, u64)], column: &str, link: Option<Link<'_>>) -> Markup {
    let all: u64 = values.iter().map(|(_, count)| count).sum();
    let most = values.first().map_or(1, |(_, count)| *count).max(1);
    let (shown, others) = values.split_at(values.len().min(limits::BAR_ROWS));
    let rest: u64 = others.iter().map(|(_, count)| count).sum();
    html! {
        table.bars {
            thead.hidden {
                tr {
                    th scope="col" { (column) } td {} th scope="col" { "Events" }
                    th scope="col" { "Share" }
                }
            }
            tbody {
                @for (value, count) in shown {
                    tr {
                        th scope="row" { @match link {
                            Some(link) => a href=(link(value)) { (breakable(value)) },
                            None => (breakable(value)),
                        } }
                        (cells(*count, most, all))
                    }
                }
                @if !others.is_empty() {
                    tr.others {
                        th scope="row" { (text::counted(others.len() as u64, "other")) }
                        (cells(rest, most, all))
                    }
                }
            }
        }
    }
}

/// A value, and what is known of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct CountedValue {
    pub(super) value: String,
    pub(super) events: u64,
    pub(super) devices: u64,
}

/// The values with the most devices, each with a bar of them below it and its
/// share of the events, and one row for all others: of these, devices are not
/// summed, as one may be in several rows.
pub(super) fn with_devices(
    values: &[CountedValue],
    column: &str,
    devices: &str,
    link: Link<'_>,
) -> Markup {
    let all: u64 = values.iter().map(|row| row.events).sum();
    let most = values.iter().map(|row| row.devices).max().unwrap_or(0);
    let (shown, others) = values.split_at(values.len().min(limits::BAR_ROWS));
    let rest: u64 = others.iter().map(|row| row.events).sum();
    let events = |count: u64| {
        html! {
            td.number { (text::number(count)) }
            td.share { (text::percent(count, all)) }
        }
    };
    html! {
        table.bars.peopled {
            thead {
                tr {
                    th scope="col" { (breakable(column)) }
                    th.number scope="col" { (devices) }
                    th.number scope="col" { "Events" } th.number scope="col" { "Share" }
                }
            }
            tbody {
                @for row in shown {
                    tr {
                        th scope="row" {
                            a href=(link(&row.value)) { (breakable(&row.value)) }
                            (bar(row.devices, most))
                        }
                        td.number { (text::number(row.devices)) }
                        (events(row.events))
                    }
                }
                @if !others.is_empty() {
                    tr.others {
                        th scope="row" { (text::counted(others.len() as u64, "other")) }
                        td.number {}
                        (events(rest))
                    }
                }
            }
        }
    }
}

/// Lets a browser break a long value between its words.
pub(super) fn breakable(value: &str) -> Markup {
    html! {
        @for (place, part) in value.split_inclusive([':', '.', '_', '/']).enumerate() {
            @if place > 0 { wbr; }
            (part)
        }
    }
}

/// A count as a part of the greatest one, without any number.
pub(super) fn bar(count: u64, most: u64) -> Markup {
    let width = (count as f64 * 100.0 / most.max(1) as f64).min(100.0);
    html! {
        svg aria-hidden="true" {
            rect.track width="100%" height="100%" {}
            rect.fill width={ (format!("{width:.2}")) "%" } height="100%" {}
        }
    }
}

fn cells(count: u64, most: u64, all: u64) -> Markup {
    html! {
        td.bar { (bar(count, most)) }
        td.number { (text::number(count)) }
        td.share { (text::percent(count, all)) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn devices_of_further_values_are_not_summed() {
        let row = |n: u64| CountedValue { value: format!("v{n}"), events: 5, devices: 20 - n };
        let values: Vec<CountedValue> = (0..10).map(row).collect();
        let drawn = with_devices(&values, "os", "Devices, week of 9 Nov", &|_| String::new());
        let drawn = drawn.into_string();
        assert_eq!(drawn.matches("<tr").count(), 1 + limits::BAR_ROWS + 1);
        let others = "<th scope=\"row\">2 others</th><td class=\"number\"></td><td class=\"number\">10</td>\
                      <td class=\"share\">20%</td>";
        assert!(drawn.contains(others), "{drawn}");
    }

    #[test]
    fn further_values_are_one_row() {
        let values: Vec<(String, u64)> = (0..20).map(|n| (format!("v{n}"), 20 - n)).collect();
        let drawn = bars(&values, "command", None).into_string();
        assert_eq!(drawn.matches("<tr").count(), 1 + limits::BAR_ROWS + 1);
        assert!(drawn.contains("12 others"), "{drawn}");
        let name = bars(&[("run_started".to_owned(), 1)], "event", None).into_string();
        assert!(name.contains("run_<wbr>started"), "{name}");
        let link = |value: &str| format!("/?where=command:{value}");
        let markup = bars(&[("<b>".to_owned(), 1)], "command", Some(&link)).into_string();
        assert!(markup.contains("<a href=\"/?where=command:&lt;b&gt;\">&lt;b&gt;</a>"), "{markup}");
    }
}

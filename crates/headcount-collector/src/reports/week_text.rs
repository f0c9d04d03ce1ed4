//! A report in plain text: a block for each product. Pure.

use headcount_catalog::{Day, Grain, Time};
use serde_json::json;

use super::rule::ReportRule;
use super::week::{DaysBefore, Pair, ProductWeek};
use crate::alerts::AlertMessage;
use crate::day_text;
use crate::page::{counted_properties, grouped, percent, percentage};

/// The widest name of a number.
const NAME_LETTERS: usize = 26;

/// The message with the report of the week that begins on this Monday. `state`
/// is `week` or `test`. A product is `None` if there is no catalog for it.
pub(crate) fn message(
    rule: &ReportRule,
    week: Day,
    products: &[(String, Option<ProductWeek>)],
    state: &'static str,
    at: Time,
    url: &str,
) -> AlertMessage {
    let titles: Vec<&str> = products
        .iter()
        .map(|(name, product)| product.as_ref().map_or(name.as_str(), |product| &product.title))
        .collect();
    AlertMessage::of_report(json!({
        "report": rule.name,
        "state": state,
        "week": week.to_string(),
        "at": at.format(Grain::Second),
        "subject": format!("week of {}: {}", day_text::long(week), titles.join(", ")),
        "text": text(week, products, url),
    }))
}

fn text(week: Day, products: &[(String, Option<ProductWeek>)], url: &str) -> String {
    let last = week.plus(6);
    let mut text = format!(
        "The week from {}, Monday to Sunday in UTC, beside the week before.\n",
        day_text::span(week, last)
    );
    for (name, product) in products {
        match product {
            Some(product) => text.push_str(&block(product, week, url)),
            None => text.push_str(&format!("\n{name}\n  The collector has no catalog for it.\n")),
        }
    }
    text.push_str(
        "\nEvents that arrive late are not in these numbers yet. The configuration of the \
         collector\nsays who gets this report.\n",
    );
    text
}

fn block(product: &ProductWeek, week: Day, url: &str) -> String {
    let mut lines: Vec<(&str, String)> = Vec::new();
    match product.devices {
        Some(devices) => lines.push(("Active devices", changed(devices, product.before))),
        None => lines.push(("Events", changed(product.events, product.before))),
    }
    if let Some(new) = product.new_devices {
        lines.push(("New devices", grouped(new)));
    }
    lines.push(("Events that failed", failed(product)));
    let rejected = match product.rejected.properties {
        0 => grouped(product.rejected.events),
        properties => format!(
            "{}; and {} of stored events",
            grouped(product.rejected.events),
            counted_properties(properties)
        ),
    };
    lines.push(("Events rejected on arrival", rejected));
    let lost = product.lost.map_or("not reported by this product".to_owned(), grouped);
    lines.push(("Events dropped on the way", lost));
    let newest = match &product.newest {
        Some(newest) => format!(
            "{}, {} of the events",
            newest.version,
            percent(newest.events, product.events.week)
        ),
        None => "none that enough devices have".to_owned(),
    };
    lines.push(("Newest version", newest));
    let mut text = format!("\n{}\n", product.title);
    for (name, value) in lines {
        text.push_str(&format!("  {name:NAME_LETTERS$}  {value}\n"));
    }
    let (name, last) = (&product.name, week.plus(6));
    text.push_str(&format!("  {url}/product/{name}?from={week}&to={last}\n"));
    text
}

/// `81 (+9 % from 74)`
fn changed(pair: Pair<u64>, days: DaysBefore) -> String {
    let Pair { week, before } = pair;
    if let Some(missing) = days.missing() {
        return format!("{} ({missing})", grouped(week));
    }
    let change = match before {
        0 if week == 0 => "none the week before either".to_owned(),
        0 => "none the week before".to_owned(),
        _ if week == before => "as many as the week before".to_owned(),
        _ => {
            let percent = (week as f64 - before as f64) * 100.0 / before as f64;
            format!("{percent:+.0}% from {}", grouped(before))
        }
    };
    format!("{} ({change})", grouped(week))
}

/// `4.6% of 1,043 (less than 13% the week before)`
fn failed(product: &ProductWeek) -> String {
    let Pair { week, before } = product.failed;
    if week.all == 0 {
        return "no event says whether it failed".to_owned();
    }
    let [now, then] = [week, before].map(|share| percentage(share.value() * 100.0));
    if let Some(missing) = product.before.missing() {
        return format!("{now} of {} ({missing})", grouped(week.all));
    }
    let change = match before.all {
        0 => "none the week before".to_owned(),
        _ if week.is_above(before) => format!("more than {then} the week before"),
        _ if before.is_above(week) => format!("less than {then} the week before"),
        _ => format!("no clear change from {then} the week before"),
    };
    format!("{now} of {} ({change})", grouped(week.all))
}

#[cfg(test)]
mod tests {
    use super::super::rule::Weekday;
    use super::super::week::NewestVersion;
    use super::*;
    use crate::page::Rejections;
    use crate::share::Share;

    /// What is known of the days before 16 November, if the first event came on
    /// this day.
    fn known_before(first: &str) -> DaysBefore {
        DaysBefore::of(Day::parse("2026-11-16").unwrap(), Day::parse(first))
    }

    fn product() -> ProductWeek {
        ProductWeek {
            name: "atomic".to_owned(),
            title: "Atomic CLI".to_owned(),
            before: known_before("2026-10-01"),
            devices: Some(Pair { week: 81, before: 74 }),
            new_devices: Some(17),
            events: Pair { week: 1_043, before: 900 },
            failed: Pair { week: Share::of(48, 995), before: Share::of(117, 783) },
            rejected: Rejections { events: 12, properties: 0 },
            lost: Some(3),
            newest: Some(NewestVersion { version: "1.5.1".to_owned(), events: 647 }),
        }
    }

    #[test]
    fn a_report_has_a_block_for_each_product() {
        let rule = ReportRule {
            name: "weekly".to_owned(),
            products: Vec::new(),
            on: Weekday::Monday,
            hour: 8,
            channels: Vec::new(),
        };
        let week = Day::parse("2026-11-16").unwrap();
        let products = [("atomic".to_owned(), Some(product())), ("gone".to_owned(), None)];
        let at = Time::parse("2026-11-23T08:00:00Z").unwrap();
        let url = "https://telemetry.example.org";
        let message = message(&rule, week, &products, "week", at, url);
        assert_eq!(message.text("subject"), "week of 16 Nov 2026: Atomic CLI, gone");
        assert_eq!(message.text("week"), "2026-11-16");
        let expected = "\
The week from 16 Nov to 22 Nov 2026, Monday to Sunday in UTC, beside the week before.

Atomic CLI
  Active devices              81 (+9% from 74)
  New devices                 17
  Events that failed          4.6% of 1,043 (less than 13% the week before)
  Events rejected on arrival  12
  Events dropped on the way   3
  Newest version              1.5.1, 62% of the events
  https://telemetry.example.org/product/atomic?from=2026-11-16&to=2026-11-22

gone
  The collector has no catalog for it.

Events that arrive late are not in these numbers yet. The configuration of the collector
says who gets this report.
";
        assert_eq!(message.text("text"), expected);
    }

    #[test]
    fn what_is_not_known_is_said() {
        let empty = ProductWeek {
            devices: None,
            new_devices: None,
            events: Pair::default(),
            failed: Pair::default(),
            rejected: Rejections { events: 0, properties: 2 },
            lost: None,
            newest: None,
            ..product()
        };
        let text = block(&empty, Day::parse("2026-11-16").unwrap(), "");
        for line in [
            "  Events                      0 (none the week before either)\n",
            "  Events that failed          no event says whether it failed\n",
            "  Events rejected on arrival  0; and 2 properties of stored events\n",
            "  Events dropped on the way   not reported by this product\n",
            "  Newest version              none that enough devices have\n",
        ] {
            assert!(text.contains(line), "{text}");
        }
        assert!(!text.contains("Active") && !text.contains("New devices"), "{text}");
        for (week, before, told) in [
            (5, 0, "5 (none the week before)"),
            (7, 7, "7 (as many as the week before)"),
            (0, 4, "0 (-100% from 4)"),
        ] {
            assert_eq!(changed(Pair { week, before }, known_before("2026-11-09")), told);
        }
    }

    #[test]
    fn a_week_in_which_the_product_began_is_not_compared_with() {
        for (first, told) in [
            ("2026-11-09", "+9% from 74"),
            ("2026-11-10", "6 of the 7 days before known"),
            ("2026-11-15", "1 of the 7 days before known"),
            ("2026-11-16", "no data for the week before"),
            ("2026-11-18", "no data for the week before"),
        ] {
            let product = ProductWeek { before: known_before(first), ..product() };
            let text = block(&product, Day::parse("2026-11-16").unwrap(), "");
            assert!(text.contains(&format!("Active devices              81 ({told})\n")), "{text}");
            let is_whole = text.contains("4.6% of 1,043 (less than 13% the week before)");
            assert_eq!(is_whole, first == "2026-11-09", "{text}");
        }
    }
}

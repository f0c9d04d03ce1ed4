//! Every line of a report of a week and of a month.

use headcount_catalog::Day;

use super::super::numbers::{MonthlyIds, NewestVersion};
use super::super::rule::{ReportDay, Weekday};
use super::*;
use crate::page::Rejections;
use crate::share::Share;

fn span(period: Period, day: &str) -> ReportSpan {
    ReportSpan::of(period, Day::parse(day).unwrap())
}

/// The week from 16 to 22 November 2026.
fn week() -> ReportSpan {
    span(Period::Week, "2026-11-16")
}

/// November 2026.
fn month() -> ReportSpan {
    span(Period::Month, "2026-11-01")
}

/// A product whose first event came on this day.
fn since(first: &str, span: ReportSpan) -> ProductNumbers {
    ProductNumbers {
        name: "atomic".to_owned(),
        title: "Atomic CLI".to_owned(),
        before: DaysBefore::of(span, Day::parse(first)),
        devices: Some(Pair { now: 81, before: 74 }),
        new_devices: Some(17),
        monthly_ids: None,
        events: Pair { now: 1_043, before: 900 },
        failed: Pair { now: Share::of(48, 995), before: Share::of(117, 783) },
        rejected: Rejections { events: 12, properties: 0 },
        lost: Some(3),
        newest: Some(NewestVersion { version: "1.5.1".to_owned(), events: 647 }),
    }
}

fn product(span: ReportSpan) -> ProductNumbers {
    since("2026-01-01", span)
}

fn told(span: ReportSpan, on: ReportDay, at: &str) -> AlertMessage {
    let (name, products, channels) = ("a-report".to_owned(), Vec::new(), Vec::new());
    let rule = ReportRule { name, products, on, hour: 8, channels };
    let products = [("atomic".to_owned(), Some(product(span))), ("gone".to_owned(), None)];
    let at = Time::parse(at).unwrap();
    message(&rule, span, &products, false, at, "https://telemetry.example.org")
}

#[test]
fn a_report_of_a_week_has_a_block_for_each_product() {
    let message = told(week(), ReportDay::Week(Weekday::Monday), "2026-11-23T08:00:00Z");
    assert_eq!(message.text("subject"), "week of 16 Nov 2026: Atomic CLI, gone");
    assert_eq!((message.text("state"), message.text("week")), ("week", "2026-11-16"));
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
fn a_report_of_a_month_has_a_block_for_each_product() {
    let message = told(month(), ReportDay::Month(1), "2026-12-01T08:00:00Z");
    assert_eq!(message.text("subject"), "November 2026: Atomic CLI, gone");
    assert_eq!((message.text("state"), message.text("month")), ("month", "2026-11-01"));
    let expected = "\
The month of November 2026, beside October 2026: 30 and 31 days, in UTC.

Atomic CLI
  Active devices              81 (+9% from 74)
  New devices                 17 in the 5 weeks from 26 Oct to 29 Nov 2026
  Events that failed          4.6% of 1,043 (less than 13% the month before)
  Events rejected on arrival  12
  Events dropped on the way   3
  Newest version              1.5.1, 62% of the events
  https://telemetry.example.org/product/atomic?from=2026-11-01&to=2026-11-30

gone
  The collector has no catalog for it.

Events that arrive late are not in these numbers yet. The configuration of the collector
says who gets this report.
";
    assert_eq!(message.text("text"), expected);
    let january = heading(span(Period::Month, "2027-01-31"));
    assert_eq!(
        january,
        "The month of January 2027, beside December 2026: 31 and 31 days, in UTC.\n"
    );
}

#[test]
fn what_is_not_known_is_said() {
    let empty = ProductNumbers {
        devices: None,
        new_devices: None,
        events: Pair::default(),
        failed: Pair::default(),
        rejected: Rejections { events: 0, properties: 2 },
        lost: None,
        newest: None,
        ..product(week())
    };
    for (span, name) in [(week(), "week"), (month(), "month")] {
        let text = block(&empty, span, "");
        for line in [
            &*format!("  Events                      0 (none the {name} before either)\n"),
            "  Events that failed          no event says whether it failed\n",
            "  Events rejected on arrival  0; and 2 properties of stored events\n",
            "  Events dropped on the way   not reported by this product\n",
            "  Newest version              no events\n",
        ] {
            assert!(text.contains(line), "{text}");
        }
        assert!(!text.contains("Active") && !text.contains("New devices"), "{text}");
    }
}

#[test]
fn numbers_are_told_beside_those_before() {
    let numbers = |span| Numbers { span, before: product(span).before, monthly_ids: None };
    for (now, before, told) in [
        (5, 0, "5 (none the week before)"),
        (7, 7, "7 (as many as the week before)"),
        (0, 4, "0 (-100% from 4)"),
        (999, 1_000, "999 (0% from 1,000)"),
    ] {
        assert_eq!(numbers(week()).of_devices(Pair { now, before }), told);
        assert_eq!(numbers(week()).of_events(Pair { now, before }), told);
        let told = told.replace("week", "month");
        assert_eq!(numbers(month()).of_devices(Pair { now, before }), told);
    }
}

/// More days have more events, so months of unlike length are compared by day.
#[test]
fn events_of_months_of_unlike_length_are_compared_by_day() {
    for (day, now, before, told) in [
        ("2026-11-30", 900, 930, "900 (0% a day from 930 in 31 days)"),
        ("2026-11-30", 900, 900, "900 (+3% a day from 900 in 31 days)"),
        ("2027-02-01", 2_800, 3_100, "2,800 (0% a day from 3,100 in 31 days)"),
        ("2027-03-01", 3_100, 2_800, "3,100 (0% a day from 2,800 in 28 days)"),
        ("2028-03-01", 3_100, 2_800, "3,100 (+4% a day from 2,800 in 29 days)"),
        ("2027-01-01", 3_100, 2_800, "3,100 (+11% from 2,800)"),
        ("2026-08-01", 900, 900, "900 (as many as the month before)"),
        ("2026-11-30", 5, 0, "5 (none the month before)"),
        ("2026-11-30", 0, 0, "0 (none the month before either)"),
        ("2026-11-30", 0, 31, "0 (-100% a day from 31 in 31 days)"),
    ] {
        let span = span(Period::Month, day);
        let numbers = Numbers { span, before: product(span).before, monthly_ids: None };
        assert_eq!(numbers.of_events(Pair { now, before }), told, "{day}");
    }
}

/// The block of a product whose ids are replaced on the first of each month.
fn with_monthly_ids(span: ReportSpan, first: &str) -> String {
    let monthly_ids = Some(MonthlyIds { since: Day::parse(first).unwrap() });
    block(&ProductNumbers { monthly_ids, ..since(first, span) }, span, "")
}

#[test]
fn nobody_is_new_in_a_month_where_ids_are_replaced_every_month() {
    let text = with_monthly_ids(month(), "2026-01-01");
    let line = "  New devices                 cannot be told: ids are replaced on the first of each \
                month\n";
    assert!(text.contains(line), "{text}");
    assert!(text.contains("  Active devices              81 (+9% from 74)\n"), "{text}");
}

/// As on the page: a device counts twice in a week in which its id is replaced,
/// and is new once more.
#[test]
fn weeks_are_not_compared_where_ids_were_replaced_within_one_of_them() {
    let not_compared = "81 (not compared: ids were replaced within one of the two weeks)";
    let (compared, new) = ("81 (+9% from 74)", "17");
    let replaced = "17 (ids were replaced on 1 Nov 2026)";
    for (week, first, devices, new) in [
        ("2026-10-19", "2026-01-01", compared, new),
        // With 1 November, a Sunday.
        ("2026-10-26", "2026-01-01", not_compared, replaced),
        ("2026-11-02", "2026-01-01", not_compared, replaced),
        ("2026-11-09", "2026-01-01", compared, new),
        // On a Monday, nothing is replaced within a week.
        ("2026-06-01", "2026-01-01", compared, "17 (ids were replaced on 1 Jun 2026)"),
        ("2026-06-08", "2026-01-01", compared, "17 (ids were replaced on 1 Jun 2026)"),
        ("2026-06-15", "2026-01-01", compared, new),
        // Nobody had an id before the first event.
        ("2026-11-09", "2026-11-02", compared, new),
        ("2026-11-02", "2026-11-02", "81 (no data for the week before)", new),
    ] {
        let text = with_monthly_ids(span(Period::Week, week), first);
        let lines = [
            format!("  Active devices              {devices}\n"),
            format!("  New devices                 {new}\n"),
        ];
        assert!(lines.iter().all(|line| text.contains(line)), "{week}\n{text}");
    }
}

#[test]
fn what_the_product_began_in_is_not_compared() {
    for (span, first, told) in [
        (week(), "2026-11-09", "+9% from 74"),
        (week(), "2026-11-10", "6 of the 7 days before known"),
        (week(), "2026-11-15", "1 of the 7 days before known"),
        (week(), "2026-11-16", "no data for the week before"),
        (week(), "2026-11-18", "no data for the week before"),
        (month(), "2026-10-01", "+9% from 74"),
        (month(), "2026-10-02", "30 of the 31 days before known"),
        (month(), "2026-10-31", "1 of the 31 days before known"),
        (month(), "2026-11-01", "no data for the month before"),
        (month(), "2026-11-18", "no data for the month before"),
    ] {
        let text = block(&since(first, span), span, "");
        assert!(text.contains(&format!("Active devices              81 ({told})\n")), "{text}");
        let is_whole = text.contains("4.6% of 1,043 (less than 13% the ");
        assert_eq!(is_whole, told.starts_with('+'), "{text}");
        let without_devices = ProductNumbers { devices: None, ..since(first, span) };
        let is_compared = block(&without_devices, span, "").contains(" from 900");
        assert_eq!(is_compared, is_whole, "{first}");
    }
}

//! Which week or month is to be reported by now. Pure.

use headcount_catalog::Time;

use super::rule::ReportRule;
use super::span::ReportSpan;

const HOUR_SECONDS: i64 = 3_600;

/// The last week or month that is over.
pub(crate) fn last_span(rule: &ReportRule, now: Time) -> ReportSpan {
    ReportSpan::of(rule.on.period(), now.day()).before()
}

/// The week or month whose report is due at `now`: the one that was over when
/// its day and hour came last. Of several that were missed, the last.
pub(crate) fn due_span(rule: &ReportRule, now: Time) -> ReportSpan {
    let last = last_span(rule, now);
    let day = rule.on.period().start(now.day()).plus(rule.on.days());
    let moment = day.start().seconds() + i64::from(rule.hour) * HOUR_SECONDS;
    if now.seconds() >= moment { last } else { last.before() }
}

#[cfg(test)]
mod tests {
    use super::super::rule::{ReportDay, Weekday};
    use super::*;

    fn rule(on: ReportDay, hour: u8) -> ReportRule {
        let (name, products, channels) = ("a-report".to_owned(), Vec::new(), Vec::new());
        ReportRule { name, products, on, hour, channels }
    }

    fn due(on: ReportDay, hour: u8, now: &str) -> String {
        due_span(&rule(on, hour), Time::parse(now).unwrap()).first().to_string()
    }

    #[test]
    fn a_week_is_due_from_its_day_and_hour_on() {
        // 2026-11-23 is a Monday.
        for (on, hour, now, week) in [
            (Weekday::Monday, 8, "2026-11-23T08:00:00Z", "2026-11-16"),
            (Weekday::Monday, 8, "2026-11-23T07:59:59Z", "2026-11-09"),
            (Weekday::Monday, 0, "2026-11-23T00:00:00Z", "2026-11-16"),
            (Weekday::Monday, 8, "2026-11-29T23:59:59Z", "2026-11-16"),
            (Weekday::Thursday, 23, "2026-11-26T22:59:59Z", "2026-11-09"),
            (Weekday::Thursday, 23, "2026-11-26T23:00:00Z", "2026-11-16"),
            (Weekday::Sunday, 12, "2026-11-29T12:00:00Z", "2026-11-16"),
            (Weekday::Sunday, 12, "2026-11-30T12:00:00Z", "2026-11-16"),
        ] {
            assert_eq!(due(ReportDay::Week(on), hour, now), week, "{on:?} {hour} {now}");
        }
        let rule = rule(ReportDay::Week(Weekday::Sunday), 12);
        let now = Time::parse("2026-11-29T12:00:00Z").unwrap();
        assert_eq!(last_span(&rule, now).first().to_string(), "2026-11-16");
    }

    #[test]
    fn a_month_is_due_from_its_day_and_hour_on() {
        for (on, hour, now, month) in [
            (1, 8, "2026-12-01T08:00:00Z", "2026-11-01"),
            (1, 8, "2026-12-01T07:59:59Z", "2026-10-01"),
            (1, 0, "2026-12-01T00:00:00Z", "2026-11-01"),
            (1, 8, "2026-12-31T23:59:59Z", "2026-11-01"),
            // In a new year.
            (1, 8, "2027-01-01T07:59:59Z", "2026-11-01"),
            (1, 8, "2027-01-01T08:00:00Z", "2026-12-01"),
            (28, 23, "2027-01-28T22:59:59Z", "2026-11-01"),
            // After a month with 31 days, and in those with 28 and with 29.
            (28, 23, "2027-02-28T22:59:59Z", "2026-12-01"),
            (28, 23, "2027-02-28T23:00:00Z", "2027-01-01"),
            (28, 23, "2027-03-01T00:00:00Z", "2027-01-01"),
            (1, 8, "2027-03-01T08:00:00Z", "2027-02-01"),
            (28, 8, "2028-02-28T08:00:00Z", "2028-01-01"),
            (28, 8, "2028-02-29T23:59:59Z", "2028-01-01"),
            (1, 8, "2028-03-01T08:00:00Z", "2028-02-01"),
        ] {
            assert_eq!(due(ReportDay::Month(on), hour, now), month, "{on} {hour} {now}");
        }
        let rule = rule(ReportDay::Month(28), 8);
        let now = Time::parse("2027-03-01T00:00:00Z").unwrap();
        assert_eq!(last_span(&rule, now).first().to_string(), "2027-02-01");
    }

    /// Whenever one looks, the months that are due follow one another.
    #[test]
    fn every_month_is_due_once() {
        for on in [1, 15, 28] {
            let rule = rule(ReportDay::Month(on), 8);
            let mut now = Time::parse("2023-12-31T23:30:00Z").unwrap();
            let mut told = due_span(&rule, now);
            for _ in 0..(366 + 365) * 24 {
                now = Time::from_seconds(now.seconds() + HOUR_SECONDS);
                let due = due_span(&rule, now);
                assert!(due == told || due.before() == told, "{now:?}");
                told = due;
            }
            assert_eq!(told.first().to_string(), "2025-11-01");
        }
    }
}

//! Which week is to be reported by now. Pure.

use headcount_catalog::{Day, Time};

use super::rule::ReportRule;

const WEEK: i32 = 7;

const HOUR_SECONDS: i64 = 3_600;

/// The Monday of the last week that is over.
pub(crate) fn last_week(now: Time) -> Day {
    now.day().week_start().plus(-WEEK)
}

/// The Monday of the week whose report is due at `now`: the one that was over
/// when its day and hour came last. Of several that were missed, the last.
pub(crate) fn due_week(rule: &ReportRule, now: Time) -> Day {
    let monday = now.day().week_start();
    let day = monday.plus(rule.on.days());
    let moment = day.start().seconds() + i64::from(rule.hour) * HOUR_SECONDS;
    if now.seconds() >= moment { monday.plus(-WEEK) } else { monday.plus(-2 * WEEK) }
}

#[cfg(test)]
mod tests {
    use super::super::rule::Weekday;
    use super::*;

    #[test]
    fn a_week_is_due_from_its_day_and_hour_on() {
        let due = |on, hour, now: &str| {
            let (name, products, channels) = ("weekly".to_owned(), Vec::new(), Vec::new());
            let rule = ReportRule { name, products, on, hour, channels };
            due_week(&rule, Time::parse(now).unwrap()).to_string()
        };
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
            assert_eq!(due(on, hour, now), week, "{on:?} {hour} {now}");
        }
        let now = Time::parse("2026-11-29T12:00:00Z").unwrap();
        assert_eq!(last_week(now).to_string(), "2026-11-16");
    }
}

//! Numbers and days in readable form.

use headcount_catalog::{Day, Period};
use maud::{Markup, html};

use super::scale::Scale;
use crate::day_text;

pub(super) use crate::day_text::{long, short};

/// `1234567` as `1,234,567`.
pub(crate) fn number(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// A share in whole percent, `<1%` if it would round to nothing.
pub(crate) fn percent(part: u64, whole: u64) -> String {
    if whole == 0 {
        return "–".to_owned();
    }
    let share = part as f64 * 100.0 / whole as f64;
    if part > 0 && share < 1.0 { "<1%".to_owned() } else { format!("{share:.0}%") }
}

/// A number of percent with as many digits as it is worth: `0.4%`, `12%`.
pub(crate) fn percentage(percent: f64) -> String {
    if percent != 0.0 && percent < 0.05 {
        "<0.1%".to_owned()
    } else if percent < 9.95 && percent.fract() != 0.0 {
        format!("{percent:.1}%")
    } else {
        format!("{percent:.0}%")
    }
}

/// A number of no unit: what is below 100 has three significant digits, so that
/// 0.058 does not become 0.1.
pub(super) fn measured(value: f64) -> String {
    if value.fract() == 0.0 || value >= 99.95 {
        return number(value.round() as u64);
    }
    if value < LEAST_MEASURED {
        return format!("<{LEAST_MEASURED}");
    }
    // 0 for 1 to 9, -1 for 0.1 to 0.9.
    let magnitude = value.log10().floor() as i32;
    let decimals = usize::try_from(2 - magnitude).unwrap_or(0);
    let digits = format!("{value:.decimals$}");
    digits.trim_end_matches('0').trim_end_matches('.').to_owned()
}

/// Milliseconds in the unit that suits.
pub(super) fn milliseconds(value: f64) -> String {
    match value {
        _ if value < 1_000.0 => format!("{} ms", measured(value)),
        _ => seconds(value / 1_000.0),
    }
}

/// Seconds in the unit that suits.
pub(super) fn seconds(value: f64) -> String {
    match value {
        _ if value < 120.0 && value != 60.0 => format!("{} s", measured(value)),
        _ if value < 7_200.0 && value != 3_600.0 => format!("{} min", measured(value / 60.0)),
        _ => format!("{} h", measured(value / 3_600.0)),
    }
}

/// A scale in the unit in which milliseconds up to this are written.
pub(super) fn scale_of_milliseconds(most: f64) -> Scale {
    let unit = if most < 1_000.0 { 1 } else { 1_000 * unit_of_seconds(most / 1_000.0) };
    Scale::in_units(most, unit)
}

/// A scale in the unit in which seconds up to this are written.
pub(super) fn scale_of_seconds(most: f64) -> Scale {
    Scale::in_units(most, unit_of_seconds(most))
}

/// A scale of which [`percentage`] tells every tick from the others.
pub(super) fn scale_of_percent(most: f64) -> Scale {
    Scale::fine(if most > 0.0 { most.max(0.4) } else { 1.0 })
}

/// The unit in which seconds up to this are written, in seconds.
fn unit_of_seconds(most: f64) -> u64 {
    match most {
        _ if most < 120.0 => 1,
        _ if most < 7_200.0 => 60,
        _ => 3_600,
    }
}

/// `20 Nov 2026`, with the day as programs read it.
pub(super) fn time(day: Day) -> Markup {
    html! { time datetime=(day) { (long(day)) } }
}

/// A sentence in which names are between backticks.
pub(super) fn quoted(text: &str) -> Markup {
    html! {
        @for (place, part) in text.split('`').enumerate() {
            @if place % 2 == 1 { code { (part) } } @else { (part) }
        }
    }
}

/// `Fri 20 Nov 2026`.
pub(super) fn whole(day: Day) -> String {
    // 1970-01-01 was a Thursday.
    let weekday = usize::try_from((day.number() + 3).rem_euclid(7)).unwrap_or(0);
    format!("{} {}", WEEKDAYS[weekday], long(day))
}

/// `Fri 20 Nov 2026`, `week of 16 Nov 2026` or `November 2026`.
pub(crate) fn named(start: Day, period: Period) -> String {
    match period {
        Period::Day => whole(start),
        Period::Week => format!("week of {}", long(start)),
        Period::Month => {
            let (year, month, _) = start.civil();
            format!("{} {year}", LONG_MONTHS[usize::from(month - 1)])
        }
    }
}

/// `on 20 Nov 2026`, `in the week of 16 Nov 2026` or `in November 2026`.
pub(super) fn inside(start: Day, period: Period) -> String {
    match period {
        Period::Day => format!("on {}", long(start)),
        Period::Week => format!("in the {}", named(start, period)),
        Period::Month => format!("in {}", named(start, period)),
    }
}

/// `20 Nov`, or `Nov` for a month.
pub(super) fn label(start: Day, period: Period) -> String {
    match period {
        Period::Day | Period::Week => short(start),
        Period::Month => day_text::month(start).to_owned(),
    }
}

/// `today`, `this week` or `this month`: the period that is not over.
pub(super) fn current(period: Period) -> &'static str {
    match period {
        Period::Day => "today",
        Period::Week => "this week",
        Period::Month => "this month",
    }
}

/// The heading of a column of periods.
pub(super) fn heading(period: Period) -> &'static str {
    match period {
        Period::Day => "Day",
        Period::Week => "Week",
        Period::Month => "Month",
    }
}

/// Beside the name of a period that is not over, in every table.
pub(super) fn so_far(is_unfinished: bool) -> Markup {
    html! { @if is_unfinished { span.aside { "so far" } } }
}

/// `1 device`, `2 devices`.
pub(super) fn counted(count: u64, one: &str) -> String {
    let s = if count == 1 { "" } else { "s" };
    format!("{} {one}{s}", number(count))
}

/// Smaller numbers would have more zeros than anybody reads.
const LEAST_MEASURED: f64 = 0.000_001;

const LONG_MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

const WEEKDAYS: [&str; 7] = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_and_shares() {
        for (plain, read) in [(0, "0"), (999, "999"), (1_000, "1,000"), (1_234_567, "1,234,567")] {
            assert_eq!(number(plain), read);
        }
        for (part, share) in [(0, "0%"), (1, "<1%"), (125, "12%"), (1_000, "100%")] {
            assert_eq!(percent(part, 1_000), share);
        }
        assert_eq!(percent(0, 0), "–");
        for (percent, told) in [
            (0.0, "0%"),
            (0.04, "<0.1%"),
            (0.44, "0.4%"),
            (5.0, "5%"),
            (12.4, "12%"),
            (100.0, "100%"),
        ] {
            assert_eq!(percentage(percent), told);
        }
        assert_eq!(counted(1, "device"), "1 device");
        assert_eq!(counted(1_200, "event"), "1,200 events");
    }

    #[test]
    fn durations_have_the_unit_that_suits() {
        for (value, told) in [
            (0.0, "0 ms"),
            (7.25, "7.25 ms"),
            (0.125, "0.125 ms"),
            (640.0, "640 ms"),
            (1_500.0, "1.5 s"),
            (90_000.0, "90 s"),
            (600_000.0, "10 min"),
            (9_000_000.0, "2.5 h"),
        ] {
            assert_eq!(milliseconds(value), told);
        }
    }

    #[test]
    fn a_small_number_keeps_three_digits() {
        for (value, told) in [
            (0.0, "0"),
            (0.000_000_4, "<0.000001"),
            (0.000_123_4, "0.000123"),
            (0.058, "0.058"),
            (0.166, "0.166"),
            (0.2, "0.2"),
            (0.3 + 0.000_000_01, "0.3"),
            (0.371_4, "0.371"),
            (0.999_6, "1"),
            (1.0, "1"),
            (2.355, "2.35"),
            (2.5, "2.5"),
            (9.999, "10"),
            (23.16, "23.2"),
            (99.94, "99.9"),
            (99.96, "100"),
            (640.4, "640"),
            (1_234.0, "1,234"),
            (1_234.6, "1,235"),
        ] {
            assert_eq!(measured(value), told);
        }
    }

    #[test]
    fn no_two_ticks_of_a_scale_read_alike() {
        type Scaled = (fn(f64) -> Scale, fn(f64) -> String);
        let all: [Scaled; 4] = [
            (Scale::fine, measured),
            (scale_of_percent, percentage),
            (scale_of_milliseconds, milliseconds),
            (scale_of_seconds, seconds),
        ];
        for (scale, written) in all {
            for most in [0.0, 0.003, 0.04, 0.5, 1.0, 1.2, 7.0, 99.0, 130.0, 1_400.0, 9e6] {
                let mut told: Vec<String> = scale(most).ticks().map(written).collect();
                let ticks = told.len();
                told.dedup();
                assert_eq!(told.len(), ticks, "{most}: {told:?}");
            }
        }
    }

    #[test]
    fn days_with_their_weekdays() {
        let day = Day::parse("2026-11-20").unwrap();
        assert_eq!(whole(day), "Fri 20 Nov 2026");
        assert_eq!(whole(Day::parse("1969-12-28").unwrap()), "Sun 28 Dec 1969");
        let told = "<time datetime=\"2026-11-20\">20 Nov 2026</time>";
        assert_eq!(time(day).into_string(), told);
    }

    #[test]
    fn names_between_backticks_are_names() {
        let told = quoted("`a` & b").into_string();
        assert_eq!(told, "<code>a</code> &amp; b");
    }
}

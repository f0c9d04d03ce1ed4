//! What holds of marks, whatever days come in whatever order.

use std::collections::BTreeSet;

use headcount_catalog::{Age, Day, Period};

use super::MarkedPeriods;
use crate::limits;

const ALL: [Period; 3] = [Period::Day, Period::Week, Period::Month];

fn day(text: &str) -> Day {
    Day::parse(text).expect("a day")
}

/// What an event of this day is marked with: `day,week 0`.
fn taken(marked: &mut MarkedPeriods, text: &str) -> String {
    match marked.take(&ALL, day(text)) {
        Some((periods, age)) => {
            let names: Vec<&str> = periods.iter().map(|period| period.name()).collect();
            format!("{} {}", names.join(","), age.name())
        }
        None => String::new(),
    }
}

/// Numbers that can be had again: SplitMix64.
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, limit: u64) -> i32 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        i32::try_from((mixed ^ (mixed >> 31)) % limit).expect("a small number")
    }

    /// The next day of a clock that mostly goes on, and sometimes is set.
    fn next(&mut self, today: Day) -> Day {
        match self.below(10) {
            0..6 => today.plus(self.below(3)),
            6..8 => today.plus(-self.below(9)),
            8 => today.plus(self.below(800) - 400),
            _ => [Day::from_number(i32::MIN), Day::from_number(i32::MAX), day("2026-11-28")]
                [usize::try_from(self.below(3)).expect("a place")],
        }
    }
}

#[test]
fn no_period_is_marked_twice_whatever_the_clock_does() {
    for seed in 0..300 {
        let mut numbers = Numbers(seed);
        let mut today = day("2026-11-28");
        let mut marked = match numbers.below(4) {
            0 => MarkedPeriods::unknown(today),
            _ => MarkedPeriods::none(),
        };
        let mut seen = BTreeSet::new();
        for _ in 0..400 {
            today = numbers.next(today);
            // The catalog may count other periods from release to release.
            let count = &ALL[usize::try_from(numbers.below(3)).expect("a place")..];
            if numbers.below(50) == 0 {
                marked.begin_anew();
            }
            let is_due = marked.is_due(count, today);
            let taken = marked.take(count, today);
            assert_eq!(is_due, taken.is_some(), "seed {seed}, {today}");
            assert!(!marked.is_due(count, today), "seed {seed}, {today}");
            for period in taken.iter().flat_map(|(periods, _)| periods) {
                assert!(count.contains(period), "seed {seed}, {today}");
                assert!(seen.insert((*period, period.start(today))), "seed {seed}, {today}");
            }
            for period in ALL {
                let newest = marked.newest(period);
                assert!(newest.is_sorted() && newest.len() <= limits::MARKED_PERIODS);
            }
        }
    }
}

/// As long as the clock only goes on, nothing is missed either.
#[test]
fn every_period_with_an_event_is_marked_where_the_clock_goes_on() {
    for seed in 0..100 {
        let mut numbers = Numbers(seed);
        let (mut marked, mut today) = (MarkedPeriods::none(), day("2023-12-01"));
        let (mut seen, mut expected) = (BTreeSet::new(), BTreeSet::new());
        for _ in 0..900 {
            today = today.plus(numbers.below(4) * numbers.below(12));
            expected.extend(ALL.map(|period| (period, period.start(today))));
            let taken = marked.take(&ALL, today);
            seen.extend(taken.into_iter().flat_map(|(periods, _)| {
                periods.into_iter().map(|period| (period, period.start(today)))
            }));
        }
        assert_eq!(seen, expected, "seed {seed}");
    }
}

#[test]
fn a_device_marks_its_first_event_of_each_period() {
    let mut marked = MarkedPeriods::none();
    for (day, expected) in [
        // A Saturday; then a Monday that ends the month, and the next day.
        ("2026-11-28", "day,week,month 0"),
        ("2026-11-28", ""),
        ("2026-11-29", "day 0"),
        ("2026-11-30", "day,week 1"),
        ("2026-12-01", "day,month 1"),
        ("2026-12-06", "day 1"),
        ("2026-12-07", "day,week 2-3"),
        ("2026-12-20", "day,week 2-3"),
        ("2026-12-21", "day,week 4-7"),
        // The year ends on a Thursday.
        ("2026-12-31", "day,week 4-7"),
        ("2027-01-01", "day,month 4-7"),
        ("2027-01-17", "day,week 4-7"),
        ("2027-01-18", "day,week 8+"),
        ("2031-01-01", "day,week,month 8+"),
    ] {
        assert_eq!(taken(&mut marked, day), expected, "{day}");
    }
}

#[test]
fn a_leap_day_is_a_day_of_february() {
    let mut marked = MarkedPeriods::none();
    for (day, expected) in [
        ("2028-02-28", "day,week,month 0"),
        ("2028-02-29", "day 0"),
        ("2028-03-01", "day,month 0"),
        // 2100 is no leap year.
        ("2100-02-28", "day,week,month 8+"),
        ("2100-03-01", "day,week,month 8+"),
    ] {
        assert_eq!(taken(&mut marked, day), expected, "{day}");
    }
}

#[test]
fn a_clock_that_is_set_back_marks_nothing_again_and_makes_no_device_younger() {
    let mut marked = MarkedPeriods::none();
    for (day, expected) in [
        ("2026-11-30", "day,week,month 0"),
        ("2026-12-01", "day,month 0"),
        ("2026-11-30", ""),
        ("2026-12-01", ""),
        // Nothing was recorded on that day before. It is in an earlier week
        // than the first event: so the device is a week older.
        ("2026-11-29", "day,week 0"),
        ("2026-12-02", "day 1"),
        // A clock without a battery: older than all that is known of days.
        ("1970-01-01", "week,month 0"),
        ("2026-12-03", "day 1"),
        ("2026-11-29", ""),
    ] {
        assert_eq!(taken(&mut marked, day), expected, "{day}");
    }
    // Far ahead and back: the days between are marked all the same.
    for (day, expected) in [
        ("2099-01-01", "day,week,month 8+"),
        ("2026-12-04", "day 1"),
        ("2026-12-07", "day,week 2-3"),
        ("2026-12-08", "day 2-3"),
        ("2026-12-09", "day 2-3"),
        ("2099-01-01", ""),
    ] {
        assert_eq!(taken(&mut marked, day), expected, "{day}");
    }
}

/// Nothing is known any more: all of today may be marked already, and all that
/// was before.
/// Otherwise it would be new in every week until then.
#[test]
fn a_clock_that_was_ahead_makes_no_device_new_for_long() {
    let mut marked = MarkedPeriods::none();
    assert_eq!(taken(&mut marked, "2027-03-01"), "day,week,month 0");
    assert_eq!(taken(&mut marked, "2026-11-28"), "day,week,month 0");
    assert_eq!(taken(&mut marked, "2026-11-30"), "day,week 1");
    assert_eq!(taken(&mut marked, "2026-12-14"), "day,week,month 2-3");
}

#[test]
fn where_the_state_was_lost_nothing_is_marked_until_the_next_period() {
    let today = day("2026-11-25");
    let mut marked = MarkedPeriods::unknown(today);
    for number in 0..2_000 {
        assert_eq!(marked.take(&ALL, today.plus(-number)), None);
    }
    for (day, expected) in
        [("2026-11-26", "day 0"), ("2026-11-30", "day,week 1"), ("2026-12-01", "day,month 1")]
    {
        assert_eq!(taken(&mut marked, day), expected, "{day}");
    }
}

#[test]
fn the_age_begins_anew_and_the_marks_stay() {
    let mut marked = MarkedPeriods::none();
    assert_eq!(taken(&mut marked, "2026-10-05"), "day,week,month 0");
    assert_eq!(taken(&mut marked, "2026-11-25"), "day,week,month 4-7");
    marked.begin_anew();
    assert_eq!(taken(&mut marked, "2026-11-25"), "");
    assert_eq!(marked.since(), None);
    assert_eq!(taken(&mut marked, "2026-11-26"), "day 0");
    assert_eq!(taken(&mut marked, "2026-11-30"), "day,week 1");
}

#[test]
fn what_is_not_the_start_of_a_period_was_not_kept_by_us() {
    let (tuesday, monday) = (day("2026-11-24"), day("2026-11-23"));
    let kept = |days: [Day; 1], of: Period| {
        let newest = |period: Period| Some(if period == of { days.to_vec() } else { Vec::new() });
        MarkedPeriods::kept(newest, Some(tuesday))
    };
    assert_eq!(kept([tuesday], Period::Week), None);
    assert_eq!(kept([tuesday], Period::Month), None);
    let kept = kept([monday], Period::Week).expect("a Monday");
    assert_eq!((kept.newest(Period::Week), kept.since()), (&[monday][..], Some(monday)));
    assert_eq!(MarkedPeriods::kept(|_| None, None), None);
    let many: Vec<Day> = (0..9).rev().map(|number| tuesday.plus(number)).collect();
    let kept = MarkedPeriods::kept(|period| Some(many_of(period, &many)), None).expect("days");
    assert_eq!(kept.newest(Period::Day), [5, 6, 7, 8].map(|number| tuesday.plus(number)));
}

fn many_of(period: Period, days: &[Day]) -> Vec<Day> {
    if period == Period::Day { days.to_vec() } else { Vec::new() }
}

#[test]
fn an_age_is_never_negative() {
    for weeks in -300..300 {
        let (since, today) = (day("2026-11-23"), day("2026-11-25").plus(weeks * 7));
        let age = Age::between(since, today);
        assert_eq!(age.name() == "0", weeks <= 0, "{weeks}");
    }
}

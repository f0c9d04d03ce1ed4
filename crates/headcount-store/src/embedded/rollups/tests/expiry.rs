//! What stays of days that go, and of devices that are erased.

use headcount_catalog::{Day, Period};

use super::Fixture;
use super::rows::{MONDAY, PRODUCT, Row, by_day, pseudonym, run, schema};
use crate::{ActiveRow, AnswerRows, CohortRow, Question, RowDevice, VersionScope};

/// A row of a device on a day after the first Monday.
fn on(day: i32, number: u64) -> Row {
    Row { day: MONDAY.plus(day), ..run(number) }
}

fn add(fixture: &mut Fixture, all: impl IntoIterator<Item = Row>) {
    let all: Vec<Row> = all.into_iter().collect();
    by_day(&schema(), &all).iter().for_each(|rows| fixture.add(rows));
}

fn expire(fixture: &mut Fixture, days: std::ops::Range<i32>) {
    for day in days {
        fixture.in_transaction(|rollups, connection| {
            rollups.expire_day(connection, PRODUCT, MONDAY.plus(day))
        });
    }
}

fn active(fixture: &mut Fixture, period: Period, versions: VersionScope) -> Vec<ActiveRow> {
    let product = PRODUCT.to_owned();
    let (from, to) = (MONDAY.plus(-40), MONDAY.plus(60));
    let question = Question::Active { product, period, from, to, versions };
    let AnswerRows::Active(rows) = fixture.ask(&question) else { panic!() };
    rows
}

fn weeks(fixture: &mut Fixture) -> Vec<(i32, u64, bool)> {
    let rows = active(fixture, Period::Week, VersionScope::All);
    let row = |row: &ActiveRow| (row.start.days_since(MONDAY), row.devices, row.is_exact);
    rows.iter().map(row).collect()
}

fn retention(fixture: &mut Fixture) -> Vec<(i32, i32, u64)> {
    let (from, to) = (MONDAY.plus(-40), MONDAY.plus(60));
    let question = Question::Retention { product: PRODUCT.to_owned(), from, to };
    let AnswerRows::Retention(rows) = fixture.ask(&question) else { panic!() };
    let day = |day: Day| day.days_since(MONDAY);
    rows.iter().map(|row: &CohortRow| (day(row.cohort), day(row.week), row.devices)).collect()
}

fn count(fixture: &Fixture, sql: &str) -> u32 {
    fixture.connection.query_row(sql, (), |row| row.get(0)).unwrap()
}

#[test]
fn numbers_of_periods_stay_exact_as_their_days_go() {
    let mut fixture = Fixture::new();
    let ten = |number: u64| Row { weight: 10, ..on(number as i32 % 7, number) };
    add(&mut fixture, (0..700).map(|number| on(number as i32 % 7, number % 300)));
    add(&mut fixture, (200..400).map(ten));
    let all = [VersionScope::All, VersionScope::Each, VersionScope::Only("1.0".to_owned())];
    let answers = |fixture: &mut Fixture| -> Vec<Vec<ActiveRow>> {
        let periods = Period::ALL.into_iter();
        let each = periods.flat_map(|(period, _)| all.clone().map(|versions| (period, versions)));
        each.map(|(period, versions)| active(fixture, period, versions)).collect()
    };
    let before = answers(&mut fixture);
    for day in 0..7 {
        expire(&mut fixture, day..day + 1);
        if day % 2 == 0 {
            fixture.restart();
        }
        assert_eq!(answers(&mut fixture), before, "after day {day}");
    }
    assert_eq!(count(&fixture, "SELECT count(*) FROM device_set WHERE version <> -3"), 0);
}

#[test]
fn a_device_that_comes_late_is_estimated() {
    let mut fixture = Fixture::new();
    add(&mut fixture, (0..3_000).map(|number| on(number as i32 % 7, number)));
    expire(&mut fixture, 0..3);
    assert_eq!(weeks(&mut fixture), [(0, 3_000, true)]);
    // Half of them are known: some from days that live, some from days that
    // went.
    add(&mut fixture, (2_000..4_000).map(|number| on(5, number)));
    fixture.restart();
    for expired in 3..8 {
        let rows = weeks(&mut fixture);
        let (_, devices, is_exact) = rows[0];
        assert!((3_900..=4_100).contains(&devices) && !is_exact, "{rows:?}");
        expire(&mut fixture, expired..expired + 1);
    }
    let [row] = active(&mut fixture, Period::Month, VersionScope::All).try_into().unwrap();
    assert!((3_900..=4_100).contains(&row.devices) && !row.is_exact, "{row:?}");
}

#[test]
fn cohorts_stay_and_old_devices_do_not_become_new() {
    let mut fixture = Fixture::new();
    // Ten devices each week, of which half come again in each later week.
    for week in 0..5_i32 {
        let new = (0..10).map(|number| on(week * 7 + 2, number + 100 * week as u64));
        add(&mut fixture, new);
        for cohort in 0..week {
            let again = (0..5).map(|number| on(week * 7 + 4, number + 100 * cohort as u64));
            add(&mut fixture, again);
        }
    }
    let before = retention(&mut fixture);
    assert_eq!(before.len(), 15);
    assert_eq!(&before[..3], &[(0, 0, 10), (0, 7, 5), (0, 14, 5)]);
    for day in 0..35 {
        expire(&mut fixture, day..day + 1);
        if day % 5 == 0 {
            fixture.restart();
        }
        assert_eq!(retention(&mut fixture), before, "after day {day}");
    }
}

#[test]
fn a_device_without_a_day_loses_its_pseudonym() {
    let mut fixture = Fixture::new();
    let container = Row { device: RowDevice::Ephemeral(pseudonym(7)), ..on(0, 7) };
    add(&mut fixture, [on(0, 1), on(0, 2), on(1, 2), container]);
    fixture.flush();
    expire(&mut fixture, 0..1);
    fixture.restart();
    let devices = fixture.rollups.devices(PRODUCT).unwrap();
    let found = [1, 2, 7].map(|number| devices.find(pseudonym(number)).is_some());
    assert_eq!(found, [false, true, false]);
    for number in [1, 7] {
        let bytes = pseudonym(number).bytes();
        let hex: String = bytes.iter().map(|byte| format!("{byte:02X}")).collect();
        let sql = format!("SELECT count(*) FROM device_page WHERE hex(body) LIKE '%{hex}%'");
        assert_eq!(count(&fixture, &sql), 0);
    }
    // It comes again as another device.
    add(&mut fixture, [on(2, 1)]);
    let devices = fixture.rollups.devices(PRODUCT).unwrap();
    assert!(devices.find(pseudonym(1)) > devices.find(pseudonym(2)));
}

#[test]
fn an_erased_device_is_in_no_number_of_days_that_live() {
    let mut fixture = Fixture::new();
    add(&mut fixture, (0..10).flat_map(|number| [on(0, number), on(8, number)]));
    fixture.flush();
    for restart in [false, true] {
        let device = pseudonym(u64::from(restart));
        fixture.in_transaction(|rollups, connection| {
            rollups.erase_device(connection, PRODUCT, device)
        });
        if restart {
            fixture.restart();
        }
        let left = if restart { 8 } else { 9 };
        assert_eq!(weeks(&mut fixture), [(0, left, true), (7, left, true)]);
        assert_eq!(retention(&mut fixture), [(0, 0, left), (0, 7, left)]);
    }
    let days = active(&mut fixture, Period::Day, VersionScope::Each);
    assert!(days.iter().all(|row| row.devices == 8), "{days:?}");
}

#[test]
fn counts_of_old_days_go_and_others_stay() {
    let mut fixture = Fixture::new();
    add(&mut fixture, (0..40).map(|day| on(day, 1)));
    expire(&mut fixture, 0..40);
    let gone = fixture.in_transaction(|rollups, connection| {
        rollups.expire_counts(connection, PRODUCT, MONDAY.plus(20))
    });
    assert_eq!(gone, 20);
    let product = PRODUCT.to_owned();
    let (from, to) = (MONDAY, MONDAY.plus(60));
    let question = Question::Events { product, from, to, versions: VersionScope::All };
    let AnswerRows::Events(rows) = fixture.ask(&question) else { panic!() };
    assert_eq!((rows.len(), rows[0].day), (20, MONDAY.plus(20)));
    // The week of that day is kept as a whole.
    let weeks: Vec<i32> = weeks(&mut fixture).iter().map(|(start, ..)| *start).collect();
    assert_eq!(weeks, [14, 21, 28, 35]);
}

//! Values of open vocabularies: who earns a row, who loses it, and what a
//! sender who invents values can do.

use super::Fixture;
use super::rows::{MONDAY, PRODUCT, Row, by_day, first_marks, pseudonym, run, schema};
use crate::{AnswerRows, DayRows, Question, RowDevice, VersionScope, limits};

fn rows(rows: impl IntoIterator<Item = Row>) -> Vec<DayRows> {
    by_day(&schema(), &rows.into_iter().collect::<Vec<_>>())
}

fn add(fixture: &mut Fixture, all: impl IntoIterator<Item = Row>) {
    rows(all).iter().for_each(|rows| fixture.add(rows));
}

fn told(number: u64, model: &str) -> Row {
    Row { model: Some(model.to_owned()), ..run(number) }
}

/// Counts by model over all days.
fn models(fixture: &mut Fixture) -> Vec<(String, u64)> {
    let question = Question::ByProperty {
        product: PRODUCT.to_owned(),
        event: "run".to_owned(),
        property: "model".to_owned(),
        from: MONDAY.plus(-400),
        to: MONDAY.plus(400),
        versions: VersionScope::All,
    };
    let AnswerRows::ByProperty(rows) = fixture.ask(&question) else { panic!() };
    let mut models: Vec<(String, u64)> = Vec::new();
    for row in rows {
        match models.iter_mut().find(|(model, _)| *model == row.value) {
            Some((_, count)) => *count += row.count,
            None => models.push((row.value, row.count)),
        }
    }
    models.sort();
    models
}

fn expected(models: &[(&str, u64)]) -> Vec<(String, u64)> {
    models.iter().map(|(model, count)| ((*model).to_owned(), *count)).collect()
}

#[test]
fn the_fifth_device_earns_a_row_for_all_events_before() {
    let mut fixture = Fixture::new();
    for number in [0, 1, 2, 3, 3, 3] {
        add(&mut fixture, [told(number, "new")]);
    }
    assert_eq!(models(&mut fixture), expected(&[("other", 6)]));
    fixture.restart();
    add(&mut fixture, [told(4, "new")]);
    assert_eq!(models(&mut fixture), expected(&[("new", 7)]));
}

#[test]
fn one_device_that_invents_values_is_in_nobodys_way() {
    let mut fixture = Fixture::new();
    let invented = |round: u64| {
        let models = (0..1_000).map(move |number| format!("invented-{round}-{number}"));
        models.map(|model| told(999, &model))
    };
    for round in 0..5 {
        add(&mut fixture, invented(round));
        add(&mut fixture, [told(round, "honest")]);
        fixture.flush();
    }
    for number in 0..50 {
        add(&mut fixture, [told(number, "honest")]);
    }
    assert_eq!(models(&mut fixture), expected(&[("honest", 55), ("other", 5_000)]));
    let kept = "SELECT count(*) FROM rollup_value WHERE text LIKE 'invented%'";
    let kept: u32 = fixture.connection.query_row(kept, (), |row| row.get(0)).unwrap();
    assert!(kept as usize <= limits::CANDIDATES, "{kept}");
}

#[test]
fn a_flood_between_two_writes_is_bounded_and_counted() {
    let mut fixture = Fixture::new();
    let flood = (0..20_000).map(|number| Row {
        version: Some(format!("9.{number}")),
        ..told(number % 3, &format!("m{number}"))
    });
    add(&mut fixture, flood);
    assert_eq!(models(&mut fixture), expected(&[("other", 20_000)]));
    let body = "SELECT max(length(body)) FROM rollup_cells";
    let longest: u32 = fixture.connection.query_row(body, (), |row| row.get(0)).unwrap();
    assert!(longest as usize <= limits::CELLS * 12, "{longest}");
}

#[test]
fn the_cap_is_of_values_told_within_the_window() {
    let mut fixture = Fixture::new();
    let all = |day: i32, name: &'static str, count: usize| {
        (0..count).flat_map(move |number| {
            (0..limits::TELLERS as u64).map(move |device| Row {
                day: MONDAY.plus(day),
                ..told(device, &format!("{name}-{number}"))
            })
        })
    };
    add(&mut fixture, all(0, "old", limits::COUNTED_VALUES));
    add(&mut fixture, all(1, "new", 2));
    let named = |fixture: &mut Fixture, name: &str| {
        let models = models(fixture);
        models.iter().filter(|(model, _)| model.starts_with(name)).count()
    };
    assert_eq!((named(&mut fixture, "old"), named(&mut fixture, "new")), (1_000, 0));
    fixture.in_transaction(|rollups, connection| rollups.expire_day(connection, PRODUCT, MONDAY));
    add(&mut fixture, all(2, "new", 2));
    fixture.restart();
    // Old rows stay, and there is room again.
    assert_eq!((named(&mut fixture, "old"), named(&mut fixture, "new")), (1_000, 2));
}

#[test]
fn a_value_that_comes_again_starts_as_a_candidate_and_keeps_its_old_rows() {
    let mut fixture = Fixture::new();
    add(&mut fixture, (0..5).map(|number| told(number, "m")));
    fixture.in_transaction(|rollups, connection| rollups.expire_day(connection, PRODUCT, MONDAY));
    let later = |number| Row { day: MONDAY.plus(1), ..told(number, "m") };
    add(&mut fixture, (0..4).map(later));
    assert_eq!(models(&mut fixture), expected(&[("m", 5), ("other", 4)]));
    fixture.restart();
    add(&mut fixture, [later(4)]);
    assert_eq!(models(&mut fixture), expected(&[("m", 10)]));
}

#[test]
fn ephemeral_and_erased_devices_earn_nothing() {
    let mut fixture = Fixture::new();
    let ephemeral = |number| Row {
        device: RowDevice::Ephemeral(pseudonym(number)),
        ..told(number, "container")
    };
    add(&mut fixture, [told(0, "m")]);
    add(&mut fixture, (0..9).map(|number| ephemeral(100 + number)));
    add(&mut fixture, (1..4).map(|number| told(number, "m")));
    fixture.in_transaction(|rollups, connection| {
        rollups.erase_device(connection, PRODUCT, pseudonym(0))
    });
    fixture.restart();
    add(&mut fixture, [told(4, "m")]);
    assert_eq!(models(&mut fixture), expected(&[("other", 14)]));
    add(&mut fixture, [told(5, "m")]);
    assert_eq!(models(&mut fixture), expected(&[("m", 6), ("other", 9)]));
}

#[test]
fn devices_without_an_id_tell_by_their_first_event_of_a_day() {
    let mut fixture = Fixture::new();
    let marked =
        |model: &str| Row { device: RowDevice::None, marks: first_marks(), ..told(0, model) };
    let later = |model: &str| Row { device: RowDevice::None, ..told(0, model) };
    add(&mut fixture, [marked("m"), later("busy"), later("busy")]);
    add(&mut fixture, (0..9).map(|_| later("busy")));
    add(&mut fixture, (0..4).map(|_| marked("m")));
    assert_eq!(models(&mut fixture), expected(&[("m", 5), ("other", 11)]));
}

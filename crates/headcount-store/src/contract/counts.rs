//! Promises about counts.

use super::fixture::{StoreFixture, append};
use super::shorthand::{EVER, TODAY, TestCell, TestEvent, ask, by, commit, events, run};
use crate::RowStatus::{Duplicate, Stored};
use crate::{AnswerRows, EventCountRow, ProductRow, Pseudonym, Question, RowDevice, Store, limits};

pub(super) fn by_name_and_day(fixture: &dyn StoreFixture) {
    let on = |id, offset, event| TestEvent { day: TODAY.plus(offset), event, ..run(id) };
    let row = |offset, event: &str, count| {
        let (day, event) = (TODAY.plus(offset), event.to_owned());
        EventCountRow { day, version: None, event, count }
    };
    let store = fixture.open();
    let first = [on(1, 0, "run"), on(2, 0, "b"), on(3, 1, "run")];
    append(fixture, &*store, &commit(first), &[Stored; 3]);
    append(fixture, &*store, &commit([on(4, 0, "run"), on(5, 2, "run")]), &[Stored; 2]);
    drop(store);
    let store = fixture.open();
    let rows = |from, to| events(&*store, "atomic", (TODAY.plus(from), TODAY.plus(to)));
    let all = [row(0, "b", 1), row(0, "run", 2), row(1, "run", 1), row(2, "run", 1)];
    assert_eq!(rows(0, 2), all);
    assert_eq!(rows(0, 1), all[..3], "both days are included");
    assert_eq!(rows(1, 1), all[2..3]);
    assert_eq!(rows(2, 1), [], "no day is after the first and before the last");
    assert_eq!(events(&*store, "nobody", EVER), []);
}

fn values(store: &dyn Store, property: &str) -> Vec<(String, u64)> {
    by(store, property).into_iter().map(|row| (row.value, row.count)).collect()
}

fn owned(values: &[(&str, u64)]) -> Vec<(String, u64)> {
    values.iter().map(|(value, count)| ((*value).to_owned(), *count)).collect()
}

pub(super) fn by_value(fixture: &dyn StoreFixture) {
    let store = fixture.open();
    let with = |id, cells| TestEvent { cells, ..run(id) };
    let seven = Pseudonym::from_bytes([7; 16]);
    let first = [
        ("flag", TestCell::Flag(true)),
        ("word", TestCell::Word("init")),
        ("words", TestCell::Words(vec!["a", "b"])),
        ("text", TestCell::Text("model-1".to_owned())),
        ("texts", TestCell::Texts(vec!["x".to_owned(), "y".to_owned()])),
        ("number", TestCell::Number(1)),
        ("decimal", TestCell::Decimal(0.5)),
        ("seconds", TestCell::Seconds(1)),
        ("session", TestCell::Pseudonym(seven)),
        ("quiet", TestCell::Word("init")),
    ];
    let second = [
        ("flag", TestCell::Flag(false)),
        ("words", TestCell::Words(vec!["b"])),
        ("text", TestCell::Text("model-1".to_owned())),
        ("texts", TestCell::Texts(Vec::new())),
    ];
    append(fixture, &*store, &commit([with(1, first.into())]), &[Stored]);
    append(fixture, &*store, &commit([with(2, second.into()), run(3)]), &[Stored, Stored]);
    assert_eq!(values(&*store, "flag"), owned(&[("false", 1), ("true", 1)]));
    assert_eq!(values(&*store, "word"), owned(&[("init", 1)]));
    assert_eq!(values(&*store, "words"), owned(&[("a", 1), ("b", 2)]));
    // Too few devices have told them.
    assert_eq!(values(&*store, "text"), owned(&[(limits::OTHER, 2)]));
    assert_eq!(values(&*store, "texts"), owned(&[(limits::OTHER, 2)]));
    for property in ["number", "decimal", "seconds", "session", "quiet", "unknown"] {
        assert_eq!(values(&*store, property), [], "{property} is not counted by value");
    }
}

/// A text that `devices` devices tell, each once. The numbers of ids and
/// devices begin with `first`.
fn told(text: &str, first: usize, devices: usize) -> Vec<TestEvent> {
    let event = |nth: usize| {
        let bits = (1 << 64) + nth as u128;
        TestEvent {
            device: RowDevice::Counted(Pseudonym::from_bytes(bits.to_be_bytes())),
            cells: vec![("text", TestCell::Text(text.to_owned()))],
            ..run(nth as u128)
        }
    };
    (first..first + devices).map(event).collect()
}

/// A value of an open vocabulary could be one person's: it has a row once
/// several devices have told it.
pub(super) fn of_an_open_vocabulary(fixture: &dyn StoreFixture) {
    let expect = |store: &dyn Store, rows: &[(&str, u64)]| {
        assert_eq!(values(store, "text"), owned(rows));
    };
    let few = limits::TELLERS - 1;
    let mut store = fixture.open();
    append(fixture, &*store, &commit(told("rare", 0, few)), &vec![Stored; few]);
    // One device says it often.
    let mut often = told("mine", 50, 9);
    let device = often[0].device;
    often.iter_mut().for_each(|event| event.device = device);
    append(fixture, &*store, &commit(often), &[Stored; 9]);
    expect(&*store, &[(limits::OTHER, few as u64 + 9)]);
    drop(store);
    store = fixture.open();
    expect(&*store, &[(limits::OTHER, few as u64 + 9)]);
    // The last device makes it known, and its earlier events count.
    append(fixture, &*store, &commit(told("rare", 100, 1)), &[Stored]);
    expect(&*store, &[(limits::OTHER, 9), ("rare", few as u64 + 1)]);
    append(fixture, &*store, &commit(told("new", 200, 2)), &[Stored; 2]);
    drop(store);
    store = fixture.open();
    expect(&*store, &[(limits::OTHER, 11), ("rare", few as u64 + 1)]);
}

pub(super) fn beyond_the_limit(fixture: &dyn StoreFixture) {
    let tellers = limits::TELLERS;
    let limit = limits::COUNTED_VALUES;
    let name = |nth: usize| format!("m{nth:05}");
    let texts = |from: usize, to: usize| {
        let all = (from..to).flat_map(|nth| told(&name(nth), nth * 10, tellers));
        commit(all.collect::<Vec<_>>())
    };
    let mut store = fixture.open();
    append(fixture, &*store, &texts(0, limit - 5), &vec![Stored; (limit - 5) * tellers]);
    append(fixture, &*store, &texts(limit - 5, limit + 3), &vec![Stored; 8 * tellers]);
    drop(store);
    store = fixture.open();
    append(fixture, &*store, &texts(limit + 3, limit + 6), &vec![Stored; 3 * tellers]);
    // A value that has a row already, and another property, are counted as
    // before.
    let known = TestEvent { id: run(u128::MAX).id, ..told(&name(0), 0, 1)[0].clone() };
    let fresh = TestEvent { cells: vec![("word", TestCell::Word("w"))], ..run(u128::MAX - 1) };
    append(fixture, &*store, &commit([known, fresh]), &[Stored; 2]);
    let rows = values(&*store, "text");
    assert_eq!(rows.len(), limit + 1);
    assert_eq!(rows[0], (name(0), tellers as u64 + 1));
    assert_eq!(rows[limit - 1].0, name(limit - 1));
    assert_eq!(rows[limit], (limits::OTHER.to_owned(), 6 * tellers as u64));
    assert_eq!(values(&*store, "word"), owned(&[("w", 1)]));
}

/// An event of a device that sends one of ten stands for ten.
pub(super) fn by_weight(fixture: &dyn StoreFixture) {
    let store = fixture.open();
    let word = vec![("word", TestCell::Word("init"))];
    let heavy = TestEvent { weight: 10, cells: word.clone(), ..run(1) };
    let light = TestEvent { cells: word, ..run(2) };
    append(fixture, &*store, &commit([heavy.clone(), light]), &[Stored; 2]);
    append(fixture, &*store, &commit([heavy]), &[Duplicate]);
    assert_eq!(events(&*store, "atomic", EVER)[0].count, 11);
    assert_eq!(values(&*store, "word"), owned(&[("init", 11)]));
}

pub(super) fn products(fixture: &dyn StoreFixture) {
    let store = fixture.open();
    let list = || match ask(&*store, &Question::Products) {
        AnswerRows::Products(rows) => rows,
        other => panic!("asked for products, answered {other:?}"),
    };
    assert_eq!(list(), []);
    let on = |id, product, offset| TestEvent { product, day: TODAY.plus(offset), ..run(id) };
    let all = [on(1, "atomic", 3), on(2, "atomic", -4), on(3, "archon", 0), on(4, "atomic", 0)];
    append(fixture, &*store, &commit(all), &[Stored; 4]);
    let row = |product: &str, first, last, events| {
        let (first, last) = (TODAY.plus(first), TODAY.plus(last));
        ProductRow { product: product.to_owned(), first, last, events }
    };
    assert_eq!(list(), [row("archon", 0, 0, 1), row("atomic", -4, 3, 3)]);
}

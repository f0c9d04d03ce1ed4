//! Promises about counts.

use super::fixture::{StoreFixture, append};
use super::shorthand::{EVER, TODAY, TestCell, TestEvent, ask, by, commit, events, run};
use crate::RowStatus::Stored;
use crate::{AnswerRows, EventCountRow, ProductRow, Pseudonym, Question, Store, limits};

pub(super) fn by_name_and_day(fixture: &dyn StoreFixture) {
    let on = |id, offset, event| TestEvent { day: TODAY.plus(offset), event, ..run(id) };
    let row = |offset, event: &str, count| {
        let (day, event) = (TODAY.plus(offset), event.to_owned());
        EventCountRow { day, event, count }
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
    assert_eq!(values(&*store, "text"), owned(&[("model-1", 2)]));
    assert_eq!(values(&*store, "texts"), owned(&[("x", 1), ("y", 1)]));
    for property in ["number", "decimal", "seconds", "session", "quiet", "unknown"] {
        assert_eq!(values(&*store, property), [], "{property} is not counted by value");
    }
}

pub(super) fn beyond_the_limit(fixture: &dyn StoreFixture) {
    let text = |id: usize| TestEvent {
        cells: vec![("model", TestCell::Text(format!("m{id:05}")))],
        ..run(id as u128)
    };
    let texts = |from: usize, to: usize| commit((from..to).map(text).collect::<Vec<_>>());
    let limit = limits::COUNTED_VALUES;
    let mut store = fixture.open();
    append(fixture, &*store, &texts(0, limit - 5), &vec![Stored; limit - 5]);
    append(fixture, &*store, &texts(limit - 5, limit + 3), &[Stored; 8]);
    drop(store);
    store = fixture.open();
    append(fixture, &*store, &texts(limit + 3, limit + 6), &[Stored; 3]);
    // A value that has a row already, and another property, are counted as
    // before.
    let known = TestEvent { id: run(u128::MAX).id, ..text(0) };
    let fresh = TestEvent { cells: vec![("word", TestCell::Word("w"))], ..run(u128::MAX - 1) };
    append(fixture, &*store, &commit([known, fresh]), &[Stored; 2]);
    let rows = values(&*store, "model");
    assert_eq!(rows.len(), limit + 1);
    assert_eq!(rows[0], ("m00000".to_owned(), 2));
    assert_eq!(rows[limit - 1].0, format!("m{:05}", limit - 1));
    assert_eq!(rows[limit], (limits::OTHER.to_owned(), 6));
    assert_eq!(values(&*store, "word"), owned(&[("w", 1)]));
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

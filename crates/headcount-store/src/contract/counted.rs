//! Promises about counts.

use super::ask::{EVER, TODAY, active, ask, by, commit, counted, device, events, run};
use super::{Place, append};
use crate::Kept::Stored;
use crate::{
    Answer, Arrival, Cell, Column, Counted, EventsRow, ProductRow, Pseudonym, Question, Store,
    limits,
};

pub(super) fn by_name_and_day(place: &dyn Place) {
    let on = |id, offset, event| Arrival { day: TODAY.plus(offset), event, ..run(id) };
    let row = |offset, event: &str, count| {
        let (day, event) = (TODAY.plus(offset), event.to_owned());
        EventsRow { day, event, count }
    };
    let store = place.open();
    let first = [on(1, 0, "run"), on(2, 0, "b"), on(3, 1, "run")];
    append(place, &*store, &commit(first), &[Stored; 3]);
    append(place, &*store, &commit([on(4, 0, "run"), on(5, 2, "run")]), &[Stored; 2]);
    drop(store);
    let store = place.open();
    let rows = |from, to| events(&*store, "atomic", (TODAY.plus(from), TODAY.plus(to)));
    let all = [row(0, "b", 1), row(0, "run", 2), row(1, "run", 1), row(2, "run", 1)];
    assert_eq!(rows(0, 2), all);
    assert_eq!(rows(0, 1), all[..3], "both ends are in it");
    assert_eq!(rows(1, 1), all[2..3]);
    assert_eq!(rows(2, 1), [], "nothing lies between a day and the one before");
    assert_eq!(events(&*store, "nobody", EVER), []);
}

pub(super) fn distinct_devices(place: &dyn Place) {
    let of =
        |id, offset, number| Arrival { day: TODAY.plus(offset), device: device(number), ..run(id) };
    let store = place.open();
    let first = [of(1, 0, 1), of(2, 0, 1), of(3, 0, 2), of(4, 1, 1)];
    append(place, &*store, &commit(first), &[Stored; 4]);
    append(place, &*store, &commit([of(5, 0, 2), of(6, 0, 3)]), &[Stored; 2]);
    drop(store);
    let store = place.open();
    append(place, &*store, &commit([of(7, 0, 3), of(8, 0, 4)]), &[Stored; 2]);
    // Nobody is active on a day with events of no device.
    let nobody = Arrival { day: TODAY.plus(2), ..run(9) };
    append(place, &*store, &commit([nobody]), &[Stored]);
    let elsewhere = Arrival { product: "archon", ..of(10, 0, 1) };
    append(place, &*store, &commit([elsewhere]), &[Stored]);
    assert_eq!(active(&*store, "atomic", EVER), [(TODAY, 4), (TODAY.plus(1), 1)]);
    assert_eq!(active(&*store, "archon", EVER), [(TODAY, 1)]);
}

fn values(store: &dyn Store, property: &str) -> Vec<(String, u64)> {
    by(store, property).into_iter().map(|row| (row.value, row.count)).collect()
}

fn owned(values: &[(&str, u64)]) -> Vec<(String, u64)> {
    values.iter().map(|(value, count)| ((*value).to_owned(), *count)).collect()
}

pub(super) fn by_value(place: &dyn Place) {
    let store = place.open();
    let with = |id, columns| Arrival { columns, ..run(id) };
    let seven = Pseudonym::from_bytes([7; 16]);
    let first = [
        counted("flag", Cell::Flag(true)),
        counted("word", Cell::Word("init")),
        counted("words", Cell::Words(vec!["a", "b"])),
        counted("text", Cell::Text("model-1".into())),
        counted("texts", Cell::Texts(vec!["x".into(), "y".into()])),
        counted("number", Cell::Number(1)),
        counted("decimal", Cell::Decimal(0.5)),
        counted("seconds", Cell::Seconds(1)),
        counted("session", Cell::Pseudonym(seven)),
        Column { name: "quiet", cell: Cell::Word("init"), counted: Counted::No },
    ];
    let second = [
        counted("flag", Cell::Flag(false)),
        counted("words", Cell::Words(vec!["b"])),
        counted("text", Cell::Text("model-1".into())),
        counted("texts", Cell::Texts(Vec::new())),
    ];
    append(place, &*store, &commit([with(1, first.into())]), &[Stored]);
    append(place, &*store, &commit([with(2, second.into()), run(3)]), &[Stored, Stored]);
    assert_eq!(values(&*store, "flag"), owned(&[("false", 1), ("true", 1)]));
    assert_eq!(values(&*store, "word"), owned(&[("init", 1)]));
    assert_eq!(values(&*store, "words"), owned(&[("a", 1), ("b", 2)]));
    assert_eq!(values(&*store, "text"), owned(&[("model-1", 2)]));
    assert_eq!(values(&*store, "texts"), owned(&[("x", 1), ("y", 1)]));
    for property in ["number", "decimal", "seconds", "session", "quiet", "unknown"] {
        assert_eq!(values(&*store, property), [], "{property} is not counted by value");
    }
}

pub(super) fn beyond_the_cap(place: &dyn Place) {
    let text = |id: usize| Arrival {
        columns: vec![counted("model", Cell::Text(format!("m{id:05}").into()))],
        ..run(id as u128)
    };
    let texts = |from: usize, to: usize| commit((from..to).map(text).collect::<Vec<_>>());
    let cap = limits::COUNTED_VALUES;
    let mut store = place.open();
    append(place, &*store, &texts(0, cap - 5), &vec![Stored; cap - 5]);
    append(place, &*store, &texts(cap - 5, cap + 3), &[Stored; 8]);
    drop(store);
    store = place.open();
    append(place, &*store, &texts(cap + 3, cap + 6), &[Stored; 3]);
    // Neither a value that has its own row already nor another property is touched by the cap.
    let known = Arrival { id: run(u128::MAX).id, ..text(0) };
    let fresh = Arrival { columns: vec![counted("word", Cell::Word("w"))], ..run(u128::MAX - 1) };
    append(place, &*store, &commit([known, fresh]), &[Stored; 2]);
    let rows = values(&*store, "model");
    assert_eq!(rows.len(), cap + 1);
    assert_eq!(rows[0], ("m00000".to_owned(), 2));
    assert_eq!(rows[cap - 1].0, format!("m{:05}", cap - 1));
    assert_eq!(rows[cap], (limits::OTHER.to_owned(), 6));
    assert_eq!(values(&*store, "word"), owned(&[("w", 1)]));
}

pub(super) fn products(place: &dyn Place) {
    let store = place.open();
    let list = || match ask(&*store, &Question::Products) {
        Answer::Products(rows) => rows,
        other => panic!("asked for products, answered {other:?}"),
    };
    assert_eq!(list(), []);
    let on = |id, product, offset| Arrival { product, day: TODAY.plus(offset), ..run(id) };
    let all = [on(1, "atomic", 3), on(2, "atomic", -4), on(3, "archon", 0), on(4, "atomic", 0)];
    append(place, &*store, &commit(all), &[Stored; 4]);
    let row = |product: &str, first, last, events| {
        let (first, last) = (TODAY.plus(first), TODAY.plus(last));
        ProductRow { product: product.to_owned(), first, last, events }
    };
    assert_eq!(list(), [row("archon", 0, 0, 1), row("atomic", -4, 3, 3)]);
}

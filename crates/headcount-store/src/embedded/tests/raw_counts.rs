//! Bounds of questions that count raw events.

use headcount_testkit::Home;

use super::super::{connection, raw_counts};
use super::*;
use crate::{RawAnswer, RawCount, RawQuestion, VersionScope};

/// Three days of ten events each, the first one sealed.
fn filled(home: &Home) -> EmbeddedStore {
    let store = EmbeddedStore::open(home.path()).unwrap();
    for day in 0..3_u8 {
        let first = u128::from(day) * 100;
        append(&store, &of(vec![day_rows(DAY.plus(day.into()), first..first + 10)])).unwrap();
    }
    let policy = HousePolicy { today: DAY.plus(2), retention: Vec::new() };
    store.keep_house(&policy).unwrap();
    store
}

fn asked(home: &Home, most: u64) -> RawAnswer {
    let question = RawQuestion {
        product: "atomic".to_owned(),
        count: RawCount::Events,
        from: DAY,
        to: DAY.plus(5),
        versions: VersionScope::All,
        split: None,
        filters: Vec::new(),
    };
    let file = home.path().join(connection::FILE);
    let connection = connection::open(&file, connection::OpenMode::Questions).unwrap();
    let rows = raw_counts::ValueRows::new();
    raw_counts::answer((&connection, &file), &question, &rows, most).unwrap()
}

#[test]
fn what_is_too_much_is_not_read() {
    let home = Home::new();
    drop(filled(&home));
    for (most, first) in [(29, Some(1)), (20, Some(1)), (19, Some(2)), (10, Some(2)), (9, None)] {
        let fits_from = first.map(|day| DAY.plus(day));
        assert_eq!(asked(&home, most), RawAnswer::TooMany { events: 30, most, fits_from });
    }
    let RawAnswer::Counted { counted_from, rows } = asked(&home, 30) else { panic!("30 are 30") };
    let AnswerRows::Events(rows) = *rows else { panic!("asked for events") };
    assert_eq!((counted_from, rows.iter().map(|row| row.count).sum::<u64>()), (DAY, 30));
}

/// A damaged chunk is an error, and no smaller number.
#[test]
fn damage_is_told() {
    let home = Home::new();
    let store = filled(&home);
    outside(home.path())
        .execute("UPDATE sealed_chunk SET body = substr(body, 1, length(body) - 1)", ())
        .unwrap();
    let question = RawQuestion {
        product: "atomic".to_owned(),
        count: RawCount::Events,
        from: DAY,
        to: DAY,
        versions: VersionScope::All,
        split: None,
        filters: Vec::new(),
    };
    let error = store.ask(&Question::Raw(question)).unwrap_err();
    assert!(error.is_damaged(), "{error}");
}

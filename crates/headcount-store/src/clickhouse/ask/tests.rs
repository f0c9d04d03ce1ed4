//! Questions while the books are kept.

use std::thread;

use headcount_catalog::Day;

use super::super::tests::Fixture;
use crate::contract::sample_commit;
use crate::{AnswerRows, HousePolicy, Question, Store};

/// Rounds of the test; in each of them, the last events are counted.
const ROUNDS: u64 = 8;

#[test]
#[ignore = "needs a server"]
fn an_event_is_in_an_answer_once_while_its_day_is_counted() {
    let fixture = Fixture::new();
    let store = fixture.store();
    let products = || match store.ask(&Question::Products).expect("the server is there") {
        AnswerRows::Products(rows) => rows,
        other => panic!("asked for products, answered {other:?}"),
    };
    let policy = HousePolicy { today: Day::from_number(20_777), retention: Vec::new() };
    for round in 0..ROUNDS {
        store.append(&sample_commit(round)).expect("the spool has room");
        let before = products();
        thread::scope(|scope| {
            let house = scope.spawn(|| store.keep_house(&policy).expect("the server is there"));
            while !house.is_finished() {
                assert_eq!(products(), before, "round {round}");
            }
        });
        assert_eq!(products(), before, "round {round}");
    }
}

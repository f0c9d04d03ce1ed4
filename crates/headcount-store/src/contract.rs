//! What every store must do: a suite that each implementation of the port runs
//! in its own tests.
//!
//! The suite knows nothing of how a store keeps anything. Each promise gets a
//! new fixture, and its name is printed before it starts, so that a failing
//! test names it.

mod fixture;
mod seeded_random;
mod shorthand;
mod test_event;
mod model;
mod random_commits;
mod questions;
mod raw_questions;
mod duplicates;
mod counts;
mod devices;
mod outcomes;
mod raw;
mod steps;
mod next;
mod failed_commits;
mod at_random;

pub use fixture::{DuplicateAnswer, StoreFixture};
#[cfg(test)]
pub(crate) use seeded_random::SeededRandom;

/// A commit of many different events, for the tests of a store's own parts.
#[cfg(all(test, feature = "clickhouse"))]
pub(crate) fn sample_commit(seed: u64) -> crate::Commit {
    let mut random = SeededRandom::new(seed);
    random_commits::random_commit(&mut random, shorthand::TODAY).commit()
}

/// A promise and its name.
type Promise = (&'static str, fn(&dyn StoreFixture));

const PROMISES: [Promise; 31] = [
    ("a duplicate in one commit is found", duplicates::within_a_commit),
    ("a duplicate in a later commit is found", duplicates::between_commits),
    ("a duplicate after a restart is found", duplicates::after_a_restart),
    ("an id belongs to one event within product and day", duplicates::product_and_day),
    ("of several events with one id, the first counts", duplicates::the_first_counts),
    ("the same id with other content is told apart", duplicates::other_content),
    ("the same event under another schema is a duplicate", duplicates::by_another_schema),
    ("of several threads with one id, one stores it", duplicates::by_many_at_once),
    ("events are counted by name and day", counts::by_name_and_day),
    ("devices are counted once a day", devices::by_day),
    ("devices are counted once a week and a month", devices::by_week_and_month),
    ("marks are added up by period and age", devices::by_marks),
    ("marks and ids of one product are added up", devices::by_both),
    ("values are counted by property", counts::by_value),
    ("a value of an open vocabulary needs several devices", counts::of_an_open_vocabulary),
    ("events count by their weight", counts::by_weight),
    ("values beyond the limit are counted together", counts::beyond_the_limit),
    ("products are listed with their days", counts::products),
    ("every arrival has one outcome", outcomes::add_up),
    ("an empty commit changes nothing", outcomes::of_nothing),
    ("raw events are counted by the values of filters", raw::filters),
    ("an erased device is in no count of raw events", raw::an_erased_device),
    ("a count of raw events says from which day on it is", raw::the_first_day),
    ("steps are counted in their order, whatever the order of arrival", steps::in_their_order),
    ("steps of one second are in the order that was asked for", steps::of_one_second),
    ("steps within the window count", steps::within_the_window),
    ("an erased device has done no step, and sessions are followed", steps::of_whom),
    ("what comes next is counted within visits", next::within_visits),
    ("what begins and ends at the edge of the days is not known", next::at_the_edge),
    ("what comes next is told by value, of whom is followed", next::by_value_and_of_whom),
    ("a failed commit counts nothing and may be tried again", failed_commits::retry),
];

/// The last promise, which takes the longest.
const AT_RANDOM: &str = "arbitrary sequences get the answers of a naive store";

/// Checks that a store keeps every promise. `new_fixture` makes a fixture in
/// which nothing is stored yet. `HEADCOUNT_TEST_PROMISE` is a part of the names
/// of those that are checked, if it is not all of them.
///
/// # Panics
///
/// If a promise is broken. The output says which.
pub fn check(new_fixture: &dyn Fn() -> Box<dyn StoreFixture>) {
    let only = std::env::var("HEADCOUNT_TEST_PROMISE").unwrap_or_default();
    for (name, promise) in PROMISES.iter().filter(|(name, _)| name.contains(&only)) {
        println!("promise: {name}");
        promise(new_fixture().as_ref());
    }
    if AT_RANDOM.contains(&only) {
        println!("promise: {AT_RANDOM}");
        at_random::run(new_fixture);
    }
}

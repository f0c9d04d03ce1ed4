//! What every store must do, as a suite that any implementation of the port runs in its own tests.
//!
//! It knows nothing of how a store keeps anything. Each promise gets a new place, and says which one
//! it is before it starts, so that a failing test names it.

mod ask;
mod balanced;
mod chance;
mod counted;
mod model;
mod told_apart;
mod unbroken;

pub use chance::Chance;

use crate::{Commit, Kept, Store};

/// Where one store lives: an empty folder, an empty database.
pub trait Place {
    /// Opens the store. What an earlier one acknowledged in this place is in it. The suite has one
    /// open at a time.
    fn open(&self) -> Box<dyn Store>;

    /// From now on every commit fails, as late in its course as can be arranged.
    fn break_commits(&self);

    /// They succeed again, without another [`open`](Self::open).
    fn mend_commits(&self);

    /// What an append answers about a duplicate.
    fn duplicates(&self) -> Duplicates {
        Duplicates::Told
    }
}

/// What an append answers about a duplicate. No question may count one in either case.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Duplicates {
    /// Always [`Kept::Duplicate`].
    Told,
    /// [`Kept::Stored`] perhaps: found out later, by another machine.
    PerhapsCalledStored,
}

/// A promise and its name.
type Promise = (&'static str, fn(&dyn Place));

const PROMISES: [Promise; 16] = [
    ("a duplicate in one commit is told apart", told_apart::within_a_commit),
    ("a duplicate in a later commit is told apart", told_apart::between_commits),
    ("a duplicate after a restart is told apart", told_apart::after_a_restart),
    ("an id is an event's own within product and day", told_apart::product_and_day),
    ("the first arrival of an id is the one that counts", told_apart::the_first_counts),
    ("of many at once one stores an id", told_apart::by_many_at_once),
    ("events are counted by name and day", counted::by_name_and_day),
    ("devices are counted once a day", counted::distinct_devices),
    ("values are counted by what they are", counted::by_value),
    ("values beyond the cap are counted together", counted::beyond_the_cap),
    ("products are listed with their days", counted::products),
    ("every arrival has one outcome", balanced::outcomes_add_up),
    ("a commit of nothing changes nothing", balanced::nothing),
    ("answers are those of a naive store, whatever comes", balanced::at_random),
    ("a commit that failed counts nothing and may be tried again", unbroken::retry),
    ("answers are right whatever fails in between", unbroken::at_random),
];

/// Holds a store to the contract; `new_place` makes a place that nothing was stored in yet.
///
/// # Panics
/// Where a promise is broken; the output says which.
pub fn check(new_place: &dyn Fn() -> Box<dyn Place>) {
    for (name, promise) in PROMISES {
        println!("promise: {name}");
        promise(new_place().as_ref());
    }
}

/// Appends, and holds the answer against what is expected of an exact store.
fn append(place: &dyn Place, store: &dyn Store, commit: &Commit<'_>, expected: &[Kept]) {
    let kept = store.append(commit).expect("nothing is broken now");
    assert_eq!(kept.len(), expected.len(), "one answer an arrival");
    for (nth, (kept, expected)) in kept.iter().zip(expected).enumerate() {
        let lenient = place.duplicates() == Duplicates::PerhapsCalledStored;
        let fits = kept == expected || (lenient && *expected == Kept::Duplicate);
        assert!(fits, "arrival {nth} must be {expected:?}, and was called {kept:?}");
    }
}

//! What others write while an id is made.

use headcount_catalog::parse;
use headcount_testkit::Home;

use super::*;

/// Atomic keeps its id in its settings file.
const ATOMIC: &str = include_str!("../../../../examples/atomic/telemetry.toml");

/// A person who refuses a purpose does not wait for the lock.
#[test]
fn a_no_to_a_purpose_that_comes_while_an_id_is_saved_stays() {
    let home = Home::new();
    let paths = Paths::in_tests(&home);
    let catalog = &parse(ATOMIC).unwrap();
    let today = Day::parse("2026-11-01").unwrap();
    let asked = std::cell::Cell::new(0);
    let is_still_on: &dyn Fn() -> bool = &|| {
        asked.set(asked.get() + 1);
        // Once when the lock is taken, and once right before the id is saved.
        if asked.get() == 2 {
            let mut state = State::read(&paths.state);
            state.refused_purposes.or_default("usage").insert("run".to_owned());
            state.write(&paths.state).unwrap();
        }
        true
    };
    let terms = Terms { patience: Patience::Host, is_still_on };
    let id = mint(catalog, &paths, today, terms).unwrap();
    let state = State::read(&paths.state);
    assert!(state.refused_purposes.contains_key("usage"));
    assert!(proves(&state, &id));
    assert_eq!(kept(catalog, &paths, &state).unwrap().unwrap().id, id);
}

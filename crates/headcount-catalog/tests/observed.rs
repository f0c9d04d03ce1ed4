//! The catalog of somebody else's program.
#![cfg(feature = "parse")]

use headcount_catalog::{ConsentDefault, Reason, Scheme, parse};

const TEXT: &str = include_str!("accept/observed.toml");

#[test]
fn somebody_elses_program_asks_and_ships_nothing() {
    let catalog = parse(TEXT).unwrap_or_else(|mistakes| panic!("{mistakes}"));
    let observed = catalog.observed.expect("a program");
    assert_eq!(observed.services, ["agent_cli", "agent_exec"]);
    assert_eq!(observed.told_apart_by, ["session.id", "event.sequence"]);
    assert_eq!(observed.property("agent.skill.name"), Some("skill"));
    let of_skill: Vec<_> = observed.attributes_of("skill").collect();
    assert_eq!(of_skill, ["skill.name", "agent.skill.name"]);
    assert_eq!(catalog.consent.default, ConsentDefault::Off);
    assert_eq!(catalog.identity.scheme, Scheme::None);
    assert!(catalog.destinations.is_empty());
    assert_eq!(catalog.reason_of_unknown_events(), Reason::NotKept);
    // Without names of its own, the program has the product's.
    let nameless = TEXT.replace("services = [\"agent_cli\", \"agent_exec\"]", "");
    let catalog = parse(&nameless).unwrap_or_else(|mistakes| panic!("{mistakes}"));
    assert_eq!(catalog.observed.expect("a program").services, ["agent"]);
}

//! Every requirement of the five documents has what shows it.

use xtask::{Tree, report, root, seeds};

#[test]
fn every_requirement_has_its_evidence() {
    let findings = seeds(&Tree::read(root()).unwrap());
    assert!(findings.is_empty(), "requirements lack evidence:\n{}", report(&findings));
}

//! Every word of this repository has one meaning, and its table says which.

use xtask::{Tree, report, root, words};

#[test]
fn every_word_has_one_meaning() {
    let findings = words(&Tree::read(root()).unwrap());
    assert!(findings.is_empty(), "words are at odds:\n{}", report(&findings));
}

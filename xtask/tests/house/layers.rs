//! Every package of this repository uses only what the layers allow.

use xtask::{Tree, layers, packages, report, root};

#[test]
fn every_package_keeps_to_its_layer() {
    let tree = Tree::read(root()).unwrap();
    let findings = layers(&packages(root()).unwrap(), &tree);
    assert!(findings.is_empty(), "the layers are crossed:\n{}", report(&findings));
}

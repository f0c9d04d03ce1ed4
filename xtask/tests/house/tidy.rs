//! Every file of this repository is tidy.

use xtask::{Tree, report, root, tidy};

#[test]
fn every_file_is_tidy() {
    let findings = tidy(&Tree::read(root()).unwrap());
    assert!(findings.is_empty(), "the house is not tidy:\n{}", report(&findings));
}

#[test]
fn the_walk_sees_the_repository_and_not_what_cargo_builds() {
    let tree = Tree::read(root()).unwrap();
    for path in [
        "Cargo.toml",
        ".ci/run",
        "xtask/src/lib.rs",
        "crates/headcount/src/lib.rs",
        // A folder of ours that is called as cargo's.
        "crates/headcount/src/ship/target/mod.rs",
    ] {
        assert!(!tree.text(path).is_empty(), "{path}");
    }
    assert!(tree.files().iter().all(|file| !file.path.starts_with("target/")));
}

//! No file of this repository uses a file that leads back to it.

use xtask::{Tree, circles, report, root};

#[test]
fn no_files_use_one_another_in_a_circle() {
    let findings = circles(&Tree::read(root()).unwrap());
    assert!(findings.is_empty(), "there are circles:\n{}", report(&findings));
}

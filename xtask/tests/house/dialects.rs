//! The page of dialects says what lies in the repository.

use xtask::{DIALECTS, Tree, dialects, root};

#[test]
fn the_page_of_dialects_is_current() {
    let tree = Tree::read(root()).unwrap();
    let page = dialects(&tree).unwrap();
    assert!(tree.text(DIALECTS) == page, "{DIALECTS} is old: run `cargo xtask dialects`");
}

//! A file or folder is named after the one thing in it. These names say only
//! that nobody knew.

use std::collections::BTreeSet;

use crate::{Finding, Tree};

const BANNED: [&str; 11] = [
    "util", "utils", "common", "helper", "helpers", "misc", "shared", "manager", "types", "core",
    "impl",
];

pub(super) fn check(tree: &Tree) -> Vec<Finding> {
    let mut caught = BTreeSet::new();
    for file in tree.files() {
        let mut end = 0;
        for part in file.path.split('/') {
            end += part.len();
            let stem = part.split('.').next().unwrap_or_default();
            if BANNED.contains(&stem.to_ascii_lowercase().as_str()) {
                caught.insert((&file.path[..end], stem));
            }
            end += 1;
        }
    }
    let finding = |(path, stem): &(&str, &str)| {
        Finding::new(
            path,
            1,
            format!("The name {stem:?} says nothing: name it after what is in it."),
        )
    };
    caught.iter().map(finding).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn banned_names_are_caught_as_file_and_as_folder() {
        let tree = Tree::of(&[
            ("crates/a/src/utils.rs", ""),
            ("crates/a/tests/common/one.rs", ""),
            ("crates/a/tests/common/two.rs", ""),
            ("crates/a/src/Helper.test.rs", ""),
            ("crates/a/src/commonly.rs", ""),
            ("core/Cargo.toml", ""),
        ]);
        let paths: Vec<String> = check(&tree).into_iter().map(|finding| finding.path).collect();
        assert_eq!(
            paths,
            [
                "core",
                "crates/a/src/Helper.test.rs",
                "crates/a/src/utils.rs",
                "crates/a/tests/common"
            ]
        );
    }
}

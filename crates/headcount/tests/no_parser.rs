//! A host carries its catalog as a constant: what reads TOML runs in the
//! compiler, behind a procedural macro, and is nowhere in the host.

use std::process::Command;

/// The packages that are compiled into a host's binary, with their features.
fn packages_of(host: &str) -> String {
    let tree = Command::new(env!("CARGO"))
        .args(["tree", "--offline", "--package", host, "--edges", "normal,no-proc-macro"])
        .args(["--prefix", "none", "--format", "{p} [{f}]"])
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .expect("cargo is there: it runs this test");
    assert!(tree.status.success(), "{}", String::from_utf8_lossy(&tree.stderr));
    String::from_utf8(tree.stdout).expect("names of packages are text")
}

#[test]
fn a_host_contains_no_parser_of_catalogs() {
    let packages = packages_of("headcount-example-atomic");
    let catalog = packages.lines().find(|line| line.starts_with("headcount-catalog "));
    assert!(catalog.is_some_and(|line| line.contains("[]")), "no feature of it:\n{packages}");
    for absent in ["toml", "toml_parser", "headcount-macros"] {
        let found = packages.lines().find(|line| line.split(' ').next() == Some(absent));
        assert_eq!(found, None, "{absent} is compiled into a host:\n{packages}");
    }
}

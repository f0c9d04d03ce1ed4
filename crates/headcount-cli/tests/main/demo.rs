//! `headcount demo`: its catalogs are those of the examples, and it leaves
//! nothing behind.

use std::fs;
use std::path::Path;
#[cfg(unix)]
use std::{
    process::Command,
    thread,
    time::{Duration, Instant},
};

#[cfg(unix)]
use headcount_testkit::Home;

#[cfg(unix)]
use super::stage::headcount;

/// A published package has no files from outside its folder, so the binary
/// contains copies. They must be equal to the originals.
#[test]
fn the_catalogs_of_the_demo_are_those_of_the_examples() {
    let package = Path::new(env!("CARGO_MANIFEST_DIR"));
    let examples = package.join("..").join("..").join("examples");
    for product in ["archon", "assembly", "atomcode", "atomic", "clacky"] {
        let copy = package.join("catalogs").join(format!("{product}.toml"));
        let original = examples.join(product).join("telemetry.toml");
        let Ok(original) = fs::read_to_string(original) else { continue };
        let copy = fs::read_to_string(&copy).expect("the binary is built with it");
        assert!(
            copy == original,
            "crates/headcount-cli/catalogs/{product}.toml differs from \
             examples/{product}/telemetry.toml: copy the example over it"
        );
    }
}

#[cfg(unix)]
#[test]
fn ctrl_c_ends_it_and_nothing_is_left() {
    let home = Home::new();
    let demo = headcount(&home, &["demo", "--once"]).spawn();
    // It listens for signals before it makes its folder.
    let started = Instant::now();
    while home.tree().is_empty() {
        assert!(started.elapsed() < Duration::from_secs(30), "it made no folder");
        thread::yield_now();
    }
    let id = demo.id().to_string();
    assert!(Command::new("kill").args(["-INT", &id]).status().unwrap().success());
    let output = demo.wait();
    assert_eq!((output.code(), output.stdout_text()), (Some(1), String::new()));
    assert!(output.stderr_text().ends_with("headcount demo: interrupted\n"), "{output:?}");
    assert_eq!(home.tree(), []);
}

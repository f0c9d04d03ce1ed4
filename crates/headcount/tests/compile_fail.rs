//! What does not compile: each case is named after its mistake. And what does.
//!
//! Compilers word their errors differently, so the words are compared under one
//! compiler; under every other the cases must only fail. `TRYBUILD=overwrite
//! cargo test -p headcount --test compile_fail` under that one writes the words
//! anew.

use std::path::{Path, PathBuf};
use std::process::Command;

use headcount::{Context as _, TypedEvent as _};

/// The compiler whose words stand in the `.stderr` files.
const COMPILER: &str = "rustc 1.95.";

/// Under the compiler of other words.
const ELSEWHERE: &str = "under_another_compiler_mistakes_fail_too";

mod telemetry {
    headcount::catalog!("tests/compile_fail/telemetry.toml");
}

#[test]
fn without_a_mistake_it_compiles() {
    let run = telemetry::CommandRun {
        command: telemetry::Command::Init,
        agent_type: Some(telemetry::AgentType::Claude),
        success: true,
    };
    let chosen = telemetry::ModelChosen {
        agent_type: telemetry::AgentType::Copilot,
        model: telemetry::Model::new("claude-sonnet-4.5").unwrap(),
    };
    let definition: &headcount::catalog::Event = run.definition();
    assert_eq!(definition.name, "command_run");
    assert!(run.values().iter().chain(&chosen.values()).all(Option::is_some));
    assert!(telemetry::Host::default().entries().is_empty());
    assert_eq!(telemetry::CATALOG.product.name, "sampler");
    let report = telemetry::CATALOG.event("telemetry_report").expect("it is turned on");
    assert!(report.is_report() && report.owner == "cli team");
}

#[test]
fn mistakes_do_not_compile() {
    place_catalogs();
    let version = Command::new("rustc").arg("--version").output().unwrap();
    if version.stdout.starts_with(COMPILER.as_bytes()) {
        trybuild::TestCases::new().compile_fail("tests/compile_fail/*.rs");
        return;
    }
    let child = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", ELSEWHERE, "--ignored", "--nocapture"])
        .env("TRYBUILD", "overwrite")
        .status();
    assert!(child.unwrap().success(), "a mistake compiles");
}

/// Works on copies, since trybuild writes the words of a compiler beside the
/// cases rather than leave them unread.
#[test]
#[ignore = "`mistakes_do_not_compile` starts it where the compiler is another"]
fn under_another_compiler_mistakes_fail_too() {
    let copies = Path::new(env!("CARGO_TARGET_TMPDIR")).join("compile_fail");
    std::fs::create_dir_all(&copies).unwrap();
    for case in with_ending("rs") {
        std::fs::copy(&case, copies.join(case.file_name().unwrap())).unwrap();
    }
    trybuild::TestCases::new().compile_fail(copies.join("*.rs"));
}

/// Puts the catalogs where the cases are compiled: a path in `catalog!` is
/// relative to the package, and trybuild's package is a folder of the target.
fn place_catalogs() {
    let target = Path::new(env!("CARGO_TARGET_TMPDIR")).parent().expect("it lies in the target");
    let package = target.join("tests/trybuild/headcount");
    std::fs::create_dir_all(&package).expect("the target can be written");
    for catalog in with_ending("toml") {
        let name = catalog.file_name().expect("a file has a name");
        std::fs::copy(&catalog, package.join(name)).expect("the target can be written");
    }
}

fn with_ending(ending: &str) -> Vec<PathBuf> {
    let cases = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/compile_fail");
    let entries = std::fs::read_dir(cases).expect("the cases are in the repository");
    let paths = entries.map(|entry| entry.expect("a readable folder").path());
    paths.filter(|path| path.extension().is_some_and(|it| it == ending)).collect()
}

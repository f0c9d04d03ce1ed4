//! `cargo xtask prove`: builds the collector and the proof, runs it, and leaves
//! its page. `cargo xtask prove collector` is the proof of the collector, and
//! `cargo xtask prove hook` that of the hook.

use std::path::Path;
use std::process::Command;

/// What the page of the proof is called. That of a full run stands in `docs`,
/// that of a quick one in the target folder: too few repetitions to keep.
const PAGE: &str = "proof.md";

/// The same, of the proof of the collector.
const COLLECTOR_PAGE: &str = "proof-collector.md";

/// The same, of the proof of the hook.
const HOOK_PAGE: &str = "proof-hook.md";

/// Builds in release, in the workspaces' own target folders, and runs the proof
/// with `words` as its further arguments.
///
/// # Errors
///
/// A sentence on what did not build or run.
pub fn prove(root: &Path, words: &[&str]) -> Result<(), String> {
    let cargo = std::env::var("CARGO").unwrap_or_else(|_| "cargo".to_owned());
    let target =
        std::env::var("CARGO_TARGET_DIR").map_or_else(|_| root.join("target"), |it| root.join(it));
    let proof = target.join("proof");

    let mut collector = Command::new(&cargo);
    collector.args(["build", "--release", "--locked", "--package", "headcount-cli"]);
    run(collector.current_dir(root), "the collector")?;

    let mut harness = Command::new(&cargo);
    // Not locked: a dependency that the SDK has gained is new to the proof's
    // lock file.
    harness.args(["build", "--release", "--package", "prove"]);
    harness.current_dir(root.join("bench")).env("CARGO_TARGET_DIR", &proof);
    run(&mut harness, "the proof")?;

    let (of, page) = match words.first() {
        Some(&"collector") => (words.first(), COLLECTOR_PAGE),
        Some(&"hook") => (words.first(), HOOK_PAGE),
        _ => (None, PAGE),
    };
    let quick = words.contains(&"--quick");
    let page = if quick { target.join(page) } else { root.join("docs").join(page) };
    let mut proving = Command::new(proof.join("release/prove"));
    proving.args(of);
    let words = &words[usize::from(of.is_some())..];
    proving.arg("--repository").arg(root).arg("--target").arg(&proof);
    proving.arg("--collector").arg(target.join("release/headcount"));
    proving.arg("--page").arg(page).args(words).env("CARGO", &cargo);
    run(&mut proving, "the proof itself")
}

fn run(command: &mut Command, what: &str) -> Result<(), String> {
    match command.status() {
        Ok(status) if status.success() => Ok(()),
        Ok(status) => Err(format!("{what} ended with {status}")),
        Err(error) => Err(format!("{what} did not start: {error}")),
    }
}

//! Takes the program out of this example's README.md: as it is printed, and
//! with one line more where the program's work is. What the repository's
//! README.md shows of it and of its catalog has to be in it.

use std::path::PathBuf;
use std::{env, fs};

/// Where README.md leaves the work to its reader.
const WORK: &str = "    // … the program's work …\n";

/// The work of the second program: a line in a log.
const LOG: &str = "    crate::log();\n";

fn main() {
    let folder = PathBuf::from(env::var_os("CARGO_MANIFEST_DIR").expect("set by cargo"));
    let (readme, first) = (folder.join("README.md"), folder.join("../../README.md"));
    for path in [&readme, &first] {
        println!("cargo::rerun-if-changed={}", path.display());
    }
    println!("cargo::rerun-if-changed=telemetry.toml");
    let readme = fs::read_to_string(readme).expect("README.md");
    let first = fs::read_to_string(first).expect("the repository's README.md");
    for language in ["toml", "rust"] {
        assert!(
            block(&readme, language).contains(block(&first, language)),
            "README.md shows {language} that examples/wren/README.md does not have"
        );
    }
    let program = block(&readme, "rust");
    assert_eq!(
        block(&readme, "toml"),
        fs::read_to_string(folder.join("telemetry.toml")).expect("telemetry.toml"),
        "examples/wren/telemetry.toml differs from the catalog in its README.md"
    );
    assert_eq!(program.matches(WORK).count(), 1, "README.md has one place for work: {WORK}");
    let out = PathBuf::from(env::var_os("OUT_DIR").expect("set by cargo"));
    fs::write(out.join("printed.rs"), program).expect("a file");
    fs::write(out.join("log.rs"), program.replace(WORK, LOG)).expect("a file");
}

/// The first block of a language.
fn block<'a>(page: &'a str, language: &str) -> &'a str {
    let (_, rest) = page.split_once(&format!("\n```{language}\n")).expect("a block");
    rest.split_once("\n```").map(|(block, _)| &rest[..=block.len()]).expect("its end")
}

//! Compares generated text with golden files.
//!
//! `UPDATE=1 cargo test -p headcount-catalog --features codegen,parse --test codegen`
//! writes the files again.

#![cfg(feature = "codegen")]

#[path = "codegen/sampler.rs"]
mod sampler;

use std::path::{Path, PathBuf};

use headcount_catalog::Catalog;
use headcount_catalog::codegen::{SdkPath, rust};

#[test]
fn one_of_everything() {
    compare("sampler", &sampler::SAMPLER);
}

#[cfg(feature = "parse")]
#[test]
fn the_five_products() {
    for product in ["atomic", "atomcode", "archon", "assembly", "clacky"] {
        let file =
            format!("{}/../../examples/{product}/telemetry.toml", env!("CARGO_MANIFEST_DIR"));
        let text = std::fs::read_to_string(&file).unwrap();
        let catalog = headcount_catalog::parse(&text)
            .unwrap_or_else(|mistakes| panic!("{file}:\n{mistakes}"));
        compare(product, &catalog);
    }
}

#[test]
fn the_same_catalog_gives_the_same_text() {
    assert_eq!(rust(&sampler::SAMPLER, SdkPath::HOST), rust(&sampler::SAMPLER, SdkPath::HOST));
}

#[test]
fn another_path_of_the_sdk() {
    let text = rust(&sampler::SAMPLER, SdkPath("::other::sdk"));
    assert!(text.contains("impl ::other::sdk::TypedEvent for CommandRun {"));
    assert!(!text.contains("headcount"), "every path goes through the one given");
}

fn golden(product: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("tests/codegen/{product}.rs.golden"))
}

fn compare(product: &str, catalog: &Catalog) {
    let text = rust(catalog, SdkPath::HOST);
    let file = golden(product);
    if std::env::var_os("UPDATE").is_some() {
        std::fs::write(&file, text).expect("the golden file can be written");
        return;
    }
    let expected = std::fs::read_to_string(&file)
        .expect("a golden file, made with UPDATE=1")
        .replace("\r\n", "\n");
    let differs = text.lines().zip(expected.lines()).position(|(now, then)| now != then);
    assert!(
        text == expected,
        "{} differs from what codegen writes, from line {} on; run with UPDATE=1 and read the difference",
        file.display(),
        differs.map_or(0, |line| line + 1)
    );
}

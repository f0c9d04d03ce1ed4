//! Every `.toml` file in `tests/reject` is a catalog with the mistake in its
//! name. The `.stderr` file beside it has the messages.
//!
//! `UPDATE=1 cargo test -p headcount-catalog --features parse --test reject`
//! writes the messages again; read the difference.
#![cfg(feature = "parse")]

use std::fs;
use std::path::{Path, PathBuf};

#[test]
fn every_mistake_is_reported_with_its_place() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/reject");
    let mut files: Vec<PathBuf> =
        fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.retain(|file| file.extension().is_some_and(|extension| extension == "toml"));
    files.sort();
    assert!(files.len() > 30, "the folder is there");

    let update = std::env::var_os("UPDATE").is_some();
    let mut wrong = String::new();
    for file in files {
        let text = fs::read_to_string(&file).unwrap();
        let told = match headcount_catalog::parse(&text) {
            Ok(_) => "nothing\n".to_owned(),
            Err(mistakes) => format!("{mistakes}\n"),
        };
        let beside = file.with_extension("stderr");
        if update {
            fs::write(&beside, &told).unwrap();
        }
        let expected = fs::read_to_string(&beside).unwrap_or_default();
        if told != expected || told == "nothing\n" {
            let name = file.file_name().unwrap().display();
            wrong.push_str(&format!("== {name}\nexpected:\n{expected}told:\n{told}\n"));
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}

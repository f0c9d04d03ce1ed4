//! Folders and files that are not what they should be.

use std::fs;

use headcount_testkit::Home;

use super::{EmbeddedStore, commit, outside, refusal};
use crate::Store;

fn assert_sentence(sentence: &str, parts: &[&str]) {
    for part in parts.iter().chain(&["headcount.db"]) {
        assert!(sentence.contains(part), "{part:?} is not in: {sentence}");
    }
    assert!(sentence.ends_with('.'), "{sentence}");
}

#[test]
fn a_folder_that_cannot_be_made_is_a_sentence() {
    let home = Home::new();
    let file = home.write("file", "not a folder");
    for folder in [file.clone(), file.join("below")] {
        let sentence = refusal(&folder);
        assert!(sentence.starts_with("Could not make the data folder"), "{sentence}");
        assert!(sentence.contains(&folder.display().to_string()), "{sentence}");
        assert!(sentence.ends_with("choose another data folder."), "{sentence}");
    }
    assert_eq!(home.read("file"), "not a folder");
}

#[test]
fn a_folder_without_a_name_is_a_sentence() {
    assert!(refusal("".as_ref()).starts_with("Could not find the data folder"));
}

#[test]
fn a_database_that_is_a_folder_is_a_sentence() {
    let home = Home::new();
    fs::create_dir(home.path().join("headcount.db")).unwrap();
    assert_sentence(&refusal(home.path()), &["Could not open", "permissions"]);
}

#[test]
fn a_file_that_is_no_database_is_left_alone() {
    let home = Home::new();
    let text = "This is somebody's diary, not a database. ".repeat(300);
    home.write("headcount.db", &text);
    assert_sentence(&refusal(home.path()), &["It is not a database", "Choose another data folder"]);
    assert_eq!(home.read("headcount.db"), text);
}

#[test]
fn a_database_of_another_program_is_left_alone() {
    let home = Home::new();
    outside(home.path()).execute_batch("CREATE TABLE diary (page TEXT)").unwrap();
    assert_sentence(&refusal(home.path()), &["of another program", "Choose another data folder"]);
    let tables = "SELECT count(*) FROM sqlite_schema";
    let count: i64 = outside(home.path()).query_row(tables, (), |row| row.get(0)).unwrap();
    assert_eq!(count, 1);
}

#[test]
fn a_newer_format_is_refused() {
    let home = Home::new();
    drop(EmbeddedStore::open(home.path()).unwrap());
    outside(home.path()).execute_batch("PRAGMA user_version = 2").unwrap();
    assert_sentence(&refusal(home.path()), &["format 2", "reads up to 1", "newer headcount"]);
}

#[test]
fn a_flipped_bit_in_a_block_is_found_at_the_start() {
    let home = Home::new();
    let store = EmbeddedStore::open(home.path()).unwrap();
    store.append(&commit(0..10)).unwrap();
    store.append(&commit(10..20)).unwrap();
    drop(store);
    let flip =
        "UPDATE block SET body = CAST(substr(body, 1, 80) || x'ff' || substr(body, 82) AS BLOB)
                WHERE number = 2";
    outside(home.path()).execute_batch(flip).unwrap();
    let sentence = refusal(home.path());
    assert_sentence(&sentence, &["Block 2", "checksum does not match", "from a backup"]);
}

#[test]
fn a_block_with_another_number_of_rows_is_found_at_the_start() {
    let home = Home::new();
    let store = EmbeddedStore::open(home.path()).unwrap();
    store.append(&commit(0..10)).unwrap();
    drop(store);
    outside(home.path()).execute_batch("UPDATE block SET rows = 9").unwrap();
    assert_sentence(&refusal(home.path()), &["Block 1", "number of rows"]);
}

#[test]
fn a_file_that_was_cut_off_is_a_sentence() {
    let home = Home::new();
    let store = EmbeddedStore::open(home.path()).unwrap();
    store.append(&commit(0..3_000)).unwrap();
    drop(store);
    let path = home.path().join("headcount.db");
    let length = fs::metadata(&path).unwrap().len();
    fs::File::options().write(true).open(&path).unwrap().set_len(length / 2).unwrap();
    assert_sentence(&refusal(home.path()), &["Restore", "backup"]);
}

//! The program that this example's README.md prints, with one line more: it
//! writes a line into a log where the program's work is.

use std::fs::OpenOptions;
use std::io::Write as _;

include!(concat!(env!("OUT_DIR"), "/log.rs"));

/// The program's own work, which must happen once a run.
fn log() {
    let folder = std::env::var_os("HOME").expect("a home");
    let path = std::path::Path::new(&folder).join("log");
    let mut log = OpenOptions::new().append(true).create(true).open(path).expect("a log");
    log.write_all(b"worked\n").expect("a line");
}

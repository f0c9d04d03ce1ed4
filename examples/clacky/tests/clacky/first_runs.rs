//! The first run, wherever a person may run it. The table is on the page for
//! people.
#![cfg(target_os = "linux")]

use std::path::Path;

use headcount_testkit::{FirstRuns, Sends, compare};

use crate::stage::{BINARY, NOTICE};

#[test]
fn the_table_of_first_runs_is_that_of_the_page() {
    let runs = FirstRuns {
        binary: BINARY.into(),
        args: ["agent", "-m", "hello"].map(str::to_owned).to_vec(),
        endpoint: "CLACKY_TELEMETRY_ENDPOINT",
        notice: NOTICE,
        question: None,
        // It keeps no event on disk, and its id is not on disk either.
        files: &[("telemetry-state", "state"), (".clacky", "files")],
        sends: Sends::OnceTold,
    };
    let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/people.md");
    compare(&page, "clacky", &runs.table());
}

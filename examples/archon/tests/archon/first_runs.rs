//! The first run, wherever a person may run it. The table is on the page for
//! people.
#![cfg(target_os = "linux")]

use std::path::Path;

use headcount_testkit::{FirstRuns, Sends, compare};

#[test]
fn the_table_of_first_runs_is_that_of_the_page() {
    let runs = FirstRuns {
        binary: env!("CARGO_BIN_EXE_archon").into(),
        args: ["version"].map(str::to_owned).to_vec(),
        endpoint: "ARCHON_TELEMETRY_ENDPOINT",
        notice: "Archon collects no usage data by default.",
        question: None,
        files: &[(".first-run-completed", "marker"), (".archon/", "state")],
        sends: Sends::Never,
    };
    let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/people.md");
    compare(&page, "archon", &runs.table());
}

//! The first run, wherever a person may run it. The table is on the page for
//! people.
#![cfg(target_os = "linux")]

use std::path::Path;

use headcount_testkit::{FirstRuns, Sends, compare};

#[test]
fn the_table_of_first_runs_is_that_of_the_page() {
    let runs = FirstRuns {
        binary: env!("CARGO_BIN_EXE_atomic").into(),
        args: ["init", "--agent", "claude"].map(str::to_owned).to_vec(),
        endpoint: "ATOMIC_TELEMETRY_ENDPOINT",
        notice: "anonymous usage data is on",
        question: Some(("arrows, then Enter", "n")),
        files: &[
            ("telemetry-state", "state"),
            ("telemetry-events", "queue"),
            ("telemetry.json", "the answer"),
        ],
        sends: Sends::Never,
    };
    let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/people.md");
    compare(&page, "atomic", &runs.table());
}

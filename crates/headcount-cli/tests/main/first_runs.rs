//! The first `headcount record` for a catalog, wherever it is called. The table
//! is on the page for people.
#![cfg(target_os = "linux")]

use std::path::Path;

use headcount_testkit::{FirstRuns, Sends, compare};

use super::stage::catalog;

fn runs(product: &str, event: &[&str], notice: &'static str, endpoint: &'static str) -> FirstRuns {
    let catalog = catalog(product).display().to_string();
    let words = ["record", "--catalog", &catalog].into_iter().chain(event.iter().copied());
    FirstRuns {
        binary: env!("CARGO_BIN_EXE_headcount").into(),
        args: words.map(str::to_owned).collect(),
        endpoint,
        notice,
        question: None,
        files: &[("telemetry-state", "state"), ("queue", "queue"), ("device_id", "id")],
        sends: Sends::OnceTold,
    }
}

fn page() -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/people.md")
}

#[test]
fn record_for_a_catalog_that_is_on_by_default() {
    let notice = "AtomCode sends anonymous usage telemetry.";
    let event = ["open_atomcode", "session_id=one", "mode=headless"];
    let runs = runs("atomcode", &event, notice, "ATOMCODE_TELEMETRY_ENDPOINT");
    compare(&page(), "record", &runs.table());
}

#[test]
fn record_for_openclacky() {
    let event = ["startup", "os=linux", "launch_source=cli"];
    let notice = "OpenClacky sends anonymous usage statistics.";
    let runs = runs("clacky", &event, notice, "CLACKY_TELEMETRY_ENDPOINT");
    // It keeps no event on disk, and its id is not on disk either.
    let runs = FirstRuns { files: &[("telemetry-state", "state"), (".clacky", "files")], ..runs };
    compare(&page(), "clacky", &runs.table());
}

//! Homes, disks and backends in trouble change nothing that a person sees.

use std::path::Path;

use headcount_testkit::InTrouble;

use crate::stage::{BINARY, ENDPOINT, KEY, told};

#[test]
fn a_home_a_disk_or_a_backend_in_trouble_changes_nothing() {
    let trouble = InTrouble {
        binary: Path::new(BINARY),
        home: told,
        runs: &[
            &["whoami"],
            &["transcribe", "missing.wav"],
            &["transcribe"],
            &["nonsense"],
            &["--version"],
            &["--help"],
        ],
        variables: &[KEY],
        endpoint: ENDPOINT,
        refusal: ("AAI_TELEMETRY_DISABLED", "1"),
    };
    trouble.assert_same_as_off();
}

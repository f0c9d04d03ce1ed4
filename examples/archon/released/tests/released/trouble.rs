//! Homes, disks and backends in trouble change nothing that a person sees.

use headcount_testkit::InTrouble;

use crate::stage::{ENDPOINT, agreed, binary};

#[test]
fn a_home_a_disk_or_a_backend_in_trouble_changes_nothing() {
    let trouble = InTrouble {
        binary: &binary(),
        home: agreed,
        runs: &[
            &["version"],
            &["workflow", "list"],
            &["workflow", "run", "archon-assist"],
            &["workflow", "run", "missing"],
            &["setup", "--method", "curl"],
            &["nonsense"],
        ],
        variables: &[],
        endpoint: ENDPOINT,
        refusal: ("DO_NOT_TRACK", "1"),
    };
    trouble.assert_same_as_off();
}

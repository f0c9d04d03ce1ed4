//! The build script of a release, with a `cargo` that only says how it was
//! called; and the workflow that calls the script.
#![cfg(unix)]

use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};

use headcount_testkit::{Home, ProgramOutput, TestProgram};

/// That of the program under test.
const KEY: &str = env!("POSTHOG_PUBLIC_KEY");
const HOST: &str = "https://telemetry.archon.example";

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../..")
}

fn build(variables: &[(&str, &str)]) -> ProgramOutput {
    let home = Home::new();
    let says = "#!/bin/sh\necho \"$POSTHOG_HOST $ARCHON_GIT_COMMIT $*\"; [ \"$POSTHOG_PUBLIC_KEY\" = \"$WANTED\" ]\n";
    let cargo = home.write("bin/cargo", says);
    std::fs::set_permissions(cargo, std::fs::Permissions::from_mode(0o755)).unwrap();
    let script = root().join("examples/archon/release/build-binaries.sh");
    let program = TestProgram::new("/usr/bin/env", &home)
        .args(["bash", &script.display().to_string(), "--target", "x"])
        .env("PATH", &format!("{}:/usr/bin:/bin", home.path().join("bin").display()))
        .env("WANTED", KEY);
    variables.iter().fold(program, |program, (name, value)| program.env(name, value)).run()
}

#[test]
fn the_key_and_the_address_of_the_environment_are_built_in() {
    let given =
        [("POSTHOG_PUBLIC_KEY", KEY), ("POSTHOG_HOST", HOST), ("ARCHON_GIT_COMMIT", "abc1234")];
    let output = build(&given);
    assert_eq!(output.code(), Some(0), "{}", output.stderr_text());
    assert_eq!(
        output.stdout_text(),
        format!(
            "{HOST} abc1234 build --locked --profile dist -p headcount-example-archon --target x\n"
        )
    );
    assert!(!output.stderr_text().contains(KEY), "a log is no place for it");
    // The catalog's address counts where there is none.
    let output = build(&[("POSTHOG_PUBLIC_KEY", KEY), ("ARCHON_GIT_COMMIT", "abc1234")]);
    assert!(output.stdout_text().starts_with(" abc1234 build"), "{}", output.stdout_text());
}

#[test]
fn without_a_public_key_or_with_a_wrong_address_nothing_is_built() {
    let secret = KEY.replace("phc_", "phx_");
    let secret = secret.as_str();
    for (variables, said) in [
        (&[][..], "POSTHOG_PUBLIC_KEY is not set"),
        (&[("POSTHOG_PUBLIC_KEY", "")], "POSTHOG_PUBLIC_KEY is not set"),
        (&[("POSTHOG_PUBLIC_KEY", secret)][..], "which begins with phc_"),
        (&[("POSTHOG_PUBLIC_KEY", "phc_short")], "which begins with phc_"),
        (
            &[("POSTHOG_PUBLIC_KEY", KEY), ("POSTHOG_HOST", "http://telemetry.archon.example")],
            "POSTHOG_HOST is not an https address",
        ),
        (
            &[("POSTHOG_PUBLIC_KEY", KEY), ("POSTHOG_HOST", "https://me@telemetry.archon.example")],
            "POSTHOG_HOST is not an https address",
        ),
    ] {
        let output = build(variables);
        assert_eq!((output.code(), output.stdout_text().as_str()), (Some(2), ""), "{variables:?}");
        let err = output.stderr_text();
        assert!(err.contains(said) && err.lines().count() == 1, "{err}");
        assert!(!err.contains(secret) && !err.contains(KEY), "{err}");
    }
}

#[test]
fn the_workflow_gives_the_script_its_values_by_name_alone() {
    let path = root().join(".github/workflows/archon-release.yml");
    let workflow = std::fs::read_to_string(path).unwrap();
    for line in [
        "      - run: examples/archon/release/build-binaries.sh --target \"$TARGET\"",
        "          POSTHOG_PUBLIC_KEY: ${{ secrets.POSTHOG_PUBLIC_KEY }}",
        "          POSTHOG_HOST: ${{ vars.POSTHOG_HOST }}",
    ] {
        assert!(workflow.lines().any(|found| found == line), "{line}");
    }
    assert!(!workflow.contains("phc_"), "no key is in the repository");
}

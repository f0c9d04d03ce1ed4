//! Sets what `release/build-binaries.sh` sets for a release, so that tests have
//! a program with a key: one of no project.

fn main() {
    // Of the length of a real one.
    let key = format!("phc_{}", "0".repeat(43));
    for (name, value) in [
        ("POSTHOG_PUBLIC_KEY", key.as_str()),
        ("POSTHOG_HOST", "https://telemetry.archon.example"),
        ("ARCHON_GIT_COMMIT", "abc1234"),
    ] {
        println!("cargo::rustc-env={name}={value}");
    }
    println!("cargo::rerun-if-changed=build.rs");
}

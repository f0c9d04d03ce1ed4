//! Whatever the home, the disk or the backend is like, a person sees what they
//! would see with telemetry off.

use std::path::Path;

use headcount_testkit::{Home, InTrouble};

use crate::stage::{BINARY, agreed, install, program};

/// A home with an agent, whose person has telemetry on.
fn with_an_agent() -> Home {
    let home = agreed();
    install(&home, "claude", AGENT);
    home
}

/// No file may grow, and the signal that would say so is ignored: this leaves
/// the error that a full disk gives.
const FULL: &str = r#"trap '' XFSZ; ulimit -f 0; exec "$0" "$@""#;

const AGENT: &str = "echo \"the agent has $# arguments\"; exit 3\n";

#[test]
fn a_home_a_disk_or_a_backend_in_trouble_changes_nothing() {
    let trouble = InTrouble {
        binary: Path::new(BINARY),
        home: with_an_agent,
        runs: &[
            &["update"],
            &["uninstall", "--nonsense"],
            &["--version"],
            &["init", "--help"],
            &["-a", "opencode", "--", "/commit"],
            &["hook", "claude", "SessionEnd"],
        ],
        variables: &[("PATH", "/usr/bin:/bin")],
        endpoint: "ATOMIC_TELEMETRY_ENDPOINT",
        refusal: ("ATOMIC_TELEMETRY", "0"),
    };
    trouble.assert_same_as_off();
}

/// What fails, fails as it does with telemetry off.
#[test]
fn a_command_that_a_full_disk_stops_says_the_same() {
    for args in [&["init"][..], &["init", "--agent", "claude"], &["config", "set"]] {
        let run = |home: &Home| {
            let run = headcount_testkit::TestProgram::new("/bin/sh", home);
            run.args(["-c", FULL, BINARY]).args(args).env("ATOMIC_TELEMETRY_UPLOAD", "1")
        };
        let off = run(&Home::new()).run();
        let on = run(&with_an_agent()).run();
        assert_ne!(off.code(), Some(0), "{args:?}");
        let said = (on.code(), on.stdout_text(), on.stderr_text());
        assert_eq!(said, (off.code(), off.stdout_text(), off.stderr_text()), "{args:?}");
    }
}

/// An agent is started as well on a full disk, and beside a backend that is
/// away.
#[test]
fn an_agent_in_trouble_is_started_all_the_same() {
    let home = with_an_agent();
    let args = ["-a", "claude", "--", "/commit", "x"];
    let off = program(&home, &args).env("ATOMIC_TELEMETRY", "0").run();
    assert_eq!((off.code(), off.stdout_text().as_str()), (Some(3), "the agent has 2 arguments\n"));
    let path = format!("{}/bin:/usr/bin:/bin", home.path().display());
    for script in [FULL, r#"exec "$0" "$@""#] {
        let run = headcount_testkit::TestProgram::new("/bin/sh", &home)
            .args(["-c", script, BINARY])
            .args(args)
            .env("PATH", &path)
            .env("ATOMIC_TELEMETRY_ENDPOINT", "http://127.0.0.1:9");
        let output = run.run();
        assert_eq!(output.code(), off.code());
        assert_eq!(output.stdout_text(), off.stdout_text());
        assert_eq!(output.stderr_text(), off.stderr_text());
    }
}

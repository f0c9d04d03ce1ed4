//! What the installer for Windows says and asks for is what Atomic knows. It
//! runs in the workflow's Windows, since PowerShell is not on every system.

const SCRIPT: &str = include_str!("../../install.ps1");
const WORKFLOW: &str = include_str!("../../../../.github/workflows/release.yml");
const CATALOG: &str = include_str!("../../telemetry.toml");

#[test]
fn it_says_what_atomic_says() {
    let notice = "You can opt out anytime with: ATOMIC_TELEMETRY=0";
    assert!(CATALOG.contains(notice));
    let (words, _) = notice.split_once("ATOMIC").expect("a variable");
    assert!(SCRIPT.contains(&format!("{words}`$env:ATOMIC_TELEMETRY = `\"0`\"")));
    for word in ["ATOMIC_TELEMETRY=0", "DO_NOT_TRACK=1", "-NoTelemetry", "atomic telemetry off"] {
        assert!(SCRIPT.contains(word), "{word}");
    }
}

/// It must not be what turns telemetry on, or what creates anything for it.
#[test]
fn it_can_only_refuse() {
    for word in ["telemetry on", "telemetry local", "ATOMIC_TELEMETRY=1", "\\atomic\\", "iex"] {
        assert!(!SCRIPT.contains(word), "{word}");
    }
    let calls: Vec<&str> = SCRIPT.lines().map(str::trim).filter(|l| l.starts_with('&')).collect();
    assert_eq!(calls, ["& $atomic telemetry off"]);
}

/// §10: the data folder, and how to be rid of it.
#[test]
fn it_makes_the_data_folder_and_says_how_to_remove_atomic() {
    let made = "$data = Join-Path $env:LOCALAPPDATA \"atomic\"\nNew-Item -ItemType Directory";
    assert!(SCRIPT.replace('\r', "").contains(made));
    assert!(SCRIPT.contains("To remove it: atomic uninstall"));
}

/// Windows PowerShell reads a script without a mark as its old code page.
#[test]
fn it_is_plain_text() {
    assert!(SCRIPT.is_ascii());
    assert!(!SCRIPT.contains('\t'));
}

#[test]
fn it_installs_what_a_release_has() {
    for machine in ["x86_64", "aarch64"] {
        let target = format!("{machine}-pc-windows-msvc");
        assert!(WORKFLOW.contains(&target), "{target}");
        assert!(SCRIPT.contains(&format!("\"{machine}\"")), "{machine}");
    }
    assert!(SCRIPT.contains("\"atomic-$machine-pc-windows-msvc.zip\""));
    assert!(WORKFLOW.contains("archive=atomic-$TARGET.zip"));
    assert!(WORKFLOW.contains("\"$archive.sha256\"") && SCRIPT.contains("$archive.sha256"));
}

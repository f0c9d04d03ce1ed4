//! Runs a program from a shell's script, where its outputs can be broken.

use crate::{Home, TestProgram};

/// Runs a script in bash, in the home, with the program as `$0`, and checks the
/// exit code of the whole pipeline, and that nothing panicked.
///
/// # Panics
///
/// Panics if the exit code is another, or if standard error says that
/// something panicked.
pub fn assert_script_ends(binary: &str, home: &Home, script: &str, code: i32) {
    let script = format!("set -o pipefail; cd \"$HOME\"; {script}");
    let output = TestProgram::new("/bin/bash", home).args(["-c", &script, binary]).run();
    assert_eq!(output.code(), Some(code), "{script}: {}", output.stderr_text());
    assert!(!output.stderr_text().contains("panicked"), "{script}: {}", output.stderr_text());
}

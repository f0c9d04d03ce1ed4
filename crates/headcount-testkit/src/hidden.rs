//! A command that only the program itself calls: nothing that a person reads
//! names it.

use crate::TestProgram;

/// Checks that neither the help, nor the help of the telemetry commands, nor
/// what is said of a wrong command names the command that ships.
///
/// `program` makes the program with these arguments; `word` is in every form of
/// the command, such as `flush`.
///
/// # Panics
///
/// If one of them names it, or says nothing at all.
#[track_caller]
pub fn assert_is_hidden(program: impl Fn(&[&str]) -> TestProgram, word: &str) {
    for args in [
        &["--help"][..],
        &["-h"],
        &["telemetry", "help"],
        &["telemetry", "--help"],
        &["telemetry", "nonsense"],
        &["nonsense"],
    ] {
        let output = program(args).run();
        let said = format!("{}{}", output.stdout_text(), output.stderr_text());
        assert!(!said.trim().is_empty(), "{args:?} says nothing");
        assert!(!said.contains(word), "{args:?} names the hidden `{word}`: {said}");
    }
}

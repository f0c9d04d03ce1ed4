//! `headcount completions`: what a shell completes, from the same description
//! as the help.

use clap::Command;
use clap_complete::Shell;

use crate::print;

/// `headcount completions`
#[derive(Debug, clap::Args)]
pub(crate) struct Completions {
    /// The shell
    #[arg(value_name = "SHELL")]
    pub(crate) shell: Shell,
}

/// Prints the completions of the command line. Returns 1 if they cannot be
/// printed.
pub(crate) fn run(completions: &Completions, mut command: Command) -> u8 {
    let mut script = Vec::new();
    clap_complete::generate(completions.shell, &mut command, "headcount", &mut script);
    let script = String::from_utf8_lossy(&script);
    match print::only_once(script.trim_end_matches('\n')) {
        Ok(()) => 0,
        Err(error) => {
            print::err(format_args!("Cannot print the completions: {error}.\n"));
            1
        }
    }
}

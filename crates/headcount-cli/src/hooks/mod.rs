//! `headcount hooks`: lets coding agents call `headcount hook`, and takes that
//! back.

mod failed;
mod machine;
mod change;
mod status;
mod doctor;

use crate::hooks_args::HooksCommand;
use crate::print;
use failed::Failed;

/// Installs, removes or looks.
pub(crate) fn run(hooks: &HooksCommand) -> u8 {
    let done = match hooks {
        HooksCommand::Install(install) => change::run(change::Way::Install, install),
        HooksCommand::Remove(remove) => change::run(change::Way::Remove, remove),
        HooksCommand::Status(look) => status::run(look),
        HooksCommand::Doctor(look) => doctor::run(look),
    };
    done.unwrap_or_else(|Failed { code, sentences }| {
        print::err(sentences);
        code
    })
}

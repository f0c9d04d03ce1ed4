//! `headcount manual`: a page for `man` of each command, from the same
//! description as the help.

use std::path::{Path, PathBuf};

use clap::Command;
use clap_mangen::Man;

use crate::{made_file, print};

/// `headcount manual`
#[derive(Debug, clap::Args)]
pub(crate) struct Manual {
    /// The folder to write the pages into, such as a `man1`; it is made if it
    /// is not there
    #[arg(value_name = "DIR")]
    pub(crate) folder: PathBuf,
}

/// Writes the pages of the command line. Returns 1 if they cannot be written.
pub(crate) fn run(manual: &Manual, command: Command) -> u8 {
    // Each command's own `--help` is on its page.
    let mut command = command.disable_help_subcommand(true);
    command.build();
    match written(&command, &manual.folder) {
        Ok(count) => {
            print::out(format_args!("{count} pages in {}\n", made_file::shown(&manual.folder)));
            0
        }
        Err(sentence) => {
            print::err(format_args!("{sentence}\n"));
            1
        }
    }
}

/// Writes the page of a command and those of its own commands. Returns how many
/// there are.
fn written(command: &Command, folder: &Path) -> Result<usize, String> {
    std::fs::create_dir_all(folder).map_err(|error| {
        format!("{}: cannot make the folder: {error}.", made_file::shown(folder))
    })?;
    let man = Man::new(command.clone());
    let file = folder.join(man.get_filename());
    let failed = |error| format!("{}: cannot write the page: {error}.", made_file::shown(&file));
    let mut page = Vec::new();
    man.render(&mut page).map_err(failed)?;
    std::fs::write(&file, page).map_err(failed)?;
    let mut count = 1;
    for inner in command.get_subcommands().filter(|inner| !inner.is_hide_set()) {
        count += written(inner, folder)?;
    }
    Ok(count)
}

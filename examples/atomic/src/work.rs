//! Atomic's own work: as little as possible.

use std::fs;
use std::io;
use std::path::Path;

use crate::arguments::Work;

/// The file that `init` creates in a folder and `uninstall` removes.
const FILE: &str = ".atomic.json";

/// Runs a command and returns what to print.
///
/// # Errors
///
/// Returns a sentence that says why the command failed.
pub(crate) fn run(work: Work) -> Result<String, String> {
    match work {
        Work::Init(agent) => {
            let agent = agent.map_or("null".to_owned(), |agent| format!("\"{}\"", agent.word()));
            let text = format!("{{\n  \"agent\": {agent}\n}}\n");
            fs::write(FILE, text).map_err(|error| format!("{FILE} cannot be written: {error}"))?;
            Ok(format!("Atomic is set up here: see {FILE}."))
        }
        Work::Update => Ok(format!("Atomic {} is the newest version.", env!("CARGO_PKG_VERSION"))),
        Work::Uninstall => match fs::remove_file(Path::new(FILE)) {
            Ok(()) => Ok(format!("{FILE} is removed.")),
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                Ok("Atomic is not set up here.".to_owned())
            }
            Err(error) => Err(format!("{FILE} cannot be removed: {error}")),
        },
    }
}

//! What Atomic does besides: as little as makes it a program.

use std::fs;
use std::io;
use std::path::Path;

use crate::arguments::Work;

/// The file that `init` leaves in a folder and `uninstall` takes away.
const FILE: &str = ".atomic.json";

/// Does one thing and says what was done.
///
/// # Errors
///
/// A sentence on why it could not be done.
pub(crate) fn run(work: Work) -> Result<String, String> {
    match work {
        Work::Init(agent) => {
            let agent = agent.map_or("null".to_owned(), |agent| format!("\"{}\"", agent.word()));
            let text = format!("{{\n  \"agent\": {agent}\n}}\n");
            fs::write(FILE, text).map_err(|error| format!("{FILE} cannot be written: {error}"))?;
            Ok(format!("Atomic is set up here: see {FILE}."))
        }
        Work::Update => Ok(format!("Atomic {} is the newest there is.", env!("CARGO_PKG_VERSION"))),
        Work::Uninstall => match fs::remove_file(Path::new(FILE)) {
            Ok(()) => Ok(format!("{FILE} is gone.")),
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                Ok("Atomic is not set up here.".to_owned())
            }
            Err(error) => Err(format!("{FILE} cannot be removed: {error}")),
        },
    }
}

//! What a debug build tells the program's author: that its shipper cannot work
//! as it should. A release build says nothing.

use std::io::{self, Write as _};

use crate::disk::{late, unanswered};
use crate::{CommandLine, Paths, Telemetry};

/// Says on standard error what is wrong with the program's start, in a debug
/// build.
pub(crate) fn tell(telemetry: &Telemetry) {
    let is_real = telemetry.surroundings().command_line == CommandLine::Process;
    if !cfg!(debug_assertions) || !is_real {
        return;
    }
    let Some(paths) = telemetry.paths() else { return };
    if let Some(sentence) = sentence(telemetry, &paths) {
        let _ = io::stderr().write_all(sentence.as_bytes());
    }
}

fn sentence(telemetry: &Telemetry, paths: &Paths) -> Option<String> {
    let catalog = telemetry.catalog();
    let call = format!("`{} {}`", catalog.product.name, catalog.shipping.command.join(" "));
    let now = telemetry.surroundings().now();
    let problem = if unanswered::is_given_up(paths, catalog.shipping.mode, now) {
        format!("{call} was started to ship and did not open telemetry")
    } else {
        let bytes = late::read(paths)?;
        format!("{call} was started to ship and wrote {bytes} bytes before it opened telemetry")
    };
    Some(format!(
        "headcount: {problem}. Open telemetry first in `main`, before the program does anything \
         else. (Only a debug build says this.)\n"
    ))
}

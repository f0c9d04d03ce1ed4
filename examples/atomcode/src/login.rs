//! `atomcode login`, `atomcode logout`, and what both report.

use std::io::{self, BufRead as _};
use std::path::Path;

use headcount::Session;

use crate::account::{self, PAGE, Plan};
use crate::print;
use crate::telemetry::{self, LoginSuccess, TakeCodingplan, TakeCodingplanType};

/// Most bytes of a line with a code.
const LINE_BYTES: u64 = 256;

/// Logs in with a code, which is asked for if none was given; reports the login
/// and whether a coding plan came with it. Returns the exit code.
pub(crate) fn log_in(
    session: &mut Session,
    envelope: &mut telemetry::Host,
    home: Option<&Path>,
    code: Option<String>,
) -> u8 {
    let code = code.unwrap_or_else(asked);
    let plan = account::log_in(home, &code);
    if plan.is_ok() {
        // From here on the events are those of the account.
        envelope.account = account::current(home);
        session.describe(envelope);
        session.record(&LoginSuccess {});
    }
    let type_ = match plan {
        Ok(Plan::Taken) => TakeCodingplanType::Success,
        _ => TakeCodingplanType::Fail,
    };
    session.record(&TakeCodingplan { type_ });
    match plan {
        Ok(Plan::Taken) => print::out("You are logged in, with a coding plan.\n"),
        Ok(Plan::NotTaken) => print::out("You are logged in. There is no coding plan for you.\n"),
        Err(refused) => {
            print::err(format_args!("atomcode: {}\n", refused.sentence()));
            return 1;
        }
    }
    0
}

/// Logs out: from here on the events are nobody's. Returns the exit code.
pub(crate) fn log_out(
    session: &mut Session,
    envelope: &mut telemetry::Host,
    home: Option<&Path>,
) -> u8 {
    let was_logged_in = account::log_out(home);
    envelope.account = account::current(home);
    session.describe(envelope);
    match was_logged_in {
        Ok(true) => print::out("You are logged out.\n"),
        Ok(false) => print::out("You were not logged in.\n"),
        Err(error) => {
            print::err(format_args!("atomcode: cannot log out: {error}\n"));
            return 1;
        }
    }
    0
}

/// The code that the person types.
fn asked() -> String {
    print::prompt(format_args!("Open {PAGE} and type the code that it shows: "));
    let mut line = Vec::new();
    // Without an answer there is no code.
    let _ = io::Read::take(io::stdin().lock(), LINE_BYTES).read_until(b'\n', &mut line);
    String::from_utf8_lossy(&line).trim().to_owned()
}

//! `headcount telemetry`, `ask`, `notice` and `flush`: the person's commands,
//! the question, the notice and the shipper, for programs that are not written
//! in Rust.

use std::path::Path;

use headcount::person::{self, Asked, Silence, Terminal};
use headcount::{Flag, Host, Session, Surroundings};
use serde_json::json;

use crate::args::{self, Flush, Notice, Telemetry};
use crate::ask_args::AskConsent;
use crate::host_args::{self, Audience, Given};
use crate::{catalog_file, print};

/// Runs one of the person's commands.
pub(crate) fn telemetry(telemetry: &Telemetry) -> u8 {
    match catalog_file::read_for_host(&telemetry.given.catalog) {
        Ok(catalog) => {
            let session = session(catalog, telemetry.flag, &telemetry.given);
            person::run_matches(&session, &telemetry.matches).print()
        }
        Err(sentences) => mistaken(&sentences),
    }
}

/// Ships what is due, without any output. Always returns 0.
pub(crate) fn flush(flush: &Flush) -> u8 {
    let bytes = flush.catalog_bytes.as_deref();
    let path = bytes.map_or(Some(flush.catalog.clone()), catalog_file::path_of_bytes);
    let Some(path) = path else { return 0 };
    if let Ok(catalog) = catalog_file::read_for_host(&path) {
        let given = Given { catalog: path, program: None };
        person::flush(&session(catalog, Flag::Absent, &given));
    }
    0
}

/// Asks the question, if it is due. It prints nothing where it is not, but what
/// `strict` and `json` ask for.
pub(crate) fn ask(ask: &AskConsent) -> u8 {
    let catalog = match catalog_file::read_for_host(&ask.given.catalog) {
        Ok(catalog) => catalog,
        Err(sentences) => return mistaken(&sentences),
    };
    let session = session(catalog, args::flag(ask.no_telemetry), &ask.given);
    let asked = person::ask(&session, terminal(), ask.audience.into());
    if ask.json {
        print::out(format_args!("{}\n", outcome(&asked)));
    }
    match asked {
        Asked::Yes | Asked::No => 0,
        Asked::Interrupted => INTERRUPTED,
        Asked::NotAsked(silence) if ask.strict => {
            print::err(format_args!("headcount ask: nothing is asked: {silence}\n"));
            1
        }
        Asked::NotAsked(_) => 0,
        Asked::Failed(error) => {
            print::err(format_args!("headcount ask: {error}\n"));
            1
        }
    }
}

/// The exit code of a program that Ctrl-C ended.
const INTERRUPTED: u8 = 130;

/// `{"asked":false,"answer":null,"reason":"no-terminal","why":"…"}`
fn outcome(asked: &Asked) -> serde_json::Value {
    let (is_asked, answer, reason, why) = match asked {
        Asked::Yes => (true, Some("yes"), None, None),
        Asked::No => (true, Some("no"), None, None),
        Asked::Interrupted => (true, None, Some("interrupted"), None),
        Asked::Failed(error) => (true, None, Some("not-saved"), Some(error.to_string())),
        Asked::NotAsked(silence) => (false, None, Some(word(silence)), Some(silence.to_string())),
    };
    json!({"asked": is_asked, "answer": answer, "reason": reason, "why": why})
}

fn word(silence: &Silence) -> &'static str {
    match silence {
        Silence::NoTerminal => "no-terminal",
        Silence::ForMachines => "for-machines",
        Silence::NotThisProduct => "does-not-ask",
        Silence::NoHome => "no-home",
        Silence::Integration => "ci",
        Silence::Agent(_) => "agent",
        Silence::Refused(_) => "refused",
        Silence::Answered => "answered",
        Silence::Gone => "terminal-closed",
    }
}

/// Prints the notice to standard error, if it is due.
pub(crate) fn notice(notice: &Notice) -> u8 {
    let catalog = match catalog_file::read_for_host(&notice.given.catalog) {
        Ok(catalog) => catalog,
        Err(sentences) => return mistaken(&sentences),
    };
    let session = session(catalog, args::flag(notice.no_telemetry), &notice.given);
    let shown = tell(&session, notice.audience);
    if notice.json {
        print::out(format_args!("{}\n", json!({"shown": shown == Shown::Now})));
    }
    0
}

/// Whether the notice was shown in this run.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Shown {
    Now,
    NotNow,
}

/// Prints the notice to standard error, if it is due.
pub(crate) fn tell(session: &Session, audience: Audience) -> Shown {
    match person::notice(session, terminal(), audience.into()) {
        Some(notice) => match notice.print() {
            true => Shown::Now,
            false => Shown::NotNow,
        },
        None => Shown::NotNow,
    }
}

fn terminal() -> Terminal {
    Terminal::of_this_process(&Surroundings::of_this_process())
}

fn mistaken(sentences: &str) -> u8 {
    print::err(sentences);
    2
}

fn session(catalog: &'static headcount::Catalog, flag: Flag, given: &Given) -> Session {
    let host = Host::new("unknown").with_flag(flag);
    headcount::Telemetry::new(catalog, host, surroundings(given)).open()
}

/// Where this process runs, with the words by which people reach the person's
/// commands: through the program that calls this one, or through this one.
pub(crate) fn surroundings(given: &Given) -> Surroundings {
    let own = Surroundings::of_this_process();
    let call = match &given.program {
        Some(program) => Some(format!("{program} telemetry")),
        None if given.catalog == Path::new(host_args::CATALOG) => own.call,
        None => own.call.map(|call| format!("{call} --catalog {}", quoted(&given.catalog))),
    };
    Surroundings { call, ..own }
}

/// A path as people can type it in a shell. On Windows double quotes are what
/// every shell understands, and no path has one in it; Git Bash would take a
/// bare backslash away.
fn quoted(path: &Path) -> String {
    let path = person::visible(&path.display().to_string());
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"/._-+:~".contains(&byte);
    if path.bytes().all(is_plain) {
        path
    } else if cfg!(windows) {
        format!("\"{path}\"")
    } else {
        format!("'{}'", path.replace('\'', "'\\''"))
    }
}

//! `headcount hook`: what a coding agent calls, for products that are not
//! written in Rust.

use std::ffi::OsString;
use std::path::PathBuf;

use headcount::{Host, Telemetry};
use headcount_agents::{HookCall, Input};

use crate::args::{self, Hook};
use crate::host_args::Given;
use crate::{catalog_file, person, print};

/// Takes what one call tells. It always returns 0, and says nothing but what
/// the agent must read: an agent would show everything else to a person, or to
/// its model.
pub(crate) fn run(hook: &Hook) -> u8 {
    let words = hook.words.iter().map(String::as_str);
    let Some(call) = HookCall::read(words) else { return 0 };
    let Ok(catalog) = catalog_file::read_for_host(&hook.given.catalog) else {
        // Cursor waits for its answer whatever becomes of the telemetry.
        print::out(call.answer_alone());
        return 0;
    };
    let host = Host::new(&hook.host_version).with_flag(args::flag(hook.no_telemetry));
    let telemetry = Telemetry::new(catalog, host, person::surroundings(&hook.given));
    print::out(headcount_agents::answer(&telemetry, call, Input::Standard));
    0
}

/// The command line of a hook as it is installed, read without the grammar of
/// all other commands: an agent waits, and building that takes longer than the
/// hook's own work. `None` if it is anything else.
pub(crate) fn installed(words: &[OsString]) -> Option<Hook> {
    let [first, rest @ ..] = words else { return None };
    let [option, catalog, words @ ..] = rest else { return None };
    if first != "hook" || option != "--catalog" {
        return None;
    }
    let words: Vec<String> =
        words.iter().map(|word| word.to_str().map(str::to_owned)).collect::<Option<_>>()?;
    let is_plain = !words.is_empty() && words.iter().all(|word| !word.starts_with('-'));
    let given = Given { catalog: PathBuf::from(catalog), program: None };
    is_plain.then(|| Hook { given, host_version: UNKNOWN.to_owned(), no_telemetry: false, words })
}

/// The version of a program that does not say it.
pub(crate) const UNKNOWN: &str = "unknown";

/// Answers a call whose arguments are of another release: an agent does nothing
/// with a sentence about them. Returns 0.
pub(crate) fn misused(words: &[OsString]) -> u8 {
    let words: Vec<&str> = words.iter().filter_map(|word| word.to_str()).collect();
    let cursor = words.iter().position(|word| *word == "cursor");
    let call = cursor.and_then(|place| HookCall::read(words[place..].iter().copied()));
    print::out(call.map_or("", |call| call.answer_alone()));
    0
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(line: &str) -> Option<Hook> {
        let words: Vec<OsString> = line.split(' ').map(OsString::from).collect();
        installed(&words)
    }

    #[test]
    fn an_installed_line_is_read_as_the_grammar_reads_it() {
        use clap::Parser as _;

        let hook = read("hook --catalog a.toml claude SessionEnd").unwrap();
        let parsed = args::Args::try_parse_from(
            "headcount hook --catalog a.toml claude SessionEnd".split(' '),
        );
        let Ok(args::Args { command: args::Command::Hook(parsed) }) = parsed else {
            panic!("it is a hook");
        };
        assert_eq!(format!("{hook:?}"), format!("{parsed:?}"));
    }

    #[test]
    fn everything_else_is_left_to_the_grammar() {
        for line in [
            "hook",
            "hook --catalog",
            "hook --catalog a.toml",
            "hook --help",
            "hook --catalog a.toml --no-telemetry claude",
            "hook --catalog a.toml claude --help",
            "hook claude --catalog a.toml",
            "hooks --catalog a.toml claude",
        ] {
            assert!(read(line).is_none(), "{line}");
        }
    }
}

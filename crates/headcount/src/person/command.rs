//! The person's commands as one subcommand of a host that reads its arguments
//! with clap.

use clap::{Arg, ArgAction, ArgMatches, Command as Clap, value_parser};

use super::arguments::{COMMANDS, Command, Dump, Extent, Layout, Order, Reader, SentRange, day};
use super::reply::Reply;
use super::run::carry_out;
use crate::Session;

/// The subcommand `telemetry`, with all its commands and options.
///
/// ```
/// let cli = clap::Command::new("tool").subcommand(headcount::person::command());
/// assert!(cli.try_get_matches_from(["tool", "telemetry", "dump", "--last", "5"]).is_ok());
/// ```
#[must_use]
pub fn command() -> Clap {
    let json = Arg::new("json")
        .long("json")
        .action(ArgAction::SetTrue)
        .global(true)
        .help("Answer with one line of JSON (sent: a line for each record)");
    let mut command = Clap::new("telemetry")
        .about("See what is collected, and decide")
        .arg(json)
        .subcommand(Clap::new("flush").about("Send what is waiting, now").hide(true));
    for (name, others, _, about) in COMMANDS {
        let mut one = Clap::new(name).about(about);
        for other in others {
            one = one.visible_alias(*other);
        }
        command = command.subcommand(match name {
            "on" => one.arg(purpose("The name of a purpose, to turn on that one alone")),
            "off" => one.arg(purpose("The name of a purpose, to refuse that one alone")),
            "dump" => one.args([last(), switch("pretty", "Indent each record")]),
            "inspect" => one.arg(switch("pretty", "Indent each body")),
            "sent" => one.args([last(), since()]),
            "receipts" => one.arg(last()),
            "clear" => one.arg(switch("all", "Delete your decision too")),
            _ => one,
        });
    }
    command
}

/// Runs the command that [`command`] parsed. `matches` are the matches of the
/// subcommand `telemetry`.
#[must_use]
pub fn run_matches(session: &Session, matches: &ArgMatches) -> Reply {
    let flag = |matches: &ArgMatches, name: &str| matches.get_flag(name);
    let layout = |matches: &ArgMatches| {
        if matches.get_flag("pretty") { Layout::Pretty } else { Layout::Line }
    };
    let (command, inner) = match matches.subcommand() {
        None => (Command::Status, matches),
        Some((name, inner)) => {
            let command = match name {
                "on" => Command::On(inner.get_one("purpose").cloned()),
                "off" => Command::Off(inner.get_one("purpose").cloned()),
                "doctor" => Command::Doctor,
                "local" => Command::Local,
                "inspect" => Command::Inspect(layout(inner)),
                "dump" => Command::Dump(Dump {
                    last: inner.get_one("last").copied(),
                    layout: layout(inner),
                }),
                "view" => Command::View,
                "sent" => Command::Sent(SentRange {
                    last: inner.get_one("last").copied(),
                    since: inner.get_one("since").copied(),
                }),
                "receipts" => Command::Receipts(inner.get_one("last").copied()),
                "clear" if flag(inner, "all") => Command::Clear(Extent::Everything),
                "clear" => Command::Clear(Extent::Records),
                "forget" => Command::Forget,
                "policy" => Command::Policy,
                "flush" => Command::Flush,
                _ => Command::Status,
            };
            (command, inner)
        }
    };
    let reader = if flag(inner, "json") { Reader::Program } else { Reader::Person };
    carry_out(session.opened(), Order { command, reader })
}

fn purpose(help: &'static str) -> Arg {
    Arg::new("purpose").value_name("PURPOSE").help(help)
}

fn last() -> Arg {
    Arg::new("last")
        .long("last")
        .value_name("N")
        .value_parser(value_parser!(usize))
        .help("Only the newest N")
}

fn since() -> Arg {
    Arg::new("since")
        .long("since")
        .value_name("DAY")
        .value_parser(|text: &str| day(text))
        .help("Only what was sent on this day (UTC) or later, such as 2026-11-20")
}

fn switch(name: &'static str, help: &'static str) -> Arg {
    Arg::new(name).long(name).action(ArgAction::SetTrue).help(help)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_subcommand_says_what_the_words_say() {
        command().debug_assert();
        for (name, others, ..) in COMMANDS {
            for word in others.iter().chain([&name]) {
                let matches = command().try_get_matches_from(["telemetry", *word, "--json"]);
                let matches = matches.expect("a command");
                let (found, inner) = matches.subcommand().expect("a subcommand");
                assert_eq!((found, inner.get_flag("json")), (name, true), "{word}");
            }
        }
        for word in ["on", "off"] {
            let matches = command().try_get_matches_from(["telemetry", word, "crash", "--json"]);
            let matches = matches.expect("a command");
            let (_, inner) = matches.subcommand().expect("a subcommand");
            assert_eq!(inner.get_one::<String>("purpose").expect("a purpose"), "crash");
        }
        let help = command().render_help().to_string();
        assert!(help.contains("inspect") && !help.contains("flush"), "{help}");
        assert!(command().try_get_matches_from(["telemetry", "flush"]).is_ok());
        assert!(command().try_get_matches_from(["telemetry", "stop"]).is_err());
        let since = |day: &str| {
            let matches = command().try_get_matches_from(["telemetry", "sent", "--since", day]);
            let matches = matches.ok()?;
            let (_, inner) = matches.subcommand()?;
            inner.get_one("since").copied()
        };
        assert_eq!(since("2026-11-20"), headcount_catalog::Day::from_civil(2026, 11, 20));
        assert_eq!(since("yesterday"), None);
    }
}

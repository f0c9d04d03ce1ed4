//! The `headcount` binary: tools for authors, operators and scripts.
//!
//! Exit codes: 0 for success; 1 for a failure, with the reason on standard
//! error; 2 for wrong usage or a catalog with mistakes. `record`, `hook` and
//! `flush` always exit with 0, whatever their arguments are, because telemetry
//! must not change the result of a script; `record --strict` does not.
//!
//! | to change | open |
//! | --- | --- |
//! | a command, an option or its help | `args.rs` |
//! | `new` | `new/`: the catalog's text, and the lines to paste by language |
//! | `infer` | `infer/`: `guess.rs` decides |
//! | `import` | `import/`: a file a form, `draft_text.rs` writes |
//! | `check` | `check/`; `catalog_file.rs` for reading catalogs |
//! | `diff` | `diff/`; what is different, `difference` of `headcount-catalog` |
//! | `docs` | `docs/` |
//! | `watch` | `watch/` |
//! | `schema` | `schema/`: of a line, and of `telemetry.toml` in `schema/grammar/`; `weaver.rs` |
//! | `generate` | `generate/`: the file of a language; what all have, `plan.rs` |
//! | how `docs`, `schema` and `generate` keep their text in a file | `made_file.rs` |
//! | `completions`, `manual`, `record`, `hook` | the file of that name |
//! | `telemetry`, `ask` without a question, `notice`, `flush` | `person.rs` |
//! | `ask` with a question | `ask_args.rs`, `ask/` |
//! | `mcp` | `mcp_args.rs`, `mcp/` |
//! | `hooks` | `hooks_args.rs`, `hooks/` |
//! | `serve` | `serve/` |
//! | a setting of `serve` | `serve/setting.rs`, `serve/settings.rs`; the flag in `args.rs` |
//! | `serve` at SIGHUP | `serve/hangup.rs` |
//! | `serve`: TLS, proxy and names | `door.rs` |
//! | `keys`, `readers`, `notes` | the file of that name |
//! | `alerts` | `alerts.rs`; deliveries in `delivery/`, `[[alert]]` and `[[report]]` in `serve/alert_tables.rs` and `report_tables.rs` |
//! | `export`, `backup`, `forget` | the file of that name |
//! | `doctor` | `doctor/`: for operators, or for authors |
//! | `replay` | `replay/` |
//! | `sql` | `sql.rs`, and `sql/` for how rows are shown |
//! | `demo` | `demo/` |

// `println!` panics where nobody reads, and would end the program.
#![warn(clippy::print_stdout, clippy::print_stderr)]

mod args;
mod ask_args;
mod host_args;
mod hooks_args;
mod print;
mod catalog_file;
mod new;
mod infer;
mod import;
mod check;
mod loopback_collector;
mod diff;
mod made_file;
mod docs;
mod watch;
mod schema;
mod generate;
mod completions;
mod manual;
mod record;
mod hook;
mod person;
mod door;
mod store_args;
mod store_password;
mod hooks;
mod serve;
mod server_sentence;
mod data_folder;
mod day_argument;
mod keys;
mod readers;
mod notes;
mod authorities;
mod delivery;
mod alerts_args;
mod alerts;
mod one_line;
mod progress;
mod export;
mod replay;
mod backup;
mod migrate_args;
mod migrate;
mod sql;
mod doctor;
mod forget;
mod demo;
mod ask;
mod mcp_args;
mod mcp;

use std::ffi::OsString;
use std::process::ExitCode;
use std::time::SystemTime;

use clap::{CommandFactory as _, Parser as _};
use headcount_catalog::Time;

use args::{Args, Command};
use ask_args::Ask;

fn main() -> ExitCode {
    let words: Vec<OsString> = std::env::args_os().skip(1).collect();
    if let Some(hook) = hook::installed(&words) {
        return ExitCode::from(hook::run(&hook));
    }
    let args = match Args::try_parse() {
        Ok(args) => args,
        Err(error) => return ExitCode::from(misused(&error, &words)),
    };
    let code = match args.command {
        Command::Demo(demo) => demo::run(&demo),
        Command::Serve(serve) => serve::run(&serve),
        Command::Keys(keys) => keys::run(&keys, Time::from_system(SystemTime::now()).day()),
        Command::Readers(readers) => {
            readers::run(&readers, Time::from_system(SystemTime::now()).day())
        }
        Command::Notes(notes) => notes::run(&notes, Time::from_system(SystemTime::now())),
        Command::Alerts(alerts) => alerts::run(&alerts, Time::from_system(SystemTime::now())),
        Command::Export(export) => export::run(&export),
        Command::Replay(replay) => replay::run(&replay),
        Command::Sql(sql) => sql::run(&sql),
        Command::Backup(backup) => backup::run(&backup),
        Command::Migrate(migrate) => migrate::run(&migrate),
        Command::Doctor(doctor) => doctor::run(&doctor, Time::from_system(SystemTime::now()).day()),
        Command::Forget(forget) => forget::run(&forget, Time::from_system(SystemTime::now()).day()),
        Command::Check(check) => check::run(&check, Time::from_system(SystemTime::now()).day()),
        Command::New(new) => new::run(&new),
        Command::Infer(infer) => infer::run(&infer),
        Command::Import(import) => import::run(&import),
        Command::Diff(diff) => diff::run(&diff),
        Command::Docs(docs) => docs::run(&docs),
        Command::Watch(watch) => watch::run(&watch),
        Command::Schema(schema) => schema::run(&schema),
        Command::Generate(generate) => generate::run(&generate),
        Command::Completions(completions) => completions::run(&completions, Args::command()),
        Command::Manual(manual) => manual::run(&manual, Args::command()),
        Command::Record(record) => record::run(&record),
        Command::Hook(hook) => hook::run(&hook),
        Command::Telemetry(telemetry) => person::telemetry(&telemetry),
        Command::Ask(Ask::Consent(ask)) => person::ask(&ask),
        Command::Ask(Ask::Numbers(ask)) => {
            ask::run(&ask, Time::from_system(SystemTime::now()).day())
        }
        Command::Ask(Ask::Unknown(word)) => ask::unknown(&word),
        Command::Mcp(mcp) => mcp::run(&mcp, || Time::from_system(SystemTime::now()).day()),
        Command::Hooks(hooks) => hooks::run(&hooks),
        Command::Notice(notice) => person::notice(&notice),
        Command::Flush(flush) => person::flush(&flush),
    };
    ExitCode::from(code)
}

/// Says what is wrong with the command line, or prints the help that it asks
/// for. A script may be newer than this binary and know more options, and its
/// arguments may be any bytes: `record` and `flush` do not change its result.
fn misused(error: &clap::Error, words: &[OsString]) -> u8 {
    let command = words.first();
    if command.is_some_and(|word| word == "hook") && error.use_stderr() {
        return hook::misused(words);
    }
    let _ = error.print();
    let never_fails = command.is_some_and(|word| word == "record" || word == "flush")
        && words.iter().all(|word| word != "--strict");
    if never_fails { 0 } else { u8::try_from(error.exit_code()).unwrap_or(2) }
}

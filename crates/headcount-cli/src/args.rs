//! The command line.

use std::net::SocketAddr;
use std::path::PathBuf;

use clap::{Arg, ArgAction, ArgMatches, FromArgMatches, Parser, Subcommand, value_parser};
use headcount::Flag;
use headcount_catalog::Day;
use headcount_collector::LogLevel;

use crate::alerts_args::Alerts;
use crate::ask_args::{self, Ask};
use crate::check::Check;
use crate::completions::Completions;
use crate::data_folder::Data;
use crate::day_argument::day;
use crate::diff::Diff;
use crate::docs::Docs;
use crate::doctor::Doctor;
use crate::door::Door;
use crate::generate::Generate;
use crate::hooks_args::HooksCommand;
use crate::host_args::{Audience, CATALOG, Given};
use crate::import::Import;
use crate::infer::Infer;
use crate::keys::Keys;
use crate::manual::Manual;
use crate::mcp_args::Mcp;
use crate::migrate_args::Migrate;
use crate::new::New;
use crate::notes::Notes;
use crate::readers::Readers;
use crate::replay::Replay;
use crate::schema::Schema;
use crate::store_args::StoreArgs;
use crate::watch::Watch;

/// Anonymous usage telemetry for command-line programs. One file says what a
/// program may report, and nothing else can leave the machine.
#[derive(Debug, Parser)]
#[command(name = "headcount", version, propagate_version = true)]
pub(crate) struct Args {
    #[command(subcommand)]
    pub(crate) command: Command,
}

/// The commands.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Show everything at work: a collector, and two months of simulated people
    /// with five products
    Demo(Demo),
    /// Run the collector: receive events, store them, and show panels
    Serve(Serve),
    /// Make, list and revoke write keys, also while the collector runs
    #[command(subcommand)]
    Keys(Keys),
    /// Add and remove the people who may sign in, and their tokens, also while
    /// the collector runs
    #[command(subcommand)]
    Readers(Readers),
    /// Write, list and remove notes on days of a product, such as a release or
    /// an outage, also while the collector runs
    #[command(subcommand)]
    Notes(Notes),
    /// Say what each alert of a configuration sees now, and send test messages
    Alerts(Alerts),
    /// Write the raw events of a product as lines of JSON, CSV or Parquet, also
    /// while the collector runs
    Export(Export),
    /// Send what waits in a program's queue, or an export, to another
    /// destination; each event keeps its id, and nothing is taken away
    Replay(Replay),
    /// Ask the raw events with SQL, also while the collector runs; it can read
    /// them and nothing else
    Sql(Sql),
    /// Copy a data folder into a new one that `serve` takes as it is, also
    /// while the collector runs
    Backup(Backup),
    /// Move the raw events of a data folder to ClickHouse, also while the
    /// collector runs; ended half-way, it goes on where it was
    Migrate(Migrate),
    /// Check that everything in a data folder is right, also while the
    /// collector runs; with --catalog, that a program can report: its catalog,
    /// its destinations, this machine
    Doctor(Doctor),
    /// Erase the raw events of one person from a data folder that no collector
    /// uses; for your own, see `telemetry forget`
    Forget(Forget),
    /// Write a first catalog, and say how to use it
    New(New),
    /// Write a first catalog from captured events: what fits a closed kind, and
    /// why the rest is left out
    Infer(Infer),
    /// Write a first catalog from somebody else's description of events: a
    /// registry of OpenTelemetry Weaver, a JSON Schema, an export of PostHog
    Import(Import),
    /// Check catalogs, and report every mistake with its line and column
    Check(Check),
    /// Say what people would share by one catalog and not by an earlier one:
    /// widens, narrows or same; returns 1 where it widens
    Diff(Diff),
    /// Run a program in a home of its own, and say what it reported, what of it
    /// is wrong, and what its catalog has that was never seen; returns 1 where
    /// something is wrong
    Watch(Watch),
    /// Print the page about a catalog for the people who are counted, or write
    /// or check its file, TELEMETRY.md
    Docs(Docs),
    /// Print what is sent by a catalog as JSON Schema, for other people's
    /// validators, or as a registry of OpenTelemetry Weaver; or telemetry.toml
    /// itself, for editors
    Schema(Schema),
    /// Write a typed wrapper for a program in TypeScript, Python, Ruby, Go or
    /// shell: an event is a function, and only what the catalog allows compiles
    Generate(Generate),
    /// Print what a shell completes
    Completions(Completions),
    /// Write the pages for `man`, one for each command
    Manual(Manual),
    /// Record an event, with the same rules as a program that uses the SDK
    Record(Record),
    /// Take what a coding agent tells of a session; the agent calls it, and
    /// nothing is printed
    Hook(Hook),
    /// See and decide what is collected: status, on, off, local, inspect, dump,
    /// view, …
    Telemetry(Telemetry),
    /// Answer a coding agent's questions about a product's numbers: a server of
    /// the Model Context Protocol over standard input and output
    Mcp(Mcp),
    // Both forms are explained there.
    #[command(about = ask_args::ABOUT, long_about = ask_args::LONG_ABOUT)]
    Ask(Ask),
    /// Install, remove and look at the hooks of coding agents
    #[command(subcommand)]
    Hooks(HooksCommand),
    /// Print the notice of a catalog to standard error, once
    Notice(Notice),
    /// Ship the queued events now
    #[command(hide = true)]
    Flush(Flush),
}

/// `headcount demo`
#[derive(Debug, clap::Args)]
pub(crate) struct Demo {
    /// Run the demo, check its counts, and exit instead of serving the page
    #[arg(long)]
    pub(crate) once: bool,
    /// Print one line of JSON on standard output, and nothing else
    #[arg(long)]
    pub(crate) json: bool,
    /// Use this folder, which must not exist yet, and leave it: `serve` takes
    /// its `data` and `catalogs` [default: a temporary folder, which is
    /// removed]
    #[arg(long, value_name = "DIR")]
    pub(crate) keep: Option<PathBuf>,
}

/// `headcount serve`
#[derive(Debug, clap::Args)]
pub(crate) struct Serve {
    /// File with settings, in TOML: the words of these flags; a flag is above
    /// the environment (HEADCOUNT_LISTEN, …), and that above the file [default:
    /// none, or what HEADCOUNT_CONFIG names]
    #[arg(long, value_name = "FILE")]
    pub(crate) config: Option<PathBuf>,
    /// Say what would hold and where each value comes from, look whether a
    /// collector could start with it, and start nothing
    #[arg(long)]
    pub(crate) check_config: bool,
    /// Address to listen on; port 0 chooses a free port [default:
    /// 127.0.0.1:7070]
    #[arg(long, value_name = "ADDRESS:PORT")]
    pub(crate) listen: Option<SocketAddr>,
    /// Folder for all data [default: headcount-data]
    #[arg(long, value_name = "DIR")]
    pub(crate) data: Option<PathBuf>,
    /// Catalogs: every *.toml file directly in this folder, or one file
    /// [default: catalogs]
    #[arg(long, value_name = "PATH")]
    pub(crate) catalogs: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) store: StoreArgs,
    /// How lines of the operator's log look, on standard error [default: text]
    #[arg(long, value_enum, value_name = "FORM")]
    pub(crate) log: Option<LogFormat>,
    /// The least important lines that are printed: info, warn or error
    /// [default: info]
    #[arg(long, value_name = "LEVEL", value_parser = log_level)]
    pub(crate) log_level: Option<LogLevel>,
    /// Accept the name of a product as its key, and show pages without signing
    /// in; loopback only
    #[arg(long)]
    pub(crate) development: bool,
    #[command(flatten)]
    pub(crate) door: Door,
}

/// How lines of the operator's log look.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum LogFormat {
    /// Time, level, part, sentence and fields
    #[default]
    Text,
    /// One object of JSON a line
    Json,
}

impl LogFormat {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Json => "json",
        }
    }
}

/// Reads the name of a level.
pub(crate) fn log_level(text: &str) -> Result<LogLevel, String> {
    let found = LogLevel::ALL.into_iter().find(|level| level.name() == text);
    found.ok_or_else(|| format!("`{text}` is not a level: use info, warn or error"))
}

/// `headcount export`
#[derive(Debug, clap::Args)]
pub(crate) struct Export {
    /// The name of the product
    pub(crate) product: String,
    #[command(flatten)]
    pub(crate) folder: Data,
    /// The first day, such as 2026-11-20; by default the oldest
    #[arg(long, value_name = "DAY", value_parser = day)]
    pub(crate) from: Option<Day>,
    /// The last day; by default the newest
    #[arg(long, value_name = "DAY", value_parser = day)]
    pub(crate) to: Option<Day>,
    /// The form of the events
    #[arg(long, value_enum, default_value = "ndjson")]
    pub(crate) format: ExportFormat,
    /// The file to write, instead of standard output; it gets its name when it
    /// is whole
    #[arg(long, value_name = "FILE", required_if_eq("format", "parquet"))]
    pub(crate) output: Option<PathBuf>,
}

/// The form of exported events.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum ExportFormat {
    /// One line of JSON each, with what the event has
    Ndjson,
    /// Comma-separated values, with all columns of the product
    Csv,
    /// Apache Parquet, with the same columns and their types; needs --output
    Parquet,
}

/// `headcount sql`
#[derive(Debug, clap::Args)]
pub(crate) struct Sql {
    #[command(flatten)]
    pub(crate) folder: Data,
    /// The query, in which each product is a table; `-` reads it from standard
    /// input
    #[arg(value_name = "QUERY", required_unless_present = "schema")]
    pub(crate) query: Option<String>,
    /// Print the tables and what their columns say, as the catalogs have it
    #[arg(long, conflicts_with = "query")]
    pub(crate) schema: bool,
    /// Print each row as one line of JSON
    #[arg(long, conflicts_with = "csv")]
    pub(crate) json: bool,
    /// Print the rows as CSV, after a line with the names of the columns
    #[arg(long)]
    pub(crate) csv: bool,
    /// Seconds after which the query is given up
    #[arg(long, value_name = "SECONDS", default_value_t = 60, value_parser = value_parser!(u32).range(1..))]
    pub(crate) timeout: u32,
}

/// `headcount backup`
#[derive(Debug, clap::Args)]
pub(crate) struct Backup {
    #[command(flatten)]
    pub(crate) folder: Data,
    /// The folder to make: it must be new or empty, and elsewhere
    #[arg(value_name = "TO")]
    pub(crate) to: PathBuf,
    /// Print one line of JSON on standard output, and nothing else
    #[arg(long)]
    pub(crate) json: bool,
}

/// `headcount forget`
#[derive(Debug, clap::Args)]
pub(crate) struct Forget {
    /// The name of the product
    pub(crate) product: String,
    #[command(flatten)]
    pub(crate) folder: Data,
    #[command(flatten)]
    pub(crate) person: PersonId,
    /// Print one line of JSON on standard output, and nothing else
    #[arg(long)]
    pub(crate) json: bool,
}

/// Whose events are erased.
#[derive(Debug, Clone, clap::Args)]
#[group(required = true, multiple = false)]
pub(crate) struct PersonId {
    /// The id of a device, as its events have it
    #[arg(long, value_name = "ID")]
    pub(crate) device: Option<String>,
    /// The id of an account, as its events have it
    #[arg(long, value_name = "ID")]
    pub(crate) account: Option<String>,
}

/// `headcount record`
#[derive(Debug, clap::Args)]
pub(crate) struct Record {
    #[command(flatten)]
    pub(crate) given: Given,
    /// The version of the program that reports the event
    #[arg(long, value_name = "VERSION", default_value = "unknown")]
    pub(crate) host_version: String,
    /// Record nothing in this call
    #[arg(long)]
    pub(crate) no_telemetry: bool,
    /// Who reads standard error: people, or a program that no notice is meant
    /// for
    #[arg(long, value_enum, default_value = "people")]
    pub(crate) audience: Audience,
    /// If the event is not recorded, say why on standard error and exit with 1
    #[arg(long)]
    pub(crate) strict: bool,
    /// The name of the event
    pub(crate) event: String,
    /// Properties as key=value; separate the words of a list with commas
    ///
    /// What only the program knows of the envelope is given likewise, under the
    /// key that the catalog has for it: `mode=tui`,
    /// `properties.archon_git_commit=1a2b3c4`, `repo_origin.host=github`.
    ///
    /// Where an event's id is a property, such as the `sessionId` of Atomic's
    /// `agent_session`, leave it out: each record gets a fresh one.
    #[arg(value_name = "KEY=VALUE")]
    pub(crate) properties: Vec<String>,
}

/// `headcount hook`
#[derive(Debug, clap::Args)]
pub(crate) struct Hook {
    #[command(flatten)]
    pub(crate) given: Given,
    /// The version of the program
    #[arg(long, value_name = "VERSION", default_value = crate::hook::UNKNOWN)]
    pub(crate) host_version: String,
    /// The program was called with --no-telemetry
    #[arg(long)]
    pub(crate) no_telemetry: bool,
    /// The agent, and its name of the event if the payload has none: claude,
    /// codex, copilot, opencode, cursor, qwen, goose, gemini
    #[arg(value_name = "AGENT [EVENT]", required = true)]
    pub(crate) words: Vec<String>,
}

/// `headcount notice`
#[derive(Debug, clap::Args)]
pub(crate) struct Notice {
    #[command(flatten)]
    pub(crate) given: Given,
    /// The program was called with --no-telemetry
    #[arg(long)]
    pub(crate) no_telemetry: bool,
    /// Who reads standard error: people, or a program that no notice is meant
    /// for
    #[arg(long, value_enum, default_value = "people")]
    pub(crate) audience: Audience,
    /// Say whether it was shown with one line of JSON on standard output
    #[arg(long)]
    pub(crate) json: bool,
}

/// The flag of a host.
pub(crate) fn flag(no_telemetry: bool) -> Flag {
    if no_telemetry { Flag::NoTelemetry } else { Flag::Absent }
}

/// `headcount telemetry`: a catalog, and the subcommands of the SDK.
#[derive(Debug)]
pub(crate) struct Telemetry {
    /// The program.
    pub(crate) given: Given,
    /// Whether the program was called with --no-telemetry.
    pub(crate) flag: Flag,
    /// The arguments for the SDK.
    pub(crate) matches: ArgMatches,
}

impl FromArgMatches for Telemetry {
    fn from_arg_matches(matches: &ArgMatches) -> Result<Self, clap::Error> {
        let named = matches.get_one::<PathBuf>("catalog");
        let catalog = named.cloned().unwrap_or_else(|| PathBuf::from(CATALOG));
        let given = Given { catalog, program: matches.get_one("program").cloned() };
        let flag = flag(matches.get_flag("no-telemetry"));
        Ok(Self { given, flag, matches: matches.clone() })
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), clap::Error> {
        *self = Self::from_arg_matches(matches)?;
        Ok(())
    }
}

impl clap::Args for Telemetry {
    fn augment_args(command: clap::Command) -> clap::Command {
        let catalog = Arg::new("catalog")
            .long("catalog")
            .value_name("FILE")
            .value_parser(value_parser!(PathBuf))
            .global(true)
            .default_value(CATALOG)
            .help("The catalog of the program");
        let no_telemetry = Arg::new("no-telemetry")
            .long("no-telemetry")
            .action(ArgAction::SetTrue)
            .global(true)
            .help("As if the program were called with --no-telemetry");
        let program = Arg::new("program")
            .long("program")
            .value_name("NAME")
            .global(true)
            .help("How people call the program, if `NAME telemetry` works; hints name it");
        let person = headcount::person::command();
        command
            .args([catalog, program, no_telemetry])
            .args(person.get_arguments().cloned())
            .subcommands(person.get_subcommands().cloned())
    }

    fn augment_args_for_update(command: clap::Command) -> clap::Command {
        Self::augment_args(command)
    }
}

/// `headcount flush`
#[derive(Debug, clap::Args)]
pub(crate) struct Flush {
    /// The catalog of the program whose queue is shipped
    #[arg(long, value_name = "FILE", default_value = "telemetry.toml")]
    pub(crate) catalog: PathBuf,
    /// The same, in hexadecimal digits, for a path that is not UTF-8
    #[arg(long, value_name = "HEX", hide = true)]
    pub(crate) catalog_bytes: Option<String>,
}

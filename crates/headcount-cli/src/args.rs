//! The command line, as people write it.

use std::net::SocketAddr;
use std::path::PathBuf;

use clap::{Arg, ArgMatches, FromArgMatches, Parser, Subcommand, value_parser};

/// Anonymous usage telemetry for command-line programs: one file says what a
/// program may ever report, and nothing else can leave the machine.
#[derive(Debug, Parser)]
#[command(name = "headcount", version, propagate_version = true)]
pub(crate) struct Args {
    #[command(subcommand)]
    pub(crate) command: Command,
}

/// What to do.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// See it all at work: a collector, and two months of five products' simulated people
    Demo(Demo),
    /// Run the collector: take events in, keep them, show the answers
    Serve(Serve),
    /// Check telemetry.toml files and say every mistake with its place
    Check(Check),
    /// Record one event, under the same rules as a program with the SDK
    Record(Record),
    /// What a person can see and decide: status, on, off, local, inspect, dump, view, …
    Telemetry(Telemetry),
    /// Ship what is queued, now
    #[command(hide = true)]
    Flush(Flush),
}

/// `headcount demo`
#[derive(Debug, clap::Args)]
pub(crate) struct Demo {
    /// Play, check the books, and end instead of serving the page
    #[arg(long)]
    pub(crate) once: bool,
    /// Print one line of JSON on standard output, and nothing else there
    #[arg(long)]
    pub(crate) json: bool,
}

/// `headcount serve`
#[derive(Debug, clap::Args)]
pub(crate) struct Serve {
    /// Address to listen on; port 0 takes any free one
    #[arg(long, value_name = "ADDRESS:PORT", default_value = "127.0.0.1:7070")]
    pub(crate) listen: SocketAddr,
    /// The one folder everything is kept in
    #[arg(long, value_name = "DIR", default_value = "headcount-data")]
    pub(crate) data: PathBuf,
    /// Folder of catalogs: every *.toml directly in it
    #[arg(long, value_name = "DIR", default_value = "catalogs")]
    pub(crate) catalogs: PathBuf,
    /// Take a product's name for its key and show pages without sign-in; loopback only
    #[arg(long)]
    pub(crate) development: bool,
}

/// `headcount check`
#[derive(Debug, clap::Args)]
pub(crate) struct Check {
    /// The catalogs to check
    #[arg(value_name = "FILE", default_value = "telemetry.toml")]
    pub(crate) files: Vec<PathBuf>,
}

/// `headcount record`
#[derive(Debug, clap::Args)]
pub(crate) struct Record {
    /// The catalog that says what may be reported
    #[arg(long, value_name = "FILE", default_value = "telemetry.toml")]
    pub(crate) catalog: PathBuf,
    /// The version of the program that reports
    #[arg(long, value_name = "VERSION", default_value = "unknown")]
    pub(crate) host_version: String,
    /// Refuse for this call alone
    #[arg(long)]
    pub(crate) no_telemetry: bool,
    /// Say on standard error why an event was not recorded, and exit with 1
    #[arg(long)]
    pub(crate) strict: bool,
    /// The event's name
    pub(crate) event: String,
    /// Its properties: key=value; several words of a list are separated by commas
    #[arg(value_name = "KEY=VALUE")]
    pub(crate) properties: Vec<String>,
}

/// `headcount telemetry`: a catalog, and the SDK's own subcommands.
#[derive(Debug)]
pub(crate) struct Telemetry {
    /// The catalog of the program this is about.
    pub(crate) catalog: PathBuf,
    /// What the SDK makes of the rest.
    pub(crate) matches: ArgMatches,
}

impl FromArgMatches for Telemetry {
    fn from_arg_matches(matches: &ArgMatches) -> Result<Self, clap::Error> {
        let named = matches.get_one::<PathBuf>("catalog");
        let catalog = named.cloned().unwrap_or_else(|| PathBuf::from(CATALOG));
        Ok(Self { catalog, matches: matches.clone() })
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
            .help("The catalog of the program this is about");
        let person = headcount::person::command();
        command
            .arg(catalog)
            .args(person.get_arguments().cloned())
            .subcommands(person.get_subcommands().cloned())
    }

    fn augment_args_for_update(command: clap::Command) -> clap::Command {
        Self::augment_args(command)
    }
}

/// Where a catalog is looked for.
const CATALOG: &str = "telemetry.toml";

/// `headcount flush`
#[derive(Debug, clap::Args)]
pub(crate) struct Flush {
    /// The catalog whose queue it is
    #[arg(long, value_name = "FILE", default_value = "telemetry.toml")]
    pub(crate) catalog: PathBuf,
}

//! The command line.

use std::net::SocketAddr;
use std::path::PathBuf;

use clap::{Arg, ArgMatches, FromArgMatches, Parser, Subcommand, value_parser};

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
    /// Check catalogs, and report every mistake with its line and column
    Check(Check),
    /// Record an event, with the same rules as a program that uses the SDK
    Record(Record),
    /// See and decide what is collected: status, on, off, local, inspect, dump,
    /// view, …
    Telemetry(Telemetry),
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
}

/// `headcount serve`
#[derive(Debug, clap::Args)]
pub(crate) struct Serve {
    /// Address to listen on; port 0 chooses a free port
    #[arg(long, value_name = "ADDRESS:PORT", default_value = "127.0.0.1:7070")]
    pub(crate) listen: SocketAddr,
    /// Folder for all data
    #[arg(long, value_name = "DIR", default_value = "headcount-data")]
    pub(crate) data: PathBuf,
    /// Folder of catalogs: every *.toml file directly in it
    #[arg(long, value_name = "DIR", default_value = "catalogs")]
    pub(crate) catalogs: PathBuf,
    /// Accept the name of a product as its key, and show pages without signing
    /// in; loopback only
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
    /// The version of the program that reports the event
    #[arg(long, value_name = "VERSION", default_value = "unknown")]
    pub(crate) host_version: String,
    /// Record nothing in this call
    #[arg(long)]
    pub(crate) no_telemetry: bool,
    /// If the event is not recorded, say why on standard error and exit with 1
    #[arg(long)]
    pub(crate) strict: bool,
    /// The name of the event
    pub(crate) event: String,
    /// Properties as key=value; separate the words of a list with commas
    #[arg(value_name = "KEY=VALUE")]
    pub(crate) properties: Vec<String>,
}

/// `headcount telemetry`: a catalog, and the subcommands of the SDK.
#[derive(Debug)]
pub(crate) struct Telemetry {
    /// The catalog of the program.
    pub(crate) catalog: PathBuf,
    /// The arguments for the SDK.
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
            .help("The catalog of the program");
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

/// The default path of a catalog.
const CATALOG: &str = "telemetry.toml";

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

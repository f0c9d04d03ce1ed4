//! The arguments of `headcount replay`.

use std::path::PathBuf;

use clap::builder::{PossibleValuesParser, TypedValueParser as _};
use headcount::catalog::{Dialect, Encoding};

use crate::host_args::CATALOG;

/// `headcount replay`
#[derive(Debug, clap::Args)]
pub(crate) struct Replay {
    /// A program's folder with its queue, or a file of `headcount export`; `-`
    /// is an export on standard input
    #[arg(value_name = "FROM")]
    pub(crate) from: PathBuf,
    /// The address to send to; without a path, the dialect's usual one
    #[arg(long, value_name = "URL")]
    pub(crate) to: String,
    /// The catalog by which each event is judged again
    #[arg(long, value_name = "FILE", default_value = CATALOG)]
    pub(crate) catalog: PathBuf,
    /// The dialect that the destination understands
    #[arg(long, value_name = "DIALECT", default_value = "headcount", value_parser = dialects())]
    pub(crate) dialect: Dialect,
    /// The encoding, for the dialects that have several: protobuf for otlp,
    /// lines for datadog as browsers send it [default: json]
    #[arg(long, value_name = "ENCODING", value_parser = encodings())]
    pub(crate) encoding: Option<Encoding>,
    /// The write key of the destination; a collector in development takes the
    /// name of the product, which is sent without one
    #[arg(long, value_name = "KEY")]
    pub(crate) key: Option<String>,
    /// Say what would be sent, and send nothing
    #[arg(long)]
    pub(crate) dry_run: bool,
    /// Print one line of JSON on standard output, and nothing else
    #[arg(long)]
    pub(crate) json: bool,
}

fn dialects() -> impl clap::builder::TypedValueParser<Value = Dialect> {
    PossibleValuesParser::new(Dialect::ALL.map(|(_, name)| name)).map(|name| {
        Dialect::ALL.iter().find(|(_, own)| *own == name).map_or(Dialect::Headcount, |own| own.0)
    })
}

fn encodings() -> impl clap::builder::TypedValueParser<Value = Encoding> {
    PossibleValuesParser::new(["json", "lines", "protobuf"]).map(|name| match name.as_str() {
        "protobuf" => Encoding::Protobuf,
        "lines" => Encoding::Lines,
        _ => Encoding::Json,
    })
}

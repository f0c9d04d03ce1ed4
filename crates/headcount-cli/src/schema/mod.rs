//! `headcount schema`: what is sent, and `telemetry.toml` itself, as JSON
//! Schema (draft 2020-12), so that other people's validators and editors can
//! check both; or what is sent as a registry of OpenTelemetry Weaver. The text
//! depends on the catalog alone.

mod grammar;
mod kind;
mod kind_text;
mod line;
mod pattern;
mod weaver;
mod yaml_text;

use std::path::PathBuf;

use headcount_catalog::Kind;
use serde_json::Value;

use crate::host_args::CATALOG;
use crate::made_file::{self, Made};
use crate::{catalog_file, print};

/// The draft that all schemas here are written in.
const DRAFT: &str = "https://json-schema.org/draft/2020-12/schema";

/// `headcount schema`
#[derive(Debug, clap::Args)]
pub(crate) struct Schema {
    /// The catalog whose lines are described
    #[arg(value_name = "CATALOG", default_value = CATALOG)]
    pub(crate) catalog: PathBuf,
    /// Describe the file telemetry.toml itself, for editors: of any catalog
    #[arg(long, conflicts_with_all = ["catalog", "format"])]
    pub(crate) grammar: bool,
    /// The form of the description
    #[arg(long, value_enum, value_name = "FORM", default_value = "json-schema")]
    pub(crate) format: SchemaFormat,
    /// Write the schema into this file, and print nothing
    #[arg(long, value_name = "FILE")]
    pub(crate) output: Option<PathBuf>,
    /// Print and write nothing; return 1 if this file is not the schema
    #[arg(long, value_name = "FILE", conflicts_with = "output")]
    pub(crate) check: Option<PathBuf>,
}

/// The form of a description of what is sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum SchemaFormat {
    /// JSON Schema, draft 2020-12
    JsonSchema,
    /// Groups of semantic conventions, for a registry of OpenTelemetry Weaver
    Weaver,
    /// The manifest of that registry
    WeaverManifest,
}

impl SchemaFormat {
    /// The option that asks for it.
    fn option(self) -> &'static str {
        match self {
            Self::JsonSchema => "",
            Self::Weaver => "--format weaver ",
            Self::WeaverManifest => "--format weaver-manifest ",
        }
    }
}

/// Prints the schema, writes it, or compares it with a file. Returns 2 for a
/// catalog with mistakes, and 1 if the file is another schema or cannot be
/// written.
pub(crate) fn run(schema: &Schema) -> u8 {
    let (made, of) = if schema.grammar {
        (text(grammar::schema()), "the grammar".to_owned())
    } else {
        let read = catalog_file::read(&schema.catalog);
        match read.and_then(|catalog| catalog_file::of_a_host(&schema.catalog, catalog)) {
            Ok(catalog) => {
                let made = match schema.format {
                    SchemaFormat::JsonSchema => text(line::schema(&catalog)),
                    SchemaFormat::Weaver => weaver::groups(&catalog),
                    SchemaFormat::WeaverManifest => weaver::manifest(&catalog),
                };
                (made, made_file::shown(&schema.catalog))
            }
            Err(sentences) => {
                print::err(sentences);
                return 2;
            }
        }
    };
    let subject = if schema.grammar { "--grammar" } else { &of };
    let form = schema.format.option();
    let again = |file: &str| format!("headcount schema {form}--output {file} {subject}");
    let made = Made { what: "schema", of: &of, text: &made, again: &again };
    made.settle(schema.check.as_deref(), schema.output.as_deref())
}

/// Returns the schema of the values of a kind.
pub(crate) fn of_kind(kind: &Kind) -> Value {
    kind::schema(kind, None)
}

fn text(mut schema: Value) -> String {
    schema["$schema"] = DRAFT.into();
    format!("{schema:#}\n")
}

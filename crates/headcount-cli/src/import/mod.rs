//! `headcount import`: a first catalog from somebody else's description of
//! events: a registry of OpenTelemetry Weaver ([`weaver`], [`yaml`]), a JSON
//! Schema ([`json_schema`]), or an export of PostHog ([`posthog`]).
//!
//! Each becomes a [`draft`], and a draft becomes text ([`draft_text`]), in
//! which whatever could be free text is a comment that says why. What
//! `headcount schema --format weaver` wrote says its kinds itself
//! ([`annotated`]).

mod annotated;
mod draft;
mod draft_text;
mod files;
mod json_schema;
mod limits;
mod posthog;
mod weaver;
mod yaml;

use std::path::PathBuf;

use headcount::person::visible;
use headcount_catalog::parse;
use serde_json::Value;

use crate::ask::plural;
use crate::new::FirstCatalog;
use crate::print;
use draft::Draft;
use draft_text::DraftText;
use files::SourceFile;

/// `headcount import`
#[derive(Debug, clap::Args)]
pub(crate) struct Import {
    /// A registry of OpenTelemetry Weaver (its folder, or one YAML file), a
    /// JSON Schema of events, or an export of PostHog: events in JSON, and
    /// definitions of properties if you have them
    #[arg(required = true, value_name = "FILE")]
    pub(crate) files: Vec<PathBuf>,
    /// What it is [default: what it looks like]
    #[arg(long = "from", value_enum, value_name = "FORM")]
    pub(crate) form: Option<ImportForm>,
    #[command(flatten)]
    pub(crate) catalog: FirstCatalog,
}

/// What is imported.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum ImportForm {
    /// A registry of OpenTelemetry Weaver, in YAML
    Weaver,
    /// A JSON Schema of events
    JsonSchema,
    /// Events and definitions of properties of PostHog
    Posthog,
}

/// Writes a catalog of what was read. Returns 1 where something cannot be read
/// or written, and 2 where there is nothing that a catalog can have.
pub(crate) fn run(import: &Import) -> u8 {
    match imported(import) {
        Ok(()) => 0,
        Err((code, sentence)) => {
            print::err(format_args!("headcount import: {}\n", visible(&sentence)));
            code
        }
    }
}

fn imported(import: &Import) -> Result<(), (u8, String)> {
    let head = import.catalog.head()?;
    let mut files = Vec::new();
    for path in &import.files {
        files.extend(files::read(path).map_err(|sentence| (1, sentence))?);
    }
    let form = import.form.unwrap_or_else(|| looks_like(&import.files, &files));
    let draft = read(form, &files).map_err(|sentence| (2, sentence))?;
    let text = draft_text::written(&head, &draft);
    if text.events == 0 {
        return Err((2, nothing(&draft, &text)));
    }
    let catalog = head + &text.text;
    if let Err(mistakes) = parse(&catalog) {
        let all: Vec<String> = mistakes.all().iter().take(3).map(ToString::to_string).collect();
        return Err((2, format!("no catalog can be made of this: {}", all.join("; "))));
    }
    import.catalog.write(&catalog)?;
    let (events, properties) = (plural(text.events as u64, "event"), text.properties);
    print::err(format_args!(
        "{events} with {}; {} left out, each with its reason in a comment.\n\
         Say of each event which question it answers, take out what answers none, and run `headcount check`.\n",
        match properties {
            1 => "1 property".to_owned(),
            number => format!("{number} properties"),
        },
        text.left_out,
    ));
    Ok(())
}

fn nothing(draft: &Draft, text: &DraftText) -> String {
    match (draft.events.is_empty(), draft.left_out.first()) {
        (true, None) => {
            "there is no event in it: only groups of the type `event` become events".to_owned()
        }
        (_, Some((name, why))) => format!("no event can be made of it; of `{name}`: {why}"),
        (false, None) => format!(
            "no event can be made of it: the names of all {} are not ones that an event can have",
            text.left_out
        ),
    }
}

/// What it is, by its name and its first value.
fn looks_like(paths: &[PathBuf], files: &[SourceFile]) -> ImportForm {
    if paths.iter().all(|path| path.is_dir() || files::is_yaml(path)) {
        return ImportForm::Weaver;
    }
    let whole = files.first().and_then(|file| serde_json::from_str::<Value>(&file.text).ok());
    match whole {
        Some(value) if value["groups"].is_array() => ImportForm::Weaver,
        Some(value) if json_schema::is_schema(&value) => ImportForm::JsonSchema,
        _ => ImportForm::Posthog,
    }
}

fn read(form: ImportForm, files: &[SourceFile]) -> Result<Draft, String> {
    match form {
        ImportForm::Weaver => weaver::read(files),
        ImportForm::Posthog => posthog::read(files),
        ImportForm::JsonSchema => {
            let mut draft = Draft::default();
            for SourceFile { shown, text } in files {
                let schema: Value = serde_json::from_str(text)
                    .map_err(|error| format!("{shown}: it is not JSON: {error}"))?;
                let read = json_schema::read(&schema).map_err(|why| format!("{shown}: {why}"))?;
                draft.events.extend(read.events);
                draft.left_out.extend(read.left_out);
            }
            Ok(draft)
        }
    }
}

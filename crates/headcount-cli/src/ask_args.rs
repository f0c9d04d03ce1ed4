//! The arguments of `headcount ask`: of the operator's questions, whose options
//! are the parameters of the questions over HTTP, and of the question of a
//! catalog, which has no name.

use std::path::PathBuf;

use clap::error::ErrorKind;
use clap::{Arg, ArgAction, ArgMatches, FromArgMatches, value_parser};
use headcount_collector::{HttpQuestion, ParameterForm, QuestionParameter};

use crate::host_args::{Audience, Given};

/// `headcount ask`, in both forms.
#[derive(Debug)]
pub(crate) enum Ask {
    /// Without the name of a question: the question of a catalog.
    Consent(AskConsent),
    /// With one: a question about a product's numbers.
    Numbers(AskNumbers),
    /// With another word.
    Unknown(String),
}

/// `headcount ask`
#[derive(Debug, clap::Args)]
pub(crate) struct AskConsent {
    #[command(flatten)]
    pub(crate) given: Given,
    /// The program was called with --no-telemetry
    #[arg(long)]
    pub(crate) no_telemetry: bool,
    /// Who reads what the program prints: nobody asks a program
    #[arg(long, value_enum, default_value = "people")]
    pub(crate) audience: Audience,
    /// If nothing is asked, say why on standard error and exit with 1
    #[arg(long)]
    pub(crate) strict: bool,
    /// Say what came of it with one line of JSON on standard output
    #[arg(long)]
    pub(crate) json: bool,
}

/// `headcount ask QUESTION PRODUCT`
#[derive(Debug)]
pub(crate) struct AskNumbers {
    pub(crate) question: HttpQuestion,
    /// Names and values, as in a request.
    pub(crate) pairs: Vec<(String, String)>,
    pub(crate) place: AskedPlace,
    pub(crate) output: AnswerOutput,
}

/// Who is asked.
#[derive(Debug)]
pub(crate) enum AskedPlace {
    Folder(PathBuf),
    Address { url: String, token_file: Option<PathBuf>, authorities: Option<PathBuf> },
}

/// How the answer is printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum AnswerOutput {
    Table,
    Json,
    Csv,
}

pub(crate) const ABOUT: &str = "Show a product's numbers, with the name of a question; without one, ask a \
                     person the question of a catalog, once";

pub(crate) const LONG_ABOUT: &str = "\
Two things have this name.

With the name of a question it shows a product's numbers, for whoever runs its collector: from a \
data folder, also while the collector runs, or from a collector's address. See `headcount ask \
QUESTION --help` for its options.

Without a name it asks the person who sits here whether a program may send telemetry, with the \
question of its catalog, once, if a person is there to answer. Scripts and programs in other \
languages than Rust call it so.";

const EXAMPLES: &str = "\
Examples:
  headcount ask events atomic --data ./data
  headcount ask active atomic --period week --before
  headcount ask by-property atomic --event command --property name --days 14
  headcount ask events atomic --where platform:linux --where platform:macos
  HEADCOUNT_TOKEN=… headcount ask versions atomic --url https://telemetry.example.org
  headcount ask --catalog telemetry.toml";

impl clap::Args for Ask {
    fn augment_args(command: clap::Command) -> clap::Command {
        AskConsent::augment_args(command)
            .after_help(EXAMPLES)
            .args_conflicts_with_subcommands(true)
            .allow_external_subcommands(true)
            .disable_help_subcommand(true)
            .subcommand_value_name("QUESTION")
            .subcommand_help_heading("Questions")
            .subcommands(HttpQuestion::ALL.map(command_of))
    }

    fn augment_args_for_update(command: clap::Command) -> clap::Command {
        Self::augment_args(command)
    }
}

impl FromArgMatches for Ask {
    fn from_arg_matches(matches: &ArgMatches) -> Result<Self, clap::Error> {
        let Some((name, asked)) = matches.subcommand() else {
            return AskConsent::from_arg_matches(matches).map(Self::Consent);
        };
        match HttpQuestion::from_name(name) {
            // After an option of the other form, no name is one of a question.
            Some(_) if asked.try_contains_id("url").is_err() => {
                let message = format!(
                    "an option of the other form stands before `{name}`: write `headcount ask \
                     {name} PRODUCT`, and options after it\n"
                );
                Err(clap::Error::raw(ErrorKind::ArgumentConflict, message))
            }
            Some(question) => Ok(Self::Numbers(numbers(question, asked))),
            None => Ok(Self::Unknown(name.to_owned())),
        }
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), clap::Error> {
        *self = Self::from_arg_matches(matches)?;
        Ok(())
    }
}

fn command_of(question: HttpQuestion) -> clap::Command {
    let parameters = question.parameters().iter().copied();
    let parameters = parameters.filter(|parameter| *parameter != QuestionParameter::Format);
    // `--version` is a parameter.
    clap::Command::new(question.name())
        .about(question.meaning())
        .disable_version_flag(true)
        .args(parameters.map(|parameter| argument(question, parameter)))
        .args(places())
        .args(outputs())
}

fn argument(question: HttpQuestion, parameter: QuestionParameter) -> Arg {
    let argument = Arg::new(parameter.name()).help(parameter.meaning());
    let is_required = question.requires(parameter);
    match parameter {
        QuestionParameter::Product => return argument.value_name("PRODUCT").required(true),
        QuestionParameter::Before => {
            let help = "Compare with as many days right before, with `year` those a year before, \
                        with a day those from it on";
            return argument
                .long("before")
                .value_name("year|DAY")
                .num_args(0..=1)
                .require_equals(true)
                .default_missing_value("yes")
                .help(help);
        }
        _ => {}
    }
    let argument = argument.long(parameter.name()).required(is_required);
    let argument = match parameter {
        QuestionParameter::Days => argument.conflicts_with("from"),
        _ => argument,
    };
    match parameter.form() {
        ParameterForm::Text => argument.value_name("NAME"),
        ParameterForm::NamedValues { .. } => {
            argument.value_name("NAME:VALUE").action(ArgAction::Append)
        }
        ParameterForm::Steps { .. } => {
            argument.value_name("EVENT[:NAME:VALUE]").action(ArgAction::Append)
        }
        ParameterForm::Date => argument.value_name("DAY"),
        ParameterForm::Number { least, most } => argument
            .value_name("NUMBER")
            .value_parser(value_parser!(i64).range(i64::from(least)..=i64::from(most))),
        ParameterForm::WordOrDate(_) => argument.value_name("WORD|DAY"),
        ParameterForm::OneOf(words) => argument.value_name("WORD").value_parser(words.to_vec()),
    }
}

fn places() -> [Arg; 4] {
    let path = |name: &'static str| Arg::new(name).long(name).value_parser(value_parser!(PathBuf));
    [
        path("data")
            .value_name("DIR")
            .default_value("headcount-data")
            .help("Folder for all data, as with `serve`"),
        Arg::new("url")
            .long("url")
            .value_name("URL")
            .conflicts_with("data")
            .help("Ask the collector at this address, with the token in HEADCOUNT_TOKEN"),
        path("token-file")
            .value_name("FILE")
            .requires("url")
            .help("Read the token from this file instead"),
        path("ca")
            .value_name("FILE")
            .requires("url")
            .help("Trust the certificate authorities in this PEM file instead of the system's"),
    ]
}

fn outputs() -> [Arg; 2] {
    let flag = |name: &'static str| Arg::new(name).long(name).action(ArgAction::SetTrue);
    [
        flag("json").help("Print one line of JSON a row, and nothing else"),
        flag("csv").conflicts_with("json").help("Print the rows as CSV, and nothing else"),
    ]
}

fn numbers(question: HttpQuestion, matches: &ArgMatches) -> AskNumbers {
    let path = |name: &str| matches.get_one::<PathBuf>(name).cloned();
    let place = match matches.get_one::<String>("url") {
        Some(url) => AskedPlace::Address {
            url: url.clone(),
            token_file: path("token-file"),
            authorities: path("ca"),
        },
        None => AskedPlace::Folder(path("data").unwrap_or_default()),
    };
    let output = match (matches.get_flag("json"), matches.get_flag("csv")) {
        (true, _) => AnswerOutput::Json,
        (_, true) => AnswerOutput::Csv,
        _ => AnswerOutput::Table,
    };
    let known = question.parameters().iter();
    let pairs = known.flat_map(|parameter| {
        let values = values(*parameter, matches).into_iter();
        values.map(|value| (parameter.name().to_owned(), value))
    });
    AskNumbers { question, pairs: pairs.collect(), place, output }
}

fn values(parameter: QuestionParameter, matches: &ArgMatches) -> Vec<String> {
    let name = parameter.name();
    match parameter {
        QuestionParameter::Format => Vec::new(),
        QuestionParameter::Days => {
            matches.get_one::<i64>(name).map(i64::to_string).into_iter().collect()
        }
        _ => matches.get_many::<String>(name).into_iter().flatten().cloned().collect(),
    }
}

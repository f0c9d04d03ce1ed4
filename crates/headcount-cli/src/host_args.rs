//! The arguments about the program for which this one is called.

use std::path::PathBuf;

/// The default path of a catalog.
pub(crate) const CATALOG: &str = "telemetry.toml";

/// The program for which this one is called.
#[derive(Debug, Clone, clap::Args)]
pub(crate) struct Given {
    /// The catalog of the program: what it may report
    #[arg(long, value_name = "FILE", default_value = CATALOG)]
    pub(crate) catalog: PathBuf,
    /// How people call the program, if `NAME telemetry status` and so on work;
    /// hints name it
    #[arg(long, value_name = "NAME")]
    pub(crate) program: Option<String>,
}

/// Who reads what a program prints.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum Audience {
    /// A person, now or in a log
    People,
    /// A program
    Machines,
}

impl From<Audience> for headcount::person::Audience {
    fn from(audience: Audience) -> Self {
        match audience {
            Audience::People => Self::ForPeople,
            Audience::Machines => Self::ForMachines,
        }
    }
}

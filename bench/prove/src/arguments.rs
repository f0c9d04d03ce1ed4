//! The command line.

use std::process::Command;

use crate::Fault;
use crate::limits::Effort;
use crate::places::{NamedPlaces, Places};

/// What is done about hosts before they are measured.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Hosts {
    /// They are built: from nothing in a full run.
    Build,
    /// They are taken as a quick run left them: for work on the proof itself.
    AsBuilt,
}

const USAGE: &str = "use: prove --repository DIR --target DIR --collector FILE --page FILE \
                     [--date YYYY-MM-DD] [--seed N] [--only TOPIC,…] [--quick] [--as-built]";

/// What was asked for.
#[derive(Debug)]
pub(crate) struct Arguments {
    /// Where everything is.
    pub(crate) places: Places,
    /// The day, for the page.
    pub(crate) date: String,
    /// What every random instant follows from.
    pub(crate) seed: u64,
    /// The topics to measure; all where it is not given.
    pub(crate) only: Option<String>,
    /// How much is measured.
    pub(crate) effort: Effort,
    /// Whether hosts are built first.
    pub(crate) hosts: Hosts,
}

impl Arguments {
    /// Reads them.
    ///
    /// # Errors
    ///
    /// A sentence on what is missing.
    pub(crate) fn read(words: impl Iterator<Item = String>) -> Result<Self, Fault> {
        let (mut places, mut only) = (NamedPlaces::default(), None);
        let (mut effort, mut hosts) = (Effort::Full, Hosts::Build);
        let (mut date, mut seed) = (None, 20_261_120);
        let mut words = words;
        while let Some(word) = words.next() {
            match word.as_str() {
                "--quick" => effort = Effort::Quick,
                "--as-built" => hosts = Hosts::AsBuilt,
                _ => {}
            }
            if matches!(word.as_str(), "--quick" | "--as-built") {
                continue;
            }
            let value = words.next().ok_or(USAGE)?;
            let Some(value) = places.take(&word, value) else { continue };
            match word.as_str() {
                "--date" => date = Some(value),
                "--seed" => seed = value.parse()?,
                "--only" => only = Some(value),
                _ => return Err(USAGE.into()),
            }
        }
        let places = places.all().ok_or(USAGE)?;
        let date = date.unwrap_or_else(today);
        Ok(Self { places, date, seed, only, effort, hosts })
    }
}

/// The machine's own day.
fn today() -> String {
    let said = Command::new("date").arg("+%Y-%m-%d").output();
    said.map_or_else(
        |_| "an unknown day".to_owned(),
        |said| String::from_utf8_lossy(&said.stdout).trim().to_owned(),
    )
}

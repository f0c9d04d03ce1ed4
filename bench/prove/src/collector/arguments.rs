//! The command line of the collector's proof.

use std::path::PathBuf;

use crate::Fault;
use crate::limits::Effort;
use crate::places::{NamedPlaces, Places};

const USAGE: &str = "use: prove collector --repository DIR --target DIR --collector FILE \
                     --page FILE [--peers DIR] [--only PART,…] [--growth MILLIONS] \
                     [--clickhouse-growth MILLIONS] [--seed N] [--quick]";

/// What was asked for.
#[derive(Debug)]
pub(crate) struct Arguments {
    /// Where everything is.
    pub(crate) places: Places,
    /// Where the peers' binaries are.
    pub(crate) peers: PathBuf,
    /// The parts to measure; all if it is not given.
    pub(crate) only: Option<Vec<String>>,
    /// Millions of events at which the growing store is looked at last.
    pub(crate) growth: Option<u64>,
    /// Millions of events that ClickHouse's engine makes of those.
    pub(crate) generated: Option<u64>,
    /// What every random instant follows from.
    pub(crate) seed: u64,
    /// How much is measured.
    pub(crate) effort: Effort,
}

impl Arguments {
    /// Reads them.
    ///
    /// # Errors
    ///
    /// A sentence on what is missing or unknown.
    pub(crate) fn read(mut words: impl Iterator<Item = String>) -> Result<Self, Fault> {
        let mut places = NamedPlaces::default();
        let (mut peers, mut only, mut growth, mut generated) = (None, None, None, None);
        let (mut seed, mut effort) = (20_261_129, Effort::Full);
        while let Some(word) = words.next() {
            if word == "--quick" {
                effort = Effort::Quick;
                continue;
            }
            let value = words.next().ok_or(USAGE)?;
            let Some(value) = places.take(&word, value) else { continue };
            match word.as_str() {
                "--peers" => peers = Some(PathBuf::from(value)),
                "--only" => only = Some(value.split(',').map(str::to_owned).collect()),
                "--growth" => growth = Some(value.parse()?),
                "--clickhouse-growth" => generated = Some(value.parse()?),
                "--seed" => seed = value.parse()?,
                _ => return Err(USAGE.into()),
            }
        }
        let places = places.all().ok_or(USAGE)?;
        let peers = peers.unwrap_or_else(|| places.target.join("peers"));
        Ok(Self { places, peers, only, growth, generated, seed, effort })
    }
}

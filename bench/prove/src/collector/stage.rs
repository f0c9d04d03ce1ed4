//! What every part of the collector's proof needs.

use std::path::PathBuf;
use std::time::SystemTime;

use headcount_catalog::{Day, Time};

use super::contenders::Peers;
use super::cores::Cores;
use super::form::Form;
use super::fresh::{Devices, Fresh};
use super::limits::{REQUESTS, SAMPLES};
use super::load::Supply;
use super::ours::Site;
use super::page::Parts;
use super::template::Template;
use crate::Fault;
use crate::limits::Effort;

/// Where the proof is made.
#[derive(Debug)]
pub(crate) struct Stage {
    /// Our collector.
    pub(crate) site: Site,
    /// The peers.
    pub(crate) peers: Peers,
    /// The cores.
    pub(crate) cores: Cores,
    /// A folder for anything.
    pub(crate) scratch: PathBuf,
    /// How much is measured.
    pub(crate) effort: Effort,
    /// Millions of events at which the growing store is looked at last.
    pub(crate) growth: u64,
    /// Millions of events that ClickHouse's engine makes; unless it is said, so
    /// many times those of the growing store as the effort has.
    pub(crate) generated: Option<u64>,
    /// What random instants follow from.
    pub(crate) seed: u64,
    /// The repository.
    pub(crate) repository: PathBuf,
    /// Where anything is built and installed.
    pub(crate) target: PathBuf,
    /// What other parts said last.
    pub(crate) parts: Parts,
}

impl Stage {
    /// Events that ClickHouse's engine makes of each one that is moved.
    ///
    /// # Errors
    ///
    /// What was asked for is not a multiple.
    pub(crate) fn copies(&self) -> Result<u64, Fault> {
        let moved = self.growth.max(1);
        let Some(generated) = self.generated else { return Ok(self.effort.copies()) };
        if generated == 0 || generated % moved > 0 {
            let told = format!("use a multiple of {moved}, the millions that are moved");
            return Err(format!("--clickhouse-growth {generated}: {told}").into());
        }
        Ok(generated / moved)
    }
}

/// Events of a load: their form, how many a request, and of whom.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Kind {
    /// The form.
    pub(crate) form: Form,
    /// Events a request.
    pub(crate) batch: usize,
    /// Where they come from.
    pub(crate) devices: Devices,
}

impl Kind {
    /// Requests with events of today, for a path.
    ///
    /// # Errors
    ///
    /// A catalog lacks an event.
    pub(crate) fn supply(self, path: &str) -> Result<Supply, Fault> {
        let now = now();
        self.supply_of(path, (now.day().start(), now))
    }

    /// Requests with events of a span of one day.
    ///
    /// # Errors
    ///
    /// A catalog lacks an event.
    pub(crate) fn supply_of(self, path: &str, span: (Time, Time)) -> Result<Supply, Fault> {
        let mut fresh = Fresh::new(span.0.day(), self.devices);
        let templates = self.templates(path, span, &mut fresh)?;
        Ok(Supply { templates, fresh })
    }

    /// The requests alone.
    ///
    /// # Errors
    ///
    /// A catalog lacks an event.
    pub(crate) fn templates(
        self,
        path: &str,
        span: (Time, Time),
        fresh: &mut Fresh,
    ) -> Result<Vec<Template>, Fault> {
        let count = (SAMPLES / self.batch).max(REQUESTS);
        let posts = self.form.posts((self.batch, count), span, fresh)?;
        posts.iter().map(|post| Template::new(path, post)).collect()
    }
}

/// The time.
pub(crate) fn now() -> Time {
    Time::from_system(SystemTime::now())
}

/// Today.
pub(crate) fn today() -> Day {
    now().day()
}

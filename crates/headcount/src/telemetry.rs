//! The root of the SDK: one product, in one version, on one machine.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, OnceLock};

use headcount_catalog::{Catalog, Kind, Token};

use crate::consent::{self, Decision, Flag, Settled};
use crate::{Paths, Surroundings, no_wait};

/// What a host says about itself: its version and its flag.
#[derive(Debug, Clone)]
pub struct Host {
    version: Token,
    /// Whether `--no-telemetry` was given.
    pub flag: Flag,
}

impl Host {
    /// A host of this version, usually `env!("CARGO_PKG_VERSION")`. Text that
    /// is not a version is reported as `unknown`.
    #[must_use]
    pub fn new(version: &str) -> Self {
        let token = Kind::Version.token(version).or_else(|_| Kind::Version.token("unknown"));
        Self { version: token.expect("`unknown` has the shape of a version"), flag: Flag::Absent }
    }

    /// The same host with this flag.
    #[must_use]
    pub fn with_flag(self, flag: Flag) -> Self {
        Self { flag, ..self }
    }

    pub(crate) fn version(&self) -> &str {
        self.version.as_str()
    }
}

/// One product on one machine: its catalog, its host, and its surroundings.
///
/// Making one reads nothing and decides nothing. It gives a
/// [`Session`](crate::Session) for a program that runs and ends, a
/// [`Daemon`](crate::daemon::Daemon) for one that stays, and the hook that
/// records panics. Clones are cheap.
#[derive(Debug, Clone)]
pub struct Telemetry {
    catalog: &'static Catalog,
    parts: Arc<Parts>,
}

#[derive(Debug)]
struct Parts {
    host: Host,
    surroundings: Surroundings,
    /// Whether the person was told in this run what the product reports.
    told: AtomicBool,
    /// Whether they had been told when this run first asked. Empty until then.
    told_before: OnceLock<bool>,
}

impl Telemetry {
    /// Telemetry of this catalog for this host in these surroundings.
    #[must_use]
    pub fn new(catalog: &'static Catalog, host: Host, surroundings: Surroundings) -> Self {
        Self {
            catalog,
            parts: Arc::new(Parts {
                host,
                surroundings,
                told: AtomicBool::new(false),
                told_before: OnceLock::new(),
            }),
        }
    }

    /// Decides, from the catalog's rules and the files on the machine at this
    /// moment. It creates nothing.
    #[must_use]
    pub fn decide(&self) -> Decision {
        self.decide_at(self.paths().as_ref()).decision
    }

    /// The same, with paths that are known already, and what was read for it.
    pub(crate) fn decide_at(&self, paths: Option<&Paths>) -> Settled {
        consent::settle(self.catalog, self.host().flag, self.surroundings(), paths)
    }

    /// The catalog the host was compiled with.
    #[must_use]
    pub fn catalog(&self) -> &'static Catalog {
        self.catalog
    }

    /// What the host says of itself.
    #[must_use]
    pub fn host(&self) -> &Host {
        &self.parts.host
    }

    /// Where the host runs.
    #[must_use]
    pub fn surroundings(&self) -> &Surroundings {
        &self.parts.surroundings
    }

    /// Whether the person was told in this run what the product reports.
    pub(crate) fn was_told_in_this_run(&self) -> bool {
        self.parts.told.load(Ordering::SeqCst)
    }

    /// Whether the person had been told when this run began, which is when this
    /// was first called. `now` is whether they are told by now.
    pub(crate) fn was_told_before_this_run(&self, now: impl FnOnce() -> bool) -> bool {
        *no_wait::get_or_make(&self.parts.told_before, now)
    }

    /// Notes for every session of this run whether it told the person.
    pub(crate) fn note_told(&self, told: bool) {
        self.parts.told.store(told, Ordering::SeqCst);
    }

    /// Where the product's files are; `None` if there is no home folder.
    #[must_use]
    pub fn paths(&self) -> Option<Paths> {
        Paths::of(self.catalog, self.surroundings())
    }
}

//! Decides when the notice and the news of a release are printed, each once,
//! and remembers that they were. The host prints them.

use std::fs::OpenOptions;
use std::io;
use std::path::Path;

use headcount_catalog::ConsentDefault;

use super::terminal::Terminal;
use super::texts;
use crate::DiskError;
use crate::built::BUILT;
use crate::consent::{Decision, Why};
use crate::disk::state::{self, State};
use crate::disk::{lock, private_file};
use crate::standing::Standing;
use crate::{Owner, Paths, Session};

/// What to print to standard error at this run; almost always `None`.
///
/// A product with a marker file prints its notice at the very first run,
/// whatever the decision and with or without a terminal; the marker is the only
/// file created then. A product that is on by default prints it at the first
/// run in a terminal. After a release that collects more, the withheld data is
/// announced once, in a terminal. If that cannot be remembered, nothing is
/// printed.
#[must_use]
pub fn notice(session: &Session, terminal: Terminal) -> Option<String> {
    let standing = session.opened();
    if !BUILT {
        return None;
    }
    let paths = standing.paths()?;
    if paths.owner(standing.surroundings()) != Owner::User {
        return None;
    }
    if let Some(marker) = standing.catalog().files.marker
        && is_now(mark(&paths.folder.join(marker)))
    {
        return Some(texts::notice(standing.catalog()));
    }
    if terminal == Terminal::Absent || !standing.is_on() {
        return None;
    }
    let state = State::read(&paths.state);
    if is_first(standing, standing.decision()) && state.told.is_empty() {
        return is_now(remember(standing, paths)).then(|| texts::notice(standing.catalog()));
    }
    let news = standing.withheld();
    if news.is_empty() || state.told.contains(&standing.catalog().fingerprint()) {
        return None;
    }
    is_now(remember(standing, paths)).then(|| texts::news(standing.catalog(), news))
}

/// Whether the product is on by default and the person has not decided.
fn is_first(standing: &Standing, decision: &Decision) -> bool {
    standing.catalog().consent.default == ConsentDefault::On
        && standing.catalog().files.marker.is_none()
        && decision.winner().why == Why::Default
}

/// If it cannot be remembered, it is not printed.
fn is_now(shown: Result<Shown, DiskError>) -> bool {
    shown.is_ok_and(|shown| shown == Shown::Now)
}

/// Whether a text is to be printed now, or was printed before.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Shown {
    Now,
    Before,
}

/// Remembers that the person was told about this catalog.
pub(super) fn remember(standing: &Standing, paths: &Paths) -> Result<Shown, DiskError> {
    let _held = lock::hold(&paths.lock())?;
    let mut state = State::read(&paths.state).belonging_to(paths.product);
    let this = standing.catalog().fingerprint();
    if state.told.contains(&this) {
        return Ok(Shown::Before);
    }
    state::remember(&mut state.told, this);
    state.write(&paths.state)?;
    Ok(Shown::Now)
}

/// Creates the marker, unless it exists: of two processes only one prints the
/// notice.
fn mark(path: &Path) -> Result<Shown, DiskError> {
    if path.symlink_metadata().is_ok() {
        return Ok(Shown::Before);
    }
    if let Some(folder) = path.parent() {
        private_file::make_folder(folder)?;
    }
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt as _;
        options.mode(0o600);
    }
    match options.open(path) {
        Ok(_) => Ok(Shown::Now),
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(Shown::Before),
        Err(error) => Err(DiskError::new(path, error)),
    }
}

/// Whether the person was not yet told what is new in this release.
#[cfg(feature = "prompt")]
pub(super) fn has_untold_news(standing: &Standing) -> bool {
    let is_told =
        |paths: &Paths| State::read(&paths.state).told.contains(&standing.catalog().fingerprint());
    standing.is_on() && !standing.withheld().is_empty() && !standing.paths().is_some_and(is_told)
}

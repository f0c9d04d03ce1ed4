//! The host's part of shipping: starts the shipper if something is due.

use std::ffi::OsString;
use std::io;

use super::launch::Launch;
use super::program::{self, StartAgain, Unstartable};
use super::{child, detached, environment};
use crate::Paths;
use crate::consent::SendPermit;
use crate::disk::unanswered;
use crate::ship::attempt::{Due, due, ready};
use crate::standing::Standing;

/// Whether the shipper was started.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Started {
    /// It was started.
    Detached,
    /// Telemetry is off.
    NotPermitted,
    /// Telemetry is on by default, and the person was told in this run or not
    /// at all.
    Untold,
    /// This process is a shipper itself, or was started by one.
    Marked,
    /// Nothing is queued that this version could send.
    NothingDue,
    /// Every destination is backing off, has asked to stop, or cannot be sent
    /// to.
    NoDestination,
    /// A shipper runs already, and looks again before it ends.
    Running,
    /// There is no program that could be started, or its path is unknown.
    NoProgram,
    /// The program was started several times to ship and did not open
    /// telemetry, so it is left alone for a day.
    Unanswered,
}

/// Starts the program again, detached, with the catalog's flush command, if
/// something is due for a destination that is ready and no shipper runs.
/// Checking that creates nothing.
///
/// # Errors
///
/// Returns an error if the process cannot be started.
pub(crate) fn start(standing: &Standing, paths: &Paths) -> io::Result<Started> {
    if child::is_marked(standing.telemetry()) {
        return Ok(Started::Marked);
    }
    let (Some(catalog), Some(queue)) = (standing.in_force(), standing.shipped_queue()) else {
        return Ok(Started::NotPermitted);
    };
    let Some(permit) = standing.send_permit() else { return Ok(Started::Untold) };
    let ready = ready(standing, catalog, paths);
    match due(standing, catalog, paths, &queue, &ready) {
        Due::Nothing => return Ok(Started::NothingDue),
        Due::NoDestination => return Ok(Started::NoDestination),
        Due::Now => {}
    }
    if queue.is_shipped(&paths.state_folder) {
        return Ok(Started::Running);
    }
    start_with(permit, standing, paths, &[])
}

/// Starts the program again, detached, with the catalog's flush command and
/// with `input` on its standard input.
///
/// # Errors
///
/// Returns an error if the process cannot be started.
pub(crate) fn start_with(
    _permit: SendPermit,
    standing: &Standing,
    paths: &Paths,
    input: &[u8],
) -> io::Result<Started> {
    let launch = match launch(standing, paths) {
        Ok(launch) => launch,
        Err(Unstartable::NoProgram | Unstartable::NoPath | Unstartable::InALibrary(_)) => {
            return Ok(Started::NoProgram);
        }
        Err(problem) => return Err(io::Error::other(problem.to_string())),
    };
    let now = standing.surroundings().now();
    if !unanswered::may_start(paths, standing.catalog().shipping.mode, now) {
        return Ok(Started::Unanswered);
    }
    // The permit may be a second old, and no file may appear after a no.
    if standing.send_permit_now().is_none() {
        return Ok(Started::NotPermitted);
    }
    unanswered::note(paths);
    detached::start(&launch, input)?;
    Ok(Started::Detached)
}

/// Why no shipper is started, as a fragment for the person; `None` if one is,
/// or if the host has named no program.
pub(crate) fn problem(standing: &Standing) -> Option<String> {
    let paths = standing.paths().filter(|_| standing.is_on())?;
    match program::again(standing.surroundings()) {
        Err(Unstartable::NoProgram) => return None,
        Err(problem) => return Some(problem.to_string()),
        Ok(_) => {}
    }
    let (shipping, now) = (standing.catalog().shipping, standing.surroundings().now());
    unanswered::is_given_up(paths, shipping.mode, now).then(|| {
        let (product, words) = (standing.catalog().product.name, shipping.command.join(" "));
        let starts = unanswered::starts(paths);
        format!("`{product} {words}` was started {starts} times for it and sent nothing")
    })
}

/// How the program is started again, with the catalog's flush command, the
/// marker, and only the environment it needs.
///
/// # Errors
///
/// Returns why it cannot be.
fn launch(standing: &Standing, paths: &Paths) -> Result<Launch, Unstartable> {
    let shipping = standing.catalog().shipping;
    let StartAgain { file, name, before } = program::again(standing.surroundings())?;
    // Some products have no folder.
    let home = standing.surroundings().home.as_deref();
    let folder = Some(paths.folder.as_path()).filter(|folder| folder.is_dir()).or(home);
    Ok(Launch {
        file,
        name,
        arguments: before.into_iter().chain(shipping.command.iter().map(OsString::from)).collect(),
        environment: environment::kept(standing.catalog(), &standing.surroundings().variables),
        folder: detached::folder(folder),
    })
}

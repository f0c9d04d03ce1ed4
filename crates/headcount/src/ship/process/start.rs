//! The host's part of shipping: starts the shipper if something is due.

use std::io;
use std::process::Command;

use super::detached;
use crate::ship::attempt::{Due, due, ready};
use crate::ship::target::key_variable;
use crate::standing::Standing;
use crate::surroundings::THROWN_AWAY;
use crate::{Paths, consent};

/// Whether the shipper was started.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Started {
    /// It was started.
    Detached,
    /// Telemetry is off.
    NotPermitted,
    /// This process is a shipper itself, or was started by one.
    Marked,
    /// Nothing is queued that this version could send.
    NothingDue,
    /// Every destination is backing off, has asked to stop, or cannot be sent
    /// to.
    NoDestination,
    /// A shipper runs already, and looks again before it ends.
    Running,
    /// The path of the program is unknown.
    NoProgram,
}

/// Starts the program again, detached, with the catalog's flush command, if
/// something is due for a destination that is ready and no shipper runs.
/// Checking that creates nothing.
///
/// # Errors
///
/// Returns an error if the process cannot be started.
pub(crate) fn start(standing: &Standing, paths: &Paths) -> io::Result<Started> {
    if is_marked(standing) {
        return Ok(Started::Marked);
    }
    let (Some(catalog), Some(queue)) = (standing.in_force(), standing.shipped_queue()) else {
        return Ok(Started::NotPermitted);
    };
    let ready = ready(standing, catalog, paths);
    match due(standing, catalog, paths, &queue, &ready) {
        Due::Nothing => return Ok(Started::NothingDue),
        Due::NoDestination => return Ok(Started::NoDestination),
        Due::Now => {}
    }
    if queue.is_shipped(&paths.state_folder) {
        return Ok(Started::Running);
    }
    start_with(standing, paths, &[])
}

/// Starts the program again, detached, with the catalog's flush command and
/// with `input` on its standard input.
///
/// # Errors
///
/// Returns an error if the process cannot be started.
pub(crate) fn start_with(standing: &Standing, paths: &Paths, input: &[u8]) -> io::Result<Started> {
    match command(standing, paths) {
        Some(mut command) => detached::start(&mut command, input).map(|()| Started::Detached),
        None => Ok(Started::NoProgram),
    }
}

/// Whether this process is a shipper, or one of its children.
pub(crate) fn is_marked(standing: &Standing) -> bool {
    let marker = standing.surroundings().variable(standing.catalog().shipping.marker);
    marker.is_some_and(|value| !value.is_empty())
}

/// The program with the catalog's flush command, the marker, and only the
/// environment it needs; `None` if the program's path is unknown.
fn command(standing: &Standing, paths: &Paths) -> Option<Command> {
    let shipping = standing.catalog().shipping;
    let mut command = Command::new(standing.surroundings().program.path()?);
    // Change the working directory: a shipper must not block a folder that the
    // person wants to remove or unmount. Some products have no folder.
    let home = standing.surroundings().home.as_deref();
    let folder = Some(paths.folder.as_path()).filter(|folder| folder.is_dir()).or(home)?;
    command.args(shipping.command).current_dir(folder);
    command.env_clear().envs(environment(standing)).env(shipping.marker, "1");
    Some(command)
}

/// The variables that the shipper keeps: those for consent, for the lifetime of
/// the home, to find home, proxies and certificates, and to load the program at
/// all.
fn environment(standing: &Standing) -> Vec<(String, String)> {
    const KEPT: &[&str] = &[
        "HOME",
        "USERPROFILE",
        "LOCALAPPDATA",
        "APPDATA",
        "PROGRAMDATA",
        "SYSTEMROOT",
        "USER",
        "LOGNAME",
        "USERNAME",
        "COMPUTERNAME",
        "XDG_CONFIG_HOME",
        "XDG_DATA_HOME",
        "XDG_STATE_HOME",
        "XDG_CACHE_HOME",
        "HTTP_PROXY",
        "HTTPS_PROXY",
        "ALL_PROXY",
        "NO_PROXY",
        "http_proxy",
        "https_proxy",
        "all_proxy",
        "no_proxy",
        "SSL_CERT_FILE",
        "SSL_CERT_DIR",
        "LD_LIBRARY_PATH",
        "DYLD_LIBRARY_PATH",
    ];
    let endpoint = standing.catalog().variable("ENDPOINT");
    let keys = standing.catalog().destinations.iter().filter_map(key_variable);
    let names = KEPT.iter().copied().chain(THROWN_AWAY).chain(keys);
    let names = names.chain(consent::variables(standing.catalog())).map(str::to_owned);
    names
        .chain([endpoint])
        .filter_map(|name| standing.surroundings().variable(&name).map(|value| (name, value)))
        .collect()
}

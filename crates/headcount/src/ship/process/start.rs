//! The host's part of shipping: start the shipper if something is due.

use std::io;
use std::process::Command;

use super::detached;
use crate::ship::attempt::{Due, due, ready};
use crate::ship::target::key_variable;
use crate::standing::Standing;
use crate::surroundings::THROWN_AWAY;
use crate::{Paths, consent};

/// What came of starting the shipper.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Started {
    /// It runs.
    Detached,
    /// The answer is off.
    NotPermitted,
    /// This process is a shipper itself, or was started by one.
    Marked,
    /// Nothing is queued that this version could send.
    NothingDue,
    /// Every destination is backing off, has asked for a stop, or cannot be
    /// sent to.
    NoDestination,
    /// A shipper runs already: it looks again before it ends.
    Running,
    /// It is not known which program to start.
    NoProgram,
}

/// Starts the program again, detached, with the catalog's flush command, if
/// something is due for a destination that may be asked now and no shipper
/// runs. Looking for that makes nothing.
///
/// # Errors
///
/// What the system says to the start.
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

/// Starts the program again, detached, with the catalog's flush command, and
/// with these bytes on its standard input.
///
/// # Errors
///
/// What the system says to the start.
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

/// The program with the catalog's flush command, marked, in an environment of
/// what it needs; `None` where it is not known which program that is.
fn command(standing: &Standing, paths: &Paths) -> Option<Command> {
    let shipping = standing.catalog().shipping;
    let mut command = Command::new(standing.surroundings().program.path()?);
    // The working directory is left: a shipper must not hold a folder that its
    // person wants to remove or unmount. Some products make no folder of theirs.
    let home = standing.surroundings().home.as_deref();
    let folder = Some(paths.folder.as_path()).filter(|it| it.is_dir()).or(home)?;
    command.args(shipping.command).current_dir(folder);
    command.env_clear().envs(environment(standing)).env(shipping.marker, "1");
    Some(command)
}

/// What the shipper's environment keeps: what decides, what tells how long the
/// home lasts, what finds home, proxies and certificates, and what a program may
/// need to be loaded at all.
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

//! The disk: how much is free, and the ceiling, how many events a second it
//! takes, where each request's bytes are appended and synced, and nothing else
//! is done.

use std::fs::OpenOptions;
use std::io::Write as _;
use std::path::Path;
use std::time::{Duration, Instant};

use nix::sys::statvfs::statvfs;

use super::limits::CONNECTIONS;
use super::load::Supply;
use crate::Fault;

/// Events a second, with as many requests in each sync as a load has
/// connections, which is the best that a group commit can do.
///
/// # Errors
///
/// The file system's.
pub(crate) fn ceiling(folder: &Path, supply: &mut Supply, window: Duration) -> Result<f64, Fault> {
    let path = folder.join("ceiling");
    let mut file = OpenOptions::new().create(true).write(true).truncate(true).open(&path)?;
    let (mut events, mut request, mut group) = (0, Vec::new(), Vec::new());
    let began = Instant::now();
    while began.elapsed() < window {
        group.clear();
        for place in 0..CONNECTIONS {
            let place = place % supply.templates.len();
            let template = &mut supply.templates[place];
            template.write(&mut supply.fresh, &mut request);
            events += template.events();
            group.extend_from_slice(super::template::body(&request));
        }
        file.write_all(&group)?;
        file.sync_data()?;
    }
    let taken = began.elapsed().as_secs_f64();
    std::fs::remove_file(&path)?;
    Ok(events as f64 / taken)
}

/// Whether so many bytes are free on the disk of a folder.
///
/// # Errors
///
/// They are not.
pub(crate) fn has_room(folder: &Path, needed: u64) -> Result<(), Fault> {
    let said = statvfs(folder)?;
    let free = said.blocks_available() * said.fragment_size();
    if free < needed {
        let (needed, free) = (needed >> 30, free >> 30);
        return Err(format!("{needed} GiB of disk are needed, and {free} are free").into());
    }
    Ok(())
}

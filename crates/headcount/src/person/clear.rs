//! `clear`: deletes what is kept on this machine, and the decision too with
//! `--all`.

use std::fs;
use std::io;

use headcount_catalog::{ConsentDefault, Identity, NameSet, Scheme};
use headcount_queue::Shipper;

use super::answer;
use super::arguments::{Extent, Reader};
use super::reply::{Reply, call};
use super::switch::{is_ours, paths_of_person};
use super::undecide::{undecide, undecide_usual};
use crate::as_json::json;
use crate::disk::erasures::{self, PendingErasure};
use crate::disk::error::DiskError;
use crate::disk::kept::{self, Sweep};
use crate::disk::private_file::{self, is_free};
use crate::disk::state::{Layout, State};
use crate::disk::{counted as marks, link, lock};
use crate::standing::Standing;
use crate::{Paths, identity, limits, ship};

pub(super) fn clear(standing: &Standing, extent: Extent, reader: Reader) -> Reply {
    let pending = standing.paths().map(erasures::read).unwrap_or_default();
    let done = match extent {
        Extent::Records => records(standing),
        Extent::Everything => everything(standing),
    };
    let events = match done {
        Ok(events) => events,
        Err(error) => return Reply::failed(&format!("Not everything could be cleared: {error}.")),
    };
    match (reader, extent) {
        (Reader::Program, _) => Reply::json(&json!({
            "cleared": true, "events": events, "all": extent == Extent::Everything,
            "erasuresDropped": if extent == Extent::Everything { pending.len() } else { 0 },
        })),
        (Reader::Person, Extent::Records) => Reply::said(begun(&format!(
            "{}{} are deleted. Your decision is kept: see {} status.\n",
            id_and(standing, " and "),
            counted(events),
            call(standing)
        ))),
        (Reader::Person, Extent::Everything) => Reply::said(format!(
            "All telemetry data of {} is deleted: {}{}, and your decision. {}{}\n",
            standing.catalog().product.title,
            id_and(standing, ", "),
            counted(events),
            unprovable(&pending),
            without_decision(standing)
        )),
    }
}

/// What goes of what stands for this machine, before the records:
/// `the id and `.
pub(super) fn id_and(standing: &Standing, and: &str) -> String {
    let Identity { scheme, count, .. } = standing.catalog().identity;
    match scheme {
        Scheme::None if count.is_empty() => String::new(),
        Scheme::None => format!("the age of this machine{and}"),
        Scheme::Random => format!("the id{and}"),
        // It is computed anew for each event, and not kept.
        Scheme::MachineHash => String::new(),
    }
}

/// The sentence with a capital letter.
fn begun(sentence: &str) -> String {
    let mut letters = sentence.chars();
    letters.next().into_iter().flat_map(char::to_uppercase).chain(letters).collect()
}

/// Says what is lost with the proof of erasures that are pending.
fn unprovable(pending: &[PendingErasure]) -> String {
    let mut names = NameSet::new();
    for erasure in pending {
        names.insert_all(erasure.owed_by.clone().into());
    }
    if names.is_empty() {
        return String::new();
    }
    let names: Vec<&str> = names.iter().collect();
    format!(
        "The proof for an erasure that is not confirmed yet is deleted too, so what was sent ({}) can no longer be erased by proof. ",
        names.join(", ")
    )
}

/// Says whether telemetry is on once the decision is deleted.
fn without_decision(standing: &Standing) -> String {
    match standing.catalog().consent.default {
        ConsentDefault::Ask => "Telemetry is off until you are asked and say yes.".to_owned(),
        ConsentDefault::Off => "Telemetry is off until you turn it on.".to_owned(),
        ConsentDefault::On => format!(
            "Without a decision, telemetry is on from the next run. To keep it off: {} off.",
            call(standing)
        ),
    }
}

pub(super) fn counted(events: u64) -> String {
    match events {
        0 => "all records (there were none)".to_owned(),
        1 => "the one recorded event".to_owned(),
        events => format!("all {events} recorded events"),
    }
}

/// Removes the id, its secret, every record, and the files about shipping:
/// quarantine, backoff, receipts. The decision and the agreement stay.
pub(super) fn records(standing: &Standing) -> Result<u64, DiskError> {
    let paths = paths_of_person(standing)?;
    is_ours(paths)?;
    drop_records(standing, paths, &shippers(standing, paths)?)
}

/// Removes all telemetry data, and the folders that are empty then.
///
/// Each lock is held until what it protects is removed. Its holder removes its
/// file; a process that waits for it notices and creates a new one. What
/// refuses is noted in our own state, which goes last: whatever fails before,
/// nothing is turned on.
fn everything(standing: &Standing) -> Result<u64, DiskError> {
    let paths = paths_of_person(standing)?;
    is_ours(paths)?;
    answer::note_refusal(standing, paths)?;
    let shippers = shippers(standing, paths)?;
    let events = drop_records(standing, paths, &shippers)?;
    if let Some(marker) = standing.catalog().files.marker {
        private_file::remove(&paths.folder.join(marker))?;
    }
    if [&paths.settings, &paths.state, &paths.state_folder].into_iter().any(|path| !is_free(path)) {
        let held = lock::hold(&paths.lock())?;
        let done = undecide(standing, &paths.settings).and_then(|()| drop_state(paths, &shippers));
        held.remove();
        done?;
    }
    if let Some(usual) = &paths.usual {
        undecide_usual(standing, usual)?;
    }
    // Last, so that nothing was shipped meanwhile. What cannot be removed holds
    // nothing.
    for shipper in shippers {
        let _ = shipper.remove_lock();
    }
    drop_folders(paths);
    Ok(events)
}

/// Takes the ship lock of each queue that has anything on disk, after a running
/// shipper has ended.
fn shippers(standing: &Standing, paths: &Paths) -> Result<Vec<Shipper>, DiskError> {
    let mut shippers = Vec::new();
    for queue in [standing.shipped_queue(), standing.local_queue()].into_iter().flatten() {
        let shipper = queue.shipper_if_used(&paths.state_folder, limits::SHIPPER_WAIT);
        shippers.extend(shipper?);
    }
    Ok(shippers)
}

fn drop_records(
    standing: &Standing,
    paths: &Paths,
    shippers: &[Shipper],
) -> Result<u64, DiskError> {
    // One file that cannot be removed must not keep the others.
    let mut done = Ok(());
    let mut events = 0;
    // The id first: an event that is recorded meanwhile has another one, or is
    // deleted with the queue. A machine hash is not on disk, and without any of
    // these files there is no id.
    let files = [Some(&paths.state), Some(&paths.settings), paths.id.as_ref()];
    if files.into_iter().flatten().any(|path| !is_free(path)) {
        done = done.and(identity::forget(standing.catalog(), paths));
    }
    done = done.and(marks::begin_anew(paths));
    for shipper in shippers {
        match shipper.clear() {
            Ok(lines) => events += lines,
            Err(error) => done = done.and(Err(error.into())),
        }
    }
    done.and(kept::sweep(paths, Sweep::Clear))?;
    Ok(events)
}

/// Removes the rest of our own state, except the locks that are held until the
/// end.
fn drop_state(paths: &Paths, shippers: &[Shipper]) -> Result<(), DiskError> {
    let sending = paths.sending();
    if !is_free(&sending) {
        let none_under_way = ship::wait_for_all(paths)?;
        private_file::remove(&sending)?;
        drop(none_under_way);
    }
    kept::sweep(paths, Sweep::Everything)?;
    for path in kept::locks(paths)? {
        let is_ours =
            path == paths.lock() || shippers.iter().any(|shipper| shipper.lock_path() == path);
        if !is_ours && path != sending {
            // The lock of a queue that this version does not know.
            lock::hold(&path)?.remove();
        }
    }
    // A project can have links in a folder to which it moves a product: what is
    // not a state is not emptied.
    let state = State::read(&paths.state);
    if link::is_shared(&paths.state) && matches!(state.layout, Layout::Unusable(_)) {
        return Ok(());
    }
    // Behind a link, an empty file would be one that cannot be used.
    link::retire(&paths.state, &State::default().text())
}

/// Removes the folders that are empty. A folder with other files in it stays.
fn drop_folders(paths: &Paths) {
    let _ = fs::remove_dir(&paths.state_folder);
    let mut folder = paths.queue.parent();
    while let Some(below) = folder.filter(|folder| folder.starts_with(&paths.folder)) {
        match fs::remove_dir(below) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => break,
            _ => {}
        }
        folder = below.parent();
    }
}

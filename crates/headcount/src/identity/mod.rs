//! The device's id: created at consent and never before, kept where the catalog
//! says, and renewed every month if the catalog says so.

mod machine;
#[cfg(test)]
mod meanwhile;

use std::path::Path;

use headcount_catalog::{Catalog, Day, IdPlace, Rotation, Scheme, Settings};

use crate::disk::error::{Cause, DiskError};
use crate::disk::kept::{self as files, Sweep};
use crate::disk::lock::{self, HeldForCreation, Patience, Terms};
use crate::disk::private_file::{self, Expected};
use crate::disk::settings::{self, Found, Scalar, SettingsError};
use crate::disk::state::{Layout, Refused, State};
use crate::disk::{link, new_id, pace, tally};
use crate::{Paths, Permit, Surroundings, random};

/// An id on disk, and the month it belongs to if it rotates.
#[derive(Clone, PartialEq, Eq)]
struct Kept {
    id: String,
    month: Option<Day>,
}

/// The files of an id: their paths, and our own state as it was read.
#[derive(Clone, Copy)]
pub(crate) struct Files<'a> {
    pub(crate) paths: &'a Paths,
    pub(crate) state: &'a State,
}

/// Returns the device's id for now, and creates or renews it if needed.
///
/// `None` if the catalog has no identity.
///
/// # Errors
///
/// Returns an error if the id cannot be read or saved, or if telemetry was
/// turned off before it could be created. Then nothing may be recorded: an id
/// that cannot be saved would count one person many times.
pub(crate) fn device(
    catalog: &Catalog,
    _permit: &Permit,
    files: &Files<'_>,
    surroundings: &Surroundings,
    terms: Terms<'_>,
) -> Result<Option<String>, DiskError> {
    let Files { paths, state } = *files;
    match catalog.identity.scheme {
        Scheme::None => Ok(None),
        Scheme::MachineHash => machine_hash(surroundings).map(Some),
        Scheme::Random => {
            let today = surroundings.now().day();
            // If the state is older than the id, `mint` looks again under the
            // lock.
            if let Some(kept) = kept(catalog, paths, state)?
                && is_current(catalog, &kept, today)
            {
                return Ok(Some(kept.id));
            }
            mint(catalog, paths, today, terms).map(Some)
        }
    }
}

/// Returns the id as it is on disk, to be shown to a person. Creates nothing.
///
/// # Errors
///
/// Returns an error if the id cannot be read.
pub(crate) fn shown(
    catalog: &Catalog,
    paths: &Paths,
    surroundings: &Surroundings,
) -> Result<Option<String>, DiskError> {
    match catalog.identity.scheme {
        Scheme::None => Ok(None),
        Scheme::MachineHash => machine_hash(surroundings).map(Some),
        Scheme::Random => {
            let kept = kept(catalog, paths, &State::read(&paths.state))?;
            let today = surroundings.now().day();
            if let Some(kept) = kept.as_ref().filter(|kept| is_current(catalog, kept, today)) {
                return Ok(Some(kept.id.clone()));
            }
            // Hosts use it already, although the lock to save it was held.
            let coming = new_id::read(&paths.new_id(), today)?;
            Ok(coming.map(|secret| random::id(&secret)).or(kept.map(|kept| kept.id)))
        }
    }
}

/// Returns the id that a record carries now. Creates nothing: `None` also if
/// the id is that of an earlier month.
pub(crate) fn current(
    catalog: &Catalog,
    paths: &Paths,
    surroundings: &Surroundings,
) -> Option<String> {
    let today = surroundings.now().day();
    match catalog.identity.scheme {
        Scheme::None => None,
        Scheme::MachineHash => machine_hash(surroundings).ok(),
        Scheme::Random => kept(catalog, paths, &State::read(&paths.state))
            .ok()
            .flatten()
            .filter(|kept| is_current(catalog, kept, today))
            .map(|kept| kept.id),
    }
}

/// The day the id was created, if it is known from our state or from the id's
/// own file.
pub(crate) fn minted(catalog: &Catalog, paths: &Paths) -> Option<Day> {
    let file = || {
        let modified = std::fs::metadata(paths.id.as_ref()?).ok()?.modified().ok()?;
        Some(headcount_catalog::Time::from_system(modified).day())
    };
    match catalog.identity.scheme {
        Scheme::Random => State::read(&paths.state).minted.or_else(file),
        Scheme::MachineHash | Scheme::None => None,
    }
}

/// An id that was made on this machine.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Made {
    pub(crate) id: String,
    pub(crate) day: Day,
}

/// Returns the saved id and the day it was made; `None` if it is not saved yet,
/// cannot be read, or was not made here.
pub(crate) fn made(catalog: &Catalog, paths: &Paths) -> Option<Made> {
    if catalog.identity.scheme != Scheme::Random {
        return None;
    }
    let state = State::read(&paths.state).belonging_to(paths.product);
    let Kept { id, .. } = kept(catalog, paths, &state).ok()??;
    let day = state.minted.filter(|_| proves(&state, &id))?;
    Some(Made { id, day })
}

/// The secrets on this machine, each of which proves the right to erase what
/// was sent under the id that is its hash.
#[derive(Default)]
pub(crate) struct Secrets {
    /// That of the id that a person is shown. An id from before telemetry, or
    /// from a backup, has none.
    pub(crate) of_shown: Option<String>,
    /// Those of ids that were made here and are not in their place any more.
    pub(crate) of_others: Vec<String>,
}

/// Returns the secrets, where `shown` is the id that a person is shown.
///
/// # Errors
///
/// Returns an error if there may be one that cannot be read: whoever takes that
/// for none deletes the only proof.
pub(crate) fn secrets(
    catalog: &Catalog,
    paths: &Paths,
    surroundings: &Surroundings,
    shown: Option<&str>,
) -> Result<Secrets, DiskError> {
    let today = surroundings.now().day();
    let state = readable(paths)?;
    let is_of_this_time = |month: Option<Day>| {
        shown.is_none()
            || catalog.identity.rotation == Rotation::Never
            || month == Some(today.month_start())
    };
    // Nothing links the ids of two months, so no request may carry both.
    let saved = state.secret.filter(|secret| {
        let is_shown = shown.is_some_and(|shown| is_made_of(shown, secret));
        is_shown || is_of_this_time(state.month)
    });
    // An id can be in use already, and not saved yet.
    let coming = new_id::read(&paths.new_id(), today)?.map(|secret| random::hex(&secret));
    let mut secrets = Secrets::default();
    for secret in saved.into_iter().chain(coming) {
        if shown.is_some_and(|shown| is_made_of(shown, &secret)) {
            secrets.of_shown = Some(secret);
        } else if !secrets.of_others.contains(&secret) {
            secrets.of_others.push(secret);
        }
    }
    Ok(secrets)
}

/// Our own state, if this release can tell what is in it.
fn readable(paths: &Paths) -> Result<State, DiskError> {
    // Its error says most of what is wrong.
    private_file::read(&paths.state)?;
    let state = State::read(&paths.state).belonging_to(paths.product);
    state.is_writable(&paths.state)?;
    match state.layout {
        // Whatever that link leads to, it stays.
        Layout::Unusable(_) if link::is_shared(&paths.state) => Ok(State::default()),
        Layout::Unusable(problem) => Err(DiskError::new(&paths.state, Cause::Damaged(problem))),
        _ => Ok(state),
    }
}

/// Removes the id and its secret. Creates nothing if there is neither.
///
/// # Errors
///
/// Returns an error if the id cannot be removed.
pub(crate) fn forget(catalog: &Catalog, paths: &Paths) -> Result<(), DiskError> {
    // A file system without locks must not keep an id that is to go, and one
    // file that cannot be changed must not keep the others.
    let held = lock::hold(&paths.lock());
    let done = [
        forget_id(catalog, paths),
        private_file::retried(|_| forget_secret(paths)),
        new_id::remove(&paths.new_id()),
        pace::forget_all(paths),
    ];
    if let Ok(held) = held {
        held.remove();
    }
    done.into_iter().collect()
}

/// Removes the id from the place where the product keeps it.
fn forget_id(catalog: &Catalog, paths: &Paths) -> Result<(), DiskError> {
    match catalog.identity.place {
        IdPlace::File(_) => match paths.id.as_ref().filter(|path| is_id_file(path)) {
            Some(path) => link::wipe(path),
            None => Ok(()),
        },
        IdPlace::Settings { .. } if link::leads_nowhere(&paths.settings) => Ok(()),
        IdPlace::Settings { id, rotated } => private_file::retried(|_| {
            let Some(text) = private_file::read(&paths.settings)? else { return Ok(()) };
            let after = without_id(&catalog.files.settings, &text, id, rotated)
                .map_err(|error| unreadable(&paths.settings, &error))?;
            if after == text {
                return Ok(());
            }
            link::rewrite_over(&paths.settings, Expected::Text(&text), &after)
        }),
        IdPlace::Nowhere => Ok(()),
    }
}

/// Removes the secret and what else our own state knows of the id.
fn forget_secret(paths: &Paths) -> Result<(), DiskError> {
    let state = State::read(&paths.state).belonging_to(paths.product);
    let refused = match state.layout {
        Layout::Missing => return Ok(()),
        // As with the file of the id.
        Layout::Unusable(_) if link::is_shared(&paths.state) => return Ok(()),
        // It may have held a no, and a secret.
        Layout::Unusable(_) => Some(Refused::Off),
        Layout::Known | Layout::Newer | Layout::OfOther(_) | Layout::Unread(_) => state.refused,
    };
    state.is_writable(&paths.state)?;
    let state = State { secret: None, month: None, minted: None, refused, ..state };
    link::rewrite_over(&paths.state, state.expected(), &state.text())
}

/// Whether the file of the id may be emptied. Whatever else a link leads to may
/// be somebody's: a project can move the folder, and can have links in it.
fn is_id_file(path: &Path) -> bool {
    !link::is_shared(path)
        || private_file::read(path)
            .is_ok_and(|text| text.is_some_and(|text| is_reference(text.trim())))
}

/// Returns the settings text without the id. A file of telemetry alone keeps
/// the key with an empty value, as its document has it; a file shared with the
/// product loses the key.
fn without_id(
    written: &Settings,
    text: &str,
    id: &str,
    rotated: Option<&str>,
) -> Result<String, SettingsError> {
    if settings::get(written, text, id)? == Found::Absent {
        return Ok(text.to_owned());
    }
    if written.created.is_some() {
        return settings::set(written, text, id, &Scalar::Text(String::new()));
    }
    let text = settings::remove(written, text, id)?;
    match rotated {
        Some(rotated) => settings::remove(written, &text, rotated),
        None => Ok(text),
    }
}

/// Whether an id is still valid today.
fn is_current(catalog: &Catalog, kept: &Kept, today: Day) -> bool {
    catalog.identity.rotation == Rotation::Never
        || kept.month.is_some_and(|month| new_id::is_for(month, today))
}

/// Reads the id where the product keeps it. An empty id counts as none.
fn kept(catalog: &Catalog, paths: &Paths, state: &State) -> Result<Option<Kept>, DiskError> {
    let found = match catalog.identity.place {
        IdPlace::Nowhere => None,
        IdPlace::File(_) => {
            let Some(path) = &paths.id else { return Ok(None) };
            private_file::read(path)?.map(|text| {
                let id = text.trim().to_owned();
                Kept { month: month_in_state(state, &id), id }
            })
        }
        IdPlace::Settings { id, rotated } => {
            let Some(text) = private_file::read(&paths.settings)? else { return Ok(None) };
            let written = &catalog.files.settings;
            let word = |key| match settings::get(written, &text, key) {
                Ok(Found::Scalar(Scalar::Text(word))) => Ok(Some(word)),
                Ok(Found::Absent) => Ok(None),
                Ok(_) => {
                    let problem = Cause::Damaged(format!("`{key}` is not a string"));
                    Err(DiskError::new(&paths.settings, problem))
                }
                Err(error) => Err(unreadable(&paths.settings, &error)),
            };
            let Some(id) = word(id)? else { return Ok(None) };
            let month = match rotated {
                Some(key) => word(key)?
                    .and_then(|text| headcount_catalog::Time::parse(&text))
                    .map(|time| time.day().month_start()),
                None => month_in_state(state, &id),
            };
            Some(Kept { id, month })
        }
    };
    Ok(found.filter(|kept| is_reference(&kept.id)))
}

/// The month that our state has for an id, if it was written with this very id.
/// Between writing the two files, or after a crash there, an id of the old
/// month must not count for the new month.
fn month_in_state(state: &State, id: &str) -> Option<Day> {
    state.month.filter(|_| proves(state, id))
}

/// Whether our state has the secret of an id.
fn proves(state: &State, id: &str) -> bool {
    state.secret.as_deref().is_some_and(|secret| is_made_of(id, secret))
}

/// Whether an id is the hash of a secret.
fn is_made_of(id: &str, secret: &str) -> bool {
    random::from_hex(secret).is_some_and(|secret| random::id(&secret) == id)
}

/// Whether a record may carry it. Anything else in its place is not an id.
fn is_reference(id: &str) -> bool {
    let kind = headcount_catalog::Kind::Reference(headcount_catalog::Reference::Session);
    kind.token(id).is_ok()
}

/// Creates an id from a new secret, unless another process was faster. Where
/// the lock is held for too long, the id is used although it is saved later.
fn mint(
    catalog: &Catalog,
    paths: &Paths,
    today: Day,
    terms: Terms<'_>,
) -> Result<String, DiskError> {
    let held = match terms.hold(paths) {
        Err(error) if error.is_busy() && terms.patience == Patience::Host => None,
        held => Some(held?),
    };
    private_file::retried(|_| mint_once(catalog, paths, today, &terms, held.as_ref()))
}

/// The same, once the lock is held, or was held by others for too long.
fn mint_once(
    catalog: &Catalog,
    paths: &Paths,
    today: Day,
    terms: &Terms<'_>,
    held: Option<&HeldForCreation>,
) -> Result<String, DiskError> {
    State::read(&paths.state).belonging_to(paths.product).is_writable(&paths.state)?;
    let secret = new_id::take(&paths.new_id(), today)?;
    // Read after that: whoever saves an id removes the secret only then.
    let state = State::read(&paths.state).belonging_to(paths.product);
    // What cannot be read at this moment may have another id.
    state.is_writable(&paths.state)?;
    let before = kept(catalog, paths, &state)?;
    let old = before.as_ref().map(|kept| kept.id.clone());
    let saved = before.filter(|kept| is_current(catalog, kept, today));
    let id = match (saved, held) {
        (Some(saved), _) => saved.id,
        // A no goes on without the lock.
        (None, _) if !(terms.is_still_on)() => {
            new_id::remove(&paths.new_id())?;
            return Err(DiskError::new(&paths.lock(), Cause::TurnedOff));
        }
        (None, None) => {
            pace::forget_all(paths)?;
            return Ok(random::id(&secret));
        }
        (None, Some(_)) => {
            leave(catalog, paths, old.as_deref(), today)?;
            save(catalog, paths, today, state, &secret)?
        }
    };
    // If it stays, it is swept when the id goes.
    let _ = new_id::remove(&paths.new_id());
    Ok(id)
}

/// Saves the id of a secret. The caller holds the lock.
fn save(
    catalog: &Catalog,
    paths: &Paths,
    today: Day,
    state: State,
    secret: &[u8; 16],
) -> Result<String, DiskError> {
    pace::forget_all(paths)?;
    let id = random::id(secret);
    let month = today.month_start();
    // The secret first: without it, nobody could prove the right to erase the
    // id.
    let secret = Some(random::hex(secret));
    let month_kept = (catalog.identity.rotation == Rotation::Monthly).then_some(month);
    State { secret, month: month_kept, minted: Some(today), ..state }.write(&paths.state)?;
    match (catalog.identity.place, &paths.id) {
        (IdPlace::File(_), Some(path)) => private_file::write(path, &format!("{id}\n"))?,
        (IdPlace::Settings { id: key, rotated }, _) => {
            let written = &catalog.files.settings;
            let before = private_file::read(&paths.settings)?;
            let mut text = before.clone().unwrap_or_default();
            let start = month.start().format(headcount_catalog::Grain::Second);
            let keys = [(Some(key), id.clone()), (rotated, start)];
            for (key, word) in keys {
                let Some(key) = key else { continue };
                text = settings::set(written, &text, key, &Scalar::Text(word))
                    .map_err(|error| unreadable(&paths.settings, &error))?;
            }
            let expected = Expected::read(before.as_deref());
            private_file::write_over(&paths.settings, expected, &text)?;
        }
        (IdPlace::File(_) | IdPlace::Nowhere, _) => {}
    }
    Ok(id)
}

/// Removes the old id, and whatever belongs to it, from every file but the
/// unsent queue, before there is a new one.
fn leave(catalog: &Catalog, paths: &Paths, id: Option<&str>, today: Day) -> Result<(), DiskError> {
    files::sweep(paths, Sweep::Rotation)?;
    tally::release(catalog, paths, today)?;
    id.map_or(Ok(()), |id| files::sweep_id(paths, id))
}

fn unreadable(path: &Path, error: &SettingsError) -> DiskError {
    DiskError::new(path, Cause::Damaged(error.to_string()))
}

fn machine_hash(surroundings: &Surroundings) -> Result<String, DiskError> {
    machine::hash(surroundings).map_err(DiskError::no_place)
}

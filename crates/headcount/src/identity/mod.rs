//! What stands for the device: made at consent and not before, kept where the
//! product keeps it, renewed by the month where the catalog says so.

mod machine;

use std::path::Path;

use headcount_catalog::{Catalog, Day, IdPlace, Rotation, Scheme, Settings};

use crate::disk::error::{Cause, DiskError};
use crate::disk::settings::{self, Found, Scalar, SettingsError};
use crate::disk::state::State;
use crate::disk::{lock, private_file};
use crate::{Paths, Permit, Surroundings, random};

/// An id, and the month it belongs to where it rotates.
#[derive(Clone, PartialEq, Eq)]
struct Kept {
    id: String,
    month: Option<Day>,
}

/// Where an id may be kept, and our own state as it was read before.
#[derive(Clone, Copy)]
pub(crate) struct Files<'a> {
    pub(crate) paths: &'a Paths,
    pub(crate) state: &'a State,
}

/// The device's id for now; minted or renewed where need be.
///
/// `None` where the catalog has no identity.
///
/// # Errors
///
/// What keeps it from being read or kept: then nothing may be recorded, since
/// an id that cannot be kept would count one person many times.
pub(crate) fn device(
    catalog: &Catalog,
    _permit: &Permit,
    files: &Files<'_>,
    surroundings: &Surroundings,
) -> Result<Option<String>, DiskError> {
    let Files { paths, state } = *files;
    match catalog.identity.scheme {
        Scheme::None => Ok(None),
        Scheme::MachineHash => machine_hash(surroundings).map(Some),
        Scheme::Random => {
            let today = surroundings.now().day();
            // A state that is no longer that of the id only leads to a second look, under the lock.
            if let Some(kept) = kept(catalog, paths, state)?
                && current(catalog, &kept, today)
            {
                return Ok(Some(kept.id));
            }
            mint(catalog, paths, today).map(Some)
        }
    }
}

/// The id as it is kept, for a person to see; nothing is made.
///
/// # Errors
///
/// What keeps it from being read.
pub(crate) fn shown(
    catalog: &Catalog,
    paths: &Paths,
    surroundings: &Surroundings,
) -> Result<Option<String>, DiskError> {
    match catalog.identity.scheme {
        Scheme::None => Ok(None),
        Scheme::MachineHash => machine_hash(surroundings).map(Some),
        Scheme::Random => Ok(kept(catalog, paths, &State::read(&paths.state))?.map(|kept| kept.id)),
    }
}

/// The day the id was made, where that is known: our state says so, or the
/// file the id has to itself.
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

/// Whether the secret of the id is here, which proves the right to erase. An id
/// that the product had before, or that was brought back, has none.
pub(crate) fn is_provable(catalog: &Catalog, paths: &Paths) -> bool {
    let state = State::read(&paths.state);
    let kept = kept(catalog, paths, &state);
    kept.is_ok_and(|kept| kept.is_some_and(|kept| proves(&state, &kept.id)))
}

/// Removes the id and its secret. Where there is neither, nothing is made.
///
/// # Errors
///
/// What keeps it from being removed.
pub(crate) fn forget(catalog: &Catalog, paths: &Paths) -> Result<(), DiskError> {
    let held = lock::hold(&paths.lock())?;
    match catalog.identity.place {
        IdPlace::File(_) => {
            if let Some(path) = &paths.id {
                private_file::remove(path)?;
            }
        }
        IdPlace::Settings { id, rotated } => {
            if let Some(text) = private_file::read(&paths.settings)? {
                let after = without_id(&catalog.files.settings, &text, id, rotated)
                    .map_err(|error| unreadable(&paths.settings, &error))?;
                if after != text {
                    private_file::write(&paths.settings, &after)?;
                }
            }
        }
        IdPlace::Nowhere => {}
    }
    if paths.state.try_exists().map_err(|error| DiskError::new(&paths.state, error))? {
        let state = State::read(&paths.state);
        State { secret: None, month: None, minted: None, ..state }.write(&paths.state)
    } else {
        held.remove();
        Ok(())
    }
}

/// A settings file without the id. One that is the telemetry's own keeps the
/// key, empty, as its document has it; a file shared with the product loses it.
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

/// Whether an id still holds today.
fn current(catalog: &Catalog, kept: &Kept, today: Day) -> bool {
    catalog.identity.rotation == Rotation::Never || kept.month == Some(today.month_start())
}

/// The id where the product keeps it. An empty one is none.
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
                    let problem = Cause::Damaged(format!("`{key}` is not text"));
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

/// The month that our state has for an id: only for the very one it was written
/// with. Between the two files being written, or after a crash there, an id of
/// the old month must not pass for one of the new.
fn month_in_state(state: &State, id: &str) -> Option<Day> {
    state.month.filter(|_| proves(state, id))
}

/// Whether the secret is the one that the id is a hash of.
fn proves(state: &State, id: &str) -> bool {
    let secret = state.secret.as_deref().and_then(random::from_hex);
    secret.is_some_and(|secret| random::id(&secret) == id)
}

/// Whether a line may carry it: anything else in the id's place is no id.
fn is_reference(id: &str) -> bool {
    let kind = headcount_catalog::Kind::Reference(headcount_catalog::Reference::Session);
    kind.token(id).is_ok()
}

/// Mints an id from a fresh secret, unless another process was faster.
fn mint(catalog: &Catalog, paths: &Paths, today: Day) -> Result<String, DiskError> {
    let _held = lock::hold(&paths.lock())?;
    let state = State::read(&paths.state);
    if let Some(kept) = kept(catalog, paths, &state)?
        && current(catalog, &kept, today)
    {
        return Ok(kept.id);
    }
    let secret = random::secret().map_err(|error| DiskError::new(&paths.state, error))?;
    let id = random::id(&secret);
    let month = today.month_start();
    // The secret first: an id without its secret could never be erased by proof.
    let secret = Some(random::hex(&secret));
    let month_kept = (catalog.identity.rotation == Rotation::Monthly).then_some(month);
    State { secret, month: month_kept, minted: Some(today), ..state }.write(&paths.state)?;
    match (catalog.identity.place, &paths.id) {
        (IdPlace::File(_), Some(path)) => private_file::write(path, &format!("{id}\n"))?,
        (IdPlace::Settings { id: key, rotated }, _) => {
            let written = &catalog.files.settings;
            let mut text = private_file::read(&paths.settings)?.unwrap_or_default();
            let start = month.start().format(headcount_catalog::Grain::Second);
            let keys = [(Some(key), id.clone()), (rotated, start)];
            for (key, word) in keys {
                let Some(key) = key else { continue };
                text = settings::set(written, &text, key, &Scalar::Text(word))
                    .map_err(|error| unreadable(&paths.settings, &error))?;
            }
            private_file::write(&paths.settings, &text)?;
        }
        (IdPlace::File(_) | IdPlace::Nowhere, _) => {}
    }
    Ok(id)
}

fn unreadable(path: &Path, error: &SettingsError) -> DiskError {
    DiskError::new(path, Cause::Damaged(error.to_string()))
}

fn machine_hash(surroundings: &Surroundings) -> Result<String, DiskError> {
    machine::hash(surroundings).map_err(DiskError::no_place)
}

//! Writes the person's answer where it counts: into the product's settings
//! file, and as a note into our own state in the usual place. Only that value
//! changes in the settings. A yes is written everywhere or nowhere; a no by
//! every means there is.

use headcount_catalog::{Catalog, Grain, IdPlace, NameSet, Settings};

use crate::Paths;
use crate::consent::{self, Opinion, Says, Why};
use crate::disk::before::{self, Before, Own, Since};
use crate::disk::error::{Cause, DiskError};
use crate::disk::lock::{self, Held};
use crate::disk::ownership::Writers;
use crate::disk::paths::Place;
use crate::disk::private_file::{self, Expected, Turn};
use crate::disk::refusal;
use crate::disk::settings::{self, Scalar, SettingsError};
use crate::disk::state::{Layout, Refused, State};
use crate::standing::Standing;

/// The person's answer.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Answer {
    Yes,
    No,
}

/// A yes that was written, and what was in the files before.
pub(super) struct Saved<'a> {
    catalog: &'static Catalog,
    paths: &'a Paths,
    before: Vec<Before>,
}

/// Writes a yes.
///
/// # Errors
///
/// Returns an error that names the file. All files are then as they were.
pub(super) fn grant<'a>(standing: &Standing, paths: &'a Paths) -> Result<Saved<'a>, DiskError> {
    let held = hold(paths)?;
    before::sweep(&paths.state_folder);
    let mut saved = Saved { catalog: standing.catalog(), paths, before: Vec::new() };
    let done = write_yes(standing, paths, &mut saved.before);
    leave(paths, held);
    match done {
        Ok(()) => Ok(saved),
        Err(error) => {
            saved.undo();
            Err(error)
        }
    }
}

impl Saved<'_> {
    /// Restores the files. Errors are dropped: the caller already reports why
    /// it undoes the answer.
    pub(super) fn undo(self) {
        let held = hold(self.paths);
        let says = consent::answered(self.catalog, self.paths).opinion.map(|opinion| opinion.says);
        let since = match says {
            Some(Says::Refuse | Says::Local) => Since::Refused,
            Some(Says::Grant) | None => Since::Nothing,
        };
        self.before.into_iter().rev().for_each(|before| before.put_back(since));
        if let Ok(held) = held {
            leave(self.paths, held);
        }
    }

    /// The yes is complete: what was before is not needed any more.
    pub(super) fn keep(self) {
        self.before.into_iter().for_each(Before::forget);
        if !self.paths.state.exists() {
            let _ = std::fs::remove_dir(&self.paths.state_folder);
        }
    }
}

/// The locks of both places. The usual one first, in every process.
pub(super) fn hold(paths: &Paths) -> Result<Vec<Held>, DiskError> {
    let locks = paths.usual.iter().map(Place::lock).chain([paths.lock()]);
    lock::hold_all(locks)
}

/// Releases the locks, and removes their files: then the answer is the only
/// thing on disk, unless a folder has other files of ours.
pub(super) fn leave(paths: &Paths, held: Vec<Held>) {
    for held in held {
        held.remove();
    }
    if !paths.state.exists() {
        let _ = std::fs::remove_dir(&paths.state_folder);
    }
}

fn write_yes(
    standing: &Standing,
    paths: &Paths,
    before: &mut Vec<Before>,
) -> Result<(), DiskError> {
    let usual = paths.usual();
    let mut state = State::read(&usual.state).belonging_to(usual.product);
    state.is_writable(&usual.state)?;
    let (written, id_place) =
        (standing.catalog().files.settings, standing.catalog().identity.place);
    let settings = [Some(&paths.settings), paths.usual.as_ref().map(|usual| &usual.settings)];
    for (number, path) in settings.into_iter().flatten().enumerate() {
        let read = private_file::read_with_writers(path)?;
        let is_here = number == 0;
        // In the other place only a no is changed.
        if !is_here && read.is_none() {
            continue;
        }
        let text = read.as_ref().map(|(text, _)| text.as_str());
        let edited = edited(standing, text, Answer::Yes)
            .map_err(|error| DiskError::new(path, Cause::Unchanged(error.to_string())))?;
        let is_said = text == Some(edited.as_str());
        let is_own = read.as_ref().is_none_or(|(_, writers)| *writers == Writers::Owner);
        if !is_said || !is_own {
            let own = Own::Settings(written, id_place);
            let kept = Before::of(path, text.map(str::to_owned), &edited, &paths.state_folder, own);
            let expected = Expected::read(text);
            write_kept(before, kept, || private_file::write_over(path, expected, &edited))?;
        }
    }
    let noted = state.clone();
    state.refused = None;
    if paths.usual.is_some() {
        state.granted.insert(paths.here().name());
    }
    if matches!(state.layout, Layout::Unusable(_)) {
        state.layout = Layout::Known;
    }
    if state != noted {
        write_state(paths, &usual, noted, &state, before)?;
    }
    let noted = State::read(&paths.state).belonging_to(paths.product);
    if matches!(noted.layout, Layout::Unread(_)) {
        // It may hold a no.
        noted.is_writable(&paths.state)?;
    }
    let here = State { refused: None, ..noted.clone() };
    if noted.refused.is_some() {
        write_state(paths, &paths.here(), noted, &here, before)?;
    }
    Ok(())
}

fn write_state(
    paths: &Paths,
    place: &Place,
    noted: State,
    state: &State,
    before: &mut Vec<Before>,
) -> Result<(), DiskError> {
    let text = match private_file::read(&place.state) {
        Err(error) if error.is_damaged() => None,
        // What was there has to be known, or it would be lost.
        read => read?,
    };
    let own = Own::State(Box::new(noted), paths.here().name());
    let kept = Before::of(&place.state, text, &state.text(), &paths.state_folder, own);
    write_kept(before, kept, || state.write(&place.state))
}

/// Writes a file of which this is kept. Whatever becomes of it, it is undone
/// with the others.
fn write_kept(
    before: &mut Vec<Before>,
    mut kept: Before,
    write: impl FnOnce() -> Result<(), DiskError>,
) -> Result<(), DiskError> {
    let done = write();
    if done.is_ok() {
        kept.is_written();
    }
    before.push(kept);
    done
}

/// Writes a no, and says what was in the way although it is kept.
///
/// # Errors
///
/// Returns an error if nothing that was written refuses. Then nothing is kept.
pub(super) fn refuse(
    standing: &Standing,
    paths: &Paths,
    refused: Refused,
) -> Result<Option<DiskError>, DiskError> {
    // A file system without locks must not lose a no.
    let held = hold(paths);
    let (mut problems, mut is_written) = (Vec::new(), false);
    let places: Vec<Place> =
        [Some(paths.here()), paths.usual.clone()].into_iter().flatten().collect();
    for (number, place) in places.iter().enumerate() {
        let written = private_file::retried(|turn| write_no(standing, place, number == 0, turn));
        is_written |= written.is_ok() && number == 0;
        problems.extend(written.err());
    }
    let noted = note(&paths.usual(), refused, is_written);
    let is_noted = noted.is_ok();
    is_written |= is_noted;
    problems.extend(noted.err());
    if let Ok(held) = held {
        leave(paths, held);
    }
    let is_kept = match consent::answered(standing.catalog(), paths).opinion {
        // A file that cannot be read refuses only as long as that lasts.
        Some(Opinion { why: Why::File { .. }, .. }) if !is_written => false,
        Some(Opinion { says: Says::Refuse, .. }) => true,
        Some(Opinion { says: Says::Local, .. }) => refused == Refused::Local,
        Some(Opinion { says: Says::Grant, .. }) | None => false,
    };
    let first = problems.into_iter().next();
    match first {
        Some(error) if !is_kept || (refused == Refused::Local && !is_noted) => Err(error),
        problem => Ok(problem),
    }
}

/// Writes a no into the settings of a place. In the other place than this
/// environment's, only a yes is changed.
fn write_no(
    standing: &Standing,
    place: &Place,
    is_here: bool,
    turn: Turn,
) -> Result<(), DiskError> {
    let path = &place.settings;
    let before = private_file::read(path)?;
    if before.is_none() && !is_here {
        return Ok(());
    }
    let text = edited(standing, before.as_deref(), Answer::No)
        .map_err(|error| DiskError::new(path, Cause::Unchanged(error.to_string())))?;
    if before.as_deref() == Some(text.as_str()) {
        return Ok(());
    }
    let before = before.as_deref();
    refusal::write(path, turn.of_a_no(Expected::read(before)), before, &text)
}

/// Notes a no in our own state. What a newer release wrote is left as it is
/// otherwise. What cannot be read is written over only if the no is kept
/// nowhere else.
fn note(place: &Place, refused: Refused, is_written: bool) -> Result<(), DiskError> {
    private_file::retried(|turn| note_once(place, refused, is_written, turn))
}

fn note_once(
    place: &Place,
    refused: Refused,
    is_written: bool,
    turn: Turn,
) -> Result<(), DiskError> {
    let state = State::read(&place.state).belonging_to(place.product);
    // What another product keeps there refuses already.
    if state.refused == Some(refused) || matches!(state.layout, Layout::OfOther(_)) {
        return Ok(());
    }
    if matches!(state.layout, Layout::Unread(_)) && is_written {
        return state.is_writable(&place.state);
    }
    let state = State { refused: Some(refused), granted: NameSet::new(), ..state };
    let expected = turn.of_a_no(state.expected());
    refusal::write(&place.state, expected, state.was(), &state.text())
}

/// Notes what is refused now, if it is, so that it is refused until the note is
/// removed, whatever becomes of the settings.
///
/// # Errors
///
/// Returns an error if the note cannot be written.
pub(super) fn note_refusal(standing: &Standing, paths: &Paths) -> Result<(), DiskError> {
    let opinion = consent::answered(standing.catalog(), paths).opinion;
    let refused = match opinion.map(|opinion| opinion.says) {
        Some(Says::Refuse) => Refused::Off,
        Some(Says::Local) => Refused::Local,
        Some(Says::Grant) | None => return Ok(()),
    };
    note(&paths.usual(), refused, false)
}

/// Returns the settings text with the answer in it.
fn edited(
    standing: &Standing,
    before: Option<&str>,
    answer: Answer,
) -> Result<String, SettingsError> {
    let written: &Settings = &standing.catalog().files.settings;
    let set = |text: &str, key, value| settings::set(written, text, key, &value);
    let flag = Scalar::Flag(answer == Answer::Yes);
    let mut text = set(before.unwrap_or_default(), written.enabled, flag.clone())?;
    // A no changes the switch only: the key that says that the person was asked
    // stays.
    if let Some(given) = written.given
        && (answer == Answer::Yes || before.is_none())
    {
        text = set(&text, given, flag)?;
    }
    // A new file that belongs to telemetry alone has every key of the catalog's
    // document, in its order.
    if let Some(created) = written.created
        && before.is_none()
    {
        let now = standing.surroundings().now();
        let place = standing.catalog().identity.place;
        if let IdPlace::Settings { id, .. } = place {
            text = set(&text, id, Scalar::Text(String::new()))?;
        }
        text = set(&text, created, Scalar::Text(now.format(Grain::Second)))?;
        if let IdPlace::Settings { rotated: Some(rotated), .. } = place {
            let month = now.day().month_start().start();
            text = set(&text, rotated, Scalar::Text(month.format(Grain::Second)))?;
        }
    }
    Ok(text)
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;
    use std::fs;

    use headcount_catalog::Time;
    use headcount_testkit::Home;

    use super::*;
    use crate::{Host, Session, Surroundings, Telemetry};

    fn open(home: &Home) -> Session {
        let text = include_str!("../../../../examples/assembly/telemetry.toml");
        let catalog =
            headcount_catalog::parse(text).unwrap_or_else(|mistakes| panic!("{mistakes}"));
        let now = Time::parse("2026-11-30T12:00:00Z").expect("a time");
        let surroundings = Surroundings::given(home.path(), HashMap::new(), now);
        Telemetry::new(Box::leak(Box::new(catalog)), Host::new("1.2.3"), surroundings).open()
    }

    /// Another process takes the lock between the yes and its agreement, and
    /// the product saves its settings.
    #[test]
    fn a_yes_that_fails_takes_nothing_of_the_product_with_it() {
        for before in [Some("api_key = \"old\"\n"), None] {
            let home = Home::new();
            let session = open(&home);
            let standing = session.opened();
            let paths = standing.paths().expect("a home");
            if let Some(text) = before {
                private_file::write(&paths.settings, text).unwrap();
            }
            let read = || fs::read_to_string(&paths.settings).unwrap();
            let saved = grant(standing, paths).unwrap();
            let yes = read();
            assert!(yes.contains("telemetry_enabled = true"), "{yes}");
            let after = yes.replace("api_key = \"old\"\n", "") + "api_key = \"new\"\n";
            fs::write(&paths.settings, after).unwrap();
            saved.undo();
            assert_eq!(read(), "api_key = \"new\"\n", "{before:?}");
            assert!(!paths.state.exists() && !paths.state_folder.exists());
        }
    }

    /// It has a secret and what was refused in it.
    #[cfg(unix)]
    #[test]
    fn a_state_that_cannot_be_read_just_now_is_not_taken_for_none() {
        let home = Home::new();
        let session = open(&home);
        let paths = session.opened().paths().expect("a home");
        // No file can be below a file.
        let below = home.write("file", "").join("telemetry-state.json");
        let place = Place { state: below, ..paths.here() };
        let mut before = Vec::new();
        let state = State { layout: Layout::Known, ..State::default() };
        let error = write_state(paths, &place, State::default(), &state, &mut before);
        assert!(!error.expect_err("a state that cannot be read").is_damaged());
        assert!(before.is_empty(), "it would be removed by an undo");
    }
}

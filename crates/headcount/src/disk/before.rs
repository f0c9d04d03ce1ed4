//! What was in a file before a yes is written into it. It stays on the disk
//! under another name until the yes is complete, so that it can be put back
//! where there is no space for a new file.
//!
//! The whole file is put back only if nobody but the yes has written to it
//! since. Otherwise our own values in it become what they were, and the rest
//! stays: the product saves its settings whenever it wants, and other processes
//! write to our state.

use std::ffi::{OsStr, OsString};
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::SystemTime;

use headcount_catalog::{IdPlace, Settings};

use super::private_file::{self, Expected};
use super::settings::{self, Found, Scalar, SettingsError};
use super::state::{Layout, Refused, State};
use super::{in_use, refusal};
use crate::random;

/// A file as it was.
#[derive(Debug)]
pub(crate) struct Before {
    path: PathBuf,
    was: Was,
    /// What the yes writes instead.
    written: String,
    /// When that was, and how long the file was then.
    seen: Option<(SystemTime, u64)>,
    own: Own,
    /// The other name, in our own folder. `None` without randomness.
    name: Option<Name>,
}

/// What was there.
#[derive(Debug, PartialEq, Eq)]
enum Was {
    Missing,
    Text(String),
    /// A file that is damaged.
    Unreadable,
}

/// What of a file is ours to put back.
#[derive(Debug)]
pub(crate) enum Own {
    /// The answer and the id in the product's settings.
    Settings(Settings, IdPlace),
    /// Our own state as it was, and the name of this place.
    State(Box<State>, String),
}

/// What has been said since the yes was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Since {
    /// No more: what else was written is the yes's own id and agreement.
    Nothing,
    /// Something refuses now.
    Refused,
}

/// What becomes of a file if the yes is undone.
#[derive(Debug, PartialEq, Eq)]
enum Undone {
    Stays,
    /// All of it is what it was.
    Whole,
    /// It gets this text.
    Text(String),
}

impl Before {
    /// Keeps a file with this text until it is put back or forgotten. Without a
    /// text it notes that there is none, or that it is damaged. `written` is
    /// what the yes writes instead.
    pub(crate) fn of(
        path: &Path,
        text: Option<String>,
        written: &str,
        state_folder: &Path,
        own: Own,
    ) -> Self {
        let was = match text {
            Some(text) => Was::Text(text),
            None if private_file::is_free(path) => Was::Missing,
            None => Was::Unreadable,
        };
        let name = Name::in_folder(state_folder);
        if let Some(name) = name.as_ref().filter(|_| was != Was::Missing) {
            // Not every file system has such names; then the text is written.
            let _ = fs::hard_link(target(path), &name.0);
        }
        let (path, written) = (path.to_path_buf(), written.to_owned());
        Self { path, was, written, seen: None, own, name }
    }

    /// Notes that the yes has just written the file.
    pub(crate) fn is_written(&mut self) {
        self.seen = stamp(&self.path);
    }

    /// Undoes the yes in the file, under the lock of changes. What somebody has
    /// written since stays, and so does a no. Errors are dropped: the caller
    /// already reports why.
    pub(crate) fn put_back(self, since: Since) {
        match self.undone(since) {
            Undone::Stays => {}
            Undone::Whole => self.put_back_whole(),
            Undone::Text(text) => self.rewrite(&text),
        }
        // Two names of one file stay both.
        self.forget();
    }

    fn undone(&self, since: Since) -> Undone {
        let now = match private_file::read(&self.path) {
            Ok(Some(now)) => now,
            Ok(None) => return Undone::Stays,
            // It may have more in it than the yes by now, or not.
            Err(_) if self.seen.is_some() && self.seen == stamp(&self.path) => {
                return Undone::Whole;
            }
            Err(_) => return Undone::Stays,
        };
        if now == self.written {
            return Undone::Whole;
        }
        if since == Since::Refused || self.was == Was::Text(now.clone()) {
            return Undone::Stays;
        }
        match &self.own {
            // A text that nobody can edit refuses.
            Own::Settings(written, place) => {
                self.settings_undone(written, *place, &now).unwrap_or(Undone::Stays)
            }
            Own::State(before, here) => state_undone(before, here, State::read(&self.path)),
        }
    }

    fn settings_undone(
        &self,
        written: &Settings,
        place: IdPlace,
        now: &str,
    ) -> Result<Undone, SettingsError> {
        let (id, rotated) = match place {
            IdPlace::Settings { id, rotated } => (Some(id), rotated),
            IdPlace::File(_) | IdPlace::Nowhere => (None, None),
        };
        let answer = [Some(written.enabled), written.given];
        for key in answer.into_iter().flatten() {
            // Somebody else has answered since.
            if settings::get(written, now, key)? != settings::get(written, &self.written, key)? {
                return Ok(Undone::Stays);
            }
        }
        // The yes saves the id later, in the same file.
        let without_id = |text: &str| {
            let keys = [id, rotated].into_iter().flatten();
            keys.into_iter().try_fold(text.to_owned(), |text, key| {
                settings::set(written, &text, key, &Scalar::Text(String::new()))
            })
        };
        if without_id(now)? == without_id(&self.written)? {
            return Ok(Undone::Whole);
        }
        let before = match &self.was {
            Was::Text(text) => text,
            Was::Missing | Was::Unreadable => "",
        };
        let keys = answer.into_iter().chain([written.created, id, rotated]);
        let text = keys.flatten().try_fold(now.to_owned(), |text, key| {
            match settings::get(written, before, key)? {
                Found::Scalar(value) => settings::set(written, &text, key, &value),
                Found::Absent if settings::get(written, &text, key)? != Found::Absent => {
                    settings::remove(written, &text, key)
                }
                Found::Absent | Found::Other => Ok(text),
            }
        })?;
        Ok(Undone::Text(text))
    }

    fn put_back_whole(&self) {
        let is_renamed = |from: Option<&Path>, to: Option<&Path>| match (from, to) {
            (Some(from), Some(to)) => in_use::rename(from, to).is_ok(),
            _ => false,
        };
        let name = self.name.as_ref().map(|name| name.0.as_path());
        if self.was == Was::Missing {
            if private_file::remove(&self.path).is_err() {
                is_renamed(Some(&self.path), name);
            }
            return;
        }
        if is_renamed(name, Some(&target(&self.path))) {
            return;
        }
        match (&self.was, &self.own) {
            (Was::Text(text), _) => self.rewrite(text),
            // What was damaged may have held a no.
            (_, Own::State(before, _)) => {
                let (layout, refused) = (Layout::Known, Some(Refused::Off));
                let state = State { layout, refused, ..State::clone(before) };
                self.rewrite(&state.text());
            }
            (_, Own::Settings(..)) => {}
        }
    }

    fn rewrite(&self, text: &str) {
        let now = private_file::read(&self.path).ok().flatten();
        let _ = refusal::write(&self.path, Expected::Anything, now.as_deref(), text);
    }

    /// Removes the other name.
    pub(crate) fn forget(self) {
        if let Some(name) = &self.name {
            let _ = in_use::remove(&name.0);
        }
    }
}

/// Our own state without the yes, its agreement and its id.
fn state_undone(before: &State, here: &str, now: State) -> Undone {
    if now.layout != Layout::Known || now.refused.is_some() {
        return Undone::Stays;
    }
    let mut granted = now.granted.clone();
    if !before.granted.contains(here) {
        granted.remove(here);
    }
    let after = State {
        refused: before.refused,
        granted,
        secret: before.secret.clone(),
        month: before.month,
        minted: before.minted,
        within: before.within.clone(),
        // What was marked since was counted.
        counted: before.counted.as_ref().and(now.counted.clone()),
        ..now
    };
    let State { layout, read, product, .. } = before.clone();
    if (State { layout, read, product, ..after.clone() }) == *before {
        return Undone::Whole;
    }
    // What was damaged may have held a no.
    let was_unusable = matches!(before.layout, Layout::Unusable(_));
    let refused = if was_unusable { Some(Refused::Off) } else { before.refused };
    Undone::Text(State { refused, ..after }.text())
}

/// When a file was last written, and its length. Asking needs no open file.
fn stamp(path: &Path) -> Option<(SystemTime, u64)> {
    let metadata = fs::metadata(path).ok()?;
    Some((metadata.modified().ok()?, metadata.len()))
}

/// Removes what other processes have left. If one of them still needs it, that
/// one writes the text instead.
pub(crate) fn sweep(state_folder: &Path) {
    for entry in fs::read_dir(state_folder).into_iter().flatten().flatten() {
        let path = entry.path();
        if is_sure(&path) && !is_in_use(&path) {
            let _ = in_use::remove(&path);
        }
    }
}

/// What a link leads to.
fn target(path: &Path) -> PathBuf {
    fs::canonicalize(path).unwrap_or_else(|_| path.to_path_buf())
}

/// The start of the other name; 32 hexadecimal digits follow. Earlier releases
/// have two numbers there.
const NAME: &str = "before-";

/// The other names that this process has given. Its number would not tell: in
/// a container every process has the same one.
static IN_USE: Mutex<Vec<OsString>> = Mutex::new(Vec::new());

fn names_in_use() -> MutexGuard<'static, Vec<OsString>> {
    IN_USE.lock().unwrap_or_else(PoisonError::into_inner)
}

/// A name that is in use until this is dropped.
#[derive(Debug)]
struct Name(PathBuf);

impl Name {
    fn in_folder(state_folder: &Path) -> Option<Self> {
        let name = OsString::from(format!("{NAME}{}", random::random_hex().ok()?));
        let path = state_folder.join(&name);
        names_in_use().push(name);
        Some(Self(path))
    }
}

impl Drop for Name {
    fn drop(&mut self) {
        names_in_use().retain(|name| Some(name.as_os_str()) != self.0.file_name());
    }
}

/// Whether a file of our own folder has such a name.
pub(crate) fn is_kept(name: &str) -> bool {
    name.starts_with(NAME)
}

/// Whether it is a name that nobody else gives.
pub(crate) fn is_sure(path: &Path) -> bool {
    let name = path.file_name().and_then(OsStr::to_str).unwrap_or_default();
    let is_ours = |byte: u8| byte.is_ascii_hexdigit() || byte == b'-';
    name.strip_prefix(NAME).is_some_and(|rest| !rest.is_empty() && rest.bytes().all(is_ours))
}

/// Whether it is one of a yes that this process is writing.
pub(crate) fn is_in_use(path: &Path) -> bool {
    names_in_use().iter().any(|name| Some(name.as_os_str()) == path.file_name())
}

#[cfg(test)]
mod tests {
    use super::*;
    use headcount_catalog::SettingsFormat;
    use headcount_testkit::Home;

    const WRITTEN: Settings = Settings {
        file: "config.toml",
        format: SettingsFormat::Toml,
        enabled: "telemetry_enabled",
        given: None,
        created: None,
    };

    const PLACE: IdPlace = IdPlace::Settings { id: "device_id", rotated: None };

    /// A file in `tool` that a yes is written into.
    struct Scene {
        home: Home,
        path: PathBuf,
        folder: PathBuf,
    }

    impl Scene {
        fn of(before: Option<&str>) -> Self {
            let home = Home::new();
            let folder = home.path().join("tool");
            let path = folder.join("config.toml");
            fs::create_dir(&folder).unwrap();
            if let Some(text) = before {
                private_file::write(&path, text).unwrap();
            }
            Self { home, path, folder }
        }

        fn text(&self) -> Option<String> {
            private_file::read(&self.path).unwrap()
        }

        fn set(&self, key: &str, value: &Scalar) {
            let text = self.text().unwrap_or_default();
            private_file::write(&self.path, &settings::set(&WRITTEN, &text, key, value).unwrap())
                .unwrap();
        }

        fn text_of(&self, key: &str, value: &str) {
            self.set(key, &Scalar::Text(value.to_owned()));
        }

        /// Writes the yes.
        fn yes(&self) -> Before {
            let before = self.text();
            let text = before.as_deref().unwrap_or_default();
            let yes = settings::set(&WRITTEN, text, WRITTEN.enabled, &Scalar::Flag(true)).unwrap();
            let own = Own::Settings(WRITTEN, PLACE);
            let mut kept = Before::of(&self.path, before, &yes, &self.folder, own);
            private_file::write(&self.path, &yes).unwrap();
            kept.is_written();
            kept
        }

        fn files(&self) -> usize {
            fs::read_dir(&self.folder).unwrap().count()
        }
    }

    #[test]
    fn what_was_there_is_put_back_and_what_was_not_goes() {
        for before in [Some("telemetry_enabled = false\n"), Some("# mine\n"), Some(""), None] {
            for has_id in [false, true] {
                let scene = Scene::of(before);
                let kept = scene.yes();
                if has_id {
                    scene.text_of("device_id", "5e0f");
                }
                kept.put_back(Since::Nothing);
                assert_eq!(scene.text().as_deref(), before, "{has_id}");
                assert_eq!(scene.files(), usize::from(before.is_some()), "no other name is left");
            }
        }
    }

    /// The product may save its settings between the yes and its failure.
    #[test]
    fn what_the_product_has_saved_since_stays() {
        for (before, after) in [
            (Some("api_key = \"old\"\n"), "api_key = \"new\"\n"),
            (Some("telemetry_enabled = false\n"), "telemetry_enabled = false\napi_key = \"new\"\n"),
            (Some("device_id = \"1\"\n"), "device_id = \"1\"\napi_key = \"new\"\n"),
            (None, "api_key = \"new\"\n"),
        ] {
            for has_id in [false, true] {
                let scene = Scene::of(before);
                let kept = scene.yes();
                if has_id {
                    scene.text_of("device_id", "5e0f");
                }
                scene.text_of("api_key", "new");
                kept.put_back(Since::Nothing);
                assert_eq!(scene.text().as_deref(), Some(after), "{before:?} {has_id}");
                assert_eq!(scene.files(), 1, "no other name is left");
            }
        }
    }

    #[test]
    fn what_nobody_can_edit_any_more_stays() {
        for text in ["telemetry_enabled = \n", "\u{0}\u{0}"] {
            let scene = Scene::of(Some("api_key = 1\n"));
            let kept = scene.yes();
            private_file::write(&scene.path, text).unwrap();
            kept.put_back(Since::Nothing);
            assert_eq!(scene.text().as_deref(), Some(text));
        }
        let scene = Scene::of(Some("api_key = 1\n"));
        let kept = scene.yes();
        fs::write(&scene.path, [0xff, b'\n']).unwrap();
        kept.put_back(Since::Nothing);
        assert_eq!(fs::read(&scene.path).unwrap(), [0xff, b'\n']);
        // Nor does it come back if somebody has removed it.
        let scene = Scene::of(Some("api_key = 1\n"));
        let kept = scene.yes();
        fs::remove_file(&scene.path).unwrap();
        kept.put_back(Since::Nothing);
        assert_eq!((scene.text(), scene.files()), (None, 0));
    }

    #[test]
    fn a_file_that_was_not_changed_stays_and_a_yes_leaves_no_other_name() {
        let scene = Scene::of(Some("# mine\n"));
        let own = Own::Settings(WRITTEN, PLACE);
        Before::of(&scene.path, scene.text(), "yes", &scene.folder, own).put_back(Since::Nothing);
        assert_eq!(scene.text().as_deref(), Some("# mine\n"));
        scene.yes().forget();
        assert_eq!(scene.text().as_deref(), Some("# mine\ntelemetry_enabled = true\n"));
        assert_eq!(scene.files(), 1);
    }

    /// A no that came between the yes and its failure is not undone.
    #[test]
    fn a_no_that_was_said_since_stays() {
        for before in [Some("telemetry_enabled = true\n# once\n"), Some("# mine\n"), None] {
            for since in [Since::Refused, Since::Nothing] {
                let scene = Scene::of(before);
                let kept = scene.yes();
                scene.set(WRITTEN.enabled, &Scalar::Flag(false));
                let no = scene.text();
                // Where the yes was there already, the file was not written.
                let is_new = no != Some(kept.written.clone());
                kept.put_back(since);
                assert_eq!(scene.text(), no, "{before:?}");
                assert!(is_new && scene.files() == 1);
            }
        }
    }

    /// What other processes write to our state: what was told, a purpose.
    #[test]
    fn what_others_have_written_to_our_state_since_stays() {
        for (has_file, is_told) in [(true, true), (true, false), (false, true), (false, false)] {
            let scene = Scene::of(None);
            let path = scene.folder.join("state.json");
            let known = |state: State| State { layout: Layout::Known, ..state };
            if has_file {
                let refused = Some(Refused::Off);
                known(State { refused, ..State::default() }).write(&path).unwrap();
            }
            let before = State::read(&path).belonging_to("tool");
            let text = private_file::read(&path).unwrap();
            let mut yes = known(State { refused: None, ..before.clone() });
            yes.granted.insert("here".to_owned());
            let own = Own::State(Box::new(before.clone()), "here".to_owned());
            let mut kept = Before::of(&path, text.clone(), &yes.text(), &scene.folder, own);
            yes.write(&path).unwrap();
            kept.is_written();
            // The yes itself, and then somebody else.
            let read = || State::read(&path).read;
            let secret = Some("5e".to_owned());
            let agreed = State { within: vec![7], secret, read: read(), ..yes };
            agreed.write(&path).unwrap();
            if is_told {
                State { told: vec![9], read: read(), ..agreed }.write(&path).unwrap();
            }
            kept.put_back(Since::Nothing);
            if is_told {
                let now = State::read(&path);
                assert_eq!(now.refused, before.refused);
                assert_eq!((now.told, now.within, now.secret), (vec![9], Vec::new(), None));
                assert!(now.granted.iter().next().is_none());
            } else {
                assert_eq!(private_file::read(&path).unwrap(), text);
            }
        }
    }

    /// It may have held a no.
    #[test]
    fn a_state_that_was_damaged_is_damaged_again_or_refuses() {
        for has_other_name in [true, false] {
            let scene = Scene::of(None);
            let path = scene.folder.join("state.json");
            fs::write(&path, [0xff]).unwrap();
            let before = State::read(&path).belonging_to("tool");
            let yes = State { layout: Layout::Known, ..before.clone() };
            let own = Own::State(Box::new(before), "here".to_owned());
            let kept = Before::of(&path, None, &yes.text(), &scene.folder, own);
            if !has_other_name {
                sweep_all(&scene.folder);
            }
            yes.write(&path).unwrap();
            kept.put_back(Since::Nothing);
            let now = State::read(&path);
            if has_other_name {
                assert_eq!(fs::read(&path).unwrap(), [0xff]);
            } else {
                assert_eq!(now.refused, Some(Refused::Off));
            }
        }
    }

    /// As the next yes of another process does.
    fn sweep_all(folder: &Path) {
        for entry in fs::read_dir(folder).unwrap().flatten() {
            if is_sure(&entry.path()) {
                fs::remove_file(entry.path()).unwrap();
            }
        }
    }

    #[test]
    fn where_there_is_no_other_name_the_text_is_written() {
        let scene = Scene::of(Some("# mine\n"));
        let kept = scene.yes();
        sweep_all(&scene.folder);
        kept.put_back(Since::Nothing);
        assert_eq!(scene.text().as_deref(), Some("# mine\n"));
        assert_eq!(scene.files(), 1);
    }

    /// In a container every process has the same number.
    #[test]
    fn what_a_killed_yes_left_goes_with_the_next_one() {
        let scene = Scene::of(Some("now = 1\n"));
        let own = scene.yes();
        let old = format!("before-{}-0", std::process::id());
        let random = format!("before-{}", "0f".repeat(16));
        for name in [&old, &random, "beforehand", "before-and-after"] {
            scene.home.write(&format!("tool/{name}"), "old");
        }
        sweep(&scene.folder);
        let left = |name: &str| scene.folder.join(name).exists();
        assert!(!left(&old) && !left(&random) && left("beforehand") && left("before-and-after"));
        own.put_back(Since::Nothing);
        assert_eq!(scene.text().as_deref(), Some("now = 1\n"));
        // Its name was in use until then.
        assert_eq!(scene.files(), 3);
    }

    #[test]
    fn two_that_write_a_yes_at_once_do_not_take_each_others_names() {
        let scene = Scene::of(Some("now = 1\n"));
        let (one, two) = (scene.yes(), scene.yes());
        let names = [&one, &two].map(|kept| kept.name.as_ref().unwrap().0.clone());
        assert!(names[0] != names[1] && names.iter().all(|name| name.exists() && is_in_use(name)));
        drop((one, two));
        assert!(!names.iter().any(|name| is_in_use(name)));
    }
}

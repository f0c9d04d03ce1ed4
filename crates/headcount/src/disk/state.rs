//! Our own state beside the product's files, in `telemetry-state.json`.

use std::fmt;
use std::path::Path;

use headcount_catalog::{Catalog, Day, NameMap, NameSet};
use serde_json::{Map, Value as Json};

use super::error::{Cause, DiskError};
use super::marked_json;
use super::ownership::Writers;
use super::private_file::{self, Expected};
use crate::as_json::json;
use crate::limits;
use crate::marked_periods::MarkedPeriods;

/// The number of this file's layout.
const FORMAT: u64 = 1;

/// The key of the refused purposes. Releases that do not know it keep it.
const REFUSED_PURPOSES: &str = "refusedPurposes";

/// The content of the file.
#[derive(Clone, Default, PartialEq, Eq)]
pub(crate) struct State {
    /// Whether the file could be read.
    pub(crate) layout: Layout,
    /// What the file held then.
    pub(crate) read: Read,
    /// The product whose state it is, by its name in the catalog; `None` in a
    /// state of releases that did not write it.
    pub(crate) product: Option<String>,
    /// What the person refused by a command.
    pub(crate) refused: Option<Refused>,
    /// The purposes that the person refused by a command, each with the names
    /// of the events that it had then: an event stays refused where a release
    /// gives it another purpose, or none.
    pub(crate) refused_purposes: NameMap<NameSet>,
    /// The settings files outside the usual place in which the person said yes
    /// by a command, each as [`super::paths::Place::name`] has it.
    pub(crate) granted: NameSet,
    /// The secret whose hash is the id. It can prove the right to erase.
    pub(crate) secret: Option<String>,
    /// The first day of the month the id belongs to, where it rotates and the
    /// product keeps no time of its own.
    pub(crate) month: Option<Day>,
    /// The day the id was created.
    pub(crate) minted: Option<Day>,
    /// The fingerprints of the catalogs that were found to be within the
    /// agreement: releases may take turns.
    pub(crate) within: Vec<u64>,
    /// The fingerprints of the catalogs whose notice or news the person was
    /// shown.
    pub(crate) told: Vec<u64>,
    /// The periods that this device has marked, where devices are counted
    /// without an id; `None` if nothing sound is kept of them.
    pub(crate) counted: Option<MarkedPeriods>,
    /// What other releases keep here. It is written back unchanged.
    pub(crate) rest: Map<String, Json>,
}

/// What was in the file when it was read.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) enum Read {
    /// There was no file.
    #[default]
    Nothing,
    /// This text.
    Text(String),
    /// What could not be read.
    Unreadable,
}

/// Whether the file could be read.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) enum Layout {
    /// There is no file.
    #[default]
    Missing,
    /// It was read.
    Known,
    /// A newer release wrote it. This one changes nothing in it but a no.
    Newer,
    /// It is the state of another product, which has this name. Nothing in it
    /// is changed.
    OfOther(String),
    /// It cannot be used, and may have held a no; the text says why.
    Unusable(String),
    /// The system could not read it just now, and it may be sound; the text
    /// says why.
    Unread(String),
}

/// A no that is kept in our own state, beside that in the product's settings:
/// the settings may not be writable, or may lie where a variable points.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Refused {
    /// Nothing is recorded.
    Off,
    /// Records are kept for the person only.
    Local,
}

/// Leaves the secret out.
impl fmt::Debug for State {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("State").finish_non_exhaustive()
    }
}

impl State {
    /// Reads the file.
    pub(crate) fn read(path: &Path) -> Self {
        let without = |layout, read| Self { layout, read, ..Self::default() };
        let (text, writers) = match private_file::read_with_writers(path) {
            Ok(None) => return Self::default(),
            Err(error) if !error.is_damaged() => {
                return without(Layout::Unread(error.problem()), Read::Unreadable);
            }
            Err(error) => return without(Layout::Unusable(error.problem()), Read::Unreadable),
            Ok(Some(read)) => read,
        };
        let mut state = match text.parse::<Json>() {
            Ok(Json::Object(object)) => Self::of(object),
            Ok(_) => without(Layout::Unusable("not a JSON object".to_owned()), Read::Nothing),
            Err(error) => without(Layout::Unusable(error.to_string()), Read::Nothing),
        };
        state.read = Read::Text(text);
        if writers == Writers::Group {
            // Others may have said that yes, and the rest of it.
            state.granted = NameSet::new();
            state.told.clear();
            state.within.clear();
            state.counted = None;
        }
        state
    }

    /// The state of this product. One that does not say whose it is was written
    /// by an earlier release, and is this product's.
    pub(crate) fn belonging_to(self, product: &str) -> Self {
        match self.product {
            Some(other) if other != product => {
                Self { layout: Layout::OfOther(other), read: self.read, ..Self::default() }
            }
            _ => Self { product: Some(product.to_owned()), ..self },
        }
    }

    fn of(mut object: Map<String, Json>) -> Self {
        let mut refused = refused(object.remove("answer"), object.remove("local"));
        let refused_purposes = match object.remove(REFUSED_PURPOSES).map(purposes) {
            None => NameMap::new(),
            Some(Some(purposes)) => purposes,
            // It refuses something, and nobody knows what.
            Some(None) => {
                refused = Some(Refused::Off);
                NameMap::new()
            }
        };
        match object.remove("format").map(|format| format.as_u64()) {
            Some(Some(FORMAT)) => {}
            Some(Some(format @ FORMAT..)) => {
                object.insert("format".to_owned(), Json::from(format));
                let product = object.get("product").and_then(Json::as_str).map(str::to_owned);
                let layout = Layout::Newer;
                return Self {
                    layout,
                    product,
                    refused,
                    refused_purposes,
                    rest: object,
                    ..Self::default()
                };
            }
            _ => {
                let layout = Layout::Unusable("it does not say its format".to_owned());
                return Self { layout, refused, ..Self::default() };
            }
        }
        let mut text = |key: &str| match object.remove(key) {
            Some(Json::String(text)) => Some(text),
            _ => None,
        };
        let product = text("product");
        let secret = text("secret");
        let month = text("month").as_deref().and_then(Day::parse);
        let minted = text("minted").as_deref().and_then(Day::parse);
        Self {
            layout: Layout::Known,
            read: Read::Nothing,
            product,
            refused,
            refused_purposes,
            granted: texts(object.remove("granted")),
            secret,
            month,
            minted,
            within: fingerprints(object.remove("within")),
            told: fingerprints(object.remove("told")),
            counted: object.remove("counted").as_ref().and_then(marked_json::read),
            rest: object,
        }
    }

    /// Whether the person was ever told what the product reports.
    pub(crate) fn was_told(&self) -> bool {
        !self.told.is_empty()
    }

    /// Whether the person was told what this catalog reports.
    pub(crate) fn was_told_of(&self, catalog: &Catalog) -> bool {
        self.told.contains(&catalog.fingerprint())
    }

    /// The same state, once the person was told what this catalog reports.
    pub(crate) fn told_of(mut self, catalog: &Catalog) -> Self {
        remember(&mut self.told, catalog.fingerprint());
        self
    }

    /// What was in the file when it was read; `None` also if it could not be
    /// read.
    pub(crate) fn was(&self) -> Option<&str> {
        match &self.read {
            Read::Text(text) => Some(text),
            Read::Nothing | Read::Unreadable => None,
        }
    }

    /// What the file is expected to hold when this is written.
    pub(crate) fn expected(&self) -> Expected<'_> {
        match &self.read {
            Read::Text(text) => Expected::Text(text),
            Read::Nothing => Expected::Nothing,
            Read::Unreadable => Expected::Anything,
        }
    }

    /// Writes the whole file. A caller that read it before, to keep other
    /// fields, must have held the lock since.
    ///
    /// # Errors
    ///
    /// Returns an error if a newer release or another product wrote the file,
    /// if it could not be read, if it cannot be written, or if somebody else
    /// wrote it since it was read: a no goes on without the lock.
    pub(crate) fn write(&self, path: &Path) -> Result<(), DiskError> {
        self.is_writable(path)?;
        // It may hold a no, and what is not known cannot be written back.
        if let Layout::Unusable(problem) = &self.layout {
            return Err(DiskError::new(path, Cause::Damaged(problem.clone())));
        }
        private_file::write_over(path, self.expected(), &self.text())
    }

    /// Whether this release may change more than the person's no.
    ///
    /// # Errors
    ///
    /// Returns an error if a newer release or another product wrote the file,
    /// or if it could not be read just now.
    pub(crate) fn is_writable(&self, path: &Path) -> Result<(), DiskError> {
        match &self.layout {
            Layout::Newer => Err(DiskError::new(path, Cause::OfNewerRelease)),
            Layout::OfOther(name) => Err(DiskError::new(path, Cause::Unchanged(of_other(name)))),
            Layout::Unread(problem) => Err(DiskError::new(path, Cause::Damaged(problem.clone()))),
            Layout::Missing | Layout::Known | Layout::Unusable(_) => Ok(()),
        }
    }

    /// Returns the text of the file. If a newer release wrote it, only the
    /// person's no differs.
    pub(crate) fn text(&self) -> String {
        let mut object = self.rest.clone();
        let mut put = |key: &str, json: Json| object.insert(key.to_owned(), json);
        match self.refused {
            Some(Refused::Off) => _ = put("answer", Json::from("off")),
            // Releases before `answer` read the flag.
            Some(Refused::Local) => _ = put("local", Json::from(true)),
            None => {}
        }
        if !self.refused_purposes.is_empty() {
            let mut purposes = Map::new();
            for (name, events) in &self.refused_purposes {
                purposes.insert(name.clone(), json!(events));
            }
            put(REFUSED_PURPOSES, Json::Object(purposes));
        }
        if self.layout != Layout::Newer {
            put("format", Json::from(FORMAT));
            if let Some(product) = &self.product {
                put("product", Json::from(product.as_str()));
            }
            if let Some(secret) = &self.secret {
                put("secret", Json::from(secret.as_str()));
            }
            for (key, day) in [("month", self.month), ("minted", self.minted)] {
                if let Some(day) = day {
                    put(key, Json::from(day.to_string()));
                }
            }
            for (key, numbers) in [("within", &self.within), ("told", &self.told)] {
                let texts = numbers.iter().map(|number| format!("{number:016x}").into());
                if let Some(json) = one_or_more(texts.collect()) {
                    put(key, json);
                }
            }
            if let Some(json) = one_or_more(self.granted.iter().map(Json::from).collect()) {
                put("granted", json);
            }
            if let Some(marked) = &self.counted {
                put("counted", marked_json::written(marked));
            }
        }
        format!("{:#}\n", Json::Object(object))
    }
}

/// Says whose state it is.
pub(crate) fn of_other(product: &str) -> String {
    format!("it belongs to another product, `{product}`, which keeps its files in the same folder")
}

/// Adds a fingerprint to a set, and drops others if there are too many: then
/// their catalogs are compared, or told, once more.
pub(crate) fn remember(numbers: &mut Vec<u64>, number: u64) {
    insert(numbers, number);
    while numbers.len() > limits::REMEMBERED_CATALOGS {
        let other = numbers.iter().find(|other| **other != number).copied();
        numbers.retain(|kept| Some(*kept) != other);
    }
}

/// Adds a number where it belongs in their order, if it is not there.
fn insert(numbers: &mut Vec<u64>, number: u64) {
    if let Err(place) = numbers.binary_search(&number) {
        numbers.insert(place, number);
    }
}

/// What was refused; anything that is not known refuses all.
fn refused(answer: Option<Json>, local: Option<Json>) -> Option<Refused> {
    match (answer, local) {
        (None, None | Some(Json::Bool(false))) => None,
        (None, Some(Json::Bool(true))) => Some(Refused::Local),
        _ => Some(Refused::Off),
    }
}

/// Purposes with their events; `None` if they are not an object.
fn purposes(json: Json) -> Option<NameMap<NameSet>> {
    let Json::Object(object) = json else { return None };
    let mut purposes = NameMap::new();
    for (name, events) in object {
        purposes.insert(name, texts(Some(events)));
    }
    Some(purposes)
}

/// A text, or a list of texts, which is how one and several are written: a
/// release that knows of one only can read it.
fn texts(json: Option<Json>) -> NameSet {
    let mut texts = Vec::new();
    match json {
        Some(Json::String(text)) => texts.push(text),
        Some(Json::Array(list)) => {
            for text in list {
                if let Json::String(text) = text {
                    texts.push(text);
                }
            }
        }
        _ => {}
    }
    texts.into()
}

fn one_or_more(mut list: Vec<Json>) -> Option<Json> {
    match list.len() {
        0 => None,
        1 => list.pop(),
        _ => Some(Json::Array(list)),
    }
}

fn fingerprints(json: Option<Json>) -> Vec<u64> {
    let mut numbers = Vec::new();
    for text in texts(json) {
        if let Ok(number) = u64::from_str_radix(&text, 16) {
            insert(&mut numbers, number);
        }
    }
    numbers
}

#[cfg(test)]
mod tests {
    use super::*;
    use headcount_testkit::Home;

    fn read(text: &str) -> State {
        let home = Home::new();
        let path = home.path().join("telemetry-state.json");
        private_file::write(&path, text).unwrap();
        State::read(&path)
    }

    #[test]
    fn what_other_releases_keep_is_written_back() {
        let text = "{\"format\":1,\"granted\":[\"a\",\"b\"],\"later\":{\"x\":1},\"told\":[\"01\",\"02\"],\"within\":\"0f\"}";
        let state = read(text);
        assert_eq!(state.layout, Layout::Known);
        assert_eq!(state.told, [1, 2]);
        assert_eq!(state.within, [15]);
        let again = State { read: state.read.clone(), ..read(&state.text()) };
        assert_eq!(again, state);
        assert!(state.text().contains("\"later\": {\n    \"x\": 1\n  }"), "{}", state.text());
        assert!(state.text().contains("\"within\": \"000000000000000f\""), "{}", state.text());
    }

    /// A no goes on without the lock, which a stopped process may hold.
    #[test]
    fn what_was_written_since_it_was_read_is_not_written_over() {
        let home = Home::new();
        let path = home.path().join("telemetry-state.json");
        let none = State::read(&path);
        let write = |state: &State| state.write(&path);
        write(&State { minted: Day::parse("2026-11-01"), ..none.clone() }).unwrap();
        let error = write(&none).unwrap_err();
        assert!(error.is_changed() && error.is_busy(), "{error}");
        let one = State::read(&path);
        let mut no = one.clone();
        no.refused_purposes.or_default("usage").insert("run".to_owned());
        write(&no).unwrap();
        let error = write(&State { secret: Some("s".to_owned()), ..one }).unwrap_err();
        assert_eq!(
            error.to_string(),
            format!(
                "{}: another program changed it at the same moment; try again in a few seconds",
                path.display()
            )
        );
        assert!(State::read(&path).refused_purposes.contains_key("usage"));
        assert_eq!(home.tree().len(), 1, "{:?}", home.tree());
    }

    #[test]
    fn in_what_a_newer_release_wrote_only_the_no_changes() {
        let text = "{\"format\":2,\"secret\":\"other\",\"within\":7}";
        let state = read(text);
        assert_eq!((&state.layout, &state.secret), (&Layout::Newer, &None));
        let home = Home::new();
        let path = home.path().join("telemetry-state.json");
        let error = state.write(&path).unwrap_err().to_string();
        assert!(error.contains("a newer release of this program wrote this file"), "{error}");
        assert!(!path.exists());
        let state = State { refused: Some(Refused::Off), ..state };
        let json: Json = serde_json::from_str(&state.text()).unwrap();
        let expected = serde_json::json!({
            "answer": "off", "format": 2, "secret": "other", "within": 7,
        });
        assert_eq!(json, expected);
    }

    #[test]
    fn what_cannot_be_understood_refuses_or_is_unusable() {
        for text in ["", "[]", "{", "{}", "{\"format\":\"1\"}", "{\"format\":0}", "{\"format\":-1}"]
        {
            let state = read(text);
            assert!(matches!(state.layout, Layout::Unusable(_)), "{text}");
        }
        for (more, refused) in [
            ("\"answer\":\"off\"", Some(Refused::Off)),
            ("\"answer\":\"on\"", Some(Refused::Off)),
            ("\"answer\":null", Some(Refused::Off)),
            ("\"local\":true", Some(Refused::Local)),
            ("\"local\":1", Some(Refused::Off)),
            ("\"local\":true,\"answer\":\"off\"", Some(Refused::Off)),
            ("\"local\":false", None),
            ("\"refusedPurposes\":{}", None),
            ("\"refusedPurposes\":{\"crash\":7}", None),
            ("\"refusedPurposes\":[\"crash\"]", Some(Refused::Off)),
            ("\"refusedPurposes\":null", Some(Refused::Off)),
        ] {
            assert_eq!(read(&format!("{{\"format\":1,{more}}}")).refused, refused, "{more}");
        }
    }

    #[test]
    fn refused_purposes_are_kept_by_whoever_wrote_the_file() {
        let crash = |text: &str| {
            let state = read(text);
            let events = state.refused_purposes.get("crash").cloned();
            assert_eq!(read(&state.text()).refused_purposes, state.refused_purposes, "{text}");
            events.map(|events| events.into_iter().collect::<Vec<String>>())
        };
        for format in [1, 2] {
            let text =
                |more: &str| format!("{{\"format\":{format},\"refusedPurposes\":{{{more}}}}}");
            assert_eq!(crash(&text("\"crash\":[\"panic\",7]")), Some(vec!["panic".to_owned()]));
            // What is not understood of a refusal refuses all the same.
            assert_eq!(crash(&text("\"crash\":null")), Some(Vec::new()));
            assert_eq!(crash(&text("\"usage\":[]")), None);
        }
        assert_eq!(crash("{\"format\":1}"), None);
        assert!(!read("{\"format\":1}").text().contains(REFUSED_PURPOSES));
    }

    #[test]
    fn what_could_not_be_read_is_not_written_over() {
        let home = Home::new();
        // No file, and not a damaged one: the system says why it is not read.
        let path = home.path().join("telemetry-state.json");
        let state = State { layout: Layout::Unread("disk error".to_owned()), ..State::default() };
        for error in [state.write(&path), state.is_writable(&path)] {
            assert!(error.unwrap_err().to_string().contains("disk error"));
        }
        let damaged = State { layout: Layout::Unusable("cut".to_owned()), ..State::default() };
        assert!(damaged.write(&path).is_err() && !path.exists());
    }

    #[test]
    fn a_handful_of_catalogs_is_remembered_with_the_newest() {
        let mut numbers = Vec::new();
        for number in (0..100).rev() {
            remember(&mut numbers, number);
            assert!(numbers.contains(&number));
        }
        assert_eq!(numbers.len(), limits::REMEMBERED_CATALOGS);
    }
}

//! What the person agreed to: a [`Scope`] as JSON, in `agreed.json`.

use std::path::Path;

use headcount_catalog::{Day, Days, Extent, NameMap, NameSet, Rotation, Scheme, Scope};
use serde_json::{Map, Value as Json};

use super::error::{Cause, DiskError};
use super::ownership::Writers;
use super::{private_file, small_json};
use crate::as_json::json;

/// The number of this file's layout.
const FORMAT: u64 = 1;

/// Reads the file; `None` if there is none.
///
/// # Errors
///
/// Returns an error if the file exists and cannot be read or parsed, or if a
/// newer release wrote it.
pub(crate) fn read(path: &Path) -> Result<Option<Scope>, DiskError> {
    let Some((text, writers)) = private_file::read_with_writers(path)? else { return Ok(None) };
    if writers == Writers::Group {
        let problem = "the members of its group can write to it";
        return Err(DiskError::new(path, Cause::NotOurs(problem)));
    }
    small_json::parse_layout(path, &text, FORMAT, "a list of what was agreed to", scope).map(Some)
}

/// Writes the whole file.
///
/// # Errors
///
/// Returns an error if the file cannot be written.
pub(crate) fn write(path: &Path, scope: &Scope) -> Result<(), DiskError> {
    let mut events = Map::new();
    for (name, it) in &scope.events {
        events.insert(name.clone(), properties(it));
    }
    let mut until = Map::new();
    for (name, day) in &scope.until {
        until.insert(name.clone(), Json::from(day.to_string()));
    }
    let mut json = json!({
        "format": FORMAT,
        "events": events,
        "envelope": properties(&scope.envelope),
        "hosts": scope.hosts,
        "identity": scheme_name(scope.identity),
        "rotation": rotation_name(scope.rotation),
        "onMachineDays": scope.on_machine.0,
        "rawDays": scope.raw.0,
    });
    // Releases that do not know them go on as they did.
    if !until.is_empty() {
        json["until"] = Json::Object(until);
    }
    if !scope.count.is_empty() {
        json["count"] = json!(scope.count);
    }
    private_file::write(path, &format!("{json:#}\n"))
}

fn properties(properties: &NameMap<Extent>) -> Json {
    let extent =
        |extent: &Extent| json!({"kind": extent.kind, "words": extent.words, "most": extent.most});
    let mut object = Map::new();
    for (name, it) in properties {
        object.insert(name.clone(), extent(it));
    }
    Json::Object(object)
}

fn scope(json: &Json) -> Option<Scope> {
    let mut events = NameMap::new();
    for (name, it) in json.get("events")?.as_object()? {
        events.insert(name.clone(), extents(it)?);
    }
    let days = |key: &str| Some(Days(u16::try_from(json.get(key)?.as_u64()?).ok()?));
    Some(Scope {
        events,
        envelope: extents(json.get("envelope")?)?,
        hosts: words(json.get("hosts")?)?,
        identity: match json.get("identity")?.as_str()? {
            "random" => Scheme::Random,
            "machine-hash" => Scheme::MachineHash,
            "none" => Scheme::None,
            _ => return None,
        },
        rotation: match json.get("rotation")?.as_str()? {
            "never" => Rotation::Never,
            "monthly" => Rotation::Monthly,
            _ => return None,
        },
        count: json.get("count").map_or(Some(NameSet::new()), words)?,
        until: json.get("until").map_or(Some(NameMap::new()), lasts)?,
        on_machine: days("onMachineDays")?,
        raw: days("rawDays")?,
    })
}

fn lasts(json: &Json) -> Option<NameMap<Day>> {
    let mut until = NameMap::new();
    for (name, day) in json.as_object()? {
        until.insert(name.clone(), Day::parse(day.as_str()?)?);
    }
    Some(until)
}

fn extents(json: &Json) -> Option<NameMap<Extent>> {
    let extent = |json: &Json| {
        Some(Extent {
            kind: json.get("kind")?.as_str()?.to_owned(),
            words: words(json.get("words")?)?,
            most: json.get("most")?.as_array()?.iter().map(Json::as_u64).collect::<Option<_>>()?,
        })
    };
    let mut extents = NameMap::new();
    for (name, it) in json.as_object()? {
        extents.insert(name.clone(), extent(it)?);
    }
    Some(extents)
}

fn words(json: &Json) -> Option<NameSet> {
    let mut words = Vec::new();
    for word in json.as_array()? {
        words.push(word.as_str()?.to_owned());
    }
    Some(words.into())
}

fn scheme_name(scheme: Scheme) -> &'static str {
    match scheme {
        Scheme::Random => "random",
        Scheme::MachineHash => "machine-hash",
        Scheme::None => "none",
    }
}

fn rotation_name(rotation: Rotation) -> &'static str {
    match rotation {
        Rotation::Never => "never",
        Rotation::Monthly => "monthly",
    }
}

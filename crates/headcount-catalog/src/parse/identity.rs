//! `[identity]`: how the device's id is made, how long it is used, where it is
//! stored.

use super::fields::{Fields, leak_list};
use super::files;
use super::notes::Notes;
use super::spanned::Spanned;
use crate::{IdPlace, Identity, Period, Rotation, Scheme};

pub(super) const SCHEMES: [(Scheme, &str); 3] =
    [(Scheme::Random, "random"), (Scheme::MachineHash, "machine-hash"), (Scheme::None, "none")];

pub(super) const ROTATIONS: [(Rotation, &str); 2] =
    [(Rotation::Never, "never"), (Rotation::Monthly, "monthly")];

pub(super) fn read(mut fields: Fields<'_>, notes: &mut Notes<'_>) -> Option<Spanned<Identity>> {
    let at = fields.at();
    let scheme = fields.need_text("scheme", notes).and_then(|text| text.one_of(&SCHEMES, notes));
    let rotate = fields.text("rotate", notes);
    let rotation = match rotate {
        Some(text) => text.one_of(&ROTATIONS, notes),
        None => Some(Rotation::Never),
    };
    let place = place(&mut fields, scheme, rotation, notes);
    let count = count(&mut fields, scheme, notes);
    fields.finish(notes);
    if let (Some(scheme @ (Scheme::MachineHash | Scheme::None)), Some(text)) = (scheme, rotate)
        && rotation == Some(Rotation::Monthly)
    {
        let name = name(scheme);
        notes.wrong(
            text.at,
            format!("The scheme `{name}` cannot rotate, only `random` can: remove `rotate`."),
        );
    }
    let identity = Identity { scheme: scheme?, rotation: rotation?, place: place?, count: count? };
    Some(Spanned { at, value: identity })
}

/// Reads the periods of which a device marks its first event.
fn count(
    fields: &mut Fields<'_>,
    scheme: Option<Scheme>,
    notes: &mut Notes<'_>,
) -> Option<&'static [Period]> {
    let Some(pair) = fields.find("count") else { return Some(&[]) };
    let items = pair.list(notes)?;
    let mut periods: Vec<Period> = Vec::with_capacity(items.len());
    for item in items {
        let Some(text) = item.text("count", notes) else { continue };
        let Some(period) = text.one_of(&Period::ALL, notes) else { continue };
        if periods.contains(&period) {
            notes.wrong(text.at, format!("`count` lists `{}` twice.", text.text));
        }
        periods.push(period);
    }
    if items.is_empty() {
        notes.wrong(pair.value.at, "`count` must list at least one of day, week and month.");
    }
    if let Some(scheme @ (Scheme::Random | Scheme::MachineHash)) = scheme {
        let message = format!(
            "The scheme `{}` counts devices by their ids: remove `count`, or use the scheme `none`.",
            name(scheme)
        );
        notes.wrong(pair.at, message);
    }
    periods.sort_unstable();
    Some(leak_list(periods))
}

fn name(scheme: Scheme) -> &'static str {
    SCHEMES.iter().find(|(named, _)| *named == scheme).map_or("", |(_, name)| name)
}

fn place(
    fields: &mut Fields<'_>,
    scheme: Option<Scheme>,
    rotation: Option<Rotation>,
    notes: &mut Notes<'_>,
) -> Option<IdPlace> {
    let at = fields.at();
    let file = fields.text("file", notes);
    let key = fields.text("key", notes);
    let rotated = fields.text("rotated", notes);
    let scheme = scheme?;
    if scheme != Scheme::Random {
        for text in [file, key, rotated].into_iter().flatten() {
            let message =
                format!("The scheme `{}` stores no id: remove `{}`.", name(scheme), text.key);
            notes.wrong(text.at, message);
        }
        return Some(IdPlace::Nowhere);
    }
    if let Some(text) = rotated
        && (key.is_none() || rotation == Some(Rotation::Never))
    {
        notes.wrong(
            text.at,
            "`rotated` needs `key` and `rotate = \"monthly\"`: remove it, or add them.",
        );
    }
    match (file, key) {
        (Some(file), None) => files::file(file, notes).map(IdPlace::File),
        (None, Some(key)) => {
            if rotation == Some(Rotation::Monthly) && rotated.is_none() {
                let message = "A monthly id that is stored under `key` needs `rotated`, the key for its month.";
                notes.missing(key.at, message);
            }
            let id = files::key_path(key, notes);
            let rotated = rotated.and_then(|text| files::key_path(text, notes));
            Some(IdPlace::Settings { id: id?, rotated })
        }
        (Some(_), Some(key)) => {
            notes.wrong(key.at, "The id is stored in one place: remove `file` or `key`.");
            None
        }
        (None, None) => {
            let message = "A random id needs `file`, a file of its own, or `key`, a key of the settings file.";
            notes.missing(at, message);
            None
        }
    }
}

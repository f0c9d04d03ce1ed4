//! `[opentelemetry]`: a program of somebody else, whose own export is read. A
//! catalog with this section has none of those that say what a program does
//! with its own events.

use super::fields::{Fields, leak, leak_list};
use super::list::{self, ItemRule};
use super::names;
use super::notes::{Notes, quoted, shown};
use super::spanned::Spanned;
use super::toml_tree::{Pair, Table};
use crate::{
    Consent, ConsentDefault, Files, IdPlace, Identity, Mode, ObservedProgram, OnOff, PerPlatform,
    Product, Rotation, Rule, Scheme, Settings, SettingsFormat, Shipping, Texts, limits,
};

/// What only a program's own catalog says.
const OF_A_HOST: [&str; 7] =
    ["consent", "files", "identity", "destination", "shipping", "report", "purpose"];

/// `[opentelemetry]` as far as it could be read.
pub(super) struct ObservedSection {
    services: Vec<&'static str>,
    told_apart_by: Vec<&'static str>,
    attributes: Vec<Spanned<(&'static str, &'static str)>>,
}

/// Reads the section, and refuses those that contradict it.
pub(super) fn read(
    pair: &Pair,
    root: &mut Fields<'_>,
    notes: &mut Notes<'_>,
) -> Option<ObservedSection> {
    for key in OF_A_HOST {
        if let Some(other) = root.find(key) {
            let message = format!(
                "`{key}` says what a program does with its own events, and `[opentelemetry]` that \
                 this is somebody else's program: remove one of them."
            );
            notes.wrong(other.at, message);
        }
    }
    let mut fields = Fields::new(pair.table(notes)?, "`[opentelemetry]`");
    let services = match fields.find("services") {
        Some(pair) => list::texts(pair, &SERVICE, notes),
        None => Some(Vec::new()),
    };
    let told_apart_by = match fields.find("told-apart-by") {
        Some(pair) => list::texts(pair, &ATTRIBUTE, notes),
        None => Some(Vec::new()),
    };
    let table = fields.find("attributes").and_then(|pair| pair.table(notes));
    let attributes = table.map_or_else(Vec::new, |table| attributes(table, notes));
    fields.finish(notes);
    Some(ObservedSection { services: services?, told_apart_by: told_apart_by?, attributes })
}

const SERVICE: ItemRule = ItemRule {
    must: "a `service.name`: letters, digits, `.`, `_`, `:` and `-`",
    fits: names::is_event,
    most: limits::LIST_ITEMS,
};

const ATTRIBUTE: ItemRule = ItemRule {
    must: "the name of an attribute, such as `session.id`",
    fits: names::is_key_path,
    most: limits::LIST_ITEMS,
};

fn attributes(table: &Table, notes: &mut Notes<'_>) -> Vec<Spanned<(&'static str, &'static str)>> {
    let mut attributes = Vec::with_capacity(table.pairs.len());
    for pair in &table.pairs {
        if !names::is_key_path(&pair.key) {
            let message = format!(
                "`{}` is not the name of an attribute: use letters, digits, `_` and `-`, and dots \
                 between them, all in quotation marks.",
                shown(&pair.key)
            );
            notes.wrong(pair.at, message);
        } else if let Some(text) = pair.text(notes) {
            let value = (leak(&pair.key), leak(text.text));
            attributes.push(Spanned { at: pair.at, value });
        }
    }
    attributes
}

impl ObservedSection {
    /// Returns the program of a product. `keys` are the names of all properties
    /// and the keys of the envelope.
    pub(super) fn program<'k>(
        self,
        product: Option<Product>,
        keys: &(impl Iterator<Item = &'k str> + Clone),
        notes: &mut Notes<'_>,
    ) -> ObservedProgram {
        for attribute in &self.attributes {
            let (_, property) = attribute.value;
            if !keys.clone().any(|key| key == property) {
                let unknown = format!("property {} in `attributes`", quoted(property));
                notes.unknown(attribute.at, &unknown, property, keys.clone());
            }
        }
        let services = match (self.services, product) {
            (services, Some(product)) if services.is_empty() => vec![product.name],
            (services, _) => services,
        };
        let attributes = self.attributes.iter().map(|attribute| attribute.value).collect();
        ObservedProgram {
            services: leak_list(services),
            told_apart_by: leak_list(self.told_apart_by),
            attributes: leak_list(attributes),
        }
    }
}

/// The consent of a program that records nothing: it is off.
pub(super) const CONSENT: Consent = Consent {
    default: ConsentDefault::Off,
    order: &[Rule::Environment, Rule::DoNotTrack, Rule::Flag, Rule::Settings],
    variables: &[],
    off: OnOff::DeleteId,
    farewell: None,
    texts: Texts { question: None, introduction: None, collected: &[], never: &[], notice: None },
};

/// It tells no devices apart.
pub(super) const IDENTITY: Identity = Identity {
    scheme: Scheme::None,
    rotation: Rotation::Never,
    place: IdPlace::Nowhere,
    count: &[],
};

/// It ships nothing.
pub(super) const SHIPPING: Shipping = Shipping {
    mode: Mode::Detached,
    command: &["telemetry", "flush"],
    marker: "HEADCOUNT_OBSERVED_FLUSH",
};

/// It has no files. The folder is one of its own, so that no two catalogs
/// share one.
pub(super) fn files(product: &str) -> Files {
    let folder = leak(&format!("~/.headcount/observed/{product}"));
    Files {
        folder: PerPlatform { linux: folder, macos: folder, windows: folder },
        settings: Settings {
            file: "settings.toml",
            format: SettingsFormat::Toml,
            enabled: "enabled",
            given: None,
            created: None,
        },
        queue: "events.jsonl",
        marker: None,
        state: "telemetry-state.json",
    }
}

//! Reads a `telemetry.toml` into a [`Catalog`].
//!
//! 1. `toml_tree` reads the TOML, and `secret` refuses secrets in it.
//! 2. A file for each section reads that section: `product`, `consent`,
//!    `files`, `identity`, `envelope`, `destination`, `shipping`, `retention`,
//!    `report`, `purpose` and `event`, which uses `property` and `kinds`.
//!    `observed` reads `[opentelemetry]`, which replaces some of them.
//! 3. `cross_check` checks what several sections must agree on.
//!
//! `fields`, `list`, `names`, `address` and `nearest` serve all sections.
//! `notes` collects the mistakes: every reader notes its mistakes and carries
//! on, so that an author sees all of them at once. Only a file without mistakes
//! becomes a catalog. `word_list` and `ways` tell tools what the grammar has.

// What serves all sections.
mod mistake_code;
mod position;
mod token;
mod notes;
mod nearest;
mod spanned;
mod syntax;
mod toml_tree;
mod places;
mod fields;
mod list;
mod names;
mod address;
mod secret;

// The sections, in the order of the file.
mod product;
mod consent;
mod files;
mod identity;
mod envelope;
mod destination;
mod shipping;
mod retention;
mod report;
mod purpose;
mod observed;
mod event;
mod property;
mod kinds;
mod failure;
mod across;
mod hook;

mod cross_check;

// For tools that describe the grammar.
mod word_list;
mod ways;

use crate::Catalog;
use cross_check::Sections;
use envelope::{AlwaysThere, Envelope};
use event::EventSection;
use fields::Fields;
use notes::Notes;
use observed::ObservedSection;
use spanned::Spanned;
use toml_tree::Table;

pub use mistake_code::MistakeCode;
pub use names::{
    is_event as is_event_name, is_key as is_property_name, is_name as is_product_name,
    squashed as squashed_name,
};
pub use nearest::nearest;
pub use notes::{Mistake, Mistakes};
pub use places::KeyPlaces;
pub use position::position;
pub use word_list::WordList;

/// The version of the grammar that this program reads.
const GRAMMAR: u64 = 1;

/// Reads the text of a `telemetry.toml`.
///
/// The texts of the catalog are leaked, so that everything can borrow from them
/// as long as the process lives.
///
/// ```
/// let mistakes = headcount_catalog::parse("grammar = 1\ncatalog = 0").unwrap_err();
/// let last = mistakes.all().last().expect("there is at least one");
/// assert_eq!(last.to_string(), "2:11: `catalog` must be from 1 to 4294967295.");
/// ```
///
/// # Errors
///
/// Returns every mistake in the text, with its line and column.
pub fn parse(text: &str) -> Result<Catalog, Mistakes> {
    let mut notes = Notes::new(text);
    let read = toml_tree::read(text, &mut notes).and_then(|root| {
        secret::refuse(&root, &mut notes);
        catalog(&root, &mut notes)
    });
    match read {
        Some(catalog) if notes.is_clean() => Ok(catalog),
        _ => Err(notes.into_mistakes()),
    }
}

/// Returns, for each table of a text that can only have keys of the grammar,
/// the way to it from the top and the keys that the parser looked for in it:
/// whatever describes the grammar can be compared with them.
///
/// The way has keys, and the place of an item of an array.
///
/// ```
/// let asked = headcount_catalog::asked_keys("[retention]\nraw = \"9d\"\n");
/// let (_, keys) = asked.iter().find(|(way, _)| way == &["retention"]).expect("it is a section");
/// assert_eq!(keys, &["on-machine", "raw"]);
/// ```
#[must_use]
pub fn asked_keys(text: &str) -> Vec<(Vec<String>, Vec<&'static str>)> {
    let mut notes = Notes::new(text);
    let Some(root) = toml_tree::read(text, &mut notes) else { return Vec::new() };
    catalog(&root, &mut notes);
    let ways = ways::to_tables(&root);
    let way = |at: usize| ways.iter().find(|(table, _)| *table == at).map(|(_, way)| way.clone());
    let asked = notes.into_asked().into_iter();
    asked.filter_map(|(at, keys)| Some((way(at)?, keys))).collect()
}

fn catalog(root: &Table, notes: &mut Notes<'_>) -> Option<Catalog> {
    let mut fields = Fields::new(root, "the catalog");
    let version = versions(&mut fields, notes);
    match fields.find("opentelemetry") {
        None => of_a_host(fields, version, notes),
        Some(pair) => {
            let observed = observed::read(pair, &mut fields, notes);
            of_an_observed_program(fields, (version, observed), notes)
        }
    }
}

/// The catalog of a program that records events itself.
fn of_a_host(
    mut fields: Fields<'_>,
    version: Option<u32>,
    notes: &mut Notes<'_>,
) -> Option<Catalog> {
    let product = fields
        .section("product", notes)
        .and_then(|section| product::read(section, product::Prefix::Needed, notes));
    let prefix = product.map_or("", |product| product.prefix);
    let consent =
        fields.section("consent", notes).and_then(|section| consent::read(section, prefix, notes));
    let files = fields.section("files", notes).and_then(|section| files::read(section, notes));
    let identity =
        fields.section("identity", notes).and_then(|section| identity::read(section, notes));
    let envelope = envelope(&mut fields, AlwaysThere::AsInAHost, notes);
    let envelope = envelope.map(|envelope| {
        let count = identity.map_or(&[][..], |identity| identity.value.count);
        envelope.with_marks(count, notes)
    });
    let destinations = fields
        .need_section("destination", "[[destination]]", notes)
        .and_then(|pair| destination::read(pair, notes));
    let shipping = shipping::read(fields.find("shipping"), prefix, notes);
    let retention = retention::read(fields.find("retention"), notes);
    let declared = purpose::read(fields.find("purpose"), notes);
    let mut events = events(&mut fields, notes);
    // Last, so that the places of the other events do not depend on it.
    if let (Some(report), Some(events)) = (report::read(fields.find("report"), notes), &mut events)
    {
        events.push(report);
    }
    let purposes = purpose::settled(&declared, events.as_deref().unwrap_or_default(), notes);
    // Read first by `catalog`.
    fields.know(["opentelemetry"]);
    fields.finish(notes);

    let sections = Sections {
        product,
        consent,
        files,
        identity,
        envelope: envelope.as_ref(),
        destinations: destinations.as_deref(),
        shipping,
        events: events.as_deref(),
        is_observed: false,
    };
    cross_check::cross_check(&sections, notes);

    Some(Catalog {
        version: version?,
        product: product?,
        consent: consent?.value.consent,
        files: files?.value,
        identity: identity?.value,
        envelope: envelope?.entries(),
        destinations: fields::leak_list(
            destinations?.iter().map(|destination| destination.value).collect(),
        ),
        shipping: shipping?,
        retention: retention?,
        purposes: fields::leak_list(purposes),
        events: fields::leak_list(events?.iter().filter_map(|section| section.event).collect()),
        observed: None,
    })
}

/// The catalog of somebody else's program, which only a collector reads.
fn of_an_observed_program(
    mut fields: Fields<'_>,
    (version, observed): (Option<u32>, Option<ObservedSection>),
    notes: &mut Notes<'_>,
) -> Option<Catalog> {
    let product = fields
        .section("product", notes)
        .and_then(|section| product::read(section, product::Prefix::None, notes));
    let envelope = envelope(&mut fields, AlwaysThere::Nothing, notes);
    let retention = retention::read(fields.find("retention"), notes);
    let events = events(&mut fields, notes);
    fields.finish(notes);

    let sections = Sections {
        product,
        consent: None,
        files: None,
        identity: Some(Spanned { at: 0, value: observed::IDENTITY }),
        envelope: envelope.as_ref(),
        destinations: None,
        shipping: None,
        events: events.as_deref(),
        is_observed: true,
    };
    cross_check::cross_check(&sections, notes);
    let (envelope, events) = (envelope?, events?);
    let keys = envelope.entries.iter().map(|entry| entry.value.key);
    let properties = events.iter().flat_map(|event| event.keys.iter().map(|key| key.value));
    let observed = observed?.program(product, &keys.chain(properties), notes);

    Some(Catalog {
        version: version?,
        product: product?,
        consent: observed::CONSENT,
        files: observed::files(product?.name),
        identity: observed::IDENTITY,
        envelope: envelope.entries(),
        destinations: &[],
        shipping: observed::SHIPPING,
        retention: retention?,
        purposes: &[],
        events: fields::leak_list(events.iter().filter_map(|section| section.event).collect()),
        observed: Some(observed),
    })
}

fn envelope(
    fields: &mut Fields<'_>,
    always: AlwaysThere,
    notes: &mut Notes<'_>,
) -> Option<Envelope> {
    let pair = fields.need_section("envelope", "[envelope]", notes)?;
    pair.table(notes).map(|table| envelope::read(table, always, notes))
}

fn events(fields: &mut Fields<'_>, notes: &mut Notes<'_>) -> Option<Vec<EventSection>> {
    let pair = fields.need_section("event", "[event.<name>]", notes)?;
    pair.table(notes).map(|table| event::read(table, notes))
}

/// Reads the versions of the grammar and of the catalog. Returns the latter.
fn versions(fields: &mut Fields<'_>, notes: &mut Notes<'_>) -> Option<u32> {
    if let Some(pair) = fields.need("grammar", notes)
        && let Some(grammar) = pair.whole(1, u64::from(u32::MAX), notes)
        && grammar != GRAMMAR
    {
        let message = format!(
            "Grammar {grammar} is not supported: this version of Headcount reads grammar {GRAMMAR}."
        );
        notes.wrong(pair.value.at, message);
    }
    let pair = fields.need("catalog", notes)?;
    let version = pair.whole(1, u64::from(u32::MAX), notes)?;
    u32::try_from(version).ok()
}

//! `telemetry.toml` into a [`Catalog`]: TOML text, then one file for each
//! section of the grammar, then what sections must agree on.
//!
//! Every reader notes its mistakes and carries on, so that an author sees all
//! of them at once. Only a file without any becomes a catalog.

mod address;
mod consent;
mod destination;
mod envelope;
mod event;
mod fields;
mod files;
mod identity;
mod kinds;
mod list;
mod names;
mod near;
mod notes;
mod product;
mod property;
mod report;
mod retention;
mod secret;
mod shipping;
mod source;
mod spanned;
mod cross_check;

use cross_check::Sections;
use fields::Fields;
use notes::Notes;
use source::Table;

pub use notes::{Mistake, Mistakes};

use crate::Catalog;

/// The grammar this reader knows.
const GRAMMAR: u64 = 1;

/// Reads the text of a `telemetry.toml`.
///
/// What the catalog says is leaked: it lives as long as the process, so that
/// everything may borrow from it.
///
/// ```
/// let mistakes = headcount_catalog::parse("grammar = 1\ncatalog = 0").unwrap_err();
/// let last = mistakes.all().last().expect("there is always one");
/// assert_eq!(last.to_string(), "2:11: `catalog` must be between 1 and 4294967295.");
/// ```
///
/// # Errors
///
/// Every mistake of the text, each with its line and column.
pub fn parse(text: &str) -> Result<Catalog, Mistakes> {
    let mut notes = Notes::new(text);
    let read = source::read(text, &mut notes).and_then(|root| {
        secret::refuse(&root, &mut notes);
        catalog(&root, &mut notes)
    });
    match read {
        Some(catalog) if notes.is_clean() => Ok(catalog),
        _ => Err(notes.into_mistakes()),
    }
}

fn catalog(root: &Table, notes: &mut Notes<'_>) -> Option<Catalog> {
    let mut fields = Fields::new(root, "a catalog");
    let version = versions(&mut fields, notes);
    let product =
        fields.section("product", notes).and_then(|section| product::read(section, notes));
    let prefix = product.map_or("", |product| product.prefix);
    let consent =
        fields.section("consent", notes).and_then(|section| consent::read(section, prefix, notes));
    let files = fields.section("files", notes).and_then(|section| files::read(section, notes));
    let identity =
        fields.section("identity", notes).and_then(|section| identity::read(section, notes));
    let envelope = fields
        .need("envelope", notes)
        .and_then(|pair| pair.table(notes))
        .map(|table| envelope::read(table, notes));
    let destinations =
        fields.need("destination", notes).and_then(|pair| destination::read(pair, notes));
    let shipping = shipping::read(fields.find("shipping"), prefix, notes);
    let retention = retention::read(fields.find("retention"), notes);
    let mut events = fields
        .need("event", notes)
        .and_then(|pair| pair.table(notes))
        .map(|table| event::read(table, notes));
    // After all others: the places of those are the same without it.
    if let (Some(report), Some(events)) = (report::read(fields.find("report"), notes), &mut events)
    {
        events.push(report);
    }
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
        events: fields::leak_list(events?.iter().filter_map(|section| section.event).collect()),
    })
}

/// The versions of the grammar and of the catalog.
fn versions(fields: &mut Fields<'_>, notes: &mut Notes<'_>) -> Option<u32> {
    if let Some(pair) = fields.need("grammar", notes)
        && let Some(grammar) = pair.whole(1, u64::from(u32::MAX), notes)
        && grammar != GRAMMAR
    {
        let message = format!(
            "This is grammar {grammar}, and this program reads grammar {GRAMMAR}; use a newer one."
        );
        notes.wrong(pair.value.at, message);
    }
    let pair = fields.need("catalog", notes)?;
    let version = pair.whole(1, u64::from(u32::MAX), notes)?;
    u32::try_from(version).ok()
}

//! The five catalogs, carried in the binary: the demo runs from any folder.

use std::fs;
use std::io;
use std::path::Path;

use headcount::Catalog;
use headcount_catalog::{
    Days, Destination, Dialect, Encoding, Event, Key, Mode, Retention, Setting, Shipping,
};

use super::editions::{self, Edition};
use super::limits::{self, Scale};
use super::people::Product;
use super::stories;

/// Copies of the examples' own, since a published package carries no file from
/// outside its folder.
const TEXTS: [(&str, &str); 5] = [
    ("archon", include_str!("../../catalogs/archon.toml")),
    ("assembly", include_str!("../../catalogs/assembly.toml")),
    ("atomcode", include_str!("../../catalogs/atomcode.toml")),
    ("atomic", include_str!("../../catalogs/atomic.toml")),
    ("clacky", include_str!("../../catalogs/clacky.toml")),
];

/// The one destination of every simulated program: the native intake. Its port
/// is in the variable `<PREFIX>_TELEMETRY_ENDPOINT`, as for any program that is
/// tried out.
const INTAKE: &[Destination] = &[Destination {
    name: "demo",
    dialect: Dialect::Headcount,
    endpoint: Setting::fixed("http://127.0.0.1/api/v1/events"),
    key: Key::None,
    encoding: Encoding::Json,
}];

/// The text of a product's catalog, before what its editions change.
pub(super) fn carried(product: &str) -> Option<&'static str> {
    TEXTS.iter().find(|(name, _)| *name == product).map(|(_, text)| *text)
}

fn read(edition: &Edition) -> Result<Catalog, String> {
    edition.read(carried(edition.product).unwrap_or_default())
}

/// The catalogs that the collector has.
///
/// # Errors
///
/// Returns the mistakes of the first one that has any. A test makes sure that
/// none has.
pub(super) fn all() -> Result<Vec<Catalog>, String> {
    editions::ALL.iter().filter(|edition| edition.is_loaded).map(read).collect()
}

/// The products with their stories, shipping to [`INTAKE`].
///
/// # Errors
///
/// Returns the mistakes of the first catalog that has any. A test makes sure
/// that none has.
pub(super) fn products(scale: Scale) -> Result<Vec<Product>, String> {
    let of = |story: &'static super::story::Story| {
        let own = editions::ALL.iter().filter(|edition| edition.product == story.product);
        let on_machine = limits::on_machine(story.waits, scale.days);
        let editions: Result<Vec<&'static Catalog>, String> =
            own.map(|edition| Ok(redirected(read(edition)?, on_machine))).collect();
        let editions: &'static [&'static Catalog] = Vec::leak(editions?);
        let newest = editions.last().ok_or_else(|| format!("{} has no catalog", story.product))?;
        Ok(Product { catalog: newest, editions, story })
    };
    stories::ALL.into_iter().map(of).collect()
}

fn redirected(catalog: Catalog, on_machine: Days) -> &'static Catalog {
    // An event with a path of its own would go there, where only its own
    // dialect is spoken.
    let events = catalog.events.iter().map(|event| Event { path: None, ..*event });
    let events: &'static [Event] = Box::leak(events.collect());
    // OpenClacky sends from a thread and keeps next to nothing; here it queues
    // like the others.
    let retention = Retention { on_machine, ..catalog.retention };
    let shipping = Shipping { mode: Mode::Detached, ..catalog.shipping };
    Box::leak(Box::new(Catalog { destinations: INTAKE, events, retention, shipping, ..catalog }))
}

/// Writes the catalogs into a folder, for whoever wants to go on from the demo.
///
/// # Errors
///
/// Returns the error of the file system if the folder cannot be written.
pub(super) fn write(folder: &Path) -> io::Result<()> {
    fs::create_dir_all(folder)?;
    editions::ALL.iter().filter(|edition| edition.is_loaded).try_for_each(|edition| {
        let text = edition.text(carried(edition.product).unwrap_or_default());
        fs::write(folder.join(edition.file()), text)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_catalog_has_its_story() {
        let products = products(Scale::WHOLE).unwrap();
        let names: Vec<&str> = products.iter().map(|it| it.catalog.product.name).collect();
        assert_eq!(names, ["archon", "assembly", "atomcode", "atomic", "clacky"]);
        for Product { catalog, editions, story } in products {
            for beat in story.beats {
                let known = editions.iter().any(|catalog| catalog.event(beat.event).is_some());
                assert!(known, "{}: {}", story.product, beat.event);
            }
            for release in story.releases {
                let known = editions.iter().any(|catalog| catalog.version == release.catalog);
                assert!(known, "{} {}", story.product, release.version);
            }
            for taste in story.tastes {
                let (of, name) = taste.of.split_once('/').unwrap_or(("", taste.of));
                let of_event = |event: &&Event| of.is_empty() || event.name == of;
                let property =
                    catalog.events.iter().filter(of_event).any(|it| it.property(name).is_some());
                let entry = catalog.envelope.iter().any(|entry| entry.key == name);
                assert!(property || entry, "{}: {}", story.product, taste.of);
            }
        }
    }
}

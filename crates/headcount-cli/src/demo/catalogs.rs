//! The five catalogs, carried in the binary: the demo runs from any folder.

use std::fs;
use std::io;
use std::path::Path;

use headcount::Catalog;
use headcount_catalog::{
    Destination, Dialect, Encoding, Event, Key, Mode, Retention, Setting, Shipping, parse,
};

use super::limits;
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

/// The catalogs as they are, for the collector.
///
/// # Errors
///
/// The mistakes of one that is none, which a test rules out.
pub(super) fn all() -> Result<Vec<Catalog>, String> {
    let read = |(name, text): (&str, &str)| {
        parse(text).map_err(|mistakes| format!("the catalog of {name} has mistakes:\n{mistakes}"))
    };
    TEXTS.into_iter().map(read).collect()
}

/// The products with their stories, shipping to [`INTAKE`].
pub(super) fn products(catalogs: &[Catalog]) -> Vec<Product> {
    let of = |catalog: &Catalog| {
        let story = stories::ALL.into_iter().find(|story| story.product == catalog.product.name)?;
        Some(Product { catalog: redirected(*catalog), story })
    };
    catalogs.iter().filter_map(of).collect()
}

fn redirected(catalog: Catalog) -> &'static Catalog {
    // An event with a path of its own would go there, where only its own
    // dialect is spoken.
    let events = catalog.events.iter().map(|event| Event { path: None, ..*event });
    let events: &'static [Event] = Box::leak(events.collect());
    // OpenClacky sends from a thread and keeps next to nothing; here it queues
    // like the others.
    let on_machine = catalog.retention.on_machine.max(limits::ON_MACHINE);
    let retention = Retention { on_machine, ..catalog.retention };
    let shipping = Shipping { mode: Mode::Detached, ..catalog.shipping };
    Box::leak(Box::new(Catalog { destinations: INTAKE, events, retention, shipping, ..catalog }))
}

/// Writes the catalogs into a folder, for whoever wants to go on from the demo.
///
/// # Errors
///
/// What the system says.
pub(super) fn write(folder: &Path) -> io::Result<()> {
    fs::create_dir_all(folder)?;
    TEXTS
        .into_iter()
        .try_for_each(|(name, text)| fs::write(folder.join(format!("{name}.toml")), text))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_catalog_has_its_story() {
        let catalogs = all().unwrap();
        let products = products(&catalogs);
        let names: Vec<&str> = products.iter().map(|it| it.catalog.product.name).collect();
        assert_eq!(names, ["archon", "assembly", "atomcode", "atomic", "clacky"]);
        for Product { catalog, story } in products {
            for beat in story.beats {
                assert!(catalog.event(beat.event).is_some(), "{}: {}", story.product, beat.event);
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

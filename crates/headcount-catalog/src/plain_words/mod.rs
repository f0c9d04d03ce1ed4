//! A catalog in plain words, for the people who are counted. `TELEMETRY.md` and
//! the public page of a collector say the same.
//!
//! | to change | open |
//! | --- | --- |
//! | the order of the sections, and the first sentences | this file |
//! | whether it is on, and how to turn it off | `deciding.rs` |
//! | what is collected: events, properties, the envelope | `collected.rs` |
//! | how the values of a kind are described | `values.rs` |
//! | the id of a machine, and how to be erased | `device.rs` |
//! | files on the machine | `kept.rs` |
//! | destinations, and how long anything is kept | `sent.rs` |
//! | the form of words within a block | `inline.rs`, and `spans.rs`, which reads it |

mod blocks;
mod call;
mod collected;
mod deciding;
mod device;
mod inline;
mod kept;
mod of_the_sdk;
mod sent;
mod spans;
mod thousands;
mod values;

use crate::{Catalog, ConsentDefault};
use blocks::Blocks;
use call::call;
use inline::{link, prose};

pub use blocks::Block;

pub use of_the_sdk::OfTheSdk;
pub use spans::{Span, place, spans};
pub use thousands::thousands;

/// Returns the page about a catalog. It names the numbers and commands of the
/// SDK that are given.
#[must_use]
pub fn page(catalog: &Catalog, sdk: &OfTheSdk) -> Vec<Block> {
    let mut out = Blocks::default();
    let title = prose(catalog.product.title);
    out.heading(1, &format!("What {title} reports about its use"));
    out.paragraph(&summary(catalog));
    out.paragraph(&format!(
        "Version {} of the catalog `telemetry.toml` says everything that {title} may report, and this page is made from it. \
         What is not on this page cannot leave your machine: values are flags, numbers, times and words of the lists below, never free text.",
        catalog.version
    ));
    deciding::is_it_on(&mut out, catalog);
    deciding::turning_off(&mut out, catalog);
    collected::events(&mut out, catalog);
    collected::never(&mut out, catalog);
    device::id(&mut out, catalog);
    kept::files(&mut out, catalog);
    sent::destinations(&mut out, catalog);
    sent::how_long(&mut out, catalog, sdk);
    looking(&mut out, catalog, sdk);
    device::erasing(&mut out, catalog);
    more(&mut out, catalog);
    out.finish()
}

fn summary(catalog: &Catalog) -> String {
    let title = prose(catalog.product.title);
    let (off, inspect) = (call(catalog, "off"), call(catalog, "inspect"));
    match catalog.consent.default {
        ConsentDefault::On => format!(
            "{title} reports how it is used, anonymously, **unless you turn it off**: {off}. To see what is sent: {inspect}."
        ),
        ConsentDefault::Off => format!(
            "{title} can report how it is used, anonymously. **Nothing is reported until you turn it on**: {}. To see what would be sent: {inspect}.",
            call(catalog, "on")
        ),
        ConsentDefault::Ask => format!(
            "{title} can report how it is used, anonymously. **Nothing is reported until it has asked you and you said yes.** To see what would be sent: {inspect}."
        ),
    }
}

/// The person's commands, as the program itself lists them.
fn looking(out: &mut Blocks, catalog: &Catalog, sdk: &OfTheSdk) {
    out.heading(2, "See for yourself");
    let row = |(name, about): &(String, String)| [call(catalog, name), format!("{about}.")];
    out.table(["command", "what it does"], &sdk.commands.iter().map(row).collect::<Vec<_>>());
    out.paragraph(&format!(
        "{} shows the requests as they go, made by the code that sends them. Each command prints JSON with `--json`.",
        call(catalog, "inspect")
    ));
}

fn more(out: &mut Blocks, catalog: &Catalog) {
    let product = catalog.product;
    out.heading(2, "Read more, and report a leak");
    let mut lines = Vec::new();
    if let Some(policy) = product.policy {
        lines.push(format!("The whole policy of {}: {}", prose(product.title), link(policy)));
    }
    let place = match (product.contact, product.policy) {
        (Some(contact), _) => Some(link(contact)),
        (None, Some(_)) => Some("tell whoever is named on the page above".to_owned()),
        (None, None) => None,
    };
    if let Some(place) = place {
        lines.push(format!("An event says more than this page does, or something that it should not? Report it: {place}"));
    }
    lines.push(format!("The same addresses, from the program itself: {}", call(catalog, "policy")));
    out.list(&lines);
}

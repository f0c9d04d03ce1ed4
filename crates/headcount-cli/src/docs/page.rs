//! The page as a whole: its sections, in their order.

use headcount_catalog::{Catalog, ConsentDefault};

use super::call::call;
use super::markdown::{Markdown, link, prose};
use super::{collected, deciding, device, kept, sent};

/// Returns the page of a catalog, in Markdown.
pub(super) fn page(catalog: &Catalog) -> String {
    let mut out = Markdown::default();
    let title = catalog.product.title;
    out.paragraph(
        "<!-- Made from telemetry.toml by `headcount docs`: change that file, and run it again. -->",
    );
    out.heading(1, &format!("What {} reports about its use", prose(title)));
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
    sent::how_long(&mut out, catalog);
    looking(&mut out, catalog);
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
fn looking(out: &mut Markdown, catalog: &Catalog) {
    out.heading(2, "See for yourself");
    let commands = headcount::person::command();
    let rows: Vec<[String; 2]> = commands
        .get_subcommands()
        .filter(|command| !command.is_hide_set())
        .map(|command| {
            let about = command.get_about().map(ToString::to_string).unwrap_or_default();
            [call(catalog, command.get_name()), format!("{about}.")]
        })
        .collect();
    out.table(["command", "what it does"], &rows);
    out.paragraph(&format!(
        "{} shows the requests as they go, made by the code that sends them. Each command prints JSON with `--json`.",
        call(catalog, "inspect")
    ));
}

fn more(out: &mut Markdown, catalog: &Catalog) {
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

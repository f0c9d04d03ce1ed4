//! The page as a whole: the sentences of the catalog, and what this build of
//! the SDK adds to them.

use headcount::person::{RECEIPTS_BYTES, SENT_BYTES};
use headcount_catalog::Catalog;
use headcount_catalog::plain_words::{self, Block, OfTheSdk};

/// Returns the page of a catalog.
pub(super) fn blocks(catalog: &Catalog) -> Vec<Block> {
    let command = headcount::person::command();
    let shown = command.get_subcommands().filter(|command| !command.is_hide_set());
    let commands = shown.map(|command| {
        let about = command.get_about().map(ToString::to_string).unwrap_or_default();
        (command.get_name().to_owned(), about)
    });
    let sdk = OfTheSdk {
        commands: commands.collect(),
        sent_bytes: Some(SENT_BYTES),
        receipts_bytes: Some(RECEIPTS_BYTES),
    };
    plain_words::page(catalog, &sdk)
}

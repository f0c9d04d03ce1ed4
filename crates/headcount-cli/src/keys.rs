//! `headcount keys`: the write keys of products.

use std::io::{self, IsTerminal as _};
use std::path::Path;

use clap::Subcommand;
use headcount_catalog::Day;
use headcount_collector::CredentialError;
use headcount_collector::offline::credentials;
use serde_json::json;

use crate::data_folder::Data;
use crate::{one_line, print};

/// `headcount keys`
#[derive(Debug, Subcommand)]
pub(crate) enum Keys {
    /// Make a write key for a product, and print it: it is shown once. A
    /// product may have several; a new one can be given out before an old one
    /// is revoked
    New {
        /// The name of the product, as in its catalog
        product: String,
        #[command(flatten)]
        folder: Data,
        /// Take a key that programs in the field send already, as a line of
        /// standard input
        #[arg(long)]
        existing: bool,
    },
    /// List the write keys: id, product, and the day on which each was made
    List {
        #[command(flatten)]
        folder: Data,
        /// Print one line of JSON for each, and nothing else
        #[arg(long)]
        json: bool,
    },
    /// Revoke a write key: within ten seconds nobody can write with it
    Revoke {
        /// The id of the key, the first word of its line in `keys list`
        id: String,
        #[command(flatten)]
        folder: Data,
    },
}

/// Makes, lists or revokes. 1 where it cannot.
pub(crate) fn run(keys: &Keys, today: Day) -> u8 {
    let done = match keys {
        Keys::New { product, folder, existing: false } => new(&folder.data, product, today),
        Keys::New { product, folder, existing: true } => adopt(&folder.data, product, today),
        Keys::List { folder, json: false } => list(&folder.data),
        Keys::List { folder, json: true } => list_in_json(&folder.data),
        Keys::Revoke { id, folder } => revoke(&folder.data, id),
    };
    match done {
        Ok(()) => 0,
        Err(error) => {
            print::err(format_args!("headcount keys: {error}\n"));
            1
        }
    }
}

fn new(data: &Path, product: &str, today: Day) -> Result<(), CredentialError> {
    let key = credentials::new_key(data, product, today)?;
    if let Err(error) = print::only_once(key.reveal()) {
        credentials::revoke_key(data, key.id())?;
        return Err(CredentialError::Output(error));
    }
    if io::stdout().is_terminal() {
        print::err("This is the only time it is shown: the folder has its hash alone.\n");
    }
    warn_without_catalog(data, product);
    Ok(())
}

fn adopt(data: &Path, product: &str, today: Day) -> Result<(), CredentialError> {
    let key = one_line::read("Key: ", "key")?;
    credentials::adopt_key(data, product, &key, today)?;
    warn_without_catalog(data, product);
    Ok(())
}

/// A name that is spelt wrong is found before programs have its key.
fn warn_without_catalog(data: &Path, product: &str) {
    if credentials::has_catalog(data, product) == Some(false) {
        print::err(format_args!(
            "headcount keys: no catalog of `{product}` has been loaded into {} yet; until then its \
             events are rejected\n",
            data.display()
        ));
    }
}

fn list(data: &Path) -> Result<(), CredentialError> {
    let keys = credentials::keys(data)?;
    let width = keys.iter().map(|key| key.product.len()).max().unwrap_or(0);
    for key in &keys {
        let credentials::ListedKey { id, product, created } = key;
        print::out(format_args!("{id}  {product:width$}  {created}\n"));
    }
    if keys.is_empty() {
        print::err(format_args!(
            "There is no write key: `headcount keys new PRODUCT --data {}` makes one.\n",
            data.display()
        ));
    }
    Ok(())
}

fn list_in_json(data: &Path) -> Result<(), CredentialError> {
    for key in credentials::keys(data)? {
        let credentials::ListedKey { id, product, created } = key;
        let line = json!({"id": id, "product": product, "created": created.to_string()});
        print::out(format_args!("{line}\n"));
    }
    Ok(())
}

fn revoke(data: &Path, id: &str) -> Result<(), CredentialError> {
    let product = credentials::revoke_key(data, id)?;
    print::err(format_args!("The write key {id} of `{product}` is revoked.\n"));
    Ok(())
}

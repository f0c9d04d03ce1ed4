//! Erases a person's events in a data folder that no collector uses.

use std::path::Path;
use std::sync::Arc;
use std::{fs, io};

use headcount_catalog::Day;
use headcount_store::{AnswerRows, DataFolder, EmbeddedStore, Erasure, Question, Store};
use headcount_wire::native::ErasureAnswer;

use super::error::OfflineError;
use crate::erasure_proof::ErasureProof;
use crate::operator_log::OperatorLog;
use crate::private_file::{self, Links};
use crate::pseudonym::{IdKind, Pseudonyms};
use crate::secret::{self, StoredEvents};
use crate::start_check::LOCK;

/// A person, by an id as their machine sends it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Person {
    /// The id of a device.
    Device(String),
    /// The id of an account.
    Account(String),
}

/// Erases all raw events of a person. Returns their number and a proof, as the
/// collector answers to the person's own request.
///
/// # Errors
///
/// Returns an error if
/// - there is no such folder, or it has no events of this product;
/// - a collector uses the folder;
/// - the secret or the store cannot be used.
pub fn forget(
    data: &Path,
    product: &str,
    person: &Person,
    today: Day,
    log: &OperatorLog,
) -> Result<ErasureAnswer, OfflineError> {
    OfflineError::check_folder(data)?;
    let folder = DataFolder::lock(data, LOCK)?;
    let erased = forget_in(&folder, product, person, today, log);
    // A restored folder has no locks yet: those of the superuser would keep
    // its owner's collector out.
    let given = give_files_to_owner(&folder);
    let answer = erased?;
    given.map_err(|error| OfflineError::file("give back", folder.path(), error))?;
    Ok(answer)
}

fn give_files_to_owner(folder: &DataFolder) -> io::Result<()> {
    for entry in fs::read_dir(folder.path())? {
        let path = entry?.path();
        if fs::symlink_metadata(&path)?.is_file() {
            let file = private_file::open(&path, Links::Refused)?;
            private_file::give_to_owner_of(folder.path(), &file)?;
        }
    }
    Ok(())
}

fn forget_in(
    folder: &DataFolder,
    product: &str,
    person: &Person,
    today: Day,
    log: &OperatorLog,
) -> Result<ErasureAnswer, OfflineError> {
    let store: Arc<dyn Store> =
        Arc::new(EmbeddedStore::open_with_log(folder.path(), log.of_store())?);
    let known = match store.ask(&Question::Products)? {
        AnswerRows::Products(rows) => rows.into_iter().map(|row| row.product).collect(),
        _ => Vec::new(),
    };
    if !known.iter().any(|known| known == product) {
        return Err(OfflineError::unknown_product(product, known));
    }
    let secret = secret::open(folder, StoredEvents::Some, log)?;
    let pseudonyms = Pseudonyms::under(&secret);
    let (erasure, person) = match person {
        Person::Device(id) => {
            let device = pseudonyms.make(IdKind::Device, product, id);
            (Erasure::Device(device), device)
        }
        Person::Account(id) => {
            let account = pseudonyms.make(IdKind::Account, product, id);
            (Erasure::Account(account), account)
        }
    };
    let erased = store.erase(product, erasure)?;
    let proof = ErasureProof { product: product.to_owned(), day: today, erased, person };
    Ok(proof.answer(&pseudonyms))
}

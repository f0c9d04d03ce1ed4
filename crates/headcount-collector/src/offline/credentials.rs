//! What an operator does with the credentials of a data folder. A collector
//! that runs takes the change up within ten seconds.

use std::path::Path;

use headcount_catalog::Day;

use crate::credentials::{
    self, CredentialError, CredentialId, Credentials, IssuedSecret, Password, Reader, ReaderName,
    Role, SecretHash, SecretKind, SecretText, Token, WriteKey, change,
};
use crate::limits;
use crate::registry::KeptCatalogs;
use crate::unusable_folder::UnusableFolder;

/// What can be told of a write key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListedKey {
    /// What `revoke_key` takes.
    pub id: String,
    /// The product that it may write for.
    pub product: String,
    /// The day on which it was made.
    pub created: Day,
}

/// What can be told of a reader.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListedReader {
    /// The name.
    pub name: ReaderName,
    /// What the reader may do.
    pub role: Role,
    /// The day on which the reader was added.
    pub created: Day,
    /// The reader's tokens.
    pub tokens: Vec<ListedToken>,
}

/// What can be told of a token.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListedToken {
    /// What `revoke_token` takes.
    pub id: String,
    /// What it may do.
    pub role: Role,
    /// The day on which it was made.
    pub created: Day,
}

/// Makes a write key of a product. It is shown once: the file has its hash
/// alone. A product may have several at once, so that a new one can be given
/// out before an old one is revoked.
///
/// # Errors
///
/// Returns an error if the name is not a product's, or the file cannot be
/// changed.
pub fn new_key(data: &Path, product: &str, today: Day) -> Result<IssuedSecret, CredentialError> {
    check_product(product)?;
    let key = SecretText::new(SecretKind::WriteKey)?;
    let id = add_key(data, product, key.hash(), today)?;
    Ok(key.issued(id.as_str()))
}

/// Makes a write key of one that programs in the field send already, such as a
/// PostHog project's or a Datadog client token.
///
/// # Errors
///
/// Returns an error if the key can be guessed or is in use, and those of
/// [`new_key`].
pub fn adopt_key(data: &Path, product: &str, key: &str, today: Day) -> Result<(), CredentialError> {
    check_product(product)?;
    let bad = CredentialError::BadExistingKey;
    if !key.bytes().all(|byte| byte.is_ascii_graphic()) {
        return Err(bad("has characters that cannot be sent in a header: use visible ASCII alone"));
    }
    if key.len() < limits::EXISTING_KEY_CHARACTERS {
        return Err(bad("is shorter than 16 characters, and can be guessed: make a new one"));
    }
    let mut distinct: Vec<u8> = key.bytes().collect();
    distinct.sort_unstable();
    distinct.dedup();
    let is_name = key.replace(product, "").len() < limits::EXISTING_KEY_CHARACTERS / 2;
    if distinct.len() < limits::EXISTING_KEY_CHARACTERS / 2 || is_name {
        return Err(bad("can be guessed: it is too regular; make a new one"));
    }
    if SecretKind::of(key).is_some_and(|kind| kind != SecretKind::WriteKey) {
        return Err(bad("is a reader's token, which must not be in a program: make a new one"));
    }
    add_key(data, product, SecretHash::of(key), today).map(drop)
}

fn add_key(
    data: &Path,
    product: &str,
    hash: SecretHash,
    created: Day,
) -> Result<CredentialId, CredentialError> {
    let id = CredentialId::of(SecretKind::WriteKey, hash);
    let key = WriteKey { id: id.clone(), product: product.to_owned(), hash, created };
    change(data, |all| all.add_key(key))?;
    Ok(id)
}

/// Lists the write keys of a data folder, the oldest first.
///
/// # Errors
///
/// Returns an error if the file cannot be read.
pub fn keys(data: &Path) -> Result<Vec<ListedKey>, CredentialError> {
    let listed = |key: &WriteKey| {
        let WriteKey { id, product, created, .. } = key.clone();
        ListedKey { id: id.as_str().to_owned(), product, created }
    };
    Ok(examined(data)?.keys().iter().map(listed).collect())
}

/// Revokes a write key. Returns the product that had it.
///
/// # Errors
///
/// Returns an error if there is no such key, or the file cannot be changed.
pub fn revoke_key(data: &Path, id: &str) -> Result<String, CredentialError> {
    check_folder(data)?;
    change(data, |all| {
        let product = all.keys().iter().find(|key| key.id.as_str() == id);
        let product = product.map(|key| key.product.clone()).unwrap_or_default();
        all.revoke_key(id).map(|()| product)
    })
}

/// Adds a reader.
///
/// # Errors
///
/// Returns an error if there is one of this name, or the file cannot be
/// changed.
pub fn new_reader(
    data: &Path,
    name: &ReaderName,
    password: &Password,
    role: Role,
    today: Day,
) -> Result<(), CredentialError> {
    let password = password.hash()?;
    let reader = Reader { name: name.clone(), role, password, created: today };
    change(data, |all| all.add_reader(reader))
}

/// Gives a reader another password. Whoever is signed in as this reader is
/// signed out. Returns the reader's tokens, which stay valid.
///
/// # Errors
///
/// Returns an error if there is no such reader, or the file cannot be changed.
pub fn set_password(
    data: &Path,
    name: &ReaderName,
    password: &Password,
) -> Result<Vec<ListedToken>, CredentialError> {
    check_folder(data)?;
    let hash = password.hash()?;
    change(data, |all| {
        all.set_password(name.as_str(), hash)?;
        let reader = all.reader(name.as_str());
        Ok(reader.map(|reader| tokens_of(all, reader)).unwrap_or_default())
    })
}

/// Gives a reader another role. It holds for the reader's tokens and wherever
/// the reader is signed in.
///
/// # Errors
///
/// Returns an error if there is no such reader, or the file cannot be changed.
pub fn set_role(data: &Path, name: &str, role: Role) -> Result<(), CredentialError> {
    check_folder(data)?;
    change(data, |all| all.set_role(name, role))
}

/// Removes a reader, with all tokens of that reader.
///
/// # Errors
///
/// Returns an error if there is no such reader, or the file cannot be changed.
pub fn remove_reader(data: &Path, name: &str) -> Result<(), CredentialError> {
    check_folder(data)?;
    change(data, |all| all.remove_reader(name))
}

/// Lists the readers of a data folder and their tokens, the oldest first.
///
/// # Errors
///
/// Returns an error if the file cannot be read.
pub fn readers(data: &Path) -> Result<Vec<ListedReader>, CredentialError> {
    let all = examined(data)?;
    let listed = |reader: &Reader| ListedReader {
        name: reader.name.clone(),
        role: reader.role,
        created: reader.created,
        tokens: tokens_of(&all, reader),
    };
    Ok(all.readers().iter().map(listed).collect())
}

fn tokens_of(all: &Credentials, reader: &Reader) -> Vec<ListedToken> {
    let own = all.tokens().iter().filter(|token| token.reader == reader.name);
    let listed = |token: &Token| ListedToken {
        id: token.id.as_str().to_owned(),
        role: token.role.min(reader.role),
        created: token.created,
    };
    own.map(listed).collect()
}

/// Makes a token of a reader. It is shown once: the file has its hash alone.
/// It may do what its reader may, at most what `role` may.
///
/// # Errors
///
/// Returns an error if there is no such reader, or the file cannot be changed.
pub fn new_token(
    data: &Path,
    reader: &str,
    role: Role,
    today: Day,
) -> Result<IssuedSecret, CredentialError> {
    check_folder(data)?;
    let text = SecretText::new(SecretKind::Token)?;
    let hash = text.hash();
    let id = CredentialId::of(SecretKind::Token, hash);
    change(data, |all| {
        let known = all.reader(reader).ok_or_else(|| all.unknown_reader(reader))?;
        let (id, reader) = (id.clone(), known.name.clone());
        all.add_token(Token { id, reader, role, hash, created: today })
    })?;
    Ok(text.issued(id.as_str()))
}

/// Revokes a token.
///
/// # Errors
///
/// Returns an error if there is no such token, or the file cannot be changed.
pub fn revoke_token(data: &Path, id: &str) -> Result<(), CredentialError> {
    check_folder(data)?;
    change(data, |all| all.revoke_token(id))
}

/// Whether a catalog of this product was kept in the data folder; `None` if
/// none was yet, as before the first start.
#[must_use]
pub fn has_catalog(data: &Path, product: &str) -> Option<bool> {
    let known = KeptCatalogs::of(data).products();
    (!known.is_empty()).then(|| known.iter().any(|own| own == product))
}

/// Reads without a lock: the file is always whole.
fn examined(data: &Path) -> Result<Credentials, CredentialError> {
    check_folder(data)?;
    credentials::read_for_examination(data)
}

/// Refuses a folder that is not one: only what adds something creates it.
fn check_folder(data: &Path) -> Result<(), CredentialError> {
    UnusableFolder::check(data).map_err(CredentialError::UnusableFolder)
}

fn check_product(name: &str) -> Result<(), CredentialError> {
    if headcount_catalog::is_product_name(name) {
        Ok(())
    } else {
        Err(CredentialError::NotAProductName(name.to_owned()))
    }
}

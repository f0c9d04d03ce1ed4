//! `credentials.json`, as it is on disk.

use std::path::Path;

use headcount_catalog::Day;
use serde_json::{Map, Value as Json, json};

use super::password;
use super::secret_text::SecretHash;
use super::set::{CredentialId, Credentials, Reader, ReaderName, Role, Token, WriteKey};
use super::set_error::CredentialError;
use crate::trusted_file::{self, Mending, Untrusted};
use crate::{limits, private_file};

/// The name of the file in the data folder.
pub(crate) const FILE: &str = "credentials.json";

/// The number of its form. A newer one is not read: it may revoke what an older
/// reader would let in.
const FORMAT: u64 = 1;

/// What was read, and whether others could read it until now.
pub(super) struct ReadCredentials {
    pub(super) credentials: Credentials,
    pub(super) was_readable: bool,
}

/// Reads the credentials of a data folder. There are none where there is no
/// file.
pub(super) fn read(data: &Path, mending: Mending) -> Result<ReadCredentials, CredentialError> {
    let path = data.join(FILE);
    let read = trusted_file::read(&path, limits::CREDENTIALS_BYTES + 1, mending);
    let file = match read {
        Ok(Some(file)) => file,
        Ok(None) => {
            return Ok(ReadCredentials {
                credentials: Credentials::default(),
                was_readable: false,
            });
        }
        Err(Untrusted::System(error)) => {
            return Err(CredentialError::File { doing: "read", path, error });
        }
        Err(untrusted) => return Err(CredentialError::Unsafe { path, why: why(&untrusted) }),
    };
    let damaged = |what: String| CredentialError::Damaged { path: path.clone(), what };
    if file.length > limits::CREDENTIALS_BYTES {
        return Err(damaged("the file is too long".to_owned()));
    }
    let json: Json =
        serde_json::from_slice(&file.bytes).map_err(|error| damaged(error.to_string()))?;
    if json["format"].as_u64().is_some_and(|format| format > FORMAT) {
        return Err(CredentialError::Newer(path));
    }
    let credentials = decode(&json).map_err(damaged)?;
    Ok(ReadCredentials { credentials, was_readable: file.was_readable })
}

/// Reads the credentials for somebody who examines a folder.
pub(crate) fn read_for_examination(data: &Path) -> Result<Credentials, CredentialError> {
    read(data, Mending::Refused).map(|read| read.credentials)
}

/// Writes them, whole or not at all.
pub(super) fn write(data: &Path, credentials: &Credentials) -> Result<(), CredentialError> {
    let path = data.join(FILE);
    let text = encode(credentials);
    let written = private_file::write(&path, text.as_bytes());
    written.map_err(|error| CredentialError::File { doing: "write", path, error })
}

fn why(untrusted: &Untrusted) -> &'static str {
    match untrusted {
        Untrusted::OfAnotherUser => {
            "belong to another user, who may have written anything there: make the user of this \
             collector their owner, once you have seen that every key and reader in them is yours"
        }
        Untrusted::Writable => {
            "can be written by other users: see that every key and reader in them is yours, then set \
             the file's mode to 600"
        }
        Untrusted::Readable => "can be read by other users: set the file's mode to 600",
        _ => "are not a regular file: put the file itself in its place",
    }
}

fn encode(credentials: &Credentials) -> String {
    let keys: Vec<Json> = credentials
        .keys()
        .iter()
        .map(|key| {
            let WriteKey { id, product, hash, created } = key;
            json!({"id": id.as_str(), "product": product, "sha256": hash.to_text(),
                   "created": created.to_string()})
        })
        .collect();
    let readers: Vec<Json> = credentials
        .readers()
        .iter()
        .map(|reader| {
            let Reader { name, role, password, created } = reader;
            json!({"name": name.as_str(), "role": role.name(), "password": password,
                   "created": created.to_string()})
        })
        .collect();
    let tokens: Vec<Json> = credentials
        .tokens()
        .iter()
        .map(|token| {
            let Token { id, reader, role, hash, created } = token;
            json!({"id": id.as_str(), "reader": reader.as_str(), "role": role.name(),
                   "sha256": hash.to_text(), "created": created.to_string()})
        })
        .collect();
    let all = json!({"format": FORMAT, "keys": keys, "readers": readers, "tokens": tokens});
    format!("{all:#}\n")
}

/// Reads what they say, or says what is wrong with it.
fn decode(json: &Json) -> Result<Credentials, String> {
    match json["format"].as_u64() {
        Some(FORMAT) => {}
        Some(_) => return Err("their `format` is not one of this version".to_owned()),
        None => return Err("there is no `format`".to_owned()),
    }
    let keys = each(json, "keys", |entry| {
        Some(WriteKey {
            id: CredentialId::from_text(text(entry, "id")?)?,
            product: text(entry, "product")?.to_owned(),
            hash: SecretHash::from_text(text(entry, "sha256")?)?,
            created: Day::parse(text(entry, "created")?)?,
        })
    })
    .ok_or("a write key in `keys` cannot be read")?;
    let readers = each(json, "readers", |entry| {
        Some(Reader {
            name: ReaderName::new(text(entry, "name")?).ok()?,
            role: Role::from_name(text(entry, "role")?)?,
            password: text(entry, "password").filter(|hash| password::is_hash(hash))?.to_owned(),
            created: Day::parse(text(entry, "created")?)?,
        })
    })
    .ok_or("a reader in `readers` cannot be read")?;
    let tokens = each(json, "tokens", |entry| {
        Some(Token {
            id: CredentialId::from_text(text(entry, "id")?)?,
            reader: ReaderName::new(text(entry, "reader")?).ok()?,
            role: Role::from_name(text(entry, "role")?)?,
            hash: SecretHash::from_text(text(entry, "sha256")?)?,
            created: Day::parse(text(entry, "created")?)?,
        })
    })
    .ok_or("a token in `tokens` cannot be read")?;
    Credentials::of(keys, readers, tokens).map_err(|error| error.to_string())
}

fn each<T>(
    json: &Json,
    list: &str,
    one: impl Fn(&Map<String, Json>) -> Option<T>,
) -> Option<Vec<T>> {
    json[list].as_array()?.iter().map(|entry| one(entry.as_object()?)).collect()
}

fn text<'a>(entry: &'a Map<String, Json>, name: &str) -> Option<&'a str> {
    entry.get(name)?.as_str()
}

//! The credentials of a collector, and how they change: pure decisions.

use std::collections::HashMap;
use std::fmt;

use headcount_catalog::Day;

use super::secret_text::{SecretHash, SecretKind};
use super::set_error::CredentialError;
use crate::limits;

/// Names a key or a token: a letter and the first digits of its hash.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct CredentialId(String);

/// The name of a reader: what a person types to sign in.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ReaderName(String);

/// What a reader may do. Each role may do what the one before may.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Role {
    /// See pages, questions and metrics.
    Read,
    /// Change how the collector runs, such as loading catalogs again.
    Operate,
}

/// A write key of a product.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct WriteKey {
    pub(crate) id: CredentialId,
    pub(crate) product: String,
    pub(crate) hash: SecretHash,
    pub(crate) created: Day,
}

/// A person who may sign in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Reader {
    pub(crate) name: ReaderName,
    pub(crate) role: Role,
    /// An argon2id hash in the PHC string format.
    pub(crate) password: String,
    pub(crate) created: Day,
}

/// A token of a reader, for scripts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Token {
    pub(crate) id: CredentialId,
    pub(crate) reader: ReaderName,
    /// What it may do at most; never more than its reader.
    pub(crate) role: Role,
    pub(crate) hash: SecretHash,
    pub(crate) created: Day,
}

/// All credentials.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Credentials {
    keys: Vec<WriteKey>,
    readers: Vec<Reader>,
    tokens: Vec<Token>,
    /// The place of each key and token by its hash.
    keys_by_hash: HashMap<SecretHash, usize>,
    tokens_by_hash: HashMap<SecretHash, usize>,
}

impl Credentials {
    /// Puts together what was read.
    ///
    /// # Errors
    ///
    /// Returns an error if two have the same id, hash or name, or a token is
    /// nobody's.
    pub(super) fn of(
        keys: Vec<WriteKey>,
        readers: Vec<Reader>,
        tokens: Vec<Token>,
    ) -> Result<Self, CredentialError> {
        let mut all = Self::default();
        for reader in readers {
            all.add_reader(reader)?;
        }
        for key in keys {
            all.add_key(key)?;
        }
        for token in tokens {
            all.add_token(token)?;
        }
        Ok(all)
    }

    pub(crate) fn keys(&self) -> &[WriteKey] {
        &self.keys
    }

    pub(crate) fn readers(&self) -> &[Reader] {
        &self.readers
    }

    pub(crate) fn tokens(&self) -> &[Token] {
        &self.tokens
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.keys.is_empty() && self.readers.is_empty()
    }

    pub(crate) fn reader(&self, name: &str) -> Option<&Reader> {
        self.readers.iter().find(|reader| reader.name.0 == name)
    }

    /// The key with this text.
    pub(crate) fn key(&self, text: &str) -> Option<&WriteKey> {
        self.keys_by_hash.get(&SecretHash::of(text)).map(|at| &self.keys[*at])
    }

    /// The token with this text, and what it may do.
    pub(crate) fn token(&self, text: &str) -> Option<(&Token, Role)> {
        let token = &self.tokens[*self.tokens_by_hash.get(&SecretHash::of(text))?];
        let reader = self.reader(&token.reader.0)?;
        Some((token, token.role.min(reader.role)))
    }

    pub(crate) fn add_key(&mut self, key: WriteKey) -> Result<(), CredentialError> {
        if let Some(own) = self.keys.iter().find(|own| own.hash == key.hash) {
            return Err(CredentialError::KeyInUse { id: own.id.0.clone() });
        }
        if self.is_known(&key.id) {
            return Err(CredentialError::SameId(key.id.0));
        }
        if self.keys.len() >= limits::WRITE_KEYS {
            return Err(CredentialError::TooMany("write keys", limits::WRITE_KEYS));
        }
        self.keys_by_hash.insert(key.hash, self.keys.len());
        self.keys.push(key);
        Ok(())
    }

    pub(crate) fn add_reader(&mut self, reader: Reader) -> Result<(), CredentialError> {
        // `Maria` beside `maria` would be taken for her.
        let is_same = |own: &Reader| own.name.0.eq_ignore_ascii_case(&reader.name.0);
        if let Some(own) = self.readers.iter().find(|own| is_same(own)) {
            return Err(CredentialError::ReaderExists(own.name.0.clone()));
        }
        if self.readers.len() >= limits::READERS {
            return Err(CredentialError::TooMany("readers", limits::READERS));
        }
        self.readers.push(reader);
        Ok(())
    }

    pub(crate) fn add_token(&mut self, token: Token) -> Result<(), CredentialError> {
        if self.reader(&token.reader.0).is_none() {
            return Err(self.unknown_reader(&token.reader.0));
        }
        if self.is_known(&token.id) {
            return Err(CredentialError::SameId(token.id.0));
        }
        if self.tokens.len() >= limits::TOKENS {
            return Err(CredentialError::TooMany("tokens", limits::TOKENS));
        }
        self.tokens_by_hash.insert(token.hash, self.tokens.len());
        self.tokens.push(token);
        Ok(())
    }

    /// Takes a key away.
    pub(crate) fn revoke_key(&mut self, id: &str) -> Result<(), CredentialError> {
        let at = self.keys.iter().position(|key| key.id.0 == id);
        let at = at.ok_or_else(|| CredentialError::UnknownKey(id.to_owned()))?;
        self.keys.remove(at);
        self.index();
        Ok(())
    }

    /// Takes a token away.
    pub(crate) fn revoke_token(&mut self, id: &str) -> Result<(), CredentialError> {
        let at = self.tokens.iter().position(|token| token.id.0 == id);
        let at = at.ok_or_else(|| CredentialError::UnknownToken(id.to_owned()))?;
        self.tokens.remove(at);
        self.index();
        Ok(())
    }

    /// Takes a reader away, with all tokens of that reader.
    pub(crate) fn remove_reader(&mut self, name: &str) -> Result<(), CredentialError> {
        let at = self.readers.iter().position(|reader| reader.name.0 == name);
        let at = at.ok_or_else(|| self.unknown_reader(name))?;
        self.readers.remove(at);
        self.tokens.retain(|token| token.reader.0 != name);
        self.index();
        Ok(())
    }

    /// Gives a reader another role.
    pub(crate) fn set_role(&mut self, name: &str, role: Role) -> Result<(), CredentialError> {
        let unknown = self.unknown_reader(name);
        let reader = self.readers.iter_mut().find(|reader| reader.name.0 == name);
        reader.ok_or(unknown)?.role = role;
        Ok(())
    }

    /// Gives a reader another password.
    pub(crate) fn set_password(&mut self, name: &str, hash: String) -> Result<(), CredentialError> {
        let unknown = self.unknown_reader(name);
        let reader = self.readers.iter_mut().find(|reader| reader.name.0 == name);
        reader.ok_or(unknown)?.password = hash;
        Ok(())
    }

    pub(crate) fn unknown_reader(&self, name: &str) -> CredentialError {
        let known = self.readers.iter().map(|reader| reader.name.0.clone()).collect();
        CredentialError::UnknownReader { name: name.to_owned(), known }
    }

    fn is_known(&self, id: &CredentialId) -> bool {
        self.keys.iter().any(|key| key.id == *id) || self.tokens.iter().any(|own| own.id == *id)
    }

    fn index(&mut self) {
        self.keys_by_hash = self.keys.iter().enumerate().map(|(at, key)| (key.hash, at)).collect();
        self.tokens_by_hash =
            self.tokens.iter().enumerate().map(|(at, token)| (token.hash, at)).collect();
    }
}

impl CredentialId {
    pub(crate) fn of(kind: SecretKind, hash: SecretHash) -> Self {
        let letter = if kind == SecretKind::WriteKey { 'k' } else { 't' };
        Self(format!("{letter}{}", hash.head()))
    }

    pub(super) fn from_text(text: &str) -> Option<Self> {
        let is_one = text.len() == 1 + 2 * limits::CREDENTIAL_ID_BYTES
            && text.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit());
        is_one.then(|| Self(text.to_owned()))
    }

    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }
}

impl ReaderName {
    /// Checks a name: letters, digits and `.`, `-`, `_`, `@`, `+`, so that an
    /// e-mail address is one, too.
    ///
    /// # Errors
    ///
    /// Returns an error if it is empty, too long or has other characters.
    pub fn new(text: &str) -> Result<Self, CredentialError> {
        let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b".-_@+".contains(&byte);
        let is_name = (1..=limits::READER_NAME_BYTES).contains(&text.len())
            && text.as_bytes()[0].is_ascii_alphanumeric()
            && text.bytes().all(is_plain);
        if is_name {
            Ok(Self(text.to_owned()))
        } else {
            Err(CredentialError::NotAReaderName(text.to_owned()))
        }
    }

    /// The name.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Role {
    /// Every role with its name.
    pub const ALL: [(Self, &'static str); 2] = [(Self::Read, "read"), (Self::Operate, "operate")];

    /// The name.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::Operate => "operate",
        }
    }

    /// The role with this name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find_map(|(role, own)| (own == name).then_some(role))
    }
}

impl fmt::Display for ReaderName {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.0)
    }
}

//! Passwords: which are good enough, how they are stored, and how one is
//! checked.

use std::fmt;
use std::sync::{Mutex, PoisonError};

use argon2::password_hash::PasswordHasher as _;
use argon2::password_hash::phc::{Output, PasswordHash};
use argon2::{Algorithm, Argon2, Block, Params, Version};

use super::set::ReaderName;
use super::weak_password::WeakPassword;
use crate::limits;

/// A password in the clear that is good enough to be stored. Its text cannot
/// be printed.
#[derive(Clone)]
pub struct Password(String);

impl Password {
    /// Checks a password for a reader. Characters count, not bytes; there are
    /// no rules about which, as NIST SP 800-63B-4 (section 3.1.1.2) advises.
    ///
    /// # Errors
    ///
    /// Returns why it is not good enough.
    pub fn new(text: &str, reader: &ReaderName) -> Result<Self, WeakPassword> {
        let characters: Vec<char> = text.chars().collect();
        let mut distinct = characters.clone();
        distinct.sort_unstable();
        distinct.dedup();
        let without_name = text.to_lowercase().replace(&reader.as_str().to_lowercase(), "");
        if text.len() > limits::PASSWORD_BYTES {
            Err(WeakPassword::TooLong)
        } else if characters.len() < limits::PASSWORD_CHARACTERS {
            Err(WeakPassword::TooShort)
        } else if distinct.len() < limits::PASSWORD_DISTINCT_CHARACTERS {
            Err(WeakPassword::TooRegular)
        } else if without_name.chars().count() < limits::PASSWORD_CHARACTERS * 2 / 3 {
            Err(WeakPassword::LikeName)
        } else {
            Ok(Self(text.to_owned()))
        }
    }

    /// The argon2id hash that is stored, in the PHC string format.
    ///
    /// # Errors
    ///
    /// Returns an error if the system has no random bytes for the salt.
    pub(crate) fn hash(&self) -> Result<String, getrandom::Error> {
        let mut salt = [0; limits::SALT_BYTES];
        getrandom::fill(&mut salt)?;
        let hashed = hasher().hash_password_with_salt(self.0.as_bytes(), &salt);
        // Salt and parameters are constants that the algorithm takes, and the
        // password is bounded.
        Ok(hashed.map(|hash| hash.to_string()).unwrap_or_default())
    }
}

/// Checks passwords that people send, one after the other.
///
/// Each check fills [`limits::PASSWORD_MEMORY_KIB`]. That memory is kept and
/// used again: blocks that are so large and so strictly aligned leave holes in
/// the system's heaps which it does not give back, and whoever tries to sign
/// in would make the collector grow.
pub(crate) struct PasswordCheck {
    /// The hash that is checked for a name that nobody has, so that the answer
    /// takes as long as for one that somebody has.
    nobodys: String,
    /// Empty until the first check.
    memory: Mutex<Vec<Block>>,
}

impl PasswordCheck {
    pub(crate) fn new() -> Result<Self, getrandom::Error> {
        let mut random = [0; limits::SALT_BYTES];
        getrandom::fill(&mut random)?;
        let text: String = random.iter().map(|byte| char::from(b'a' + byte % 26)).collect();
        Ok(Self { nobodys: Password(text).hash()?, memory: Mutex::default() })
    }

    /// Whether a password is the one that was hashed; `None` is the hash of
    /// nobody, and never fits. Takes tens of milliseconds of a core.
    pub(crate) fn fits(&self, sent: &str, stored: Option<&str>) -> bool {
        if sent.len() > limits::PASSWORD_BYTES {
            return false;
        }
        let fits = self.compare(sent, stored.unwrap_or(&self.nobodys));
        fits == Some(true) && stored.is_some()
    }

    /// `None` if the hash cannot be read, or asks for more than is given here.
    fn compare(&self, sent: &str, stored: &str) -> Option<bool> {
        let hash = PasswordHash::new(stored).ok()?;
        let (salt, expected) = (hash.salt.as_ref()?, hash.hash.as_ref()?);
        let params = Params::try_from(&hash).ok()?;
        if params.m_cost() > limits::PASSWORD_MEMORY_KIB {
            return None;
        }
        let mut memory = self.memory.lock().unwrap_or_else(PoisonError::into_inner);
        let blocks = params.block_count();
        if memory.len() < blocks {
            memory.resize(blocks, Block::default());
        }
        let mut out = [0; limits::PASSWORD_HASH_BYTES];
        let out = out.get_mut(..expected.len())?;
        let hasher = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
        let sent = sent.as_bytes();
        hasher.hash_password_into_with_memory(sent, salt, out, &mut memory[..blocks]).ok()?;
        // This comparison takes the same time wherever they differ.
        Some(Output::new(out).ok()? == *expected)
    }
}

impl fmt::Debug for PasswordCheck {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("PasswordCheck").finish_non_exhaustive()
    }
}

/// Whether a text is a hash that [`PasswordCheck`] can check.
pub(super) fn is_hash(text: &str) -> bool {
    PasswordHash::new(text).is_ok_and(|hash| hash.algorithm.as_str() == "argon2id")
}

fn hasher() -> Argon2<'static> {
    let (memory, passes) = (limits::PASSWORD_MEMORY_KIB, limits::PASSWORD_PASSES);
    let params = Params::new(memory, passes, 1, None).unwrap_or(Params::DEFAULT);
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
}

impl fmt::Debug for Password {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_tuple("Password").finish_non_exhaustive()
    }
}

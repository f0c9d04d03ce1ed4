//! The text of write keys, tokens and sign-ins: what kind it is, and 160 random
//! bits.

use std::fmt;

use sha2::{Digest as _, Sha256};

use crate::limits;

/// What a secret is for. Its prefix says so, so that people, programs that
/// look for leaked secrets and messages can tell them apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum SecretKind {
    /// A product's write key.
    WriteKey,
    /// A reader's token.
    Token,
    /// What a browser holds after signing in.
    SignIn,
}

impl SecretKind {
    const ALL: [Self; 3] = [Self::WriteKey, Self::Token, Self::SignIn];

    pub(crate) fn prefix(self) -> &'static str {
        match self {
            Self::WriteKey => headcount_catalog::Key::COLLECTOR_PREFIX,
            Self::Token => "hcr_",
            Self::SignIn => "hcs_",
        }
    }

    /// The kind that a text says it is.
    pub(crate) fn of(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| text.starts_with(kind.prefix()))
    }

    /// Whether a secret of this kind is somewhere in a text, such as an
    /// address: its prefix and as many hexadecimal digits as it has.
    pub(crate) fn is_in(self, address: &str) -> bool {
        let is_digit = |byte: &u8| byte.is_ascii_hexdigit();
        let text = decoded(address).to_ascii_lowercase();
        text.match_indices(self.prefix()).any(|(at, prefix)| {
            let rest = &text.as_bytes()[at + prefix.len()..];
            rest.iter().take_while(|byte| is_digit(byte)).count() >= limits::KEY_BYTES * 2
        })
    }
}

/// A secret in the clear. It is never stored and never logged.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct SecretText(String);

/// A new secret, shown once to the person who asked for it.
pub struct IssuedSecret {
    text: String,
    id: String,
}

/// The SHA-256 of a secret: what is stored, and what is looked up.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct SecretHash([u8; 32]);

impl SecretText {
    /// Makes a new one of the system's random bytes.
    ///
    /// # Errors
    ///
    /// Returns an error if the system has no random bytes.
    pub(crate) fn new(kind: SecretKind) -> Result<Self, getrandom::Error> {
        let mut random = [0; limits::KEY_BYTES];
        getrandom::fill(&mut random)?;
        Ok(Self(format!("{}{}", kind.prefix(), hex(&random))))
    }

    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }

    pub(crate) fn hash(&self) -> SecretHash {
        SecretHash::of(&self.0)
    }

    pub(crate) fn issued(self, id: &str) -> IssuedSecret {
        IssuedSecret { text: self.0, id: id.to_owned() }
    }
}

impl IssuedSecret {
    /// The secret in the clear: for the eyes of whoever asked for it, once.
    #[must_use]
    pub fn reveal(&self) -> &str {
        &self.text
    }

    /// What the commands that revoke it take.
    #[must_use]
    pub fn id(&self) -> &str {
        &self.id
    }
}

impl SecretHash {
    pub(crate) fn of(text: &str) -> Self {
        Self(Sha256::digest(text.as_bytes()).into())
    }

    /// The hash as the file has it.
    pub(super) fn to_text(self) -> String {
        hex(&self.0)
    }

    pub(super) fn from_text(text: &str) -> Option<Self> {
        let is_digit = |byte: u8| matches!(byte, b'0'..=b'9' | b'a'..=b'f');
        if text.len() != 64 || !text.bytes().all(is_digit) {
            return None;
        }
        let mut bytes = [0; 32];
        for (byte, pair) in bytes.iter_mut().zip(text.as_bytes().chunks_exact(2)) {
            let pair = std::str::from_utf8(pair).ok()?;
            *byte = u8::from_str_radix(pair, 16).ok()?;
        }
        Some(Self(bytes))
    }

    /// Its first digits, which name the secret without telling anything of it.
    pub(super) fn head(self) -> String {
        hex(&self.0[..limits::CREDENTIAL_ID_BYTES])
    }
}

/// An address without its percent-encoding.
fn decoded(address: &str) -> String {
    let (mut decoded, mut rest) = (Vec::with_capacity(address.len()), address.as_bytes());
    while let [first, more @ ..] = rest {
        let byte = match rest {
            [b'%', high, low, ..] => std::str::from_utf8(&[*high, *low])
                .ok()
                .and_then(|pair| u8::from_str_radix(pair, 16).ok()),
            _ => None,
        };
        decoded.push(byte.unwrap_or(*first));
        rest = if byte.is_some() { &rest[3..] } else { more };
    }
    String::from_utf8_lossy(&decoded).into_owned()
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

impl fmt::Debug for SecretText {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_tuple("SecretText").finish_non_exhaustive()
    }
}

impl fmt::Debug for IssuedSecret {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("IssuedSecret").field("id", &self.id).finish_non_exhaustive()
    }
}

impl fmt::Debug for SecretHash {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "SecretHash({}…)", self.head())
    }
}

//! Who may write and who may read: write keys of products, readers with their
//! passwords, and readers' tokens.
//!
//! They are in one file of the data folder, `credentials.json`, which commands
//! change and a running collector reads again when it has changed. No secret
//! is in it: of keys and tokens it has the SHA-256 (they are 160 random bits,
//! which nobody finds by trying), of passwords an argon2id hash.

mod secret_text;
mod weak_password;
mod password;
mod set;
mod set_error;
mod file;
mod current;
mod change;
#[cfg(test)]
mod tests;

pub(crate) use change::change;
pub(crate) use current::{CurrentCredentials, foresee};
pub(crate) use file::{FILE, read_for_examination};
pub use password::Password;
pub(crate) use password::PasswordCheck;
pub use secret_text::IssuedSecret;
pub(crate) use secret_text::{SecretHash, SecretKind, SecretText};
pub(crate) use set::{CredentialId, Credentials, Reader, Token, WriteKey};
pub use set::{ReaderName, Role};
pub use set_error::CredentialError;
pub use weak_password::WeakPassword;

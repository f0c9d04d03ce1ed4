//! Pseudonyms, which are stored instead of the ids of devices, sessions, turns
//! and accounts.

mod recent;

use headcount_catalog::Reference;
use headcount_store::Pseudonym;
use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha256;

use crate::limits;
use crate::secret::Secret;

pub(crate) use recent::RecentPseudonyms;

/// What an id stands for. The same text gives another pseudonym for each kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum IdKind {
    Device,
    Session,
    Turn,
    Account,
}

impl From<Reference> for IdKind {
    fn from(reference: Reference) -> Self {
        match reference {
            Reference::Session => Self::Session,
            Reference::Turn => Self::Turn,
            Reference::Account => Self::Account,
        }
    }
}

impl IdKind {
    /// The first byte of what is hashed. 5 was the place of an event in a body
    /// of an older release.
    fn byte(self) -> u8 {
        match self {
            Self::Device => 1,
            Self::Session => 2,
            Self::Turn => 3,
            Self::Account => 4,
        }
    }
}

/// The first byte of what is hashed to the id of an event that came without
/// one.
const CONTENT: u8 = 6;

/// Makes pseudonyms with one secret as their key.
#[derive(Clone)]
pub(crate) struct Pseudonyms {
    keyed: Hmac<Sha256>,
}

impl Pseudonyms {
    pub(crate) fn under(secret: &Secret) -> Self {
        let keyed = Hmac::new_from_slice(secret.bytes()).expect("HMAC takes keys of any length");
        Self { keyed }
    }

    /// Returns the HMAC-SHA256 over kind, product and id, cut to 128 bits.
    ///
    /// The length of the product comes before it, so that two triples never
    /// have the same bytes. If this form changed, every device would be counted
    /// again.
    pub(crate) fn make(&self, kind: IdKind, product: &str, id: &str) -> Pseudonym {
        Pseudonym::from_bytes(self.cut(kind.byte(), product, id.as_bytes()))
    }

    /// Returns the same over what an event says, as the bits of an event's id.
    pub(crate) fn of_content(
        &self,
        product: &str,
        content: &[u8],
    ) -> [u8; limits::PSEUDONYM_BYTES] {
        self.cut(CONTENT, product, content)
    }

    /// Returns the same over what an erasure has erased, to prove it.
    pub(crate) fn of_erasure(&self, product: &str, erased: &[u8]) -> [u8; limits::PSEUDONYM_BYTES] {
        const ERASURE: u8 = 7;
        self.cut(ERASURE, product, erased)
    }

    fn cut(&self, kind: u8, product: &str, id: &[u8]) -> [u8; limits::PSEUDONYM_BYTES] {
        let mut mac = self.keyed.clone();
        mac.update(&[kind]);
        mac.update(&(product.len() as u64).to_be_bytes());
        mac.update(product.as_bytes());
        mac.update(id);
        let whole = mac.finalize().into_bytes();
        let mut cut = [0; limits::PSEUDONYM_BYTES];
        cut.copy_from_slice(&whole[..limits::PSEUDONYM_BYTES]);
        cut
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kind_product_id_and_secret_each_make_another() {
        let pseudonyms = Pseudonyms::under(&Secret::of(7));
        let one = pseudonyms.make(IdKind::Device, "atomic", "id");
        assert_eq!(one, pseudonyms.make(IdKind::Device, "atomic", "id"));
        for other in [
            pseudonyms.make(IdKind::Session, "atomic", "id"),
            pseudonyms.make(IdKind::Device, "archon", "id"),
            pseudonyms.make(IdKind::Device, "atomic", "di"),
            pseudonyms.make(IdKind::Device, "atomici", "d"),
            Pseudonyms::under(&Secret::of(8)).make(IdKind::Device, "atomic", "id"),
        ] {
            assert_ne!(one, other);
        }
    }

    #[test]
    fn the_form_is_frozen() {
        // python3: hmac.new(b"\x07"*32,
        // b"\x01"+(6).to_bytes(8,"big")+b"atomic"+b"id", "sha256")
        let made = Pseudonyms::under(&Secret::of(7)).make(IdKind::Device, "atomic", "id");
        assert_eq!(made.bytes(), EXPECTED);
    }

    const EXPECTED: [u8; 16] = [
        0x60, 0x1b, 0x9b, 0x49, 0x7e, 0xd9, 0xfa, 0xe6, 0x78, 0xd8, 0xe0, 0x0e, 0x22, 0xf1, 0xfa,
        0x09,
    ];
}

//! The pseudonyms that were made last. A batch has most ids many times: those
//! of one device, one session, one account.
//!
//! Each place holds the one that was made last for it, so the memory never
//! grows. Which place an id has is no secret: whoever sends ids that share a
//! place pays one hash for each, as without this. A large table would not be
//! faster: its misses in the processor's cache cost what they save.

use headcount_store::Pseudonym;

use super::{IdKind, Pseudonyms};
use crate::limits;

/// Bytes of an id that is kept. A UUID has 36.
const ID_BYTES: usize = 44;

/// The pseudonyms that one judge made last.
pub(crate) struct RecentPseudonyms {
    places: Vec<Place>,
}

#[derive(Clone)]
struct Place {
    pseudonym: Pseudonym,
    product: &'static str,
    kind: u8,
    /// 0 if the place is free.
    length: u8,
    id: [u8; ID_BYTES],
}

impl RecentPseudonyms {
    pub(crate) fn new() -> Self {
        let free = Place {
            pseudonym: Pseudonym::from_bytes([0; limits::PSEUDONYM_BYTES]),
            product: "",
            kind: 0,
            length: 0,
            id: [0; ID_BYTES],
        };
        Self { places: vec![free; limits::RECENT_PSEUDONYMS] }
    }

    /// Returns what [`Pseudonyms::make`] returns. All calls have the same
    /// `pseudonyms`.
    pub(crate) fn make(
        &mut self,
        pseudonyms: &Pseudonyms,
        kind: IdKind,
        product: &'static str,
        id: &str,
    ) -> Pseudonym {
        let (bytes, length) = (id.as_bytes(), id.len());
        if !(8..=ID_BYTES).contains(&length) {
            return pseudonyms.make(kind, product, id);
        }
        let number = place_of(bytes, kind);
        let place = &mut self.places[number];
        if usize::from(place.length) == length
            && place.id[..length] == *bytes
            && place.kind == kind.byte()
            && place.product == product
        {
            return place.pseudonym;
        }
        place.pseudonym = pseudonyms.make(kind, product, id);
        (place.product, place.kind, place.length) = (product, kind.byte(), length as u8);
        place.id[..length].copy_from_slice(bytes);
        place.pseudonym
    }
}

/// Spreads ids of at least 8 bytes over the places.
fn place_of(id: &[u8], kind: IdKind) -> usize {
    let word = |at: usize| {
        let bytes: [u8; 8] = id[at..at + 8].try_into().expect("8 bytes");
        u64::from_le_bytes(bytes)
    };
    let mixed = word(0) ^ word(id.len() - 8).rotate_left(23) ^ u64::from(kind.byte());
    let spread = mixed.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 40;
    spread as usize % limits::RECENT_PSEUDONYMS
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::secret::Secret;

    #[test]
    fn whatever_shares_a_place_keeps_its_own_pseudonym() {
        let pseudonyms = Pseudonyms::under(&Secret::of(7));
        let mut recent = RecentPseudonyms::new();
        let long = "x".repeat(ID_BYTES + 1);
        // The first and the last 8 bytes are the same: one place for all.
        let alike: Vec<String> = (0..9).map(|n| format!("same-head-{n}-same-tail")).collect();
        for _ in 0..3 {
            for id in alike.iter().map(String::as_str).chain(["", "short", &long]) {
                for kind in [IdKind::Device, IdKind::Session, IdKind::Turn, IdKind::Account] {
                    for product in ["atomic", "archon"] {
                        let made = recent.make(&pseudonyms, kind, product, id);
                        assert_eq!(made, pseudonyms.make(kind, product, id), "{id}");
                    }
                }
            }
        }
    }
}

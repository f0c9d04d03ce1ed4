//! What a collector gives to the person whose events it has erased.
//!
//! It is a text that the collector can recognize later:
//!
//! ```text
//! PRODUCT.DAY.ERASED.PERSON.MAC       atomic.2026-11-20.7.<32 digits>.<32 digits>
//! ```
//!
//! PERSON is the pseudonym of the device or account. MAC is made of all that
//! under the collector's own secret. It proves that this collector, or somebody
//! with its secret, answered so on that day. It does not prove that no backup
//! has the events, nor that none arrived later, and whoever has no secret can
//! neither make nor check one.

use std::fmt;

use headcount_catalog::Day;
use headcount_store::Pseudonym;
use headcount_wire::native::ErasureAnswer;

use crate::limits;
use crate::pseudonym::Pseudonyms;

/// An erasure that was answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ErasureProof {
    /// The product's name.
    pub(crate) product: String,
    /// The day of the answer, UTC.
    pub(crate) day: Day,
    /// The number of events that were erased.
    pub(crate) erased: u64,
    /// The device or account.
    pub(crate) person: Pseudonym,
}

/// Why a text is not a proof of this collector.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub(crate) enum ProofError {
    /// It does not have the form of one.
    Malformed,
    /// It was made under another secret, or was changed.
    Forged,
}

impl fmt::Display for ProofError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(match self {
            Self::Malformed => {
                "not a proof of an erasure: it has the form PRODUCT.DAY.EVENTS.DIGITS.DIGITS"
            }
            Self::Forged => "not a proof of this collector: another one made it, or it was changed",
        })
    }
}

impl std::error::Error for ProofError {}

impl ErasureProof {
    /// What is answered to whoever asked for the erasure.
    pub(crate) fn answer(&self, pseudonyms: &Pseudonyms) -> ErasureAnswer {
        ErasureAnswer { erased: Some(self.erased), proof: Some(self.sign(pseudonyms)) }
    }

    /// The text of the proof.
    fn sign(&self, pseudonyms: &Pseudonyms) -> String {
        let Self { product, day, erased, person } = self;
        let mac = hex(self.mac(pseudonyms));
        format!("{product}.{day}.{erased}.{}.{mac}", hex(person.bytes()))
    }

    /// Reads a proof, and checks that it was made under this secret.
    pub(crate) fn check(text: &str, pseudonyms: &Pseudonyms) -> Result<Self, ProofError> {
        let (proof, mac) = Self::parse(text.trim()).ok_or(ProofError::Malformed)?;
        if proof.mac(pseudonyms) == mac { Ok(proof) } else { Err(ProofError::Forged) }
    }

    fn parse(text: &str) -> Option<(Self, [u8; limits::PSEUDONYM_BYTES])> {
        let mut parts = text.split('.');
        let product = parts.next().filter(|product| !product.is_empty())?.to_owned();
        let day = Day::parse(parts.next()?)?;
        let digits = parts.next()?;
        let erased: u64 = digits.parse().ok()?;
        let person = Pseudonym::from_bytes(from_hex(parts.next()?)?);
        let mac = from_hex(parts.next()?)?;
        // One text for each proof: no sign, no zeros in front.
        let is_whole = parts.next().is_none() && erased.to_string() == digits;
        is_whole.then_some((Self { product, day, erased, person }, mac))
    }

    fn mac(&self, pseudonyms: &Pseudonyms) -> [u8; limits::PSEUDONYM_BYTES] {
        let mut erased = self.person.bytes().to_vec();
        erased.extend(self.day.number().to_be_bytes());
        erased.extend(self.erased.to_be_bytes());
        pseudonyms.of_erasure(&self.product, &erased)
    }
}

/// Lower-case hexadecimal.
pub(crate) fn hex(bytes: [u8; 16]) -> String {
    format!("{:032x}", u128::from_be_bytes(bytes))
}

fn from_hex(text: &str) -> Option<[u8; 16]> {
    let is_hex = |byte: u8| byte.is_ascii_digit() || matches!(byte, b'a'..=b'f');
    let is_whole = text.len() == 32 && text.bytes().all(is_hex);
    is_whole.then(|| u128::from_str_radix(text, 16).ok()).flatten().map(u128::to_be_bytes)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::secret::Secret;

    fn proof() -> ErasureProof {
        let day = Day::parse("2026-11-20").unwrap();
        let person = Pseudonym::from_bytes([3; 16]);
        ErasureProof { product: "atomic-2".to_owned(), day, erased: 7, person }
    }

    #[test]
    fn a_proof_is_recognized_by_the_collector_that_made_it() {
        let pseudonyms = Pseudonyms::under(&Secret::of(7));
        let text = proof().sign(&pseudonyms);
        assert!(text.starts_with("atomic-2.2026-11-20.7.0303"), "{text}");
        assert!(text.len() <= headcount_wire::limits::PROOF_BYTES, "{text}");
        assert_eq!(ErasureProof::check(&text, &pseudonyms), Ok(proof()));
        assert_eq!(ErasureProof::check(&format!(" {text}\n"), &pseudonyms), Ok(proof()));
        let other = Pseudonyms::under(&Secret::of(8));
        assert_eq!(ErasureProof::check(&text, &other), Err(ProofError::Forged));
    }

    #[test]
    fn what_was_changed_is_not_a_proof() {
        let pseudonyms = Pseudonyms::under(&Secret::of(7));
        let text = proof().sign(&pseudonyms);
        for (from, to) in [
            ("atomic-2", "atomic-3"),
            ("2026-11-20", "2026-11-21"),
            (".7.", ".8."),
            (".7.", ".70."),
            (".0303", ".0304"),
        ] {
            let changed = text.replacen(from, to, 1);
            assert_eq!(ErasureProof::check(&changed, &pseudonyms), Err(ProofError::Forged));
        }
        for changed in [
            String::new(),
            "...".to_owned(),
            text.replacen(".7.", ".07.", 1),
            text.replacen(".7.", ".+7.", 1),
            text.replacen(".7.", ".-7.", 1),
            text.replacen("2026-11-20", "2026-02-30", 1),
            format!("{text}.0"),
            format!("{text}0"),
            text[..text.len() - 1].to_owned(),
            text[..text.rfind('.').unwrap()].to_owned(),
            text.to_uppercase(),
            text.replacen("atomic-2", "", 1),
        ] {
            let read = ErasureProof::check(&changed, &pseudonyms);
            assert_eq!(read, Err(ProofError::Malformed), "{changed}");
        }
    }
}

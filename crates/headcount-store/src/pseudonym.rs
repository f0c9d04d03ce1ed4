//! What stands for a device, a session, a turn or an account.

use std::fmt;

/// Stands for a device, session, turn or account: an HMAC under the collector's
/// own secret, cut to 128 bits. Its `Debug` output hides the bits, so that no
/// log can hold them.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Pseudonym([u8; 16]);

impl Pseudonym {
    /// Makes a pseudonym of its 128 bits.
    #[must_use]
    pub const fn from_bytes(bytes: [u8; 16]) -> Self {
        Self(bytes)
    }

    /// Returns the 128 bits.
    #[must_use]
    pub const fn bytes(self) -> [u8; 16] {
        self.0
    }
}

impl fmt::Debug for Pseudonym {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("Pseudonym(..)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn debug_output_hides_a_pseudonym() {
        let printed = |byte| format!("{:?}", Pseudonym::from_bytes([byte; 16]));
        assert_eq!(printed(1), printed(2));
    }
}

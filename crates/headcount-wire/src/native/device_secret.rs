//! The secret behind a device's id: whoever has it, has the right to have
//! erased what was sent under the id.
//!
//! The SDK mints it and shows the id alone; a collector is told the secret when
//! it is to erase, and derives the id from it in the same way.

use std::fmt;

use headcount_catalog::EventId;

/// 128 random bits, of which a device's id is a hash.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct DeviceSecret([u8; 16]);

impl DeviceSecret {
    /// The secret of these bits.
    #[must_use]
    pub const fn from_bytes(bytes: [u8; 16]) -> Self {
        Self(bytes)
    }

    /// Reads 32 hexadecimal digits; `None` if the text is anything else.
    #[must_use]
    pub fn from_hex(text: &str) -> Option<Self> {
        // `from_str_radix` alone would take a sign.
        let is_hex = text.len() == 32 && text.bytes().all(|byte| byte.is_ascii_hexdigit());
        let number = is_hex.then(|| u128::from_str_radix(text, 16).ok())??;
        Some(Self(number.to_be_bytes()))
    }

    /// The 128 bits.
    #[must_use]
    pub const fn bytes(self) -> [u8; 16] {
        self.0
    }

    /// The id: the first 128 bits of the secret's SHA-256, in the form of a
    /// version-4 UUID (RFC 9562).
    #[must_use]
    pub fn device(self) -> String {
        let hash = hmac_sha256::Hash::hash(&self.0);
        let mut bytes = [0; 16];
        bytes.copy_from_slice(&hash[..16]);
        bytes[6] = bytes[6] & 0x0f | 0x40;
        bytes[8] = bytes[8] & 0x3f | 0x80;
        EventId::from_bits(u128::from_be_bytes(bytes)).to_string()
    }
}

/// Leaves the bits out, so that no log can hold them.
impl fmt::Debug for DeviceSecret {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("DeviceSecret(..)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_has_the_form_of_a_version_4_uuid_and_follows_from_its_secret() {
        let of = |byte| DeviceSecret::from_bytes([byte; 16]).device();
        assert_eq!(of(7), of(7));
        assert_ne!(of(7), of(8));
        assert_eq!(&of(7)[14..15], "4");
        assert!(matches!(&of(7)[19..20], "8" | "9" | "a" | "b"));
    }

    /// The form is in people's files and in collectors' stores.
    #[test]
    fn the_form_is_frozen() {
        // python3: hashlib.sha256(b"\x07"*16).hexdigest()[:32], with the bits
        // of version and variant set.
        let secret = DeviceSecret::from_hex("07070707070707070707070707070707");
        assert_eq!(secret.map(DeviceSecret::device).as_deref(), Some(FROZEN));
    }

    const FROZEN: &str = "d761d406-af2a-4a5a-95f6-7c924378ed88";

    #[test]
    fn only_32_digits_are_a_secret() {
        let digits = "00112233445566778899aabbccddeeff";
        let read = |text: &str| DeviceSecret::from_hex(text);
        assert_eq!(read(digits), read(&digits.to_uppercase()));
        assert!(read(digits).is_some());
        for text in [
            "",
            "07",
            "+7",
            &digits[1..],
            &format!("{digits}0"),
            &digits.replacen('0', "+", 1),
            &"x".repeat(32),
            &"é".repeat(16),
        ] {
            assert_eq!(read(text), None, "{text}");
        }
        assert!(!format!("{:?}", read(digits)).contains("33"));
    }
}

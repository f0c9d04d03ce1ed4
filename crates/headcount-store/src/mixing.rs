//! Functions that spread the bits of numbers.

/// Multiplies to 128 bits and folds these.
pub(crate) fn fold(one: u64, other: u64) -> u64 {
    let product = u128::from(one) * u128::from(other);
    (product >> 64) as u64 ^ product as u64
}

/// 2^64 divided by the golden ratio, made odd. Multiples of it are spread
/// evenly.
pub(crate) const GOLDEN: u64 = 0x9E37_79B9_7F4A_7C15;

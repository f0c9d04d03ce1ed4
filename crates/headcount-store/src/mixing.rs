//! Functions that spread the bits of numbers.

/// Multiplies to 128 bits and folds these.
pub(crate) fn fold(one: u64, other: u64) -> u64 {
    let product = u128::from(one) * u128::from(other);
    (product >> 64) as u64 ^ product as u64
}

/// What SplitMix64 adds to its state for each number: 2^64 divided by the
/// golden ratio, made odd.
pub(crate) const GOLDEN: u64 = 0x9E37_79B9_7F4A_7C15;

/// The number that SplitMix64 makes of a state. Source: `splitmix64.c` by
/// Sebastiano Vigna (public domain).
pub(crate) fn split_mix(state: u64) -> u64 {
    let mixed = (state ^ state >> 30).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    let mixed = (mixed ^ mixed >> 27).wrapping_mul(0x94D0_49BB_1331_11EB);
    mixed ^ mixed >> 31
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The first numbers of the reference implementation from seed 0. Filters
    /// on disk are keyed with them.
    #[test]
    fn the_numbers_are_those_of_other_implementations() {
        let numbers = [1, 2].map(|nth| split_mix(GOLDEN.wrapping_mul(nth)));
        assert_eq!(numbers, [0xE220_A839_7B1D_CDAF, 0x6E78_9E6A_A1B9_65F4]);
    }
}

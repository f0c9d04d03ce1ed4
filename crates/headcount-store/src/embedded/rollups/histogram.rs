//! Histograms: buckets on a logarithmic ladder, and quantiles of them.
//!
//! A power of two has 32 buckets. Whole numbers below 64 have a bucket each, so
//! they are exact. Above, a bucket is 1/32 of its lower end wide at most, and
//! its middle stands for all numbers in it: a quantile is wrong by at most
//! 1/64, which is 1.6 %.

use std::collections::BTreeMap;

/// Buckets for each power of two, as a number of bits.
const BITS: u32 = 5;

/// The smallest number that is told from zero: 2^-20, about a millionth.
const SMALLEST: i32 = -20;

/// The bucket of a number. Zero and what is below have the first one.
pub(super) fn bucket(number: f64) -> u32 {
    if number.is_nan() || number < 2f64.powi(SMALLEST) {
        return 0;
    }
    // The exponent and the first bits of the fraction, as IEEE 754 has them.
    let top = (number.to_bits() >> (f64::MANTISSA_DIGITS - 1 - BITS)) as u32;
    let first = ((1023 + SMALLEST) as u32) << BITS;
    top - first + 1
}

/// The bucket of a whole number: the same as for a fraction, and the buckets of
/// numbers below one, which it does not have, are left out.
pub(super) fn whole_bucket(number: i64) -> u32 {
    bucket(number.max(0) as f64).saturating_sub(SKIPPED)
}

/// Buckets between zero and one.
const SKIPPED: u32 = (SMALLEST.unsigned_abs()) << BITS;

/// The number that stands for a bucket: its middle.
pub(super) fn middle(bucket: u32) -> f64 {
    if bucket == 0 {
        return 0.0;
    }
    let lower = lower_end(bucket);
    lower + (lower_end(bucket + 1) - lower) / 2.0
}

/// The number that stands for a bucket of whole numbers.
pub(super) fn whole_middle(bucket: u32) -> f64 {
    if bucket == 0 {
        return 0.0;
    }
    let lower = lower_end(bucket + SKIPPED);
    let width = lower_end(bucket + SKIPPED + 1) - lower;
    if width <= 1.0 { lower } else { lower + (width - 1.0) / 2.0 }
}

fn lower_end(bucket: u32) -> f64 {
    let first = ((1023 + SMALLEST) as u64) << BITS;
    f64::from_bits((u64::from(bucket) - 1 + first) << (f64::MANTISSA_DIGITS - 1 - BITS))
}

/// The middle of the bucket of a whole number.
pub(in crate::embedded) fn middle_of_whole(number: i64) -> f64 {
    whole_middle(whole_bucket(number))
}

/// The middle of the bucket of a number with a fraction.
pub(in crate::embedded) fn middle_of(number: f64) -> f64 {
    middle(bucket(number))
}

/// How many numbers there are, half of which, nine tenths of which, and 99 of
/// 100 of which are at most what. The order of their bits is that of numbers
/// that are not negative.
pub(in crate::embedded) fn quantiles_of(counts: &BTreeMap<u64, u64>) -> (u64, [f64; 3]) {
    let values: Vec<_> =
        counts.iter().map(|(bits, count)| (f64::from_bits(*bits), *count)).collect();
    (counts.values().sum(), [0.5, 0.9, 0.99].map(|share| quantile(&values, share)))
}

/// All numbers together.
pub(in crate::embedded) fn sum_of(counts: &BTreeMap<u64, u64>) -> f64 {
    counts.iter().map(|(bits, count)| f64::from_bits(*bits) * *count as f64).sum()
}

/// The value at a quantile, by nearest rank: `share` is from 0 to 1. The values
/// are in rising order, with their counts.
pub(super) fn quantile(values: &[(f64, u64)], share: f64) -> f64 {
    let total: u64 = values.iter().map(|(_, count)| count).sum();
    let rank = ((total as f64 * share).ceil() as u64).max(1);
    let mut seen = 0;
    for (value, count) in values {
        seen += count;
        if seen >= rank {
            return *value;
        }
    }
    values.last().map_or(0.0, |(value, _)| *value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn small_whole_numbers_are_exact_and_others_within_a_64th() {
        for number in 0..64 {
            assert_eq!(whole_middle(whole_bucket(number)), number as f64);
        }
        let mut number = 64_i64;
        while number < i64::MAX / 3 {
            let told = whole_middle(whole_bucket(number));
            assert!((told / number as f64 - 1.0).abs() <= 1.0 / 64.0, "{number}: {told}");
            number += number / 7;
        }
        assert_eq!([whole_bucket(-5), whole_bucket(0), whole_bucket(1)], [0, 0, 1]);
        assert!(whole_bucket(i64::MAX) < 2_048);
    }

    #[test]
    fn fractions_are_within_a_64th() {
        let mut number = 0.000_001;
        while number < 1e12 {
            let told = middle(bucket(number));
            assert!((told / number - 1.0).abs() <= 1.0 / 64.0, "{number}: {told}");
            number *= 1.013;
        }
        let none = [0.0, -1.0, f64::NAN, f64::MIN_POSITIVE];
        assert_eq!(none.map(bucket), [0; 4]);
        assert!(bucket(f64::INFINITY) > bucket(f64::MAX));
    }

    #[test]
    fn buckets_rise() {
        let rising = (0..5_000).map(whole_bucket).collect::<Vec<_>>();
        assert!(rising.is_sorted());
    }

    #[test]
    fn quantiles_are_by_nearest_rank() {
        let values = [(1.0, 50), (2.0, 49), (9.0, 1)];
        let told = [0.0, 0.5, 0.51, 0.99, 0.991, 1.0].map(|share| quantile(&values, share));
        assert_eq!(told, [1.0, 1.0, 2.0, 2.0, 9.0, 9.0]);
        assert_eq!(quantile(&[], 0.5), 0.0);
    }
}

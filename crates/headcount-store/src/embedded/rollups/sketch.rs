//! HyperLogLog: about how many distinct devices there were, when the devices
//! themselves are gone.
//!
//! 2^14 registers have a standard error of 1.04 / sqrt(2^14) = 0.8 %. A
//! pseudonym is uniform already, so its bits are the hash. Sketches of several
//! days are one sketch by the maximum of each register. The estimator is that
//! of Otmar Ertl, "New cardinality estimation algorithms for HyperLogLog
//! sketches" (2017), section 2: it needs no tables and has no bias at any
//! number.

use crate::Pseudonym;

const BITS: u32 = 14;
const REGISTERS: usize = 1 << BITS;
/// The largest value of a register: the first one among 50 bits, or none.
const MOST: usize = 64 - BITS as usize + 1;

/// A sketch.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Sketch {
    registers: Box<[u8; REGISTERS]>,
}

impl Sketch {
    /// A sketch of nothing.
    pub(super) fn new() -> Self {
        Self { registers: Box::new([0; REGISTERS]) }
    }

    pub(super) fn add(&mut self, device: Pseudonym) {
        let mut bits = [0; 8];
        bits.copy_from_slice(&device.bytes()[..8]);
        let bits = u64::from_be_bytes(bits);
        let place = (bits >> (64 - BITS)) as usize;
        let rank = ((bits << BITS).leading_zeros() as usize + 1).min(MOST) as u8;
        let register = &mut self.registers[place];
        *register = (*register).max(rank);
    }

    /// Adds the devices of another sketch.
    pub(super) fn merge(&mut self, other: &Self) {
        for (own, theirs) in self.registers.iter_mut().zip(other.registers.iter()) {
            *own = (*own).max(*theirs);
        }
    }

    /// About how many distinct devices were added.
    pub(super) fn estimate(&self) -> f64 {
        let mut counts = [0.0; MOST + 1];
        self.registers.iter().for_each(|rank| counts[usize::from(*rank)] += 1.0);
        let all = REGISTERS as f64;
        let mut sum = all * tau(1.0 - counts[MOST] / all);
        for count in counts[1..MOST].iter().rev() {
            sum = 0.5 * (sum + count);
        }
        sum += all * sigma(counts[0] / all);
        all * all / (2.0 * std::f64::consts::LN_2 * sum)
    }

    /// The bytes: the registers that are not zero with their places, or all.
    pub(super) fn bytes(&self) -> Vec<u8> {
        let used = self.registers.iter().enumerate().filter(|(_, rank)| **rank > 0);
        if used.clone().count() * 3 >= REGISTERS {
            return self.registers.to_vec();
        }
        used.flat_map(|(place, rank)| {
            let [high, low] = (place as u16).to_be_bytes();
            [high, low, *rank]
        })
        .collect()
    }

    /// Reads the bytes. `None` if they are not those of a sketch.
    pub(super) fn read(bytes: &[u8]) -> Option<Self> {
        let mut sketch = Self::new();
        if bytes.len() == REGISTERS {
            sketch.registers.copy_from_slice(bytes);
        } else {
            let (entries, []) = bytes.as_chunks::<3>() else { return None };
            for [high, low, rank] in entries {
                let place = usize::from(u16::from_be_bytes([*high, *low]));
                *sketch.registers.get_mut(place)? = *rank;
            }
        }
        let known = sketch.registers.iter().all(|rank| usize::from(*rank) <= MOST);
        known.then_some(sketch)
    }
}

/// Ertl's sigma: x + sum of x^(2^k) * 2^(k-1).
fn sigma(mut x: f64) -> f64 {
    if x >= 1.0 {
        return f64::INFINITY;
    }
    let (mut y, mut z) = (1.0, x);
    loop {
        x *= x;
        let before = z;
        z += x * y;
        y += y;
        if z <= before {
            return z;
        }
    }
}

/// Ertl's tau.
fn tau(mut x: f64) -> f64 {
    if x <= 0.0 || x >= 1.0 {
        return 0.0;
    }
    let (mut y, mut z) = (1.0, 1.0 - x);
    loop {
        x = x.sqrt();
        let before = z;
        y *= 0.5;
        z -= (1.0 - x).powi(2) * y;
        if z >= before {
            return z / 3.0;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn device(number: u64) -> Pseudonym {
        let mut bits = number.wrapping_add(0x9E37_79B9_7F4A_7C15);
        for shift in [30, 27, 31] {
            bits = (bits ^ bits >> shift).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        }
        let mut bytes = [0; 16];
        bytes[..8].copy_from_slice(&bits.to_be_bytes());
        Pseudonym::from_bytes(bytes)
    }

    /// Five standard errors of 0.81 % would come once in two million.
    #[test]
    fn the_error_is_as_stated() {
        let (mut sketch, mut worst) = (Sketch::new(), 0.0_f64);
        let (mut squares, mut steps) = (0.0, 0.0);
        for number in 1..=1_000_000_u32 {
            sketch.add(device(number.into()));
            if number.is_power_of_two() || number % 50_000 == 0 {
                let error = sketch.estimate() / f64::from(number) - 1.0;
                worst = worst.max(error.abs());
                squares += error * error;
                steps += 1.0;
            }
        }
        assert!(worst < 0.03, "{worst}");
        assert!((squares / steps).sqrt() < 0.0162, "{}", (squares / steps).sqrt());
    }

    #[test]
    fn few_devices_are_counted_almost_exactly() {
        let mut sketch = Sketch::new();
        assert_eq!(sketch.estimate().round(), 0.0);
        for number in 1..=100 {
            sketch.add(device(number));
            sketch.add(device(number));
            assert!((sketch.estimate() - number as f64).abs() < 2.0, "{number}");
        }
    }

    #[test]
    fn bytes_are_read_back_and_others_are_refused() {
        for most in [0, 3, 4_000, 100_000] {
            let mut sketch = Sketch::new();
            (0..most).for_each(|number| sketch.add(device(number)));
            assert_eq!(Sketch::read(&sketch.bytes()), Some(sketch));
        }
        let bad: [&[u8]; 4] = [&[1], &[0, 1], &[0xff, 0xff, 1], &[0, 1, 200]];
        bad.iter().for_each(|bytes| assert_eq!(Sketch::read(bytes), None));
    }
}

//! Chance with a fixed seed, so that every demo plays the same two months; and
//! the shapes that what people do has: seldom much, often little.

/// Where every sequence begins: what a person does follows from who it is and
/// what day it is.
const SEED: u64 = 0x4865_6164_636f_756e;

/// A sequence of numbers that look random: SplitMix64 (Steele, Lea, Flood
/// 2014).
#[derive(Debug, Clone)]
pub(super) struct Chance(u64);

impl Chance {
    /// The sequence that belongs to these numbers.
    pub(super) fn of(parts: &[u64]) -> Self {
        parts.iter().fold(Self(SEED), |mut chance, part| {
            let next = chance.next();
            Self(next ^ part.wrapping_mul(0xd6e8_feb8_6659_fd93))
        })
    }

    /// The sequence that belongs to a name within this one, which does not move
    /// on.
    pub(super) fn named(&self, name: &str) -> Self {
        name.bytes().fold(self.clone(), |mut chance, byte| {
            let next = chance.next();
            Self(next ^ u64::from(byte))
        })
    }

    pub(super) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// From 0 up to 1, which it never is: 53 bits, as many as such a number
    /// has.
    pub(super) fn unit(&mut self) -> f64 {
        (self.next() >> 11) as f64 / (1u64 << 53) as f64
    }

    /// Between two numbers.
    pub(super) fn between(&mut self, low: f64, high: f64) -> f64 {
        low + (high - low) * self.unit()
    }

    /// Whether something of this probability happens.
    pub(super) fn happens(&mut self, probability: f64) -> bool {
        self.unit() < probability
    }

    /// Normal, with mean 0 and deviation 1: twelve uniform numbers added up are
    /// near enough.
    pub(super) fn normal(&mut self) -> f64 {
        (0..12).map(|_| self.unit()).sum::<f64>() - 6.0
    }

    /// Log-normal: half of the numbers lie below the median, a few far above
    /// it.
    pub(super) fn around(&mut self, median: f64, spread: f64) -> f64 {
        median * (spread * self.normal()).exp()
    }

    /// How often something happens that happens `mean` times on average, one
    /// thing independent of the other (Poisson, by Knuth's method).
    pub(super) fn times(&mut self, mean: f64) -> usize {
        let end = (-mean).exp();
        let (mut left, mut times) = (self.unit(), 0);
        while left > end {
            left *= self.unit();
            times += 1;
        }
        times
    }

    /// A place among weights; the first where all of them are nothing.
    pub(super) fn weighted(&mut self, weights: &[f64]) -> usize {
        let mut left = self.unit() * weights.iter().sum::<f64>();
        let chosen = weights.iter().position(|weight| {
            left -= weight;
            left < 0.0
        });
        chosen.unwrap_or(0)
    }

    /// One of these; the slice must not be empty.
    pub(super) fn one<'a, T>(&mut self, of: &'a [T]) -> &'a T {
        &of[(self.unit() * of.len() as f64) as usize]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_person_does_the_same_again() {
        let numbers = |parts: &[u64]| {
            let mut chance = Chance::of(parts);
            [chance.next(), chance.next()]
        };
        assert_eq!(numbers(&[1, 2]), numbers(&[1, 2]));
        assert_ne!(numbers(&[1, 2]), numbers(&[2, 1]));
        let chance = Chance::of(&[1]);
        assert_ne!(chance.named("model").next(), chance.named("mode").next());
        assert_eq!(chance.named("model").next(), chance.named("model").next());
    }

    #[test]
    fn shapes_are_what_they_are_called() {
        let mut chance = Chance::of(&[7]);
        let mut many = |draw: &mut dyn FnMut(&mut Chance) -> f64| {
            (0..10_000).map(|_| draw(&mut chance)).collect::<Vec<f64>>()
        };
        let mean = |numbers: &[f64]| numbers.iter().sum::<f64>() / numbers.len() as f64;
        assert!((mean(&many(&mut Chance::unit)) - 0.5).abs() < 0.02);
        assert!(mean(&many(&mut Chance::normal)).abs() < 0.05);
        assert!((mean(&many(&mut |chance| chance.times(1.7) as f64)) - 1.7).abs() < 0.05);
        let below = many(&mut |chance| f64::from(chance.around(100.0, 0.9) < 100.0));
        assert!((mean(&below) - 0.5).abs() < 0.02);
        let second = many(&mut |chance| chance.weighted(&[3.0, 1.0]) as f64);
        assert!((mean(&second) - 0.25).abs() < 0.02);
    }

    #[test]
    fn nothing_to_choose_from_is_the_first() {
        assert_eq!(Chance::of(&[]).weighted(&[0.0, 0.0]), 0);
        assert_eq!(*Chance::of(&[]).one(&[5]), 5);
    }
}

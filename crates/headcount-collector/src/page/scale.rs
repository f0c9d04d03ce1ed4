//! A vertical scale from 0 to a round number.

/// Steps of 1, 2 or 5 times a power of ten.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Scale {
    step: f64,
    steps: u32,
}

/// The most steps of a scale.
const MOST_STEPS: f64 = 4.0;

/// The finest step is 10 to this power.
const LEAST_POWER: i32 = -6;

impl Scale {
    /// A scale in whole units of a number, such as minutes of milliseconds. In
    /// units of 1, the steps may be smaller.
    pub(super) fn in_units(most: f64, unit: u64) -> Self {
        if unit <= 1 {
            return Self::fine(most);
        }
        let scale = Self::from_power(0, (most / unit as f64).ceil());
        Self { step: scale.step * unit as f64, ..scale }
    }

    /// The finest scale of whole numbers with at most four steps.
    pub(super) fn over(most: u64) -> Self {
        Self::from_power(0, most as f64)
    }

    /// The finest scale with at most four steps, which may be parts of one.
    pub(super) fn fine(most: f64) -> Self {
        // Of nothing, the scale is that of whole numbers.
        Self::from_power(if most > 0.0 { LEAST_POWER } else { 0 }, most)
    }

    fn from_power(least: i32, most: f64) -> Self {
        let mut power = least;
        loop {
            for digit in [1.0, 2.0, 5.0] {
                // A division by a power of ten is nearer to 0.1 than its
                // inverse.
                let step = match power {
                    ..0 => digit / 10_f64.powi(-power),
                    _ => digit * 10_f64.powi(power),
                };
                let steps = (most / step).ceil().max(1.0);
                if steps <= MOST_STEPS {
                    return Self { step, steps: steps as u32 };
                }
            }
            // This ends: a step grows past every number.
            power += 1;
        }
    }

    pub(super) fn ticks(self) -> impl Iterator<Item = f64> {
        (0..=self.steps).map(move |step| self.step * f64::from(step))
    }

    /// The distance of a count from the top, in percent.
    pub(super) fn down(self, count: u64) -> f64 {
        self.down_from(count as f64)
    }

    /// The same for a number that is not whole.
    pub(super) fn down_from(self, number: f64) -> f64 {
        100.0 - number * 100.0 / (f64::from(self.steps) * self.step)
    }
}

/// A part of a drawing, of 100.
pub(super) fn percent(part: f64) -> String {
    format!("{part:.2}%")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scales_end_on_round_numbers() {
        let ticks = |most| Scale::over(most).ticks().collect::<Vec<_>>();
        assert_eq!(ticks(0), [0.0, 1.0]);
        assert_eq!(ticks(1), [0.0, 1.0]);
        assert_eq!(ticks(3), [0.0, 1.0, 2.0, 3.0]);
        assert_eq!(ticks(9), [0.0, 5.0, 10.0]);
        assert_eq!(ticks(37), [0.0, 10.0, 20.0, 30.0, 40.0]);
        assert_eq!(ticks(400), [0.0, 100.0, 200.0, 300.0, 400.0]);
        assert_eq!(Scale::over(400).down(100), 75.0);
        let minutes: Vec<f64> = Scale::in_units(290_000.0, 60_000).ticks().collect();
        assert_eq!(minutes, [0.0, 120_000.0, 240_000.0, 360_000.0]);
        assert!(Scale::over(u64::MAX).ticks().count() <= 5);
    }

    #[test]
    fn a_scale_of_small_numbers_has_ticks_below_one() {
        let last = |most| Scale::fine(most).ticks().last();
        for (most, end) in [(0.371, 0.4), (0.058, 0.06), (0.9, 1.0), (1.2, 1.5), (0.0, 1.0)] {
            assert_eq!(last(most), Some(end), "{most}");
        }
        let ticks: Vec<f64> = Scale::in_units(0.2, 1).ticks().collect();
        assert_eq!(ticks, [0.0, 0.05, 0.1, 0.150_000_000_000_000_02, 0.2]);
        assert!(Scale::fine(1e-300).ticks().count() == 2 && Scale::fine(1e300).ticks().count() > 1);
    }
}

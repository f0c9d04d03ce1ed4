//! A vertical scale from 0 to a round number.

/// Steps of 1, 2 or 5 times a power of ten.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Scale {
    step: u64,
    steps: u64,
}

impl Scale {
    /// The same in whole units of a number, such as minutes of milliseconds.
    pub(super) fn in_units(most: u64, unit: u64) -> Self {
        let scale = Self::over(most.div_ceil(unit.max(1)));
        Self { step: scale.step.saturating_mul(unit.max(1)), ..scale }
    }

    /// The finest scale with at most four steps.
    pub(super) fn over(most: u64) -> Self {
        let mut power = 1;
        loop {
            for step in [1, 2, 5].map(|digit| digit * power) {
                let steps = most.div_ceil(step).max(1);
                if steps <= 4 {
                    return Self { step, steps };
                }
            }
            // This ends: four steps of 5 x 10^18 are more than a u64 can be.
            power *= 10;
        }
    }

    pub(super) fn ticks(self) -> impl Iterator<Item = u64> {
        (0..=self.steps).map(move |step| self.step.saturating_mul(step))
    }

    /// The distance of a count from the top, in percent.
    pub(super) fn down(self, count: u64) -> f64 {
        self.down_from(count as f64)
    }

    /// The same for a number that is not whole.
    pub(super) fn down_from(self, number: f64) -> f64 {
        100.0 - number * 100.0 / (self.steps as f64 * self.step as f64)
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
        assert_eq!(ticks(0), [0, 1]);
        assert_eq!(ticks(3), [0, 1, 2, 3]);
        assert_eq!(ticks(9), [0, 5, 10]);
        assert_eq!(ticks(37), [0, 10, 20, 30, 40]);
        assert_eq!(ticks(400), [0, 100, 200, 300, 400]);
        assert_eq!(Scale::over(400).down(100), 75.0);
        let minutes: Vec<u64> = Scale::in_units(290_000, 60_000).ticks().collect();
        assert_eq!(minutes, [0, 120_000, 240_000, 360_000]);
        assert!(Scale::over(u64::MAX / 4).steps <= 4);
    }
}

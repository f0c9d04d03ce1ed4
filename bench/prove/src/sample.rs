//! Samples: the median, and how far the others lie from it.

/// Values of one kind, sorted.
#[derive(Debug, Clone, Default)]
pub(crate) struct Sample {
    sorted: Vec<f64>,
}

impl Sample {
    /// A sample of these values.
    pub(crate) fn of(values: impl IntoIterator<Item = f64>) -> Self {
        let mut sorted: Vec<f64> = values.into_iter().collect();
        sorted.sort_by(f64::total_cmp);
        Self { sorted }
    }

    /// How many there are.
    pub(crate) fn count(&self) -> usize {
        self.sorted.len()
    }

    /// The middle one; of an even number, the upper of the two.
    pub(crate) fn median(&self) -> f64 {
        self.sorted.get(self.sorted.len() / 2).copied().unwrap_or(f64::NAN)
    }

    /// The smallest value that this share of all are not above.
    pub(crate) fn quantile(&self, share: f64) -> f64 {
        let last = self.sorted.len().saturating_sub(1);
        let place = ((self.sorted.len() as f64 * share) as usize).min(last);
        self.sorted.get(place).copied().unwrap_or(f64::NAN)
    }

    /// The median of the distances from the median.
    pub(crate) fn deviation(&self) -> f64 {
        let median = self.median();
        Self::of(self.sorted.iter().map(|value| (value - median).abs())).median()
    }

    /// The smallest.
    pub(crate) fn min(&self) -> f64 {
        self.sorted.first().copied().unwrap_or(f64::NAN)
    }

    /// The largest.
    pub(crate) fn max(&self) -> f64 {
        self.sorted.last().copied().unwrap_or(f64::NAN)
    }

    /// `median ± deviation`, in another unit.
    pub(crate) fn told(&self, scale: f64, digits: usize) -> String {
        format!("{:.digits$} ± {:.digits$}", self.median() * scale, self.deviation() * scale)
    }

    /// `smallest … largest`, in another unit.
    pub(crate) fn range(&self, scale: f64, digits: usize) -> String {
        format!("{:.digits$} … {:.digits$}", self.min() * scale, self.max() * scale)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sample_is_told_by_its_middle_and_its_spread() {
        let sample = Sample::of([5.0, 1.0, 2.0, 100.0, 3.0]);
        assert_eq!((sample.median(), sample.min(), sample.max()), (3.0, 1.0, 100.0));
        assert_eq!(sample.deviation(), 2.0);
        assert_eq!((sample.quantile(0.0), sample.quantile(0.99)), (1.0, 100.0));
        assert_eq!(sample.told(10.0, 0), "30 ± 20");
        assert_eq!(sample.range(1.0, 1), "1.0 … 100.0");
        assert!(Sample::default().median().is_nan());
    }
}

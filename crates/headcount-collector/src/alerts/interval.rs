//! How sure a rate is: Wilson's interval (1927), which is right for small
//! numbers and for rates near 0 and 1 as well.

/// The two-sided 95 % quantile of the normal distribution.
const Z: f64 = 1.959_964;

/// The lower end of the 95 % interval of a rate, as a share.
pub(super) fn lower_end(hits: u64, all: u64) -> f64 {
    if all == 0 {
        return 0.0;
    }
    #[expect(clippy::cast_precision_loss, reason = "counts are below 2^53")]
    let (hits, all) = (hits as f64, all as f64);
    let share = hits / all;
    let square = Z * Z;
    let middle = share + square / (2.0 * all);
    let spread = Z * (share * (1.0 - share) / all + square / (4.0 * all * all)).sqrt();
    ((middle - spread) / (1.0 + square / all)).max(0.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Against the figures of Newcombe (1998), table I, method 3.
    #[test]
    fn it_is_the_published_interval() {
        for (hits, all, lower) in
            [(81, 263, 0.2553), (15, 148, 0.0624), (0, 20, 0.0), (1, 29, 0.0061)]
        {
            assert!((lower_end(hits, all) - lower).abs() < 5e-5, "{hits} of {all}");
        }
        assert!(lower_end(0, 0).abs() < f64::EPSILON);
        assert!(lower_end(3, 3) < 0.5, "three of three are not enough to be sure");
    }
}

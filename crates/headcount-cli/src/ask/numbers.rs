//! Numbers as people read them.

use headcount_catalog::plain_words::thousands;

/// A number that need not be whole: at most three digits of a fraction, and one
/// from a hundred on.
pub(super) fn fraction(number: f64) -> String {
    let digits = if number < 100.0 { 3 } else { 1 };
    let text = format!("{:.digits$}", number.max(0.0) + 0.0);
    let (whole, part) = text.split_once('.').unwrap_or((&text, ""));
    let whole = whole.parse().map_or(whole.to_owned(), thousands);
    match part.trim_end_matches('0') {
        "" => whole,
        part => format!("{whole}.{part}"),
    }
}

/// A rate to a tenth, so that rows can be compared: `3`, `0.4`. What is not
/// nothing is not shown as nothing: `< 0.1`.
pub(super) fn to_a_tenth(rate: f64) -> String {
    let rounded = tenths(rate);
    if rate > 0.0 && rounded < 0.1 { "< 0.1".to_owned() } else { fraction(rounded) }
}

/// Rounded to a tenth.
pub(super) fn tenths(rate: f64) -> f64 {
    (rate * 10.0).round() / 10.0
}

/// `4.2 %`
pub(super) fn percent(share: f64) -> String {
    // The sum of nothing is -0.
    let hundred = (share.max(0.0) + 0.0) * 100.0;
    if hundred <= 0.0 || hundred >= 9.95 {
        format!("{hundred:.0} %")
    } else {
        format!("{hundred:.1} %")
    }
}

/// How a number compares with the one before: `+12 %`.
pub(super) fn change(now: f64, before: f64) -> String {
    if now == before {
        return "same".to_owned();
    }
    if before == 0.0 {
        return "new".to_owned();
    }
    let hundred = (now - before) / before * 100.0;
    match hundred {
        _ if hundred >= 1_000.0 => format!("x{}", fraction((now / before).round())),
        _ if hundred.abs() < 9.95 => format!("{hundred:+.1} %"),
        _ => format!("{hundred:+.0} %"),
    }
}

/// `30 days`
pub(crate) fn plural(number: u64, word: &str) -> String {
    let end = if number == 1 { "" } else { "s" };
    format!("{} {word}{end}", thousands(number))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_short_and_not_wrong() {
        for (number, text) in [(0, "0"), (999, "999"), (1_000, "1,000"), (12_345_678, "12,345,678")]
        {
            assert_eq!(thousands(number), text);
        }
        for (number, text) in [
            (7.0, "7"),
            (-0.0, "0"),
            (1_234.0, "1,234"),
            (0.5, "0.5"),
            (1.0 / 3.0, "0.333"),
            (2_463.5, "2,463.5"),
            (99.9999, "100"),
            (1e12, "1,000,000,000,000"),
        ] {
            assert_eq!(fraction(number), text);
        }
        assert_eq!(fraction(1e30).len(), 31);
        for (share, text) in [
            (0.0, "0 %"),
            (-0.0, "0 %"),
            (0.5, "50 %"),
            (0.0421, "4.2 %"),
            (1.0, "100 %"),
            (0.0004, "0.0 %"),
        ] {
            assert_eq!(percent(share), text);
        }
        for (now, before, text) in [
            (110.0, 100.0, "+10 %"),
            (103.0, 100.0, "+3.0 %"),
            (0.0, 5.0, "-100 %"),
            (5.0, 0.0, "new"),
            (5.0, 5.0, "same"),
            (500.0, 10.0, "x50"),
        ] {
            assert_eq!(change(now, before), text, "{now} {before}");
        }
    }
}

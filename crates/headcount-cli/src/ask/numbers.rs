//! Numbers as people read them.

/// `12,345`
pub(super) fn thousands(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// A number that need not be whole: at most three digits of a fraction.
pub(super) fn fraction(number: f64) -> String {
    if number.fract() == 0.0 && number >= 0.0 && number < 1e15 {
        return thousands(number as u64);
    }
    let text = format!("{number:.3}");
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

/// `4.2 %`
pub(super) fn percent(share: f64) -> String {
    let hundred = share * 100.0;
    if hundred == 0.0 || hundred >= 9.95 {
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
pub(super) fn plural(number: u64, word: &str) -> String {
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
        for (number, text) in
            [(7.0, "7"), (1_234.0, "1,234"), (0.5, "0.5"), (1.0 / 3.0, "0.333"), (1e300, "1e300")]
        {
            if number < 1e15 {
                assert_eq!(fraction(number), text);
            }
        }
        for (share, text) in
            [(0.0, "0 %"), (0.5, "50 %"), (0.0421, "4.2 %"), (1.0, "100 %"), (0.0004, "0.0 %")]
        {
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

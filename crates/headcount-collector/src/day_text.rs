//! Days as people read them.

use headcount_catalog::Day;

const MONTHS: [&str; 12] =
    ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/// `Nov`.
pub(crate) fn month(day: Day) -> &'static str {
    let (_, month, _) = day.civil();
    MONTHS[usize::from(month - 1)]
}

/// `20 Nov`.
pub(crate) fn short(day: Day) -> String {
    let (_, _, of_month) = day.civil();
    format!("{of_month} {}", month(day))
}

/// `20 Nov 2026`.
pub(crate) fn long(day: Day) -> String {
    let (year, _, _) = day.civil();
    format!("{} {year}", short(day))
}

/// `1 Nov to 28 Nov 2026`.
pub(crate) fn span(from: Day, to: Day) -> String {
    let year = |day: Day| day.civil().0;
    match (from == to, year(from) == year(to)) {
        (true, _) => long(from),
        (_, true) => format!("{} to {}", short(from), long(to)),
        _ => format!("{} to {}", long(from), long(to)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_as_people_write_them() {
        let told = |from: &str, to: &str| span(Day::parse(from).unwrap(), Day::parse(to).unwrap());
        assert_eq!(told("2026-11-01", "2026-11-28"), "1 Nov to 28 Nov 2026");
        assert_eq!(told("2025-12-28", "2026-01-03"), "28 Dec 2025 to 3 Jan 2026");
        assert_eq!(told("2026-11-20", "2026-11-20"), "20 Nov 2026");
    }
}

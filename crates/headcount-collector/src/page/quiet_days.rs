//! Days that are nearly empty among busy ones: an outage on the way here, or of
//! the product. Pure.

use headcount_catalog::Day;

use crate::limits;

/// A day with far fewer than the days around it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct QuietDay {
    pub(super) day: Day,
    pub(super) count: u64,
    /// The median of the days around it.
    pub(super) usual: u64,
}

/// The days with less than a tenth of the median of the seven days before and
/// the seven after, if that is [`limits::QUIET_DAY_MEDIAN`] or more. `counts`
/// are of days that are over, the oldest first.
pub(super) fn quiet_days(counts: &[(Day, u64)]) -> Vec<QuietDay> {
    let around = |place: usize| {
        let (from, to) = (place.saturating_sub(7), (place + 8).min(counts.len()));
        let others = (from..to).filter(|other| *other != place);
        let mut others: Vec<u64> = others.map(|other| counts[other].1).collect();
        others.sort_unstable();
        // With fewer days than a week, nobody knows what is usual.
        if others.len() < 7 { 0 } else { others[others.len() / 2] }
    };
    let days = counts.iter().enumerate().filter_map(|(place, (day, count))| {
        let usual = around(place);
        let is_quiet = usual >= limits::QUIET_DAY_MEDIAN && count.saturating_mul(10) < usual;
        is_quiet.then_some(QuietDay { day: *day, count: *count, usual })
    });
    days.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(counts: &[u64]) -> Vec<(usize, u64)> {
        let start = Day::parse("2026-11-02").unwrap();
        let days = (0..).map(|day| start.plus(day));
        let counts: Vec<(Day, u64)> = days.zip(counts.iter().copied()).collect();
        let place = |day: Day| usize::try_from(day.days_since(start)).unwrap();
        quiet_days(&counts).iter().map(|quiet| (place(quiet.day), quiet.usual)).collect()
    }

    #[test]
    fn a_nearly_empty_day_among_busy_ones_is_found() {
        let mut counts = vec![400, 410, 420, 390, 405, 120, 110];
        counts.extend(counts.clone());
        assert_eq!(found(&counts), [], "weekends are no outages");
        counts[8] = 39;
        assert_eq!(found(&counts), [(8, 400)]);
        counts[8] = 40;
        assert_eq!(found(&counts), []);
        // The last day, too: what is over is over.
        counts.push(0);
        assert_eq!(found(&counts), [(14, 390)]);
    }

    #[test]
    fn few_events_few_days_and_a_product_that_ended_are_no_outage() {
        assert_eq!(found(&[29, 28, 27, 0, 29, 29, 29, 29, 29]), []);
        assert_eq!(found(&[400, 400, 400, 0, 400, 400]), []);
        let ended: Vec<u64> = [400; 10].into_iter().chain([0; 20]).collect();
        let places: Vec<usize> = found(&ended).into_iter().map(|(place, _)| place).collect();
        assert!(places.iter().all(|place| *place < 17), "{places:?}");
        assert_eq!(found(&[]), []);
    }
}

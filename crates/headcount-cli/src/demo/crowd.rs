//! When people come, and how long they stay.

use std::ops::Range;

use super::chance::Chance;
use super::story::Crowd;

/// One person's time with a product.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Stay {
    /// Days of the play, counted from the first one.
    pub(super) days: Range<i32>,
    /// Whether the first of them is the first run ever.
    pub(super) newcomer: bool,
}

/// Draws one of a crowd, over a play of so many days.
pub(super) fn stay(chance: &mut Chance, crowd: Crowd, days: i32) -> Stay {
    let newcomer = chance.happens(match crowd {
        Crowd::Grows => 0.88,
        Crowd::Steady => 0.32,
        Crowd::Usual => 0.55,
    });
    let when = chance.unit();
    if !newcomer {
        let leaves = chance.happens(0.3);
        let to = if leaves { (when * f64::from(days)) as i32 } else { days };
        return Stay { days: 0..to.max(1), newcomer };
    }
    // Of a growing crowd more come every week than in the week before.
    let part = if crowd == Crowd::Grows { when.sqrt() } else { when };
    let from = (part * f64::from(days)) as i32;
    let to = from.saturating_add(length(chance, days)).min(days);
    Stay { days: from..to.max(from + 1), newcomer }
}

/// How many days somebody who tries a product stays: a quarter less than a
/// week, a fifth less than a month, the others for good.
fn length(chance: &mut Chance, days: i32) -> i32 {
    match chance.unit() {
        0.0..0.25 => chance.between(1.0, 7.0) as i32,
        0.25..0.45 => chance.between(7.0, 30.0) as i32,
        _ => days,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// How many of a thousand are there on each of 60 days.
    fn present(crowd: Crowd) -> Vec<usize> {
        let all: Vec<Stay> =
            (0..1_000).map(|number| stay(&mut Chance::of(&[number]), crowd, 60)).collect();
        (0..60).map(|day| all.iter().filter(|stay| stay.days.contains(&day)).count()).collect()
    }

    #[test]
    fn one_crowd_grows_week_by_week_and_another_stays() {
        let grows = present(Crowd::Grows);
        for week in 1..8 {
            assert!(grows[week * 7] > grows[week * 7 - 7], "week {week}: {grows:?}");
        }
        assert!(grows[59] > 3 * grows[0], "{grows:?}");
        let steady = present(Crowd::Steady);
        let (least, most) = (steady.iter().min().unwrap(), steady.iter().max().unwrap());
        assert!(most - least < most / 5, "{steady:?}");
    }

    #[test]
    fn a_quarter_of_the_newcomers_stops_within_a_week() {
        let all = (0..1_000).map(|number| stay(&mut Chance::of(&[number]), Crowd::Usual, 60));
        let early: Vec<Stay> = all.filter(|stay| stay.newcomer && stay.days.start < 30).collect();
        let after = |days: i32| early.iter().filter(|stay| stay.days.len() as i32 > days).count();
        let part = |days: i32| after(days) as f64 / early.len() as f64;
        assert!((0.65..0.85).contains(&part(6)) && (0.5..0.65).contains(&part(29)));
    }
}

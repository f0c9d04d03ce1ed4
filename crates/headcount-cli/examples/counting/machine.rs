//! A machine and its person: how often the program is used, and when; when the
//! person refuses; when the machine is offline, wrong or set up anew.

use crate::chance::Chance;

/// Seconds of a day and of an hour.
pub(crate) const DAY: i64 = 86_400;
const HOUR: i64 = 3_600;

/// How often the program is used, with its share of all machines in percent.
pub(crate) const HABITS: [(Habit, &str, f64); 5] = [
    (Habit::Daily, "nearly every day", 20.0),
    (Habit::Weekdays, "on weekdays", 30.0),
    (Habit::Weekly, "about once a week", 20.0),
    (Habit::Rare, "about once a month", 15.0),
    (Habit::OneOff, "on one or two days, and never again", 15.0),
];

/// Machines that are there on the first day, of all.
const THERE_AT_FIRST: f64 = 0.3;

/// Days after which a machine is given up, on average; one of three never is.
const LIFE_DAYS: f64 = 250.0;
const STAYS: f64 = 1.0 / 3.0;

/// People who refuse at once, and who do so on some later day. Of those, half
/// agree again after two months on average.
const REFUSES: f64 = 0.12;
const REFUSES_LATER: f64 = 0.05;
const AGREES_AGAIN: f64 = 0.5;

/// Machines that no delivery ever leaves, for example behind a firewall.
const NEVER_ONLINE: f64 = 0.03;

/// Days between two times offline, and how long they are at most.
const OFFLINE_EVERY: f64 = 60.0;
const OFFLINE_DAYS: i64 = 40;

/// Days between two installations of the system, two times that the person
/// deletes the identity (`telemetry clear`), and two losses of the state file.
const REINSTALL_EVERY: f64 = 1_100.0;
const CLEAR_EVERY: f64 = 4_000.0;
const LOSS_EVERY: f64 = 8_000.0;

/// How often the program is used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Habit {
    Daily,
    Weekdays,
    Weekly,
    Rare,
    OneOff,
}

/// What happens to a machine at the beginning of a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Mishap {
    /// The system is installed anew: nothing is left, and the person is asked
    /// again.
    Reinstall,
    /// The person deletes the identity.
    Clear,
    /// The state file is lost, and what was agreed to is not.
    Loss,
}

/// One machine over all days.
pub(crate) struct Machine {
    pub(crate) habit: Habit,
    /// The first and the last day on which it may be used.
    pub(crate) first: i64,
    pub(crate) last: i64,
    /// Hours that local time is ahead of UTC.
    zone: i64,
    /// Seconds that the clock is ahead.
    pub(crate) clock: i64,
    /// Days on which the person refuses: from one up to another, without it.
    refused: Option<(i64, i64)>,
    /// Days without a delivery, in order.
    offline: Vec<(i64, i64)>,
    /// What happens, in order.
    pub(crate) mishaps: Vec<(i64, Mishap)>,
    chance: Chance,
}

impl Machine {
    /// The machine of this number, of all over `days` days.
    pub(crate) fn new(mut chance: Chance, days: i64) -> Self {
        let habit = HABITS[chance.weighted(&HABITS.map(|(_, _, share)| share))].0;
        // More come the later it is: the product grows.
        let first = match chance.happens(THERE_AT_FIRST) {
            true => 0,
            false => (chance.unit().sqrt() * days as f64) as i64,
        };
        let last = match habit {
            Habit::OneOff => first + chance.between(0, 1),
            _ if chance.happens(STAYS) => days - 1,
            _ => (first + chance.days_until(LIFE_DAYS)).min(days - 1),
        };
        let zone = chance.between(-8, 9);
        let clock = match chance.weighted(&[88.0, 10.0, 2.0]) {
            0 => 0,
            1 => chance.between(-600, 600),
            _ => chance.between(-20 * HOUR, 20 * HOUR),
        };
        let mut machine = Self {
            habit,
            first,
            last,
            zone,
            clock,
            refused: refused(&mut chance, first),
            offline: Vec::new(),
            mishaps: Vec::new(),
            chance,
        };
        machine.offline = machine.times_offline(days);
        machine.mishaps = machine.all_mishaps();
        machine
    }

    fn times_offline(&mut self, days: i64) -> Vec<(i64, i64)> {
        if self.chance.happens(NEVER_ONLINE) {
            return vec![(0, i64::MAX)];
        }
        let mut times = Vec::new();
        let mut day = self.first;
        loop {
            day += 1 + self.chance.days_until(OFFLINE_EVERY);
            if day >= days {
                return times;
            }
            // Mostly a day or two, seldom weeks.
            let length = self.chance.unit().powi(4) * OFFLINE_DAYS as f64;
            let end = day + 1 + length as i64;
            times.push((day, end));
            day = end;
        }
    }

    fn all_mishaps(&mut self) -> Vec<(i64, Mishap)> {
        let kinds = [
            (Mishap::Reinstall, REINSTALL_EVERY),
            (Mishap::Clear, CLEAR_EVERY),
            (Mishap::Loss, LOSS_EVERY),
        ];
        let mut all = Vec::new();
        for (kind, every) in kinds {
            let mut day = self.first;
            loop {
                day += 1 + self.chance.days_until(every);
                if day > self.last {
                    break;
                }
                all.push((day, kind));
            }
        }
        all.sort_by_key(|(day, _)| *day);
        all
    }

    /// Whether the person agrees on a day.
    pub(crate) fn agrees(&self, day: i64) -> bool {
        self.refused.is_none_or(|(from, to)| day < from || day >= to)
    }

    /// Whether the person agrees on every day on which the machine is used.
    pub(crate) fn agrees_throughout(&self) -> bool {
        self.refused.is_none_or(|(from, _)| from > self.last)
    }

    /// Whether the person refuses for good, from the first day on.
    pub(crate) fn always_refuses(&self) -> bool {
        self.refused.is_some_and(|(from, to)| from <= self.first && to == i64::MAX)
    }

    /// Whether no delivery ever leaves it.
    pub(crate) fn is_never_online(&self) -> bool {
        self.offline.first().is_some_and(|(_, end)| *end == i64::MAX)
    }

    /// The day on which what is recorded on a day is delivered, if it ever is.
    pub(crate) fn delivered(&self, day: i64) -> Option<i64> {
        let offline = self.offline.iter().find(|(from, to)| (*from..*to).contains(&day));
        offline.map_or(Some(day), |(_, to)| (*to < i64::MAX).then_some(*to))
    }

    /// The times of a day, local, on which the program is used: seconds UTC
    /// since the first day, in order.
    pub(crate) fn uses(&mut self, day: i64) -> Vec<i64> {
        let probability = match self.habit {
            Habit::Daily => 0.9,
            // The first day is a Monday.
            Habit::Weekdays if day.rem_euclid(7) >= 5 => 0.04,
            Habit::Weekdays => 0.85,
            Habit::Weekly => 1.0 / 7.0,
            Habit::Rare => 1.0 / 30.0,
            Habit::OneOff => 1.0,
        };
        // Somebody who begins does so with a use.
        if day != self.first && !self.chance.happens(probability) {
            return Vec::new();
        }
        let midnight = day * DAY - self.zone * HOUR;
        let times = 1 + self.chance.weighted(&[50.0, 30.0, 20.0]);
        let mut uses: Vec<i64> =
            (0..times).map(|_| midnight + self.chance.between(7 * HOUR, 24 * HOUR - 1)).collect();
        uses.sort_unstable();
        uses
    }

    pub(crate) fn chance(&mut self) -> &mut Chance {
        &mut self.chance
    }
}

fn refused(chance: &mut Chance, first: i64) -> Option<(i64, i64)> {
    if chance.happens(REFUSES) {
        return Some((first, i64::MAX));
    }
    if !chance.happens(REFUSES_LATER) {
        return None;
    }
    let from = first + 1 + chance.days_until(100.0);
    let again = chance.happens(AGREES_AGAIN);
    Some((from, if again { from + 1 + chance.days_until(60.0) } else { i64::MAX }))
}

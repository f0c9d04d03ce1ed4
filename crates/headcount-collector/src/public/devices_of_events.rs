//! Of how many devices events are, at least. No more is kept of a device than
//! is needed to know that there are enough.

use std::collections::BTreeSet;

use headcount_catalog::{Day, Period};
use headcount_store::{Pseudonym, RowDevice, RowHead};

use crate::limits;

/// How many ids one device may have had in a week.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum IdsOfADevice {
    /// One.
    One,
    /// Two: ids are replaced every month, and the week is of two months.
    Two,
}

/// The fewest devices that some events of one week can be of.
#[derive(Debug, Clone, Default)]
pub(super) struct DevicesOfEvents {
    /// As many as are needed.
    ids: BTreeSet<Pseudonym>,
    /// Events that are a device's first one of the week: each of another
    /// device.
    first_of_week: u64,
    /// Events that are a device's first one of a day, by the day of the week.
    first_of_day: [u64; 7],
}

impl DevicesOfEvents {
    /// Adds an event of this day. What stands for several events because of a
    /// rate is of one device.
    pub(super) fn add(&mut self, head: RowHead, day: Day) {
        if let RowDevice::Counted(pseudonym) = head.device
            && self.ids.len() < limits::PUBLIC_IDS
        {
            self.ids.insert(pseudonym);
        }
        for period in head.marks.periods() {
            match period {
                Period::Week => self.first_of_week += 1,
                Period::Day => {
                    let place = day.days_since(day.week_start());
                    let place = usize::try_from(place).unwrap_or(0);
                    self.first_of_day[place % 7] += 1;
                }
                Period::Month => {}
            }
        }
    }

    /// Adds those of other events of the same week.
    pub(super) fn unite(&mut self, others: &Self) {
        let room = limits::PUBLIC_IDS.saturating_sub(self.ids.len());
        let new: Vec<_> = others.ids.difference(&self.ids).take(room).copied().collect();
        self.ids.extend(new);
        self.first_of_week += others.first_of_week;
        for (own, other) in self.first_of_day.iter_mut().zip(others.first_of_day) {
            *own += other;
        }
    }

    /// The number. Devices with an id and those without may be the same ones,
    /// and so may those of two days.
    pub(super) fn fewest(&self, ids: IdsOfADevice) -> u64 {
        let counted = self.ids.len() as u64;
        let by_ids = match ids {
            IdsOfADevice::One => counted,
            IdsOfADevice::Two => counted / 2,
        };
        let by_day = self.first_of_day.iter().copied().max().unwrap_or(0);
        by_ids.max(by_day).max(self.first_of_week)
    }
}

#[cfg(test)]
mod tests {
    use headcount_store::RowMarks;

    use super::*;

    fn head(marks: &[Period], device: RowDevice) -> RowHead {
        let marks = RowMarks::new(marks.iter().copied(), None);
        RowHead { event: 0, weight: 10, marks, device }
    }

    fn monday() -> Day {
        Day::parse("2026-11-09").unwrap()
    }

    #[test]
    fn a_device_with_an_id_is_one_however_much_it_sends() {
        let mut devices = DevicesOfEvents::default();
        for number in 0..12 {
            let id = Pseudonym::from_bytes([number % 4; 16]);
            devices.add(head(&[], RowDevice::Counted(id)), monday());
            devices.add(head(&[], RowDevice::Ephemeral(Pseudonym::from_bytes([9; 16]))), monday());
            devices.add(head(&[], RowDevice::None), monday());
        }
        assert_eq!(devices.fewest(IdsOfADevice::One), 4);
        assert_eq!(devices.fewest(IdsOfADevice::Two), 2);
    }

    #[test]
    fn marks_of_one_period_are_of_different_devices() {
        let mut devices = DevicesOfEvents::default();
        for day in 0..7 {
            for _ in 0..=day {
                devices.add(head(&[Period::Day], RowDevice::None), monday().plus(day));
            }
        }
        assert_eq!(devices.fewest(IdsOfADevice::One), 7, "the most of one day");
        for _ in 0..9 {
            devices.add(head(&[Period::Week, Period::Month], RowDevice::None), monday());
        }
        assert_eq!(devices.fewest(IdsOfADevice::One), 9);
    }

    #[test]
    fn devices_of_two_events_are_counted_once() {
        let of = |ids: std::ops::Range<u8>| {
            let mut devices = DevicesOfEvents::default();
            for number in ids {
                let id = Pseudonym::from_bytes([number; 16]);
                devices.add(head(&[Period::Week], RowDevice::Counted(id)), monday());
            }
            devices
        };
        let mut devices = of(0..30);
        devices.unite(&of(20..36));
        assert_eq!((devices.ids.len(), devices.first_of_week), (36, 46));
        devices.unite(&of(100..200));
        assert_eq!(devices.ids.len(), limits::PUBLIC_IDS);
    }

    #[test]
    fn no_more_ids_are_kept_than_are_needed() {
        let mut devices = DevicesOfEvents::default();
        for number in 0..1_000_u32 {
            let mut bytes = [0; 16];
            bytes[..4].copy_from_slice(&number.to_be_bytes());
            devices.add(head(&[], RowDevice::Counted(Pseudonym::from_bytes(bytes))), monday());
        }
        assert_eq!(devices.ids.len(), limits::PUBLIC_IDS);
        assert!(devices.fewest(IdsOfADevice::Two) >= limits::PUBLIC_DEVICES);
    }
}

//! What the events that arrive say of a clock that is in doubt.

use std::collections::BTreeMap;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::time::Duration;

use headcount_catalog::Day;

use crate::limits;

/// What the events of one request say.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct RequestEvidence {
    /// The newest day that one of them names by itself.
    newest: Option<Day>,
    /// A hash of the device of that event.
    device: Option<u64>,
    /// Whether one was rejected by the clock that is in doubt, and would have
    /// been allowed on the day that is expected.
    pub(crate) is_rejected_by_doubt: bool,
}

impl RequestEvidence {
    /// Adds an event that names a day.
    pub(crate) fn add(&mut self, day: Day, product: &str, device: Option<&str>) {
        if self.newest.is_none_or(|newest| day > newest) {
            self.newest = Some(day);
            self.device = device.map(|device| {
                let mut hasher = DefaultHasher::new();
                (product, device).hash(&mut hasher);
                hasher.finish()
            });
        }
    }

    /// The device, and whether it has the same day as the clock.
    fn vote(&self, today: Day) -> Option<(u64, bool)> {
        let near = today.plus(-1)..=today.plus(limits::DAYS_AHEAD);
        Some((self.device?, near.contains(&self.newest?)))
    }
}

/// What has been heard since a clock is in doubt and goes steadily.
#[derive(Debug)]
pub(crate) struct ClockEvidence {
    /// The time since the start when it began.
    since: Duration,
    /// By how many seconds the clock was ahead of the time since the start.
    offset: i64,
    /// Whether a device has the same day as the clock, by its last request. A
    /// device has one vote, however often it sends.
    devices: BTreeMap<u64, bool>,
}

impl ClockEvidence {
    pub(crate) fn begin(since: Duration, offset: i64) -> Self {
        Self { since, offset, devices: BTreeMap::new() }
    }

    /// Whether the clock has gone as the time since the start has.
    pub(crate) fn is_steady(&self, offset: i64) -> bool {
        self.offset.abs_diff(offset) <= limits::CLOCK_DRIFT_SECONDS.unsigned_abs()
    }

    pub(crate) fn hear(&mut self, request: &RequestEvidence, today: Day) {
        let Some((device, agrees)) = request.vote(today) else { return };
        if self.devices.len() < limits::CLOCK_DEVICES || self.devices.contains_key(&device) {
            self.devices.insert(device, agrees);
        }
    }

    /// Whether it is enough to believe the clock.
    pub(crate) fn is_enough(&self, since_start: Duration) -> bool {
        let agreeing = self.devices.values().filter(|agrees| **agrees).count();
        since_start.saturating_sub(self.since) >= limits::CLOCK_STEADY
            && agreeing >= limits::CLOCK_AGREEING
            && agreeing >= 9 * (self.devices.len() - agreeing)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TODAY: Day = Day::from_number(20_777);
    const DAY: Duration = Duration::from_secs(86_400);

    fn request(device: &str, day: i32) -> RequestEvidence {
        let mut request = RequestEvidence::default();
        request.add(TODAY.plus(day - 300), "tool", Some("d0"));
        request.add(TODAY.plus(day), "tool", Some(device));
        request
    }

    #[test]
    fn one_device_is_not_enough_however_often_it_sends() {
        let mut evidence = ClockEvidence::begin(DAY, 0);
        (0..1_000).for_each(|_| evidence.hear(&request("d1", 0), TODAY));
        let mut nobody = RequestEvidence::default();
        nobody.add(TODAY, "tool", None);
        (0..1_000).for_each(|_| evidence.hear(&nobody, TODAY));
        assert!(!evidence.is_enough(20 * DAY));
        for number in 2..=5 {
            evidence.hear(&request(&format!("d{number}"), -1), TODAY);
        }
        assert!(evidence.is_enough(2 * DAY));
        assert!(!evidence.is_enough(2 * DAY - Duration::from_secs(1)), "not a day yet");
    }

    #[test]
    fn one_of_ten_devices_may_have_another_day() {
        let mut evidence = ClockEvidence::begin(DAY, 0);
        for number in 1..=9 {
            evidence.hear(&request(&format!("d{number}"), 1), TODAY);
        }
        evidence.hear(&request("late", -2), TODAY);
        assert!(evidence.is_enough(3 * DAY));
        evidence.hear(&request("fast", 2), TODAY);
        assert!(!evidence.is_enough(3 * DAY));
        evidence.hear(&request("fast", 0), TODAY);
        assert!(evidence.is_enough(3 * DAY));
    }
}

//! What a destination asked for instead of all devices: a share of them, or
//! nothing for a while. Kept on disk, one file per destination.
//!
//! A wish holds for seven days unless it is repeated. A later wish replaces an
//! earlier one. A wish can only reduce what the catalog would send. It is
//! forgotten when the id changes.

use std::ffi::OsStr;
use std::path::Path;
use std::time::Duration;
use std::{fs, io};

use headcount_catalog::{Catalog, Checked, Time};
use headcount_wire::{Rate, Wish};
use serde_json::Value as Json;

use super::error::DiskError;
use super::paths::Paths;
use super::{private_file, small_json, tally};
use crate::as_json::json;
use crate::limits;

/// A destination's wish, and until when it holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Pace {
    /// What it asked for.
    pub(crate) wish: Wish,
    until_s: i64,
}

impl Pace {
    /// A wish received now.
    pub(crate) fn said(wish: Wish, now: Time) -> Self {
        let longest = i64::try_from(limits::PACE_LONGEST.as_secs()).unwrap_or(i64::MAX);
        Self { wish, until_s: now.seconds().saturating_add(longest) }
    }

    /// Reads the file. `None` if there is no wish, if it is over, if the clock
    /// was set back so far that it would hold too long, or if another address
    /// has said it: `replaced` is the address that the environment names
    /// instead of the catalog's.
    pub(crate) fn read(path: &Path, replaced: Option<&str>, now: Time) -> Option<Self> {
        let json = small_json::read(path)?;
        if json.get("at").and_then(Json::as_str) != replaced {
            return None;
        }
        let wish = Wish::parse(json.get("wish")?.as_str()?)?;
        let pace = Self { wish, until_s: json.get("until")?.as_i64()? };
        pace.remaining(now).map(|_| pace)
    }

    /// How long it still holds.
    pub(crate) fn remaining(self, now: Time) -> Option<Duration> {
        let seconds = u64::try_from(self.until_s.saturating_sub(now.seconds())).ok()?;
        let longest = limits::PACE_LONGEST.as_secs();
        (1..=longest).contains(&seconds).then(|| Duration::from_secs(seconds))
    }

    /// Writes the file. A wish for all devices removes it.
    ///
    /// # Errors
    ///
    /// Returns an error if the file cannot be written or removed.
    pub(crate) fn write(self, path: &Path, replaced: Option<&str>) -> Result<(), DiskError> {
        if self.wish == Wish::Send(Rate::WHOLE) {
            return private_file::remove(path);
        }
        let mut json = json!({"wish": self.wish.to_string(), "until": self.until_s});
        if let Some(replaced) = replaced {
            json["at"] = Json::from(replaced);
        }
        private_file::write(path, &format!("{json}\n"))
    }
}

/// Forgets what every destination asked for, a pause included, and what they
/// rejected: another id is another device, and must not be told by what was
/// said to the one before. To be called before the id changes.
///
/// # Errors
///
/// Returns an error if a file cannot be written or removed.
pub(crate) fn forget_all(paths: &Paths) -> Result<(), DiskError> {
    tally::id_has_changed(paths)?;
    let folder = &paths.state_folder;
    let failed = |error| DiskError::new(folder, error);
    let entries = match fs::read_dir(folder) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        entries => entries.map_err(failed)?,
    };
    for entry in entries {
        let path = entry.map_err(failed)?.path();
        // Also those of a destination that this version does not know.
        let name = path.file_name().and_then(OsStr::to_str).unwrap_or_default();
        if name.ends_with(".pace.json") || name.ends_with(".backoff.json") {
            private_file::remove(&path)?;
        }
    }
    Ok(())
}

/// The share of devices that report under a pace.
pub(crate) fn rate(pace: Option<Pace>) -> Rate {
    match pace.map(|pace| pace.wish) {
        Some(Wish::Send(rate)) => rate,
        Some(Wish::Stop) | None => Rate::WHOLE,
    }
}

/// Whether a record's device is among those that report. A product without ids
/// has no devices to tell apart: there every event stands for itself.
pub(crate) fn keeps(rate: Rate, catalog: &Catalog, record: &Checked) -> bool {
    if rate == Rate::WHOLE {
        return true;
    }
    let own = record.id.map(|id| id.to_string());
    rate.keeps(number(record.device(catalog).or(own.as_deref()).unwrap_or_default()))
}

/// A number for a device, evenly distributed whatever the id looks like.
fn number(device: &str) -> u64 {
    let mut text = b"headcount-send ".to_vec();
    text.extend_from_slice(device.as_bytes());
    let mut head = [0; 8];
    head.copy_from_slice(&hmac_sha256::Hash::hash(&text)[..8]);
    u64::from_be_bytes(head)
}

#[cfg(test)]
mod tests {
    use super::*;
    use headcount_catalog::{EventId, Source};

    #[test]
    fn a_wish_holds_for_seven_days_and_no_clock_makes_it_longer() {
        let home = headcount_testkit::Home::new();
        let path = home.path().join("otlp.pace.json");
        let now = Time::from_seconds(1_000_000_000);
        let later = |seconds: i64| Time::from_seconds(now.seconds() + seconds);
        assert_eq!(Pace::read(&path, None, now), None);
        let stop = Pace::said(Wish::Stop, now);
        stop.write(&path, None).unwrap();
        assert_eq!(Pace::read(&path, None, now), Some(stop));
        assert_eq!(Pace::read(&path, None, later(7 * 86_400 - 1)), Some(stop));
        for over in [7 * 86_400, 400 * 86_400, -1, -400 * 86_400] {
            assert_eq!(Pace::read(&path, None, later(over)), None, "{over}");
        }
        let less = Pace::said(Wish::parse("0.5").expect("a wish"), now);
        less.write(&path, None).unwrap();
        assert_eq!(rate(Pace::read(&path, None, now)).to_string(), "0.5");
        Pace::said(Wish::Send(Rate::WHOLE), now).write(&path, None).unwrap();
        assert!(!path.exists());
        let here = Some("http://127.0.0.1:9");
        stop.write(&path, here).unwrap();
        assert_eq!(
            (Pace::read(&path, here, now), Pace::read(&path, None, now)),
            (Some(stop), None)
        );
        for broken in ["", "{}", "{\"wish\":\"2\",\"until\":1000000001}", "{\"wish\":\"stop\"}"] {
            private_file::write(&path, broken).unwrap();
            assert_eq!(Pace::read(&path, None, now), None, "{broken}");
        }
    }

    #[test]
    fn a_device_is_kept_or_not_whatever_its_id_looks_like() {
        let half = Rate::parse("0.5").expect("a rate");
        let kept = (0..1_000).filter(|device| half.keeps(number(&format!("device-{device}"))));
        assert!((400..600).contains(&kept.count()));
    }

    /// Without an id every event stands for itself, whether it has a mark or
    /// not: sums of marks, divided by the rate, are those of all.
    #[test]
    fn without_an_id_a_share_of_all_events_is_kept_with_and_without_marks() {
        let text = include_str!("../../../headcount-catalog/tests/accept/counting.toml");
        let catalog = headcount_catalog::parse(text).expect("a catalog");
        let now = Time::parse("2026-11-28T12:00:00Z").expect("a time");
        let mut record = catalog.sample(&catalog.events[0], now);
        for rate in ["0.1", "0.5"] {
            let rate = Rate::parse(rate).expect("a rate");
            let mut kept = [0_u32; 2];
            for number in 0..8_000_u128 {
                let marks = usize::from(number % 2 == 0);
                let random = number.wrapping_mul(0x9e37_79b9_7f4a_7c15_f39c_c060_5ced_c835);
                record.id = Some(EventId::new(now.day(), random.to_be_bytes()));
                for (entry, value) in catalog.envelope.iter().zip(&mut record.envelope) {
                    if matches!(entry.source, Source::Marks | Source::Age) {
                        *value = (marks == 1).then(|| entry.source.kind()?.sample(now)).flatten();
                    }
                }
                assert_eq!(record.marks(&catalog).count() > 0, marks == 1);
                kept[marks] += u32::from(keeps(rate, &catalog, &record));
            }
            for kept in kept {
                let share = f64::from(kept) / 4_000.0;
                let wanted: f64 = rate.to_string().parse().expect("a number");
                // Four standard deviations of 4,000 throws are 0.032 at most.
                assert!((share - wanted).abs() < 0.032, "{rate}: {share}");
            }
        }
    }

    #[test]
    fn everything_that_was_asked_for_is_forgotten_and_nothing_else() {
        let home = headcount_testkit::Home::new();
        let paths = Paths::in_tests(&home);
        forget_all(&paths).unwrap();
        assert_eq!(home.tree(), [], "forgetting makes nothing");
        for name in ["one.pace.json", "one.backoff.json", "gone.pace.json", "receipts.jsonl"] {
            private_file::write(&paths.state_folder.join(name), "{}").unwrap();
        }
        forget_all(&paths).unwrap();
        let left: Vec<_> =
            fs::read_dir(&paths.state_folder).unwrap().map(|it| it.unwrap().file_name()).collect();
        assert_eq!(left, ["receipts.jsonl"]);
    }
}

//! The last check of a record before it is sent: whether this version's catalog
//! still allows it, it is young enough, and its device is among those that
//! report.

use std::cmp::Ordering;

use headcount_catalog::{Catalog, Checked, Day, Raw, Reason, Source, Time};
use headcount_wire::{Rate, read, write};

use crate::Paths;
use crate::consent::Refusals;
use crate::disk::line::{self, field};
use crate::disk::pace;
use crate::disk::tally::Loss;
use crate::disk::versions::Newest;
use crate::identity::{self, Made};

/// What every record is checked against.
#[derive(Debug, Clone)]
pub(crate) struct Recheck<'a> {
    pub(crate) catalog: &'a Catalog,
    today: Day,
    rate: Rate,
    newest: Newest,
    /// The refused purposes, with the catalog that the host was compiled with.
    refusals: Option<(&'a Catalog, &'a Refusals)>,
    own: Option<OwnId<'a>>,
}

/// The id that was made here last.
#[derive(Debug, Clone)]
struct OwnId<'a> {
    catalog: &'a Catalog,
    paths: &'a Paths,
    /// As it was when this check began.
    made: Made,
}

/// What happens to a line.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Verdict {
    /// It is sent.
    Goes(Box<Checked>),
    /// Another version may send it as it is; this one leaves the line alone.
    Waits {
        /// When it happened, if that is known.
        time: Option<Time>,
    },
    /// It is never sent.
    Lost(Loss),
    /// The person, or an administrator, has refused what it is for, or the
    /// person has deleted its id: it is removed, and is not a loss.
    Refused,
}

impl<'a> Recheck<'a> {
    /// The check for a destination that asked for this share of devices.
    pub(crate) fn new(catalog: &'a Catalog, now: Time, rate: Rate) -> Self {
        Self { catalog, today: now.day(), rate, newest: Newest::This, refusals: None, own: None }
    }

    /// The same where another version may have recorded what waits.
    pub(crate) fn beside(self, newest: Newest) -> Self {
        Self { newest, ..self }
    }

    /// The same where purposes may be refused: by the events of the catalog
    /// that the host was compiled with.
    pub(crate) fn refusing(self, refusals: (&'a Catalog, &'a Refusals)) -> Self {
        Self { refusals: Some(refusals), ..self }
    }

    /// The same where ids are made by the catalog that the host was compiled
    /// with, and kept at these paths.
    pub(crate) fn with_ids(self, catalog: &'a Catalog, paths: Option<&'a Paths>) -> Self {
        let own = paths.and_then(|paths| {
            let made = identity::made(catalog, paths)?;
            Some(OwnId { catalog, paths, made })
        });
        Self { own, ..self }
    }

    pub(crate) fn verdict(&self, line: &str) -> Verdict {
        if self.refusals.is_some_and(|(whole, refusals)| is_refused(whole, refusals, line)) {
            return Verdict::Refused;
        }
        if self.own.as_ref().is_some_and(|own| self.is_of_deleted_id(own, line)) {
            return Verdict::Refused;
        }
        match read(self.catalog, line) {
            Ok(record) if self.is_old(record.time) => Verdict::Lost(Loss::OverAge),
            // This version would send less than the newer one recorded.
            Ok(record) if self.may_be_newer(line) && !self.is_own(&record, line) => {
                Verdict::Waits { time: record.time }
            }
            Ok(record) if !pace::keeps(self.rate, self.catalog, &record) => {
                Verdict::Lost(Loss::NotAsked)
            }
            Ok(record) => Verdict::Goes(Box::new(record)),
            Err(reason) if self.may_wait(reason, line) => match line::time(self.catalog, line) {
                time if self.is_old(time) => Verdict::Lost(Loss::OverAge),
                time => Verdict::Waits { time },
            },
            Err(_) => Verdict::Lost(Loss::NotAllowed),
        }
    }

    /// Whether another version may allow what this one does not. An event that
    /// this one does not know is another's; an event that it knows is one only
    /// if a newer version has recorded it, since older ones can only have
    /// allowed what is not allowed any more.
    fn may_wait(&self, reason: Reason, line: &str) -> bool {
        match reason {
            Reason::UnknownEvent => true,
            Reason::Malformed | Reason::TooLong => false,
            _ => self.may_be_newer(line),
        }
    }

    /// Whether a newer version than this may have recorded a line: by what the
    /// line says, if it does, or else by who records here.
    fn may_be_newer(&self, line: &str) -> bool {
        let key = self.catalog.key_of(|source| matches!(source, Source::CatalogVersion));
        let version = key.and_then(|key| {
            field(line, key, |value| match value {
                Raw::Integer(version) => Some(*version),
                _ => None,
            })
        });
        match version.map(|version| version.cmp(&i64::from(self.catalog.version))) {
            Some(Ordering::Greater) => true,
            Some(Ordering::Less) => false,
            Some(Ordering::Equal) | None => self.newest == Newest::Another,
        }
    }

    /// Whether this version would have written the line exactly so.
    fn is_own(&self, record: &Checked, line: &str) -> bool {
        write(self.catalog, record).is_ok_and(|own| own == line)
    }

    /// Whether a record has an id that was deleted before it was in the queue.
    ///
    /// A `clear` and a `forget` empty the queue, but a host can have made a
    /// line before, and can have the old id for a second more. It appends the
    /// line to a segment that was created since, for a record of the new id. So
    /// what is younger than the new id has that one. What is older, such as the
    /// records of last month, keeps the id that it has.
    fn is_of_deleted_id(&self, own: &OwnId<'_>, line: &str) -> bool {
        let Some(key) = self.catalog.key_of(|source| matches!(source, Source::Device)) else {
            return false;
        };
        let is_of_another = |made: &Made| {
            let other = |value: &Raw<'_>| match value {
                Raw::Text(device) => Some(*device != made.id),
                _ => None,
            };
            field(line, key, other).unwrap_or(false)
                && line::time(self.catalog, line).is_some_and(|time| time.day() >= made.day)
        };
        // It may have changed since the check began.
        is_of_another(&own.made)
            && identity::made(own.catalog, own.paths).as_ref().is_some_and(is_of_another)
    }

    /// Whether a record has waited longer than the catalog allows.
    fn is_old(&self, time: Option<Time>) -> bool {
        time.is_some_and(|time| line::is_old(self.catalog, time, self.today))
    }
}

/// Whether the event of a line is withheld by a refusal.
pub(crate) fn is_refused(whole: &Catalog, refusals: &Refusals, line: &str) -> bool {
    if refusals.is_empty() {
        return false;
    }
    let key = whole.key_of(|source| matches!(source, Source::Event));
    let withheld = |value: &Raw<'_>| match value {
        Raw::Text(event) => Some(refusals.withholds(whole, event)),
        _ => None,
    };
    key.and_then(|key| field(line, key, withheld)).unwrap_or(false)
}

#[cfg(test)]
mod tests {
    use super::*;
    use headcount_catalog::parse;
    use headcount_wire::write;

    fn atomic() -> Catalog {
        let text = include_str!("../../../../../examples/atomic/telemetry.toml");
        parse(text).unwrap_or_else(|mistakes| panic!("{mistakes}"))
    }

    fn line(catalog: &Catalog, time: Time) -> String {
        let record = catalog.sample(catalog.event("atomic_command").expect("an event"), time);
        write(catalog, &record).expect("a sample is whole")
    }

    #[test]
    fn thirty_days_are_kept_and_the_next_day_ends_them() {
        let catalog = atomic();
        let then = Time::parse("2026-11-20T23:59:59Z").expect("a time");
        let known = line(&catalog, then);
        let unknown = known.replace("atomic_command", "event_of_tomorrow");
        let verdict = |now: &str, line: &str| {
            let now = Time::parse(now).expect("a time");
            Recheck::new(&catalog, now, Rate::WHOLE).verdict(line)
        };
        for young in ["2020-01-01T00:00:00Z", "2026-11-20T23:59:59Z", "2026-12-20T23:59:59Z"] {
            assert!(matches!(verdict(young, &known), Verdict::Goes(_)), "{young}");
            assert_eq!(verdict(young, &unknown), Verdict::Waits { time: Some(then) }, "{young}");
        }
        for line in [&known, &unknown] {
            assert_eq!(verdict("2026-12-21T00:00:00Z", line), Verdict::Lost(Loss::OverAge));
        }
        for spoiled in ["{", "7", &known.replace("\"success\":", "\"s\":")] {
            assert_eq!(
                verdict("2026-11-21T00:00:00Z", spoiled),
                Verdict::Lost(Loss::NotAllowed),
                "{spoiled}"
            );
        }
    }

    #[test]
    fn beside_a_newer_version_only_what_is_ones_own_goes() {
        let catalog = atomic();
        let now = Time::parse("2026-11-20T12:00:00Z").expect("a time");
        let whole = line(&catalog, now);
        let alone = Recheck::new(&catalog, now, Rate::WHOLE);
        let beside = alone.clone().beside(Newest::Another);
        let waits = Verdict::Waits { time: Some(now) };
        assert_eq!(beside.verdict(&whole), alone.verdict(&whole));
        // A property that is missing, a word outside its set, an optional
        // property that this version does not know.
        let missing = whole.replace("\"success\":", "\"s\":");
        let word = whole.replace("\"command\":\"init\"", "\"command\":\"of-tomorrow\"");
        let more = whole.replacen('{', "{\"newProperty\":1,", 1);
        for newer in [&missing, &word, &more] {
            assert_ne!(*newer, whole);
            assert_eq!(beside.verdict(newer), waits, "{newer}");
        }
        assert_eq!(alone.verdict(&missing), Verdict::Lost(Loss::NotAllowed));
        assert_eq!(alone.verdict(&word), Verdict::Lost(Loss::NotAllowed));
        assert!(matches!(alone.verdict(&more), Verdict::Goes(_)));
        for spoiled in ["{", "7", ""] {
            assert_eq!(beside.verdict(spoiled), Verdict::Lost(Loss::NotAllowed), "{spoiled}");
        }
        let later = Time::parse("2026-12-21T00:00:00Z").expect("a time");
        let beside = Recheck::new(&catalog, later, Rate::WHOLE).beside(Newest::Another);
        for old in [&whole, &missing, &word, &more] {
            assert_eq!(beside.verdict(old), Verdict::Lost(Loss::OverAge), "{old}");
        }
    }

    /// A product whose lines tell the version needs nobody to say it.
    #[test]
    fn a_line_that_tells_its_version_is_believed() {
        let text = include_str!("../../../../../examples/atomic/telemetry.toml");
        let envelope = "[envelope]\n";
        let text = text.replacen(envelope, &format!("{envelope}made = \"catalog-version\"\n"), 1);
        let mut catalog = parse(&text).unwrap_or_else(|mistakes| panic!("{mistakes}"));
        catalog.version = 7;
        let now = Time::parse("2026-11-20T12:00:00Z").expect("a time");
        let whole = line(&catalog, now);
        assert!(whole.contains("\"made\":7"), "{whole}");
        let bad = whole.replace("\"command\":\"init\"", "\"command\":\"of-tomorrow\"");
        let waits = Verdict::Waits { time: Some(now) };
        let dropped = Verdict::Lost(Loss::NotAllowed);
        for (version, alone, beside) in
            [(6, &dropped, &dropped), (7, &dropped, &waits), (8, &waits, &waits)]
        {
            let bad = bad.replace("\"made\":7", &format!("\"made\":{version}"));
            let recheck = Recheck::new(&catalog, now, Rate::WHOLE);
            assert_eq!(&recheck.verdict(&bad), alone, "{version}");
            assert_eq!(&recheck.clone().beside(Newest::Another).verdict(&bad), beside, "{version}");
        }
        // An older line of which less would go is sent as before.
        let older = whole.replace("\"made\":7", "\"made\":6").replacen('{', "{\"gone\":1,", 1);
        let recheck = Recheck::new(&catalog, now, Rate::WHOLE).beside(Newest::Another);
        assert!(matches!(recheck.verdict(&older), Verdict::Goes(_)));
    }

    #[test]
    fn a_device_that_is_not_asked_sends_nothing() {
        let catalog = atomic();
        let now = Time::parse("2026-11-20T12:00:00Z").expect("a time");
        let template = line(&catalog, now);
        let device = |number: u32| {
            let id = format!("00000000-0000-4000-8000-{number:012x}");
            template.replacen(
                "\"anonymousId\":\"not-created\"",
                &format!("\"anonymousId\":\"{id}\""),
                1,
            )
        };
        let goes = |rate: Rate| {
            let recheck = Recheck::new(&catalog, now, rate);
            let verdicts = (0..100).map(|number| recheck.verdict(&device(number)));
            let (goes, others): (Vec<_>, Vec<_>) =
                verdicts.partition(|verdict| matches!(verdict, Verdict::Goes(_)));
            let not_asked = Verdict::Lost(Loss::NotAsked);
            assert!(others.iter().all(|verdict| *verdict == not_asked), "{others:?}");
            goes.len()
        };
        assert_eq!(goes(Rate::WHOLE), 100);
        let half = goes(Rate::parse("0.5").expect("a rate"));
        assert!((30..70).contains(&half), "{half}");
    }
}

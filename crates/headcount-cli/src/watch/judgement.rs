//! What is wrong with what a program reported, and what it never reported:
//! decided purely.

use std::collections::{BTreeMap, BTreeSet};

use headcount_catalog::{Catalog, Reason};

use super::collector::{Refused, Taken};
use super::elsewhere::Elsewhere;
use super::person::{Consent, Home, Waiting};
use super::program::Ended;
use crate::ask::plural;

/// Everything that was seen.
#[derive(Debug)]
pub(super) struct Sight<'a> {
    pub(super) catalog: &'a Catalog,
    pub(super) consent: Consent,
    pub(super) taken: &'a [Taken],
    pub(super) refused: &'a [Refused],
    /// Why whole requests were turned away.
    pub(super) turned_away: &'a [String],
    /// Events that wait to be sent.
    pub(super) waiting: &'a [Waiting],
    pub(super) home: &'a Home,
    pub(super) elsewhere: &'a BTreeMap<String, Elsewhere>,
    pub(super) ended: Ended,
    /// Seconds that the program was given.
    pub(super) seconds: u32,
}

impl Sight<'_> {
    /// What is wrong, a sentence each.
    pub(super) fn wrong(&self) -> Vec<String> {
        let mut wrong = Vec::new();
        if self.ended == Ended::TooLate {
            wrong.push(format!(
                "The program did not end within {} s, and was killed: give it longer with \
                 --timeout, or watch a command that ends.",
                self.seconds
            ));
        }
        wrong.extend(self.refused.iter().map(rejected));
        wrong.extend(
            self.turned_away.iter().map(|why| format!("A request was turned away: {why}.")),
        );
        for host in self.destinations() {
            wrong.push(format!(
                "The program connected to {host}, a destination of the catalog, instead of the \
                 address in {}: it does not report through Headcount there.",
                self.catalog.variable("ENDPOINT")
            ));
        }
        for (why, events) in &self.home.lost {
            wrong.push(format!("{} lost on the way: {why}.", were(*events)));
        }
        wrong.extend(self.unasked());
        if self.consent == Consent::Yes {
            wrong.extend(self.missing());
        }
        wrong
    }

    fn destinations(&self) -> impl Iterator<Item = &String> {
        let hosts = self.elsewhere.iter();
        hosts.filter(|(_, kind)| **kind == Elsewhere::Destination).map(|(host, _)| host)
    }

    /// What came although the person had not agreed.
    fn unasked(&self) -> Option<String> {
        let (taken, waiting) = (self.taken.len() as u64, self.waiting.len() as u64);
        match self.consent {
            Consent::Yes => None,
            Consent::No if taken + waiting > 0 => {
                Some(format!("The person said no, and {} recorded.", were(taken + waiting)))
            }
            Consent::Unanswered if taken > 0 => {
                Some(format!("The person has not answered, and {} sent.", were(taken)))
            }
            Consent::No | Consent::Unanswered => None,
        }
    }

    /// What should have come and did not.
    fn missing(&self) -> Option<String> {
        if let Some(problem) = &self.home.problem {
            return Some(format!("The SDK says: {problem}."));
        }
        let waiting = self.waiting.len() as u64;
        if waiting > 0 && self.home.is_without_key {
            return None;
        }
        if waiting > 0 && self.turned_away.is_empty() {
            let mut why = self.home.problems.iter().map(|(name, why)| format!("{name}: {why}"));
            let why = why.next().unwrap_or_else(|| "nobody sent them in time".to_owned());
            return Some(format!("{} recorded and not sent: {why}.", were(waiting)));
        }
        if !self.taken.is_empty() || waiting > 0 || !self.refused.is_empty() {
            return None;
        }
        Some(if !self.home.is_on {
            format!("Nothing was recorded: telemetry is off, by {}.", self.home.reason)
        } else if self.home.has_recorded {
            "Something was recorded, and nothing of it arrived.".to_owned()
        } else {
            format!(
                "Nothing was recorded: the program wrote no event of {} below its home. Watch a \
                 command that records one, and look whether the program opens telemetry with this \
                 catalog, and whether it honours the home folder in its environment.",
                self.catalog.product.name
            )
        })
    }

    /// How often each event was taken, in the order of the catalog.
    pub(super) fn counts(&self) -> Vec<(&str, u64)> {
        let events = self.catalog.events.iter().map(|event| event.name);
        let count = |name| self.taken.iter().filter(|taken| taken.event == name).count() as u64;
        events.map(|name| (name, count(name))).filter(|(_, count)| *count > 0).collect()
    }

    fn taken_of(&self, event: &str) -> Vec<&Taken> {
        self.taken.iter().filter(|taken| taken.event == event).collect()
    }

    fn waiting_of(&self, event: &str) -> Vec<&Waiting> {
        self.waiting.iter().filter(|waiting| waiting.event == Some(event)).collect()
    }

    /// What the catalog has and nobody saw: events, and properties of events
    /// that were seen as `event.property`.
    pub(super) fn never_seen(&self) -> Vec<String> {
        let mut never = Vec::new();
        for event in self.catalog.events.iter().filter(|event| !event.is_report()) {
            let (own, waiting) = (self.taken_of(event.name), self.waiting_of(event.name));
            if own.is_empty() && waiting.is_empty() {
                never.push(event.name.to_owned());
                continue;
            }
            let taken = own.iter().flat_map(|taken| &taken.fields).map(|(key, _)| key.as_str());
            let waits = waiting.iter().flat_map(|one| &one.properties).copied();
            let keys: BTreeSet<&str> = taken.chain(waits).collect();
            let unseen = event.properties.iter().filter(|property| !keys.contains(property.name));
            never.extend(unseen.map(|property| format!("{}.{}", event.name, property.name)));
        }
        never
    }
}

/// `3 events were`
fn were(events: u64) -> String {
    format!("{} {}", plural(events, "event"), if events == 1 { "was" } else { "were" })
}

fn rejected(refused: &Refused) -> String {
    let Refused { place, reason, events } = refused;
    let of = if place.is_empty() { String::new() } else { format!(" of `{place}`") };
    let known = Reason::ALL.into_iter().find(|known| known.name() == reason);
    let why = known.map_or("it was rejected", meaning);
    let times = if *events == 1 { "once".to_owned() } else { format!("{events} times") };
    format!("Not allowed{of}, {times}: {why} ({reason}).")
}

fn meaning(reason: Reason) -> &'static str {
    match reason {
        Reason::Malformed => "it is not an object of JSON",
        Reason::TooLong => "the line is too long, or has too many fields",
        Reason::UnknownProduct => "it names another product",
        Reason::UnknownEvent => "the catalog has no event with this name",
        Reason::MissingProperty => "something is missing that the catalog requires",
        Reason::BadProperty => "a value is not of the kind that the catalog says",
        Reason::OutsideSet => "a word is not among those that the catalog lists",
        Reason::UnknownProperty => "the catalog has no property with this name",
        Reason::MissingId => "it has no id, so that a duplicate could not be told",
        Reason::OtherContent => "another event of the day has the same id",
        Reason::MissingTime => "it has no time",
        Reason::TooOld => "it is older than raw events are kept",
        Reason::InTheFuture => "its day is later than tomorrow",
        Reason::Expired => "the catalog says that this is not recorded any more",
        Reason::NotKept => "the catalog does not ask for it",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn catalog() -> Catalog {
        headcount_catalog::parse(include_str!("../../catalogs/atomic.toml")).unwrap()
    }

    fn taken(event: &str, fields: &serde_json::Value) -> Taken {
        let fields = fields.as_object().unwrap().clone().into_iter().collect();
        Taken { event: event.to_owned(), fields }
    }

    struct Scene {
        catalog: Catalog,
        home: Home,
        taken: Vec<Taken>,
        elsewhere: BTreeMap<String, Elsewhere>,
    }

    impl Scene {
        fn new() -> Self {
            let home = Home { is_on: true, ..Home::default() };
            let taken = vec![taken("atomic_command", &json!({"command": "init", "success": true}))];
            Self { catalog: catalog(), home, taken, elsewhere: BTreeMap::new() }
        }

        fn sight(&self) -> Sight<'_> {
            Sight {
                catalog: &self.catalog,
                consent: Consent::Yes,
                taken: &self.taken,
                refused: &[],
                turned_away: &[],
                waiting: &[],
                home: &self.home,
                elsewhere: &self.elsewhere,
                ended: Ended::With(0),
                seconds: 300,
            }
        }
    }

    fn only(wrong: &[String], said: &str) {
        assert!(wrong.len() == 1 && wrong[0].contains(said), "{said}: {wrong:?}");
    }

    #[test]
    fn what_is_as_the_catalog_says_is_not_wrong() {
        let mut scene = Scene::new();
        scene.elsewhere.insert("api.example".to_owned(), Elsewhere::Other);
        assert_eq!(scene.sight().wrong(), Vec::<String>::new());
        assert_eq!(scene.sight().counts(), [("atomic_command", 1)]);
        let never = scene.sight().never_seen();
        assert!(never.contains(&"agent_session".to_owned()), "{never:?}");
        assert!(never.contains(&"atomic_command.agentType".to_owned()), "{never:?}");
        assert!(!never.contains(&"atomic_command.command".to_owned()), "{never:?}");
        assert!(!never.contains(&"telemetry_report".to_owned()), "{never:?}");
    }

    #[test]
    fn each_wrong_is_a_sentence_of_its_own() {
        let mut scene = Scene::new();
        only(&Sight { ended: Ended::TooLate, ..scene.sight() }.wrong(), "within 300 s");
        let refused = [Refused {
            place: "atomic_command.command".to_owned(),
            reason: "outside-set".to_owned(),
            events: 2,
        }];
        let said = "Not allowed of `atomic_command.command`, 2 times: a word is not among";
        only(&Sight { refused: &refused, ..scene.sight() }.wrong(), said);
        let turned_away = ["unknown write key".to_owned()];
        only(&Sight { turned_away: &turned_away, ..scene.sight() }.wrong(), "unknown write key");
        let waiting = [Waiting::default()];
        only(&Sight { waiting: &waiting, ..scene.sight() }.wrong(), "1 event was recorded and not");
        scene.home.is_without_key = true;
        assert_eq!(Sight { waiting: &waiting, ..scene.sight() }.wrong(), Vec::<String>::new());
        only(&Sight { consent: Consent::No, ..scene.sight() }.wrong(), "said no, and 1 event was");
        let sent = "has not answered, and 1 event was sent";
        only(&Sight { consent: Consent::Unanswered, ..scene.sight() }.wrong(), sent);
        scene.elsewhere.insert("telemetry.example".to_owned(), Elsewhere::Destination);
        only(&scene.sight().wrong(), "connected to telemetry.example");
        scene.elsewhere.clear();
        scene.home.lost = vec![("full".to_owned(), 3)];
        only(&scene.sight().wrong(), "3 events were lost on the way: full");
    }

    #[test]
    fn nothing_at_all_is_wrong_and_says_why() {
        let mut scene = Scene::new();
        scene.taken.clear();
        only(&scene.sight().wrong(), "wrote no event of atomic");
        scene.home.has_recorded = true;
        only(&scene.sight().wrong(), "nothing of it arrived");
        scene.home = Home { reason: "env:ATOMIC_TELEMETRY=0".to_owned(), ..Home::default() };
        only(&scene.sight().wrong(), "off, by env:ATOMIC_TELEMETRY=0");
        for consent in [Consent::No, Consent::Unanswered] {
            let sight = Sight { consent, ..scene.sight() };
            assert_eq!(sight.wrong(), Vec::<String>::new(), "{consent:?}");
        }
    }
}

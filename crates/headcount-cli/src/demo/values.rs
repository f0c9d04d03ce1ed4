//! Values that look like somebody's: made by kind and taste, admitted by the
//! catalog like any other.

use headcount_catalog::{Event, Kind, Raw, Reference, Source, Time, Unit, Value};

use super::chance::Chance;
use super::people::Person;
use super::story::{Like, Taste};
use super::vocabulary::{EXIT_CODES, FRAMES, LOCATIONS, MESSAGES, MODELS};

/// Ids are random in the demo too; a test brings its own.
pub(super) type Ids<'a> = &'a mut dyn FnMut() -> String;

/// How it went.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Went {
    Well,
    Wrong,
}

/// Everything that the values of one event depend on.
pub(super) struct Teller<'a> {
    pub(super) person: &'a Person,
    /// The day of the play.
    pub(super) number: i32,
    pub(super) event: &'static Event,
    pub(super) now: Time,
    pub(super) went: Went,
    /// How many times as long it takes as it usually does.
    pub(super) slower: f64,
    /// The run's own id, and whether the event is one of a longer exchange
    /// within it.
    pub(super) run: &'a str,
    pub(super) turn: bool,
    pub(super) chance: &'a mut Chance,
    pub(super) ids: Ids<'a>,
}

impl Teller<'_> {
    /// The event's properties, in the order of its definition.
    pub(super) fn properties(&mut self) -> Vec<Option<Value>> {
        let mut values: Vec<Option<Value>> = vec![None; self.event.properties.len()];
        for (place, property) in self.event.given() {
            let taste = self.taste(property.name);
            if property.optional.is_some() && !self.there(property.name, taste) {
                continue;
            }
            values[place] = match taste.map(|taste| taste.like) {
                Some(Like::SameAs(other)) => {
                    self.event.property(other).and_then(|(other, _)| values[other].clone())
                }
                _ => self.value(property.name, &property.kind),
            };
        }
        self.event.complete(values)
    }

    /// The entries of the envelope that a host sets, by their places.
    pub(super) fn context(&mut self) -> Vec<(usize, Value)> {
        let mut context = Vec::new();
        for (place, entry) in self.person.catalog(self.number).entries(self.event) {
            let reference =
                |text: &str| Kind::Reference(Reference::Session).admit(&Raw::Text(text)).ok();
            let value = match entry.source {
                Source::Session => reference(self.run),
                Source::Turn if self.turn => reference(&(self.ids)()),
                Source::Account => self.person.account.as_deref().and_then(reference),
                Source::Host(kind) => {
                    let taste = self.taste(entry.key);
                    let there = entry.optional.is_none() || self.there(entry.key, taste);
                    there.then(|| self.value(entry.key, &kind)).flatten()
                }
                _ => None,
            };
            context.extend(value.map(|value| (place, value)));
        }
        context
    }

    fn taste(&self, name: &str) -> Option<&'static Taste> {
        self.person.product.story.taste(self.event.name, name)
    }

    /// Whether an optional value is there: for what is a person's own, always
    /// or never.
    fn there(&mut self, name: &str, taste: Option<&Taste>) -> bool {
        let (there, own) =
            taste.map_or((0.85, false), |taste| (taste.there, matches!(taste.like, Like::Own)));
        if own { self.own(name).happens(there) } else { self.chance.happens(there) }
    }

    /// The same sequence for one person and one name, whatever the day.
    fn own(&self, name: &str) -> Chance {
        self.person.chance.named(name)
    }

    /// A value of this kind; `None` where the kind refuses what was made up,
    /// which a test rules out for the five catalogs.
    fn value(&mut self, name: &str, kind: &Kind) -> Option<Value> {
        let like = self.taste(name).map_or(Like::Kind, |taste| taste.like);
        if kind.set().is_some() {
            return self.words(name, kind, like);
        }
        match *kind {
            Kind::Flag => kind.admit(&Raw::Flag(self.flag(name, like))).ok(),
            Kind::Count { .. } => self.number(kind, like, 3.0),
            Kind::Amount { .. } => kind.amount(self.amount(like, 0.05)),
            Kind::Bucket { ladder } => {
                let middle = ladder.get(ladder.len() / 2).copied().unwrap_or(1);
                self.number(kind, like, middle as f64)
            }
            Kind::Duration { unit: Unit::Milliseconds, .. } => self.duration(kind, like, 800.0),
            Kind::Duration { unit: Unit::Seconds, .. } => self.duration(kind, like, 40.0),
            Kind::ExitCode => kind.admit(&Raw::Integer(self.exit_code())).ok(),
            Kind::Version => kind.admit(&Raw::Text(self.version())).ok(),
            Kind::Locale => kind.admit(&Raw::Text("en-US")).ok(),
            Kind::Token { alphabet, most } => {
                let text = self.token(name, like, alphabet, usize::from(most));
                kind.admit(&Raw::Text(&text)).ok()
            }
            Kind::Location => kind.admit(&Raw::Text(self.chance.one::<&str>(&LOCATIONS))).ok(),
            Kind::Scrubbed { .. } => {
                kind.admit(&Raw::Text(self.chance.one::<&str>(&MESSAGES))).ok()
            }
            Kind::Frames { .. } => {
                let frames = self.frames();
                kind.admit(&Raw::List(frames.iter().map(|frame| Raw::Text(frame)).collect())).ok()
            }
            Kind::Reference(_) => kind.admit(&Raw::Text(&(self.ids)())).ok(),
            Kind::Time(_) => kind.time(self.before()),
            // Those with a set are above; the rest follows by itself.
            _ => None,
        }
    }

    fn words(&mut self, name: &str, kind: &Kind, like: Like) -> Option<Value> {
        let (set, other) = kind.set()?;
        if let Kind::Choices { .. } = kind {
            let several = 1 + self.chance.times(0.6);
            let weights = weights(set, like);
            let words: Vec<usize> = (0..several).map(|_| self.chance.weighted(&weights)).collect();
            return Some(kind.words(words));
        }
        let word = match like {
            Like::Well(good) if self.went == Went::Well => good,
            Like::Well(good) => {
                let others: Vec<&str> = set.iter().copied().filter(|word| *word != good).collect();
                others.get(self.chance.weighted(&weights(&others, Like::Kind))).copied()?
            }
            Like::Platform(words) => self.person.platform.word(words),
            Like::Model => self.model().0,
            Like::Provider => self.model().1,
            Like::Agent => self.agent(name, set)?,
            Like::Own if self.chance.happens(0.93) => {
                set.get(self.own(name).weighted(&weights(set, like)))?
            }
            // Somebody always names what no catalog knows.
            _ if other.is_some() && self.chance.happens(0.06) => other?,
            _ => set.get(self.chance.weighted(&weights(set, like)))?,
        };
        self.meet_fault(name, word);
        kind.admit(&Raw::Text(word)).ok()
    }

    /// What the release broke goes wrong more often, and takes longer.
    fn meet_fault(&mut self, name: &str, word: &str) {
        let fault = self.person.fault(self.number);
        if let Some(fault) = fault.filter(|fault| fault.property == name && fault.word == word) {
            let wrong = self.chance.happens(fault.trouble);
            self.went = if wrong { Went::Wrong } else { Went::Well };
            self.slower = fault.slower;
        }
    }

    /// The agent that the person has: the one that appears in the middle, or
    /// one of those that were there before.
    fn agent(&mut self, name: &str, set: &'static [&'static str]) -> Option<&'static str> {
        let newcomer = self.person.product.story.newcomer.map(|newcomer| newcomer.word);
        if self.person.has_newcomer(self.number) && self.chance.happens(0.9) {
            return newcomer;
        }
        let others: Vec<&'static str> =
            set.iter().copied().filter(|word| Some(*word) != newcomer).collect();
        others.get(self.own(name).weighted(&weights(&others, Like::Kind))).copied()
    }

    fn version(&self) -> &'static str {
        self.person.version(self.number)
    }

    /// A person stays with a model, mostly.
    fn model(&mut self) -> (&'static str, &'static str) {
        let names: Vec<&str> = MODELS.iter().map(|(name, _)| *name).collect();
        let weights = weights(&names, Like::Kind);
        // Both the model and its provider are asked for in one event: they must
        // agree.
        let mut of_the_event = self.own(&self.now.milliseconds().to_string());
        let place = if of_the_event.happens(0.85) {
            self.own("model").weighted(&weights)
        } else {
            of_the_event.weighted(&weights)
        };
        MODELS[place]
    }

    fn flag(&mut self, name: &str, like: Like) -> bool {
        match like {
            Like::Good => self.went == Went::Well,
            Like::Bad => self.went == Went::Wrong,
            Like::Own => self.own(name).happens(0.8),
            _ => self.chance.happens(0.9),
        }
    }

    fn number(&mut self, kind: &Kind, like: Like, usual: f64) -> Option<Value> {
        // Never negative, and a number beyond its cap becomes the cap.
        kind.number(self.amount(like, usual).round() as u64)
    }

    fn duration(&mut self, kind: &Kind, like: Like, usual: f64) -> Option<Value> {
        kind.number((self.amount(like, usual) * self.slower).round() as u64)
    }

    fn amount(&mut self, like: Like, usual: f64) -> f64 {
        let median = if let Like::About(median) = like { median } else { usual };
        self.chance.around(median, 0.8)
    }

    fn exit_code(&mut self) -> i64 {
        match self.went {
            Went::Well => 0,
            Went::Wrong => {
                EXIT_CODES[self.chance.weighted(&EXIT_CODES.map(|(_, weight)| weight))].0
            }
        }
    }

    fn token(&mut self, name: &str, like: Like, alphabet: &str, most: usize) -> String {
        match like {
            Like::Model => self.model().0.to_owned(),
            Like::Commit => commit(self.version()).chars().take(most).collect(),
            _ => {
                // One of four words a product, so that there is something to
                // count.
                let mut word = Chance::of(&[self.chance.next() % 4]).named(name);
                let letters = letters(alphabet);
                let length = if letters.is_empty() { 0 } else { most.min(8) };
                (0..length).map(|_| *word.one(&letters)).collect()
            }
        }
    }

    fn frames(&mut self) -> Vec<String> {
        let product = self.person.product.catalog.product.name;
        let from = self.chance.weighted(&[3.0, 2.0, 1.0]);
        FRAMES[from..].iter().map(|frame| format!("{product}::{frame}")).collect()
    }

    /// When something began that has now come to its end.
    fn before(&mut self) -> Time {
        let minutes = self.chance.around(18.0, 0.8).clamp(1.0, 600.0);
        Time::from_milliseconds(self.now.milliseconds() - (minutes * 60_000.0) as i64)
    }
}

/// Weights of words: as listed, or, where none is, a half, a third, a quarter
/// of the first's.
fn weights(words: &[&str], like: Like) -> Vec<f64> {
    let listed = |word: &str, all: &[(&str, f64)]| {
        all.iter().find(|(own, _)| *own == word).map_or(1.0, |(_, weight)| *weight)
    };
    match like {
        Like::Weighted(all) => words.iter().map(|word| listed(word, all)).collect(),
        _ => (1..=words.len()).map(|place| 1.0 / place as f64).collect(),
    }
}

/// Forty digits that go with a version, as a commit's name would.
fn commit(version: &str) -> String {
    let mut chance = Chance::of(&[]).named(version);
    let parts = [chance.next(), chance.next(), chance.next()];
    parts.iter().map(|part| format!("{part:016x}")).collect::<String>().chars().take(40).collect()
}

/// The characters of an alphabet that is written as in a bracket expression.
fn letters(alphabet: &str) -> Vec<char> {
    let written: Vec<char> = alphabet.chars().collect();
    let (mut letters, mut place) = (Vec::new(), 0);
    while let Some(low) = written.get(place) {
        match (written.get(place + 1), written.get(place + 2)) {
            (Some('-'), Some(high)) => {
                letters.extend(*low..=*high);
                place += 3;
            }
            _ => {
                letters.push(*low);
                place += 1;
            }
        }
    }
    letters
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_alphabet_is_read_as_the_catalog_reads_it() {
        assert_eq!(letters("a-c.0-1_-").iter().collect::<String>(), "abc.01_-");
        let kind = Kind::Token { alphabet: "a-c.0-1_-", most: 9 };
        for letter in letters("a-c.0-1_-") {
            assert!(kind.token(&letter.to_string()).is_ok(), "{letter}");
        }
    }

    #[test]
    fn a_commit_goes_with_its_version() {
        assert_eq!(commit("1.0.0"), commit("1.0.0"));
        assert_ne!(commit("1.0.0"), commit("1.0.1"));
        assert_eq!(commit("1.0.0").len(), 40);
    }

    #[test]
    fn the_first_words_are_the_most_used() {
        assert_eq!(weights(&["a", "b"], Like::Kind), [1.0, 0.5]);
        assert_eq!(weights(&["a", "b"], Like::Weighted(&[("b", 9.0)])), [1.0, 9.0]);
    }
}

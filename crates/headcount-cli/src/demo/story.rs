//! How a product's story is told: what a run of it does, what people like, how
//! it was released.

use headcount_catalog::Words;

/// One product's two months.
#[derive(Debug)]
pub(super) struct Story {
    /// Whose story it is.
    pub(super) product: &'static str,
    /// How many people.
    pub(super) people: u32,
    /// How their number changes.
    pub(super) crowd: Crowd,
    /// When an outage begins in which hardly anybody works, in percent of the
    /// days played.
    pub(super) outage_after_percent: Option<u32>,
    /// How long events may wait on a machine.
    pub(super) waits: Waits,
    /// The coding agents that run the program for some people, with how many
    /// people have each: the variable that an agent sets.
    pub(super) run_by: &'static [(&'static str, f64)],
    /// The agent that appears in the middle.
    pub(super) newcomer: Option<Newcomer>,
    /// Runs of the program on a day on which a person uses it, on average.
    pub(super) runs: f64,
    /// Part of the activity of a working day that is left on a weekend.
    pub(super) weekend: f64,
    /// Its releases, the first of which was there before the play began.
    pub(super) releases: &'static [Release],
    /// What happens in a run, in this order.
    pub(super) beats: &'static [Beat],
    /// What values are like, where their kind alone does not tell.
    pub(super) tastes: &'static [Taste],
}

/// How the number of people changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Crowd {
    /// Week by week more come than in the week before.
    Grows,
    /// As many come as leave.
    Steady,
    /// More than half come one by one.
    Usual,
}

/// How long events may wait on a machine.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Waits {
    /// Longer than anybody in the play has no network.
    AsUsual,
    /// Less long than some have none: what waits longer is lost, and reported.
    NotForLong,
}

/// A coding agent that appears in the middle of the play and grows to lead.
#[derive(Debug, Clone, Copy)]
pub(super) struct Newcomer {
    /// Its word in properties.
    pub(super) word: &'static str,
    /// The variable that it sets for what it runs.
    pub(super) variable: &'static str,
    /// When the first person has it, in percent of the days played.
    pub(super) after_percent: u32,
    /// The part of the people who have it in the end.
    pub(super) share: f64,
}

/// A version that people come to use one after the other.
#[derive(Debug)]
pub(super) struct Release {
    pub(super) version: &'static str,
    /// The version of the catalog that it reports by.
    pub(super) catalog: u32,
    /// When it came out, in percent of the days played.
    pub(super) after_percent: u32,
    /// Part of what people do that goes wrong with it.
    pub(super) trouble: f64,
    /// What it broke.
    pub(super) fault: Option<Fault>,
}

/// One command that a release broke.
#[derive(Debug, Clone, Copy)]
pub(super) struct Fault {
    /// The property that has the command, before the others of its event.
    pub(super) property: &'static str,
    pub(super) word: &'static str,
    /// Part of the runs that go wrong.
    pub(super) trouble: f64,
    /// How many times as long they take.
    pub(super) slower: f64,
}

/// An event of a run.
#[derive(Debug)]
pub(super) struct Beat {
    pub(super) event: &'static str,
    pub(super) often: Often,
}

/// How often an event happens.
#[derive(Debug, Clone, Copy)]
pub(super) enum Often {
    /// Once a run.
    Always,
    /// So many times a run, on average.
    Mean(f64),
    /// With this probability in a newcomer's first run, and never again.
    First(f64),
}

/// What the values of a property, or of an envelope entry that the host sets,
/// are like.
#[derive(Debug)]
pub(super) struct Taste {
    /// The name: `duration_ms`, or `llm_chat/duration_ms` for that event alone,
    /// which wins.
    pub(super) of: &'static str,
    pub(super) like: Like,
    /// How often it is there at all, where it may be left out.
    pub(super) there: f64,
}

/// What values are like.
#[derive(Debug, Clone, Copy)]
pub(super) enum Like {
    /// As their kind suggests.
    Kind,
    /// True where it went well.
    Good,
    /// True where it did not.
    Bad,
    /// This word where it went well, another where it did not.
    Well(&'static str),
    /// Words by weight; one that is not listed weighs 1.
    Weighted(&'static [(&'static str, f64)]),
    /// A number, half of the time less than this.
    About(f64),
    /// The same as another property of the event.
    SameAs(&'static str),
    /// What a person has once, that person mostly keeps.
    Own,
    /// The same for agents, until the person has the one that appears.
    Agent,
    /// The operating system, in a vocabulary.
    Platform(Words),
    /// The name of a model that the person likes.
    Model,
    /// Who serves that model.
    Provider,
    /// A hash that goes with the version.
    Commit,
}

impl Story {
    /// What is known of values under this name.
    pub(super) fn taste(&self, event: &str, name: &str) -> Option<&Taste> {
        let own = self.tastes.iter().find(|taste| {
            taste.of.split_once('/').is_some_and(|(of, rest)| of == event && rest == name)
        });
        own.or_else(|| self.tastes.iter().find(|taste| taste.of == name))
    }
}

//! Who the simulated people are: everything about a person that does not change
//! while they are played.

use std::collections::HashMap;
use std::ops::Range;
use std::path::{Path, PathBuf};

use headcount::{Catalog, Machine};
use headcount_catalog::{Arch, ConsentDefault, Day, Platform, RefusingValues, Rule, Source};

use super::chance::Chance;
use super::crowd;
use super::limits::{self, Scale};
use super::story::{Fault, Release, Story, Waits};
use super::vocabulary::LANGUAGES;

/// Seconds of a day.
const DAY_S: i64 = 86_400;

/// A product with its story.
#[derive(Debug, Clone, Copy)]
pub(super) struct Product {
    /// The newest version of its catalog.
    pub(super) catalog: &'static Catalog,
    /// Every version.
    pub(super) editions: &'static [&'static Catalog],
    pub(super) story: &'static Story,
}

/// One person.
#[derive(Debug, Clone)]
pub(super) struct Person {
    pub(super) product: Product,
    /// The product's place among the products, and the person's among its
    /// people.
    pub(super) place: usize,
    pub(super) number: u32,
    /// What this person does follows from this.
    pub(super) chance: Chance,
    pub(super) platform: Platform,
    pub(super) arch: Arch,
    pub(super) machine: Machine,
    pub(super) variables: HashMap<String, String>,
    pub(super) home: PathBuf,
    /// Who is logged in on this machine.
    pub(super) account: Option<String>,
    pub(super) answer: Answer,
    /// The days on which there is something to play, counted from the first one
    /// played.
    pub(super) days: Range<i32>,
    /// Whether the first of them is the first run ever.
    pub(super) newcomer: bool,
    /// How likely a run is on each day of the week, Monday first.
    pub(super) active: [f64; 7],
    /// Runs on such a day, on average.
    pub(super) runs: f64,
    /// The releases with the day from which each is used.
    versions: Vec<(i32, &'static Release)>,
    /// Days on which the clock is ahead.
    pub(super) ahead: Range<i32>,
    /// Seconds of the play in which hardly anybody works.
    pub(super) outage: Range<i64>,
    /// Seconds of the play in which nothing can be sent.
    without_network: [Range<i64>; 2],
    /// The day from which the person has the agent that appears; none for some.
    adopts: Option<i32>,
}

/// What a person says when asked, or does unasked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Answer {
    /// Yes, or nothing where a product is on by default.
    Yes,
    /// Yes, and no from that day on.
    YesUntil(i32),
    /// Nothing at all, or a variable that refuses. Such a person must leave no
    /// trace.
    Silence,
    /// No, by the product's own command.
    No,
}

impl Person {
    /// The release in use.
    pub(super) fn release(&self, day: i32) -> Option<&'static Release> {
        let used = self.versions.iter().rev().find(|(from, _)| *from <= day);
        used.map(|(_, release)| *release)
    }

    /// The version in use.
    pub(super) fn version(&self, day: i32) -> &'static str {
        self.release(day).map_or("unknown", |release| release.version)
    }

    /// What the version in use broke.
    pub(super) fn fault(&self, day: i32) -> Option<Fault> {
        self.release(day)?.fault
    }

    /// The catalog that the version in use reports by.
    pub(super) fn catalog(&self, day: i32) -> &'static Catalog {
        let wanted = self.release(day).map(|release| release.catalog);
        let mut editions = self.product.editions.iter();
        editions.find(|catalog| Some(catalog.version) == wanted).unwrap_or(&self.product.catalog)
    }

    /// Whether the person has the agent that appears in the middle.
    pub(super) fn has_newcomer(&self, day: i32) -> bool {
        self.adopts.is_some_and(|from| from <= day)
    }

    /// Whether nothing can be sent, so many seconds after the play began.
    pub(super) fn is_without_network(&self, second: i64) -> bool {
        self.without_network.iter().any(|range| range.contains(&second))
    }

    /// Whether something is so long without a network that it may be lost.
    pub(super) fn is_offline_for_long(&self) -> bool {
        !self.without_network[1].is_empty()
    }

    /// Days that the clock is ahead of everybody else's.
    pub(super) fn days_ahead(&self, day: i32) -> i32 {
        if self.ahead.contains(&day) { limits::CLOCK_AHEAD_DAYS } else { 0 }
    }
}

/// Everybody, product by product.
pub(super) fn all(products: &[Product], scale: Scale, homes: &Path) -> Vec<Person> {
    let people = |(place, product): (usize, &Product)| {
        let number = product.story.people * scale.people_percent / 100;
        let numbers = 0..number.max(limits::PEOPLE_LEAST);
        numbers.map(|number| one(*product, place, number, scale, homes)).collect::<Vec<_>>()
    };
    products.iter().enumerate().flat_map(people).collect()
}

fn one(product: Product, place: usize, number: u32, scale: Scale, homes: &Path) -> Person {
    let story = product.story;
    let mut chance = Chance::of(&[place as u64, u64::from(number)]);
    let days = i32::from(scale.days);
    let (platform, arm) = platform(number);
    let ahead = ahead(place, number, days);
    let home = homes.join(format!("{}-{number}", story.product));
    let stay = crowd::stay(&mut chance, story.crowd, days);
    let ordinary = chance.between(0.35, 0.95);
    let weekend = ordinary * story.weekend;
    let answer = answer(number, days);
    let outage = outage(story, days);
    let offline = offline(story, number, days);
    let is_offline = !offline.is_empty();
    Person {
        product,
        place,
        number,
        platform,
        arch: if chance.happens(arm) { Arch::Aarch64 } else { Arch::X86_64 },
        machine: Machine::Given { host: format!("demo-{number}"), user: "demo".to_owned() },
        variables: variables(&mut chance, product.catalog, answer, number, &home),
        account: chance.happens(0.6).then(|| format!("account-{:016x}", chance.next())),
        answer,
        // Whoever changes their mind, or has a wrong clock for a while, must be
        // there then.
        days: if matches!(answer, Answer::YesUntil(_)) || !ahead.is_empty() || is_offline {
            0..days
        } else {
            stay.days
        },
        newcomer: stay.newcomer,
        active: std::array::from_fn(|weekday| if weekday < 5 { ordinary } else { weekend }),
        runs: story.runs * chance.around(0.8, 0.6).min(4.0),
        versions: versions(&mut chance, story, days),
        ahead,
        without_network: [outage.clone(), offline],
        outage,
        adopts: adopts(&mut chance, story, days),
        home,
        chance,
    }
}

/// The operating system, and how likely the processor is of the ARM kind: of
/// any few people in a row about half have the first, a third the second.
fn platform(number: u32) -> (Platform, f64) {
    // Multiples of the golden ratio lie evenly, whatever their number.
    let place = (f64::from(number) * 0.618_033_988_75).fract();
    match place {
        0.0..0.5 => (Platform::Macos, 0.85),
        0.5..0.85 => (Platform::Linux, 0.12),
        0.85..0.98 => (Platform::Windows, 0.04),
        // One or two of a hundred.
        _ => (Platform::Freebsd, 0.0),
    }
}

/// By number, so that twelve people are enough for every answer.
fn answer(number: u32, days: i32) -> Answer {
    match number % 24 {
        3 | 15 => Answer::Silence,
        7 => Answer::No,
        10 => Answer::YesUntil(days * 6 / 10),
        19 => Answer::No,
        _ => Answer::Yes,
    }
}

fn variables(
    chance: &mut Chance,
    catalog: &Catalog,
    answer: Answer,
    number: u32,
    home: &Path,
) -> HashMap<String, String> {
    let mut variables = HashMap::new();
    let mut set = |name: &str, value: &str| variables.insert(name.to_owned(), value.to_owned());
    let weights: Vec<f64> = LANGUAGES.iter().map(|(_, weight)| *weight).collect();
    set("LANG", LANGUAGES[chance.weighted(&weights)].0);
    // Where a program on Windows keeps its files.
    set("LOCALAPPDATA", &home.join("AppData").join("Local").to_string_lossy());
    let asked_first = catalog.consent.default != ConsentDefault::On;
    if answer == Answer::Silence && !asked_first {
        match catalog.consent.variables.first() {
            Some(own) if number % 24 == 15 => {
                set(own.name, if own.refuses == RefusingValues::Zero { "0" } else { "1" })
            }
            _ => set("DO_NOT_TRACK", "1"),
        };
    }
    // Some machines belong to nobody: where a product tells them apart, they
    // are part of it.
    let tells = catalog.envelope.iter().any(|entry| entry.source == Source::Ci);
    if tells && !catalog.consent.order.contains(&Rule::Ci) && number % 9 == 5 {
        set("CI", "true");
    }
    variables
}

/// A release is taken up within days by most, by some never.
fn versions(chance: &mut Chance, story: &'static Story, days: i32) -> Vec<(i32, &'static Release)> {
    let mut versions = Vec::new();
    for (place, release) in story.releases.iter().enumerate() {
        let out = part_of(days, release.after_percent);
        let late = if chance.happens(0.12) { days } else { chance.around(3.5, 0.9) as i32 };
        let from = if place == 0 { i32::MIN } else { out + late };
        versions.push((from, release));
    }
    versions
}

/// One person of every other product has a wrong clock for a while.
fn ahead(place: usize, number: u32, days: i32) -> Range<i32> {
    let (from, to) = limits::CLOCK_AHEAD_PERCENT;
    let is_ahead = place % 2 == 1 && number == 1;
    if is_ahead { part_of(days, from)..part_of(days, to) } else { 0..0 }
}

/// The day that this percent of the play are over.
pub(super) fn part_of(days: i32, percent: u32) -> i32 {
    days * i32::try_from(percent).unwrap_or(0) / 100
}

/// Seconds of the play, from noon on.
fn outage(story: &Story, days: i32) -> Range<i64> {
    let Some(percent) = story.outage_after_percent else { return 0..0 };
    let from = i64::from(part_of(days, percent)) * DAY_S + DAY_S / 2;
    from..from + limits::OUTAGE_HOURS * 3_600
}

/// Seconds of the play in which a machine has no network.
fn offline(story: &Story, number: u32, days: i32) -> Range<i64> {
    let (from, to) = limits::OFFLINE_PERCENT;
    let is_offline = number % limits::OFFLINE_ONE_IN == limits::OFFLINE_ONE_IN - 1;
    if story.waits == Waits::AsUsual || !is_offline || answer(number, days) != Answer::Yes {
        return 0..0;
    }
    i64::from(part_of(days, from)) * DAY_S..i64::from(part_of(days, to)) * DAY_S
}

/// One by one, from the day on which it appeared.
fn adopts(chance: &mut Chance, story: &Story, days: i32) -> Option<i32> {
    let newcomer = story.newcomer?;
    let rank = chance.unit() / newcomer.share;
    let from = part_of(days, newcomer.after_percent);
    (rank < 1.0).then(|| from + (f64::from(days - from) * rank * 0.8) as i32)
}

/// The day of the week, Monday being 0: 1970-01-01 was a Thursday.
pub(super) fn weekday(day: Day) -> usize {
    usize::try_from((day.number() + 3).rem_euclid(7)).unwrap_or(0)
}

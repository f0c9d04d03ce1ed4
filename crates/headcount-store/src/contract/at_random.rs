//! Arbitrary sequences: events that arrive, come again, come late or change
//! under their id, catalogs that are loaded again, persons that are erased,
//! days that expire, clocks that jump, commits that fail, restarts and crashes.
//! Every question gets the answer of the model.
//!
//! `HEADCOUNT_TEST_STEPS` and `HEADCOUNT_TEST_SEEDS` run longer sequences and
//! more of them, and `HEADCOUNT_TEST_ASKED` asks fewer questions at their ends,
//! for a store that takes long to answer.

use headcount_catalog::{Day, Reason};

use super::fixture::{StoreFixture, append};
use super::model::{Model, compare};
use super::questions::questions;
use super::random_commits::{PRODUCTS, RandomCommit, account, device, first_commit, random_commit};
use super::raw_questions::raw_question;
use super::seeded_random::SeededRandom;
use super::shorthand::{EVER, outcomes};
use super::test_event::{SchemaOrder, TestCell, TestEvent};
use crate::{Erasure, HousePolicy, ProductRetention, RowDevice, Store, UnstoredCount};

/// 2026-10-29: a Thursday, so that a week and a month end within the next days.
const FIRST: Day = Day::from_number(20_755);

/// Sequences, steps of one sequence, and steps between two comparisons.
const SEEDS: u64 = 2;
const STEPS: u64 = 120;
const COMPARED: u64 = 10;

/// Questions of one comparison, of about 700.
const ASKED: usize = 60;

/// Questions about raw events of one comparison.
const RAW_ASKED: usize = 30;

/// The clock is ahead by so many days at times.
const JUMPS: [i32; 3] = [20, 45, 150];

/// Runs all sequences, each in a fixture of its own.
pub(super) fn run(new_fixture: &dyn Fn() -> Box<dyn StoreFixture>) {
    for seed in 1..=setting("HEADCOUNT_TEST_SEEDS", SEEDS) {
        println!("seed {seed}");
        let fixture = new_fixture();
        let mut sequence = Sequence::new(seed, fixture.as_ref());
        for step in 1..=setting("HEADCOUNT_TEST_STEPS", STEPS) {
            sequence.step();
            if step % COMPARED == 0 {
                println!("step {step}");
                sequence.compare(ASKED);
            }
        }
        let most = setting("HEADCOUNT_TEST_ASKED", u64::MAX);
        let most = usize::try_from(most).unwrap_or(usize::MAX);
        sequence.compare(most);
        sequence.restart();
        sequence.compare(most);
    }
}

fn setting(name: &str, default: u64) -> u64 {
    let number = std::env::var(name).ok().map(|text| text.parse().expect("a whole number"));
    number.unwrap_or(default)
}

struct Sequence<'f> {
    fixture: &'f dyn StoreFixture,
    store: Option<Box<dyn Store>>,
    model: Model,
    random: SeededRandom,
    today: Day,
    /// Days by which the clock is ahead.
    ahead: i32,
    arrived: u64,
}

impl<'f> Sequence<'f> {
    fn new(seed: u64, fixture: &'f dyn StoreFixture) -> Self {
        let (random, model) = (SeededRandom::new(seed), Model::default());
        let store = Some(fixture.open());
        let mut new = Self { fixture, store, model, random, today: FIRST, ahead: 0, arrived: 0 };
        new.append(&first_commit(FIRST));
        new
    }

    fn step(&mut self) {
        match self.random.below(40) {
            0..=19 => {
                let clock = self.clock();
                let commit = random_commit(&mut self.random, clock);
                self.append(&commit);
            }
            20..=22 => {
                let commit = self.again();
                self.append(&commit);
            }
            23 | 24 => self.fail(),
            25..=27 => self.keep_house(),
            28..=31 => self.today = self.today.plus(1 + self.random.below(3) as i32),
            32 => {
                self.ahead = self.random.pick(&JUMPS);
                self.keep_house();
            }
            33 | 34 => self.ahead = 0,
            35 | 36 => self.erase(),
            37 => self.restart(),
            _ => self.crash(),
        }
    }

    fn clock(&self) -> Day {
        self.today.plus(self.ahead)
    }

    fn store(&self) -> &dyn Store {
        self.store.as_deref().expect("a store is open between two steps")
    }

    fn append(&mut self, commit: &RandomCommit) {
        self.arrived += commit.events.len() as u64;
        self.arrived += commit.unstored.iter().map(|unstored| unstored.count).sum::<u64>();
        let statuses = self.model.append(commit);
        append(self.fixture, self.store(), &commit.commit(), &statuses);
    }

    /// Some events that are stored, under another schema, and some of them with
    /// other content.
    fn again(&mut self) -> RandomCommit {
        let mut events: Vec<TestEvent> = Vec::new();
        let known = self.model.living().len();
        for _ in 0..self.random.below(8).min(known) {
            let place = self.random.below(known);
            let mut event = self.model.living().nth(place).expect("so many").clone();
            match self.random.below(6) {
                0 => event.cells.push(("quiet", TestCell::Number(7))),
                1 => event.device = RowDevice::None,
                _ => {}
            }
            events.push(event);
        }
        let order = SchemaOrder(self.random.below(7) as u64);
        RandomCommit { events, unstored: Vec::new(), rejected: Vec::new(), order }
    }

    fn fail(&mut self) {
        let clock = self.clock();
        let mut commit = random_commit(&mut self.random, clock);
        // An empty commit would not fail.
        commit.unstored.push(UnstoredCount::rejected("atomic", Reason::TooLong, 1));
        self.fixture.break_commits();
        self.store().append(&commit.commit()).expect_err("commits are broken");
        if self.random.below(3) == 0 {
            self.compare(8);
        }
        self.fixture.mend_commits();
        match self.random.below(3) {
            // Nobody sends it again.
            0 => {}
            _ => self.append(&commit),
        }
    }

    fn erase(&mut self) {
        let place = self.random.below(PRODUCTS.len());
        let number = self.random.below(40) as u64;
        let person = match self.random.below(4) {
            0 => Erasure::Account(account(number % 4)),
            1 => Erasure::Device(device(place, 500 + number % 5)),
            _ => Erasure::Device(device(place, number)),
        };
        let expected = self.model.erase(PRODUCTS[place], person);
        let erased = self.store().erase(PRODUCTS[place], person).expect("the store is writable");
        assert_eq!(erased, expected, "events that were erased");
    }

    fn keep_house(&mut self) {
        let keep = |product: &str, raw_days, rollup_days| ProductRetention {
            product: product.to_owned(),
            raw_days,
            rollup_days,
        };
        let mut retention = vec![
            keep(PRODUCTS[0], 14, None),
            keep(PRODUCTS[1], 6, Some(40)),
            keep(PRODUCTS[2], 20, Some(60)),
        ];
        if self.random.below(4) == 0 {
            retention.remove(self.random.below(3));
        }
        let policy = HousePolicy { today: self.clock(), retention };
        let expected = self.model.keep_house(&policy);
        let report = self.store().keep_house(&policy).expect("the store is writable");
        assert_eq!(report.expired, expected, "events that have expired");
    }

    fn restart(&mut self) {
        drop(self.store.take());
        self.store = Some(self.fixture.open());
    }

    fn crash(&mut self) {
        self.fixture.crash(self.store.take().expect("a store is open between two steps"));
        self.store = Some(self.fixture.open());
    }

    fn compare(&mut self, most: usize) {
        let ended: u64 = outcomes(self.store()).iter().map(|row| row.count).sum();
        assert_eq!(ended, self.arrived, "the sum of outcomes is the sum of arrivals");
        let first = self.today.plus(-(self.random.below(50) as i32));
        let days = self.random.pick(&[EVER, (first, first.plus(20))]);
        let mut all = questions(days);
        while all.len() > most {
            all.swap_remove(self.random.below(all.len()));
        }
        let raw = (0..RAW_ASKED).map(|_| raw_question(&mut self.random, &self.model, days));
        all.extend(raw.collect::<Vec<_>>());
        compare(self.fixture, self.store(), &self.model, &all);
    }
}

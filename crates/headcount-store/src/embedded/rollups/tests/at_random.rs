//! Random rows, written and read again at random points: every answer is that
//! of the model.

use std::sync::Arc;

use headcount_catalog::{Age, Period};

use super::super::recount::{DayProof, Recount, Recounter};
use super::Fixture;
use super::model::Model;
use super::rows::{MONDAY, PRODUCT, Row, by_day, device, first_marks, pseudonym, run, schema};
use crate::{DayRows, Question, RowDevice, RowMarks, VersionScope};

/// Random numbers from a seed.
pub(super) struct Dice(pub(super) u64);

impl Dice {
    pub(super) fn below(&mut self, end: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % end
    }

    fn maybe<T>(&mut self, value: T) -> Option<T> {
        (self.below(4) > 0).then_some(value)
    }
}

fn random_row(dice: &mut Dice) -> Row {
    let number = dice.below(40);
    let (device, marks) = match dice.below(8) {
        0 => (RowDevice::None, first_marks()),
        1 => (RowDevice::None, RowMarks::new([Period::Week], Some(Age::ALL[1]))),
        2 => (RowDevice::Ephemeral(pseudonym(900 + number)), RowMarks::default()),
        _ => (device(number), RowMarks::default()),
    };
    let version = format!("1.{}", dice.below(9));
    let model = format!("model-{}", dice.below(60));
    let code = [0, 0, 1, 255, 256, -1, 3_221_225_786][dice.below(7) as usize];
    let took = [0, 63, 64, 1_000, 123_456][dice.below(5) as usize] + dice.below(9) as i64;
    let tags = [vec![], vec![0], vec![2, 1]][dice.below(3) as usize].clone();
    Row {
        day: MONDAY.plus(dice.below(40) as i32),
        event: dice.below(2) as u16,
        weight: [1, 1, 10, 1_000][dice.below(4) as usize],
        device,
        marks,
        version: dice.maybe(version),
        command: Some(dice.below(3) as u16).filter(|_| dice.below(5) > 0),
        worked: Some(dice.below(2) == 0).filter(|_| dice.below(5) > 0),
        model: Some(model),
        took: dice.maybe(took),
        cost: dice.maybe(took as f64 * 0.001),
        code: dice.maybe(code),
        tags,
    }
}

pub(super) fn questions() -> Vec<Question> {
    let (from, to) = (MONDAY.plus(3), MONDAY.plus(33));
    let product = || PRODUCT.to_owned();
    let mut all = vec![
        Question::Products,
        Question::Versions { product: product(), from, to },
        Question::Retention { product: product(), from, to },
    ];
    let each = ["1.3", "other", "", "none"].map(|version| VersionScope::Only(version.to_owned()));
    for versions in [VersionScope::All, VersionScope::Each].into_iter().chain(each) {
        all.push(Question::Events { product: product(), from, to, versions: versions.clone() });
        for (period, _) in Period::ALL {
            let (product, versions) = (product(), versions.clone());
            all.push(Question::Marks { product: product.clone(), period, from, to });
            all.push(Question::Active { product, period, from, to, versions });
        }
        for event in ["run", "quit"] {
            about_event(&mut all, event, &versions);
        }
    }
    all
}

fn about_event(all: &mut Vec<Question>, event: &str, versions: &VersionScope) {
    let (from, to) = (MONDAY.plus(3), MONDAY.plus(33));
    let (product, event) = (|| PRODUCT.to_owned(), || event.to_owned());
    let versions = || versions.clone();
    for property in ["version", "command", "worked", "model", "code", "tags"] {
        let [property, by] = [property.to_owned(), property.to_owned()];
        let (product, event) = (product(), event());
        all.push(Question::Failures {
            product: product.clone(),
            event: event.clone(),
            by: Some(by),
            from,
            to,
            versions: versions(),
        });
        all.push(Question::ByProperty { product, event, property, from, to, versions: versions() });
    }
    let (by, versions_of) = (None, versions());
    all.push(Question::Failures {
        product: product(),
        event: event(),
        by,
        from,
        to,
        versions: versions_of,
    });
    for (property, period) in [("took", Period::Week), ("cost", Period::Day)] {
        let (product, event, property) = (product(), event(), property.to_owned());
        let versions = versions();
        all.push(Question::Quantiles { product, event, property, period, from, to, versions });
    }
    if event() != "run" {
        return;
    }
    for (one, other) in
        [("command", "model"), ("model", "command"), ("command", "version"), ("version", "model")]
    {
        let (product, event, versions) = (product(), event(), versions());
        let (one, other) = (one.to_owned(), other.to_owned());
        all.push(Question::Across { product, event, one, other, from, to, versions });
    }
}

#[test]
fn every_answer_is_that_of_a_model() {
    for seed in 1..=4 {
        let mut dice = Dice(seed * 0x9E37_79B9);
        let (mut fixture, mut model) = (Fixture::new(), Model::default());
        let mut schemas = vec![schema()];
        // Until a device has come, each event counts as one.
        let first = vec![run(0)];
        by_day(&schemas[0], &first).iter().for_each(|rows| fixture.add(rows));
        model.rows.extend(first);
        for _ in 0..30 {
            let rows: Vec<Row> = (0..dice.below(40)).map(|_| random_row(&mut dice)).collect();
            if dice.below(6) == 0 {
                schemas.push(schema());
            }
            let schema: &Arc<_> = &schemas[dice.below(schemas.len() as u64) as usize];
            by_day(schema, &rows).iter().for_each(|rows| fixture.add(rows));
            model.rows.extend(rows);
            match dice.below(4) {
                0 => fixture.flush(),
                1 => fixture.restart(),
                _ => {}
            }
        }
        model.finish();
        for question in questions() {
            assert_eq!(fixture.ask(&question), model.ask(&question), "{seed}: {question:?}");
        }
        model.rows.sort_by_key(|row| (row.took, row.weight));
        let again = recompute(by_day(&schemas[0], &model.rows));
        let kept = Recount::read(&fixture.connection).unwrap();
        assert_eq!(kept.differences(&again, |_, _| DayProof::default()), []);
        let lost = recompute(by_day(&schemas[0], &model.rows[1..]));
        assert_eq!(kept.differences(&lost, |_, _| DayProof::default()).len(), 1);
    }
}

fn recompute(rows: impl IntoIterator<Item = DayRows>) -> Recount {
    let mut recounter = Recounter::new().unwrap();
    rows.into_iter().for_each(|rows| recounter.add(&rows).unwrap());
    recounter.finish().unwrap()
}

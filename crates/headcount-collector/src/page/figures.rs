//! All numbers of a product's page, asked of the store at once.

use std::collections::BTreeMap;

use headcount_catalog::Day;
use headcount_store::{AnswerRows, OutcomeRow, Question};

use super::breakdown::{self, Breakdown};
use super::day_range::DayRange;
use crate::app::{App, StoreUnavailable};
use crate::registry::LoadedProduct;

/// The numbers of one product over a range of days.
#[derive(Debug)]
pub(super) struct Figures {
    pub(super) range: DayRange,
    /// Distinct devices by day, the oldest first.
    pub(super) devices: Vec<(Day, u64)>,
    /// Events by day, the oldest first.
    pub(super) events: Vec<(Day, u64)>,
    /// Events by name, the highest count first.
    pub(super) names: Vec<(String, u64)>,
    pub(super) lists: Vec<ValueList>,
    /// All arrivals of the product by outcome.
    pub(super) outcomes: Vec<OutcomeRow>,
}

/// A list of values with their counts.
#[derive(Debug)]
pub(super) struct ValueList {
    pub(super) breakdown: Breakdown,
    /// The highest count first.
    pub(super) values: Vec<(String, u64)>,
}

impl Figures {
    pub(super) async fn ask(
        app: &App,
        product: &LoadedProduct,
        range: DayRange,
    ) -> Result<Self, StoreUnavailable> {
        let (from, to) = (range.from(), range.to());
        let name = || product.name().to_owned();
        let lists = breakdown::of(product);
        let mut questions = vec![
            Question::Active { product: name(), from, to },
            Question::Events { product: name(), from, to },
            Question::Outcomes,
        ];
        for list in &lists {
            questions.extend(list.events.iter().map(|event| Question::ByProperty {
                product: name(),
                event: (*event).to_owned(),
                property: list.property.to_owned(),
                from,
                to,
            }));
        }
        let mut answers = app.ask(questions).await?.into_iter();
        let mut figures = Self::empty(range);
        for answer in answers.by_ref().take(3) {
            figures.take(product, answer);
        }
        for breakdown in lists {
            let of_list = answers.by_ref().take(breakdown.events.len());
            let values = highest_first(of_list.flat_map(values));
            figures.lists.push(ValueList { breakdown, values });
        }
        Ok(figures)
    }

    fn empty(range: DayRange) -> Self {
        let days = || range.days().map(|day| (day, 0)).collect();
        Self {
            range,
            devices: days(),
            events: days(),
            names: Vec::new(),
            lists: Vec::new(),
            outcomes: Vec::new(),
        }
    }

    fn take(&mut self, product: &LoadedProduct, answer: AnswerRows) {
        match answer {
            AnswerRows::Active(rows) => {
                rows.iter().for_each(|row| add(&mut self.devices, row.day, row.devices));
            }
            AnswerRows::Events(rows) => {
                rows.iter().for_each(|row| add(&mut self.events, row.day, row.count));
                self.names = highest_first(rows.into_iter().map(|row| (row.event, row.count)));
            }
            AnswerRows::Outcomes(rows) => {
                self.outcomes =
                    rows.into_iter().filter(|row| row.product == product.name()).collect();
            }
            _ => {}
        }
    }

    /// The number of events on all days.
    pub(super) fn all_events(&self) -> u64 {
        self.events.iter().map(|(_, count)| count).sum()
    }

    /// Whether any event of the product ever arrived, whatever its outcome.
    pub(super) fn has_arrivals(&self) -> bool {
        self.outcomes.iter().any(|row| row.count > 0)
    }
}

fn add(days: &mut [(Day, u64)], day: Day, count: u64) {
    if let Some((_, sum)) = days.iter_mut().find(|(own, _)| *own == day) {
        *sum += count;
    }
}

fn values(answer: AnswerRows) -> Vec<(String, u64)> {
    match answer {
        AnswerRows::ByProperty(rows) => {
            rows.into_iter().map(|row| (row.value, row.count)).collect()
        }
        _ => Vec::new(),
    }
}

/// Sums counts by name. The highest sum comes first, and equal sums are sorted
/// by name.
fn highest_first(counts: impl IntoIterator<Item = (String, u64)>) -> Vec<(String, u64)> {
    let mut sums: BTreeMap<String, u64> = BTreeMap::new();
    for (name, count) in counts {
        *sums.entry(name).or_default() += count;
    }
    let mut sums: Vec<_> = sums.into_iter().collect();
    sums.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    sums
}

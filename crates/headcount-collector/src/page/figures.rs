//! Everything a product's page says, asked of the store at once.

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
    /// Distinct devices a day, oldest first.
    pub(super) devices: Vec<(Day, u64)>,
    /// Events a day, oldest first.
    pub(super) events: Vec<(Day, u64)>,
    /// Events by name, most first.
    pub(super) names: Vec<(String, u64)>,
    /// Each list with its values, most first.
    pub(super) lists: Vec<(Breakdown, Vec<(String, u64)>)>,
    /// What became of every arrival of the product so far.
    pub(super) outcomes: Vec<OutcomeRow>,
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
        for list in lists {
            let values = most_first(answers.by_ref().take(list.events.len()).flat_map(values));
            figures.lists.push((list, values));
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
                self.names = most_first(rows.into_iter().map(|row| (row.event, row.count)));
            }
            AnswerRows::Outcomes(rows) => {
                self.outcomes =
                    rows.into_iter().filter(|row| row.product == product.name()).collect();
            }
            _ => {}
        }
    }

    /// Events over all days.
    pub(super) fn all_events(&self) -> u64 {
        self.events.iter().map(|(_, count)| count).sum()
    }

    /// Whether anything ever arrived for the product, whatever became of it.
    pub(super) fn ever(&self) -> bool {
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

/// Sums by name; of equal sums the first name first.
fn most_first(counts: impl IntoIterator<Item = (String, u64)>) -> Vec<(String, u64)> {
    let mut sums: BTreeMap<String, u64> = BTreeMap::new();
    for (name, count) in counts {
        *sums.entry(name).or_default() += count;
    }
    let mut sums: Vec<_> = sums.into_iter().collect();
    sums.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    sums
}

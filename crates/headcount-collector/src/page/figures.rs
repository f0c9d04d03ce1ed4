//! All numbers of a product's page, asked of the store at once.

use std::collections::BTreeMap;

use headcount_catalog::{Day, Period};
use headcount_store::{AnswerRows, OutcomeRow, Question, VersionScope};

use super::breakdown::{self, Breakdown};
use super::day_range::DayRange;
use crate::app::{App, StoreUnavailable};
use crate::cohorts::{self, NewAndReturning, Retained};
use crate::registry::LoadedProduct;

/// The numbers of one product over a range of days.
#[derive(Debug)]
pub(super) struct Figures {
    pub(super) range: DayRange,
    /// Distinct devices by day, the oldest first.
    pub(super) devices: Vec<(Day, u64)>,
    /// Devices by week and by month, the oldest first, if they are counted so.
    pub(super) longer: Vec<(Period, Vec<(Day, u64)>)>,
    /// Devices without an id by week, the oldest first.
    pub(super) weeks: Vec<NewAndReturning>,
    /// The same devices by week and age.
    pub(super) retained: Vec<Retained>,
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
            Question::Active {
                product: name(),
                period: Period::Day,
                from,
                to,
                versions: VersionScope::All,
            },
            Question::Events { product: name(), from, to, versions: VersionScope::All },
            Question::Outcomes,
            Question::Marks { product: name(), period: Period::Week, from: cohorts::FIRST_DAY, to },
        ];
        let longer = longer_periods(product);
        for period in &longer {
            let from = first(range, *period);
            questions.push(Question::Active {
                product: name(),
                period: *period,
                from,
                to,
                versions: VersionScope::All,
            });
        }
        for list in &lists {
            questions.extend(list.events.iter().map(|event| Question::ByProperty {
                product: name(),
                event: (*event).to_owned(),
                property: list.property.to_owned(),
                from,
                to,
                versions: VersionScope::All,
            }));
        }
        let mut answers = app.ask(questions).await?.into_iter();
        let mut figures = Self::empty(range);
        for answer in answers.by_ref().take(4) {
            figures.take(product, answer);
        }
        for (period, answer) in longer.iter().zip(answers.by_ref().take(longer.len())) {
            let starts = range.periods(*period).into_iter();
            let mut counts: Vec<(Day, u64)> = starts.map(|start| (start, 0)).collect();
            add_all(&mut counts, &answer);
            figures.longer.push((*period, counts));
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
            longer: Vec::new(),
            weeks: Vec::new(),
            retained: Vec::new(),
            events: days(),
            names: Vec::new(),
            lists: Vec::new(),
            outcomes: Vec::new(),
        }
    }

    fn take(&mut self, product: &LoadedProduct, answer: AnswerRows) {
        match answer {
            AnswerRows::Active(_) => add_all(&mut self.devices, &answer),
            AnswerRows::Marks(rows) => {
                let from = first(self.range, Period::Week);
                self.weeks = cohorts::new_and_returning(&rows);
                self.weeks.retain(|sums| sums.week >= from);
                self.retained = cohorts::retention(&rows, from);
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

/// The weeks and months that devices of a product are counted by.
fn longer_periods(product: &LoadedProduct) -> Vec<Period> {
    let is_counted = |period: &Period| product.counts_devices(*period);
    [Period::Week, Period::Month].into_iter().filter(is_counted).collect()
}

/// The first day of the first period that the page shows.
fn first(range: DayRange, period: Period) -> Day {
    range.periods(period).first().copied().unwrap_or(range.from())
}

fn add_all(counts: &mut [(Day, u64)], answer: &AnswerRows) {
    if let AnswerRows::Active(rows) = answer {
        rows.iter().for_each(|row| add(counts, row.start, row.devices));
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

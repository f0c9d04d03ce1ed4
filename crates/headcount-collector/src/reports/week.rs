//! The numbers of a product's week, asked with the questions of its page.

use std::collections::BTreeMap;

use headcount_catalog::{Day, Period, report};
use headcount_store::{AnswerRows, Question, limits};

use super::rule::ReportRule;
use crate::ask::{AskedQuestion, HttpQuestion, QuestionParameter};
use crate::page::{Rejections, losses, lost_events};
use crate::registry::{LoadedProduct, Registry};
use crate::share::Share;
use crate::{cohorts, version_order};

/// A number of a week, and of the week before.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Pair<T> {
    pub(super) week: T,
    pub(super) before: T,
}

/// Of how many days of the week before anything is known: a week that the
/// product began in is always less than a whole one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct DaysBefore(i32);

impl DaysBefore {
    /// The days before the week that begins on this Monday, of a product whose
    /// first event came on that day.
    pub(super) fn of(week: Day, first: Option<Day>) -> Self {
        Self(first.map_or(0, |first| week.days_since(first).clamp(0, 7)))
    }

    /// Why nothing is compared with them, if nothing is.
    pub(super) fn missing(self) -> Option<String> {
        match self.0 {
            7 => None,
            0 => Some("no data for the week before".to_owned()),
            days => Some(format!("{days} of the 7 days before known")),
        }
    }
}

/// The newest version that sent an event in the week.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct NewestVersion {
    pub(super) version: String,
    /// Its events.
    pub(super) events: u64,
}

/// A product's week.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct ProductWeek {
    pub(super) name: String,
    pub(super) title: String,
    pub(super) before: DaysBefore,
    /// Active devices, if they are counted by week.
    pub(super) devices: Option<Pair<u64>>,
    pub(super) new_devices: Option<u64>,
    pub(super) events: Pair<u64>,
    /// Of the events that say whether they failed.
    pub(super) failed: Pair<Share>,
    pub(super) rejected: Rejections,
    /// Events that hosts report as lost, if they report it.
    pub(super) lost: Option<u64>,
    pub(super) newest: Option<NewestVersion>,
}

/// Answers questions to the store.
pub(crate) type AskStore<'a, E> = &'a dyn Fn(&[Question]) -> Result<Vec<AnswerRows>, E>;

impl ProductWeek {
    /// Asks for the week that begins on this Monday.
    fn ask<E>(
        product: &LoadedProduct,
        registry: &Registry,
        week: Day,
        first: Option<Day>,
        store: AskStore<'_, E>,
    ) -> Result<Self, E> {
        let asking = Asking { product, registry, week, store };
        let counts = product.counts_devices(Period::Week);
        let devices = counts.then(|| asking.devices()).transpose()?;
        let new_devices = counts.then(|| asking.new_devices()).transpose()?;
        let (events, newest) = asking.events()?;
        let losses = losses(product);
        Ok(Self {
            name: product.name().to_owned(),
            title: product.newest().product.title.to_owned(),
            before: DaysBefore::of(week, first),
            devices,
            new_devices,
            events,
            failed: asking.failed()?,
            rejected: asking.rejected()?,
            lost: (!losses.is_empty()).then(|| asking.lost(&losses)).transpose()?,
            newest,
        })
    }
}

/// The weeks of a report's products, each `None` if there is no catalog for it.
pub(crate) fn of_week<E>(
    rule: &ReportRule,
    registry: &Registry,
    week: Day,
    store: AskStore<'_, E>,
) -> Result<Vec<(String, Option<ProductWeek>)>, E> {
    let known = store(&[Question::Products])?;
    let of = |name: &String| {
        let product = registry.product(name);
        let mut rows = known.iter().flat_map(|rows| match rows {
            AnswerRows::Products(rows) => rows.as_slice(),
            _ => &[],
        });
        let first = rows.find(|row| row.product == *name).map(|row| row.first);
        let own = product.map(|product| ProductWeek::ask(product, registry, week, first, store));
        Ok((name.clone(), own.transpose()?))
    };
    rule.products.iter().map(of).collect()
}

/// Questions about one week of one product.
struct Asking<'a, E> {
    product: &'a LoadedProduct,
    registry: &'a Registry,
    week: Day,
    store: AskStore<'a, E>,
}

impl<E> Asking<'_, E> {
    /// The rows of the week and, with `before`, of the week before. A question
    /// that this product cannot be asked has none.
    fn rows(
        &self,
        question: HttpQuestion,
        own: &[(QuestionParameter, &str)],
    ) -> Result<[Vec<AnswerRows>; 2], E> {
        let last = self.week.plus(6);
        let days = [
            (QuestionParameter::Product, self.product.name().to_owned()),
            (QuestionParameter::From, self.week.to_string()),
            (QuestionParameter::To, last.to_string()),
        ];
        let own = own.iter().map(|(parameter, value)| (*parameter, (*value).to_owned()));
        let pairs = days.into_iter().chain(own);
        let pairs = pairs.map(|(parameter, value)| (parameter.name().to_owned(), value));
        let mut rows = [Vec::new(), Vec::new()];
        if let Ok(asked) = AskedQuestion::read(question, pairs.collect(), self.registry, last) {
            for (place, questions) in rows.iter_mut().zip(asked.for_store()) {
                *place = (self.store)(questions)?;
            }
        }
        Ok(rows)
    }

    fn devices(&self) -> Result<Pair<u64>, E> {
        let own = [(QuestionParameter::Period, "week"), (QuestionParameter::Before, "yes")];
        let [week, before] = self.rows(HttpQuestion::Active, &own)?.map(|rows| {
            let all = rows.iter().flat_map(|rows| match rows {
                AnswerRows::Active(rows) => rows.as_slice(),
                _ => &[],
            });
            all.map(|row| row.devices).sum()
        });
        Ok(Pair { week, before })
    }

    fn new_devices(&self) -> Result<u64, E> {
        let [rows, _] = self.rows(HttpQuestion::NewAndReturning, &[])?;
        let sums = cohorts::new_of(&rows);
        Ok(sums.iter().find(|sums| sums.week == self.week).map_or(0, |sums| sums.new))
    }

    fn events(&self) -> Result<(Pair<u64>, Option<NewestVersion>), E> {
        let own = [(QuestionParameter::By, "version"), (QuestionParameter::Before, "yes")];
        let [week, before] = self.rows(HttpQuestion::Events, &own)?.map(|rows| {
            let mut versions: BTreeMap<String, u64> = BTreeMap::new();
            for row in rows.iter().flat_map(|rows| match rows {
                AnswerRows::Events(rows) => rows.as_slice(),
                _ => &[],
            }) {
                *versions.entry(row.version.clone().unwrap_or_default()).or_default() += row.count;
            }
            versions
        });
        let events = Pair { week: week.values().sum(), before: before.values().sum() };
        // Versions of too few devices are one row, and that is no release.
        let named = week.into_iter().filter(|(name, _)| !name.is_empty() && name != limits::OTHER);
        let newest = named.max_by(|(one, _), (other, _)| version_order::compare(one, other));
        Ok((events, newest.map(|(version, events)| NewestVersion { version, events })))
    }

    fn failed(&self) -> Result<Pair<Share>, E> {
        let mut sums: Pair<Share> = Pair::default();
        let failing = self.product.events().filter(|event| !event.is_report());
        for event in failing.filter(|event| self.product.tells_failures(event.name)) {
            let own = [(QuestionParameter::Event, event.name), (QuestionParameter::Before, "yes")];
            let [week, before] = self.rows(HttpQuestion::Failures, &own)?.map(|rows| {
                let all = rows.iter().flat_map(|rows| match rows {
                    AnswerRows::Failures(rows) => rows.as_slice(),
                    _ => &[],
                });
                all.map(|row| Share::of(row.failed, row.worked)).sum::<Share>()
            });
            sums.week += week;
            sums.before += before;
        }
        Ok(sums)
    }

    fn rejected(&self) -> Result<Rejections, E> {
        let [rows, _] = self.rows(HttpQuestion::Rejected, &[])?;
        let all = rows.iter().flat_map(|rows| match rows {
            AnswerRows::Rejected(rows) => rows.as_slice(),
            _ => &[],
        });
        Ok(Rejections::of(all, self.product))
    }

    fn lost(&self, losses: &[&str]) -> Result<u64, E> {
        let mut sum = 0;
        for property in losses {
            let own =
                [(QuestionParameter::Event, report::NAME), (QuestionParameter::Property, property)];
            let [rows, _] = self.rows(HttpQuestion::Quantiles, &own)?;
            sum += lost_events(&rows);
        }
        Ok(sum)
    }
}

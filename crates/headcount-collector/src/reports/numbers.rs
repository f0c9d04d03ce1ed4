//! The numbers of a product's week or month, asked with the questions of its
//! page.

use std::collections::BTreeMap;

use headcount_catalog::{Day, Period, report};
use headcount_store::{AnswerRows, Question, VersionScope, limits};

use super::rule::ReportRule;
use super::span::ReportSpan;
use crate::ask::{self, AskedQuestion, HttpQuestion, QuestionParameter};
use crate::page::{Rejections, losses, lost_events};
use crate::registry::{LoadedProduct, Registry};
use crate::share::Share;
use crate::{cohorts, version_order};

/// A number of a week or month, and of the one before.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Pair<T> {
    pub(super) now: T,
    pub(super) before: T,
}

impl<T> Pair<T> {
    fn map<U>(self, of: impl Fn(T) -> U) -> Pair<U> {
        Pair { now: of(self.now), before: of(self.before) }
    }
}

/// Of how many days of the week or month before anything is known: one that the
/// product began in is always less than a whole one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct DaysBefore {
    known: i32,
    all: i32,
}

impl DaysBefore {
    /// The days before this week or month, of a product whose first event came
    /// on that day.
    pub(super) fn of(span: ReportSpan, first: Option<Day>) -> Self {
        let all = span.before().days();
        let known = first.map_or(0, |first| span.first().days_since(first).clamp(0, all));
        Self { known, all }
    }

    /// Why nothing is compared with them, if nothing is.
    pub(super) fn missing(self, period: Period) -> Option<String> {
        let Self { known, all } = self;
        match known {
            0 => Some(format!("no data for the {} before", period.name())),
            _ if known == all => None,
            _ => Some(format!("{known} of the {all} days before known")),
        }
    }
}

/// Ids that are replaced on the first of each month: nobody can be followed
/// over that day, and whoever is active before and after it counts twice.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct MonthlyIds {
    /// The first day with an event. What was replaced before, nobody saw.
    pub(super) since: Day,
}

impl MonthlyIds {
    /// The first of a month that is after the first of these days, up to the
    /// last.
    fn replaced(self, (from, to): (Day, Day)) -> Option<Day> {
        let day = to.month_start();
        (day > self.since.max(from)).then_some(day)
    }

    /// Whether a week or month counts devices as the one before does.
    pub(super) fn are_alike(self, span: ReportSpan) -> bool {
        let is_within = |span: ReportSpan| self.replaced((span.first(), span.last())).is_some();
        is_within(span) == is_within(span.before())
    }

    /// The day in a week or in the one before, after which devices are new that
    /// were there already.
    pub(super) fn near(self, week: ReportSpan) -> Option<Day> {
        self.replaced((week.before().first().plus(-1), week.last()))
    }
}

/// The newest version that sent an event in the week or month.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct NewestVersion {
    pub(super) version: String,
    /// Its events.
    pub(super) events: u64,
}

/// A product's week or month.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct ProductNumbers {
    pub(super) name: String,
    pub(super) title: String,
    pub(super) before: DaysBefore,
    /// Active devices, if they are counted by week, or by month.
    pub(super) devices: Option<Pair<u64>>,
    /// New ones of the weeks that ended within it, if they are counted too.
    pub(super) new_devices: Option<u64>,
    pub(super) monthly_ids: Option<MonthlyIds>,
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

impl ProductNumbers {
    /// Asks for this week or month.
    fn ask<E>(
        product: &LoadedProduct,
        registry: &Registry,
        span: ReportSpan,
        first: Option<Day>,
        store: AskStore<'_, E>,
    ) -> Result<Self, E> {
        let asking = Asking { product, registry, span, store };
        let counts = product.counts_devices(span.period());
        let devices = counts.then(|| asking.devices()).transpose()?;
        let counts_new = counts && product.counts_devices(Period::Week);
        let new_devices = counts_new.then(|| asking.new_devices()).transpose()?;
        let (events, newest) = asking.events()?;
        let losses = losses(product);
        Ok(Self {
            name: product.name().to_owned(),
            title: product.newest().product.title.to_owned(),
            before: DaysBefore::of(span, first),
            devices,
            new_devices,
            monthly_ids: has_monthly_ids(product)
                .then(|| MonthlyIds { since: first.unwrap_or(span.last()) }),
            events,
            failed: asking.failed()?,
            rejected: asking.rejected()?,
            lost: (!losses.is_empty()).then(|| asking.lost(&losses)).transpose()?,
            newest,
        })
    }
}

/// The numbers of a report's products, each `None` if there is no catalog for
/// it.
pub(crate) fn of_span<E>(
    rule: &ReportRule,
    registry: &Registry,
    span: ReportSpan,
    store: AskStore<'_, E>,
) -> Result<Vec<(String, Option<ProductNumbers>)>, E> {
    let known = store(&[Question::Products])?;
    let of = |name: &String| {
        let Some(product) = registry.product(name) else { return Ok((name.clone(), None)) };
        let mut rows = known.iter().flat_map(|rows| match rows {
            AnswerRows::Products(rows) => rows.as_slice(),
            _ => &[],
        });
        let first = rows.find(|row| row.product == *name).map(|row| row.first);
        let first = first_day(name, span, first, store)?;
        let own = ProductNumbers::ask(product, registry, span, first, store)?;
        Ok((name.clone(), Some(own)))
    };
    rule.products.iter().map(of).collect()
}

/// Whether devices are counted by ids that are replaced every month. Marks do
/// not change.
fn has_monthly_ids(product: &LoadedProduct) -> bool {
    ask::is_monthly(product) && !product.counts(Period::Week)
}

/// The day of a product's first event, up to the end of the week or month. In a
/// folder, `known` may be behind: it lacks what is not among the counts yet.
fn first_day<E>(
    product: &str,
    span: ReportSpan,
    known: Option<Day>,
    store: AskStore<'_, E>,
) -> Result<Option<Day>, E> {
    if known.is_some_and(|known| known <= span.before().first()) {
        return Ok(known);
    }
    let (product, from, to) = (product.to_owned(), cohorts::FIRST_DAY, span.last());
    let rows = store(&[Question::Events { product, from, to, versions: VersionScope::All }])?;
    let days = rows.iter().flat_map(|rows| match rows {
        AnswerRows::Events(rows) => rows.as_slice(),
        _ => &[],
    });
    Ok(days.map(|row| row.day).chain(known).min())
}

/// Questions about one week or month of one product.
struct Asking<'a, E> {
    product: &'a LoadedProduct,
    registry: &'a Registry,
    span: ReportSpan,
    store: AskStore<'a, E>,
}

impl<E> Asking<'_, E> {
    /// The rows of these days, both included. A question that this product
    /// cannot be asked has none.
    fn rows(
        &self,
        (from, to): (Day, Day),
        question: HttpQuestion,
        own: &[(QuestionParameter, &str)],
    ) -> Result<Vec<AnswerRows>, E> {
        let days = [
            (QuestionParameter::Product, self.product.name().to_owned()),
            (QuestionParameter::From, from.to_string()),
            (QuestionParameter::To, to.to_string()),
        ];
        let own = own.iter().map(|(parameter, value)| (*parameter, (*value).to_owned()));
        let pairs = days.into_iter().chain(own);
        let pairs = pairs.map(|(parameter, value)| (parameter.name().to_owned(), value));
        let mut rows = Vec::new();
        if let Ok(asked) = AskedQuestion::read(question, pairs.collect(), self.registry, to) {
            for questions in asked.for_store() {
                rows.extend((self.store)(questions)?);
            }
        }
        Ok(rows)
    }

    /// The rows of the week or month.
    fn rows_now(
        &self,
        question: HttpQuestion,
        own: &[(QuestionParameter, &str)],
    ) -> Result<Vec<AnswerRows>, E> {
        self.rows((self.span.first(), self.span.last()), question, own)
    }

    /// The rows of the week or month, and of the one before: that may be
    /// longer, so that it is not as many days.
    fn both(
        &self,
        question: HttpQuestion,
        own: &[(QuestionParameter, &str)],
    ) -> Result<Pair<Vec<AnswerRows>>, E> {
        let before = self.span.before();
        let before = self.rows((before.first(), before.last()), question, own)?;
        Ok(Pair { now: self.rows_now(question, own)?, before })
    }

    fn devices(&self) -> Result<Pair<u64>, E> {
        let own = [(QuestionParameter::Period, self.span.period().name())];
        let both = self.both(HttpQuestion::Active, &own)?;
        Ok(both.map(|rows| {
            let all = rows.iter().flat_map(|rows| match rows {
                AnswerRows::Active(rows) => rows.as_slice(),
                _ => &[],
            });
            all.map(|row| row.devices).sum()
        }))
    }

    /// Nobody counts new devices by month, so those of a month are the sum of
    /// its weeks.
    fn new_devices(&self) -> Result<u64, E> {
        let weeks = self.span.weeks();
        let rows = self.rows(weeks, HttpQuestion::NewAndReturning, &[])?;
        let sums = cohorts::new_of(&rows);
        let own = sums.iter().filter(|sums| (weeks.0..=weeks.1).contains(&sums.week));
        Ok(own.map(|sums| sums.new).sum())
    }

    fn events(&self) -> Result<(Pair<u64>, Option<NewestVersion>), E> {
        let own = [(QuestionParameter::By, "version")];
        let Pair { now, before } = self.both(HttpQuestion::Events, &own)?.map(|rows| {
            let mut versions: BTreeMap<String, u64> = BTreeMap::new();
            for row in rows.iter().flat_map(|rows| match rows {
                AnswerRows::Events(rows) => rows.as_slice(),
                _ => &[],
            }) {
                *versions.entry(row.version.clone().unwrap_or_default()).or_default() += row.count;
            }
            versions
        });
        let events = Pair { now: now.values().sum(), before: before.values().sum() };
        // Versions of too few devices are one row, and that is no release.
        let named = now.into_iter().filter(|(name, _)| !name.is_empty() && name != limits::OTHER);
        let newest = named.max_by(|(one, _), (other, _)| version_order::compare(one, other));
        Ok((events, newest.map(|(version, events)| NewestVersion { version, events })))
    }

    fn failed(&self) -> Result<Pair<Share>, E> {
        let mut sums: Pair<Share> = Pair::default();
        let failing = self.product.events().filter(|event| !event.is_report());
        for event in failing.filter(|event| self.product.tells_failures(event.name)) {
            let own = [(QuestionParameter::Event, event.name)];
            let shares = self.both(HttpQuestion::Failures, &own)?.map(|rows| {
                let all = rows.iter().flat_map(|rows| match rows {
                    AnswerRows::Failures(rows) => rows.as_slice(),
                    _ => &[],
                });
                all.map(|row| Share::of(row.failed, row.worked)).sum::<Share>()
            });
            sums.now += shares.now;
            sums.before += shares.before;
        }
        Ok(sums)
    }

    fn rejected(&self) -> Result<Rejections, E> {
        let rows = self.rows_now(HttpQuestion::Rejected, &[])?;
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
            sum += lost_events(&self.rows_now(HttpQuestion::Quantiles, &own)?);
        }
        Ok(sum)
    }
}

//! The questions for the store that answer a question over HTTP.

use headcount_catalog::{Day, Period};
use headcount_store::{Question, RawCount, RawQuestion, ValueFilter, VersionScope};

use super::filters::FilterNames;
use super::http_question::HttpQuestion;
use super::next;
use super::parameters::{BadQuestion, Parameters};
use super::question_parameter::QuestionParameter;
use super::steps;
use crate::cohorts;
use crate::registry::LoadedProduct;

/// Questions for the store, and the days that their answers are for.
#[derive(Debug, Clone)]
pub(super) struct StoreQuestions {
    pub(super) all: Vec<Question>,
    pub(super) period: Period,
    /// The first day that was asked for. Retention needs earlier rows.
    pub(super) from: Day,
    pub(super) to: Day,
    pub(super) split: RowSplit,
    /// What is counted by day and value, if that is what is asked.
    pub(super) counted: Option<RawQuestion>,
}

/// What has rows of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum RowSplit {
    Nothing,
    Versions,
    /// The values of a property.
    Values,
}

/// A question about one product, whose parameters have been read.
pub(super) struct Checked<'a> {
    asked: HttpQuestion,
    product: &'a LoadedProduct,
    parameters: &'a Parameters,
    period: Period,
    versions: VersionScope,
    split: Option<String>,
    filters: Vec<ValueFilter>,
}

impl<'a> Checked<'a> {
    pub(super) fn new(
        asked: HttpQuestion,
        product: &'a LoadedProduct,
        parameters: &'a Parameters,
    ) -> Result<Self, BadQuestion> {
        let period = period_of(asked, parameters)?;
        let versions = parameters.versions()?;
        let (split, filters) = (None, Vec::new());
        let mut checked = Self { asked, product, parameters, period, versions, split, filters };
        let (split, given) = (parameters.split(), parameters.filters());
        if split.is_some() || !given.is_empty() {
            let names = checked.filter_names()?;
            if split.is_some_and(|name| !names.contains(name)) {
                return Err(names.unknown("by"));
            }
            checked.filters = names.read(&given)?;
            checked.split = split.map(str::to_owned);
        }
        Ok(checked)
    }

    fn filter_names(&self) -> Result<FilterNames<'a>, BadQuestion> {
        if self.asked == HttpQuestion::Steps {
            return steps::filter_names(self.product, self.parameters);
        }
        let event = match self.parameters.has(QuestionParameter::Event) {
            true => Some(self.event()?),
            false => None,
        };
        Ok(FilterNames::new(self.asked, self.product, event))
    }

    /// What is asked, and what is asked of as many days to compare with if that
    /// is wanted.
    pub(super) fn questions(&self, today: Day) -> Result<Vec<StoreQuestions>, BadQuestion> {
        let (from, to) = self.parameters.days(today, self.period)?;
        let mut all = vec![self.about(from, to)?];
        if let Some(compared) = self.parameters.compared()? {
            let (from, to) = compared.span(self.period, (from, to));
            all.push(self.about(from, to)?);
        }
        Ok(all)
    }

    fn about(&self, from: Day, to: Day) -> Result<StoreQuestions, BadQuestion> {
        let product = self.product.name().to_owned();
        let mut counted = None;
        let all = match self.asked {
            HttpQuestion::NewAndReturning | HttpQuestion::Retention => {
                check_weeks(self.product)?;
                self.weeks(from, to)
            }
            HttpQuestion::Versions => vec![Question::Versions { product, from, to }],
            HttpQuestion::Rejected => vec![Question::Rejected { product, from, to }],
            _ => {
                let (versions, split) = (self.versions.clone(), self.split.clone());
                let (count, filters) = (self.count()?, self.filters.clone());
                let question = RawQuestion { product, count, from, to, versions, split, filters };
                counted = Some(question.clone());
                vec![self.counted(question)]
            }
        };
        let split = match (&self.split, &self.versions) {
            (Some(_), _) => RowSplit::Values,
            (None, VersionScope::Each) => RowSplit::Versions,
            (None, _) => RowSplit::Nothing,
        };
        Ok(StoreQuestions { all, period: self.period, from, to, split, counted })
    }

    /// What is counted, of rollups or of raw events.
    fn count(&self) -> Result<RawCount, BadQuestion> {
        let period = self.period;
        Ok(match self.asked {
            HttpQuestion::Active => {
                check_counted(self.product, period)?;
                RawCount::Active { period }
            }
            HttpQuestion::ByProperty => {
                let (event, property) =
                    self.property(&self.product.counted_names(self.event()?))?;
                RawCount::ByProperty { event, property }
            }
            HttpQuestion::Across => {
                let (event, one, other) = self.pair()?;
                RawCount::Across { event, one, other }
            }
            HttpQuestion::Failures => {
                let (event, by) = self.failures()?;
                RawCount::Failures { event, by }
            }
            HttpQuestion::Quantiles => {
                let measured = self.product.measured_names(self.event()?);
                let (event, property) = self.property(&measured)?;
                RawCount::Quantiles { event, property, period }
            }
            HttpQuestion::Steps => RawCount::Steps(steps::count(self.product, self.parameters)?),
            HttpQuestion::Next => RawCount::Next(next::count(self.product, self.parameters)?),
            _ => RawCount::Events,
        })
    }

    /// The question of the rollups if they know the answer, and otherwise that
    /// of the raw events.
    fn counted(&self, question: RawQuestion) -> Question {
        if question.split.is_some() || !question.filters.is_empty() {
            return Question::Raw(question);
        }
        let RawQuestion { product, count, from, to, versions, .. } = question.clone();
        match count {
            RawCount::Events => Question::Events { product, from, to, versions },
            RawCount::Active { period } => Question::Active { product, period, from, to, versions },
            RawCount::ByProperty { event, property } => {
                Question::ByProperty { product, event, property, from, to, versions }
            }
            RawCount::Across { event, one, other }
                if self.product.has_pair(&event, (&one, &other)) =>
            {
                Question::Across { product, event, one, other, from, to, versions }
            }
            RawCount::Failures { event, by } => {
                Question::Failures { product, event, by, from, to, versions }
            }
            RawCount::Quantiles { event, property, period } => {
                Question::Quantiles { product, event, property, period, from, to, versions }
            }
            _ => Question::Raw(question),
        }
    }

    /// What tells new devices from others: marks, or ids.
    fn weeks(&self, from: Day, to: Day) -> Vec<Question> {
        let (product, period) = (self.product.name().to_owned(), Period::Week);
        if self.product.counts(Period::Week) {
            let from = match self.asked {
                HttpQuestion::Retention => cohorts::FIRST_DAY,
                _ => from,
            };
            return vec![Question::Marks { product, period, from, to }];
        }
        let versions = VersionScope::All;
        vec![
            Question::Retention { product: product.clone(), from, to },
            Question::Active { product, period, from, to, versions },
        ]
    }

    fn event(&self) -> Result<&str, BadQuestion> {
        let event = self.parameters.required(QuestionParameter::Event)?;
        let known: Vec<&str> = self.product.events().map(|event| event.name).collect();
        if !known.contains(&event) {
            let (name, known) = (self.product.name(), known.join(", "));
            return Err(BadQuestion::new(format!(
                "`{name}` has no event of this name: use {known}"
            )));
        }
        Ok(event)
    }

    /// The event, and the property if it is one of these.
    fn property(&self, known: &[&str]) -> Result<(String, String), BadQuestion> {
        let event = self.event()?;
        let property = self.parameters.required(QuestionParameter::Property)?;
        if known.contains(&property) {
            return Ok((event.to_owned(), property.to_owned()));
        }
        let verb = match self.asked {
            HttpQuestion::Quantiles => "measured",
            _ => "counted",
        };
        Err(BadQuestion::new(match known {
            [] => format!("events named `{event}` are not {verb} by any property"),
            _ => format!(
                "events named `{event}` are not {verb} by this property: use {}",
                known.join(", ")
            ),
        }))
    }

    fn pair(&self) -> Result<(String, String, String), BadQuestion> {
        let event = self.event()?;
        let known = self.product.counted_names(event);
        let name = |parameter| {
            let name = self.parameters.required(parameter)?;
            if known.contains(&name) {
                return Ok(name.to_owned());
            }
            Err(BadQuestion::new(format!(
                "events named `{event}` are not counted by the property in `{}`: use two of {}",
                parameter.name(),
                known.join(", ")
            )))
        };
        let (one, other) = (name(QuestionParameter::One)?, name(QuestionParameter::Other)?);
        if one == other {
            return Err(BadQuestion::new(format!(
                "`one` and `other` are the same property: ask `{}` for one",
                HttpQuestion::ByProperty.name()
            )));
        }
        Ok((event.to_owned(), one, other))
    }

    fn failures(&self) -> Result<(String, Option<String>), BadQuestion> {
        let event = self.event()?;
        if !self.product.tells_failures(event) {
            return Err(BadQuestion::new(format!(
                "events named `{event}` do not say whether they failed: add `failure` to a property \
                 in the catalog"
            )));
        }
        if !self.parameters.has(QuestionParameter::Property) {
            return Ok((event.to_owned(), None));
        }
        let (event, property) = self.property(&self.product.counted_names(event))?;
        Ok((event, Some(property)))
    }
}

/// What a row of the answer stands for.
pub(super) fn period_of(
    asked: HttpQuestion,
    parameters: &Parameters,
) -> Result<Period, BadQuestion> {
    match asked {
        HttpQuestion::NewAndReturning | HttpQuestion::Retention => Ok(Period::Week),
        _ => parameters.period(),
    }
}

/// Devices are counted by their ids in every period, and without one only in
/// those that the catalog names.
fn check_counted(product: &LoadedProduct, period: Period) -> Result<(), BadQuestion> {
    if product.counts_devices(period) {
        return Ok(());
    }
    let (product, period) = (product.name(), period.name());
    Err(BadQuestion::new(format!(
        "`{product}` has no id and does not count devices by {period}: add `{period}` to `count` \
         under `[identity]` in its catalog"
    )))
}

fn check_weeks(product: &LoadedProduct) -> Result<(), BadQuestion> {
    if product.counts_devices(Period::Week) {
        return Ok(());
    }
    let product = product.name();
    Err(BadQuestion::new(format!(
        "`{product}` has no id and does not count devices by week: add `week` to `count` under \
         `[identity]` in its catalog"
    )))
}

//! The questions for the store that answer a question over HTTP.

use headcount_catalog::{Day, Period};
use headcount_store::{Question, VersionScope};

use super::http_question::HttpQuestion;
use super::parameters::{BadQuestion, Parameters};
use super::question_parameter::QuestionParameter;
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
    versions: VersionScope,
}

impl StoreQuestions {
    /// Whether each version has rows of its own.
    pub(super) fn has_versions(&self) -> bool {
        self.versions == VersionScope::Each
    }
}

/// A question about one product, whose parameters have been read.
pub(super) struct Checked<'a> {
    asked: HttpQuestion,
    product: &'a LoadedProduct,
    parameters: &'a Parameters,
    period: Period,
    versions: VersionScope,
}

impl<'a> Checked<'a> {
    pub(super) fn new(
        asked: HttpQuestion,
        product: &'a LoadedProduct,
        parameters: &'a Parameters,
    ) -> Result<Self, BadQuestion> {
        let period = period_of(asked, parameters)?;
        let versions = parameters.versions()?;
        Ok(Self { asked, product, parameters, period, versions })
    }

    /// What is asked, and what is asked of as many days before if that is
    /// wanted.
    pub(super) fn questions(&self, today: Day) -> Result<Vec<StoreQuestions>, BadQuestion> {
        let (from, to) = self.parameters.days(today, self.period)?;
        let mut all = vec![self.about(from, to)?];
        if self.parameters.wants_before()? {
            // Whole periods, so that none is in both.
            let start = self.period.start(from);
            let days = to.days_since(start) + 1;
            let before = start.plus(-days);
            all.push(self.about(before, start.plus(-1))?);
        }
        Ok(all)
    }

    fn about(&self, from: Day, to: Day) -> Result<StoreQuestions, BadQuestion> {
        let product = self.product.name().to_owned();
        let (period, versions) = (self.period, self.versions.clone());
        let all = match self.asked {
            HttpQuestion::Events => vec![Question::Events { product, from, to, versions }],
            HttpQuestion::Active => {
                check_counted(self.product, period)?;
                vec![Question::Active { product, period, from, to, versions }]
            }
            HttpQuestion::NewAndReturning | HttpQuestion::Retention => {
                check_weeks(self.product)?;
                self.weeks(from, to)
            }
            HttpQuestion::ByProperty => {
                let (event, property) =
                    self.property(&self.product.counted_names(self.event()?))?;
                vec![Question::ByProperty { product, event, property, from, to, versions }]
            }
            HttpQuestion::Across => {
                let (event, one, other) = self.pair()?;
                vec![Question::Across { product, event, one, other, from, to, versions }]
            }
            HttpQuestion::Failures => {
                let (event, by) = self.failures()?;
                vec![Question::Failures { product, event, by, from, to, versions }]
            }
            HttpQuestion::Quantiles => {
                let measured = self.product.measured_names(self.event()?);
                let (event, property) = self.property(&measured)?;
                let question =
                    Question::Quantiles { product, event, property, period, from, to, versions };
                vec![question]
            }
            HttpQuestion::Versions => vec![Question::Versions { product, from, to }],
            HttpQuestion::Rejected => vec![Question::Rejected { product, from, to }],
        };
        Ok(StoreQuestions { all, period, from, to, versions: self.versions.clone() })
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
        let pairs = self.product.pairs(event);
        let one = self.parameters.required(QuestionParameter::One)?;
        let other = self.parameters.required(QuestionParameter::Other)?;
        if pairs.iter().any(|pair| [(one, other), (other, one)].contains(pair)) {
            return Ok((event.to_owned(), one.to_owned(), other.to_owned()));
        }
        let known = pairs.iter().map(|(one, other)| format!("`{one}` and `{other}`"));
        let known: Vec<String> = known.collect();
        Err(BadQuestion::new(match known.as_slice() {
            [] => format!(
                "events named `{event}` are not counted by pairs: add `across` to the event in the catalog"
            ),
            _ => format!(
                "events named `{event}` are not counted by this pair: use {}",
                known.join(", ")
            ),
        }))
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

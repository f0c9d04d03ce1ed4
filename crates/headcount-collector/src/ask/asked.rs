//! A question that has been understood, and its answer. Pure: the server and
//! the command line give it the same store's rows.

use headcount_catalog::Day;
use headcount_store::{AnswerRows, Question, RawAnswer};

use super::answer_format::AnswerFormat;
use super::for_store::{Checked, StoreQuestions, period_of};
use super::http_question::HttpQuestion;
use super::named_subjects;
use super::parameters::{BadQuestion, Parameters};
use super::row_cells;
use super::sentence;
use super::sql;
use super::table::AnswerTable;
use super::{write_csv, write_json};
use crate::last_asked::Subject;
use crate::registry::{LoadedProduct, Registry};

/// What is behind a number.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExplainedQuestion {
    /// The question in words.
    pub sentence: String,
    /// The path and the query of a request that asks it.
    pub address: String,
    /// What `headcount sql` answers with the same numbers, from raw events.
    /// `None` if they are not in them.
    pub sql: Option<String>,
}

/// A question about one product, as the store is asked it.
#[derive(Debug)]
pub(crate) struct AskedQuestion {
    question: HttpQuestion,
    pairs: Vec<(String, String)>,
    product: &'static str,
    /// One, and one more if there are days to compare with.
    spans: Vec<StoreQuestions>,
    format: Option<AnswerFormat>,
}

impl AskedQuestion {
    pub(crate) fn read(
        question: HttpQuestion,
        pairs: Vec<(String, String)>,
        registry: &Registry,
        today: Day,
    ) -> Result<Self, BadQuestion> {
        let parameters = Parameters::read(pairs.clone(), question.parameters())?;
        let format = parameters.format()?;
        let product = parameters.product(registry)?;
        let spans = Checked::new(question, product, &parameters)?.questions(today)?;
        Ok(Self { question, pairs, product: product.name(), spans, format })
    }

    /// The question in words, as a request, and as SQL. The product is the one
    /// that it is about.
    pub(crate) fn explained(&self, product: &LoadedProduct) -> Option<ExplainedQuestion> {
        let span = self.spans.first()?;
        Some(ExplainedQuestion {
            sentence: sentence::sentence(self.question, product, span, self.spans.get(1)),
            address: sentence::address(self.question, &self.pairs, span),
            sql: sql::sql(self.question, product, span),
        })
    }

    /// Which of the questions it is.
    pub(crate) fn question(&self) -> HttpQuestion {
        self.question
    }

    /// Its parameters, as they were given.
    pub(crate) fn pairs(&self) -> &[(String, String)] {
        &self.pairs
    }

    /// The name of the product that it is about.
    pub(crate) fn product(&self) -> &'static str {
        self.product
    }

    /// The events and properties that it names.
    pub(super) fn named(&self, product: &LoadedProduct) -> Vec<Subject> {
        let counted = self.spans.first().and_then(|span| span.counted.as_ref());
        counted.map_or(Vec::new(), |question| named_subjects::named(question, product))
    }

    /// What the store is asked, for each of the spans of days.
    pub(crate) fn for_store(&self) -> impl Iterator<Item = &[Question]> {
        self.spans.iter().map(|span| span.all.as_slice())
    }

    /// The days of each of the spans, both included.
    pub(crate) fn days(&self) -> impl Iterator<Item = (Day, Day)> {
        self.spans.iter().map(|span| (span.from, span.to))
    }

    /// The answer in the form that the parameters ask for, or else in JSON.
    pub(crate) fn text(&self, rows: &[Vec<AnswerRows>]) -> Result<String, BadQuestion> {
        let answer = self.answer(rows)?;
        Ok(match self.format {
            Some(AnswerFormat::Csv) => answer.csv(),
            _ => answer.json(),
        })
    }

    /// The form that the parameters ask for.
    pub(super) fn format(&self) -> Option<AnswerFormat> {
        self.format
    }

    /// The answer, from the store's rows for each of the spans.
    pub(super) fn answer(
        &self,
        rows: &[Vec<AnswerRows>],
    ) -> Result<QuestionAnswer<'_>, BadQuestion> {
        let mut spans = Vec::new();
        for (span, rows) in self.spans.iter().zip(rows) {
            let table = row_cells::table(self.question, span, rows);
            spans.push(AnsweredSpan { span, table, counted_from: counted_from(rows)? });
        }
        Ok(QuestionAnswer { asked: self, spans })
    }
}

/// The first day that was counted, if raw events were.
pub(crate) fn counted_from(rows: &[AnswerRows]) -> Result<Option<Day>, BadQuestion> {
    match rows {
        [AnswerRows::Raw(RawAnswer::Counted { counted_from, .. })] => Ok(Some(*counted_from)),
        [AnswerRows::Raw(RawAnswer::TooMany { events, most, fits_from })] => {
            let fewer = match fits_from {
                Some(day) => format!("choose fewer days, such as from={day}"),
                None => {
                    "the last day alone has more: leave out `where` and `by` if they are given, \
                         or ask with SQL"
                        .to_owned()
                }
            };
            Err(BadQuestion::new(format!(
                "these days have {events} raw events for this question, which reads at most {most}: \
                 {fewer}"
            )))
        }
        _ => Ok(None),
    }
}

/// An answer, to be written.
#[derive(Debug)]
pub(super) struct QuestionAnswer<'a> {
    asked: &'a AskedQuestion,
    spans: Vec<AnsweredSpan<'a>>,
}

/// The answer for one of the spans of days.
#[derive(Debug)]
struct AnsweredSpan<'a> {
    span: &'a StoreQuestions,
    table: AnswerTable,
    counted_from: Option<Day>,
}

impl AnsweredSpan<'_> {
    /// The members of its object in JSON.
    fn json(&self) -> String {
        let from = self.counted_from.map(|day| format!("\"counted_from\":\"{day}\","));
        format!("{}\"rows\":[{}]", from.unwrap_or_default(), write_json::rows(&self.table))
    }
}

impl QuestionAnswer<'_> {
    pub(super) fn json(&self) -> String {
        let before = self.spans.get(1).map(|before| {
            let StoreQuestions { from, to, .. } = before.span;
            format!(",\"before\":{{\"from\":\"{from}\",\"to\":\"{to}\",{}}}", before.json())
        });
        let (question, product) = (self.asked.question.name(), self.asked.product);
        let own = self.spans.first().map(AnsweredSpan::json).unwrap_or_default();
        format!(
            "{{\"question\":\"{question}\",\"product\":\"{product}\",{own}{}}}",
            before.unwrap_or_default()
        )
    }

    pub(super) fn csv(&self) -> String {
        let mut tables = self.spans.iter().map(|answered| &answered.table);
        let table = tables.next();
        table.map(|table| write_csv::text(table, tables.next())).unwrap_or_default()
    }

    /// `atomic-events-2026-11-01-2026-11-20.csv`, with the first day that was
    /// counted. Names of products and questions are plain, so that it needs no
    /// escape.
    pub(super) fn file_name(&self) -> String {
        let (question, product) = (self.asked.question.name(), self.asked.product);
        let days = self.spans.first().map(|answered| {
            let StoreQuestions { from, to, .. } = answered.span;
            let first = answered.counted_from.map_or(*from, |counted| counted.max(*from).min(*to));
            format!("-{first}-{to}")
        });
        format!("{product}-{question}{}.csv", days.unwrap_or_default())
    }
}

/// Returns the days that a question with these parameters is about, both
/// included.
///
/// # Errors
///
/// Returns a sentence if the parameters cannot be read.
pub fn asked_days(
    question: HttpQuestion,
    pairs: Vec<(String, String)>,
    today: Day,
) -> Result<(Day, Day), String> {
    let days = || {
        let parameters = Parameters::read(pairs, question.parameters())?;
        parameters.days(today, period_of(question, &parameters)?)
    };
    days().map_err(|bad: BadQuestion| bad.message().to_owned())
}

//! A question that has been understood, and its answer. Pure: the server and
//! the command line give it the same store's rows.

use headcount_catalog::Day;
use headcount_store::{AnswerRows, Question};

use super::answer_format::AnswerFormat;
use super::for_store::{Checked, StoreQuestions, period_of};
use super::http_question::HttpQuestion;
use super::parameters::{BadQuestion, Parameters};
use super::row_cells;
use super::table::AnswerTable;
use super::{write_csv, write_json};
use crate::registry::Registry;

/// A question about one product, as the store is asked it.
#[derive(Debug)]
pub(crate) struct AskedQuestion {
    question: HttpQuestion,
    product: &'static str,
    /// One, and one more if the days before are asked about, too.
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
        let parameters = Parameters::read(pairs, question.parameters())?;
        let format = parameters.format()?;
        let product = parameters.product(registry)?;
        let spans = Checked::new(question, product, &parameters)?.questions(today)?;
        Ok(Self { question, product: product.name(), spans, format })
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
    pub(crate) fn text(&self, rows: &[Vec<AnswerRows>]) -> String {
        let answer = self.answer(rows);
        match self.format {
            Some(AnswerFormat::Csv) => answer.csv(),
            _ => answer.json(),
        }
    }

    /// The form that the parameters ask for.
    pub(super) fn format(&self) -> Option<AnswerFormat> {
        self.format
    }

    /// The answer, from the store's rows for each of the spans.
    pub(super) fn answer(&self, rows: &[Vec<AnswerRows>]) -> QuestionAnswer<'_> {
        let spans = self.spans.iter().zip(rows);
        let tables =
            spans.map(|(span, rows)| row_cells::table(self.question, span, rows)).collect();
        QuestionAnswer { asked: self, tables }
    }
}

/// An answer, to be written.
#[derive(Debug)]
pub(super) struct QuestionAnswer<'a> {
    asked: &'a AskedQuestion,
    tables: Vec<AnswerTable>,
}

impl QuestionAnswer<'_> {
    pub(super) fn json(&self) -> String {
        let before = self.asked.spans.iter().zip(&self.tables).nth(1).map(|(span, table)| {
            let (from, to, rows) = (span.from, span.to, write_json::rows(table));
            format!(",\"before\":{{\"from\":\"{from}\",\"to\":\"{to}\",\"rows\":[{rows}]}}")
        });
        let (question, product) = (self.asked.question.name(), self.asked.product);
        let rows = self.tables.first().map(write_json::rows).unwrap_or_default();
        format!(
            "{{\"question\":\"{question}\",\"product\":\"{product}\",\"rows\":[{rows}]{}}}",
            before.unwrap_or_default()
        )
    }

    pub(super) fn csv(&self) -> String {
        let table = self.tables.first();
        table.map(|table| write_csv::text(table, self.tables.get(1))).unwrap_or_default()
    }

    /// `atomic-events-2026-11-01-2026-11-20.csv`. Names of products and
    /// questions are plain, so that it needs no escape.
    pub(super) fn file_name(&self) -> String {
        let (question, product) = (self.asked.question.name(), self.asked.product);
        let days = self.asked.spans.first().map(|span| format!("-{}-{}", span.from, span.to));
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

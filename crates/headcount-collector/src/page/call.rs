//! What a panel asks: one of the questions over HTTP, with its parameters. The
//! same call is asked of the store, and linked for whoever wants the numbers.

use headcount_catalog::Day;
use headcount_store::{AnswerRows, Question, RawAnswer};

use super::address::PageAddress;
use crate::app::{App, StoreUnavailable};
use crate::ask::{AskedQuestion, HttpQuestion, QuestionParameter, counted_from};
use crate::registry::Registry;
use crate::url_query::with_query;

/// The parameter of the page of a question that has the query of the product's
/// page from which somebody came.
pub(super) const BACK: &str = "back";

/// A question with its parameters.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Call {
    pub(super) question: HttpQuestion,
    pairs: Vec<(&'static str, String)>,
}

impl Call {
    pub(super) fn new(question: HttpQuestion) -> Self {
        Self { question, pairs: Vec::new() }
    }

    /// Whether the question takes this parameter.
    pub(super) fn takes(&self, parameter: QuestionParameter) -> bool {
        self.question.parameters().contains(&parameter)
    }

    /// Adds a parameter, in place of an earlier one of the name.
    pub(super) fn with(mut self, parameter: QuestionParameter, value: impl Into<String>) -> Self {
        let name = parameter.name();
        self.pairs.retain(|(own, _)| *own != name);
        self.pairs.push((name, value.into()));
        self
    }

    /// Adds a parameter beside others of the name.
    pub(super) fn and(mut self, parameter: QuestionParameter, value: impl Into<String>) -> Self {
        self.pairs.push((parameter.name(), value.into()));
        self
    }

    /// Leaves a parameter out.
    pub(super) fn without(mut self, parameter: QuestionParameter) -> Self {
        self.pairs.retain(|(own, _)| *own != parameter.name());
        self
    }

    /// The address of its answer.
    pub(super) fn url(&self, format: &str) -> String {
        let path = format!("/api/v1/ask/{}", self.question.name());
        let mut pairs = self.pairs.clone();
        pairs.push((QuestionParameter::Format.name(), format.to_owned()));
        with_query(&path, &pairs)
    }

    /// Whether it is of all events, although the page is of some.
    pub(super) fn leaves_out(&self, address: &PageAddress) -> bool {
        let has = |parameter: QuestionParameter| {
            self.pairs.iter().any(|(name, _)| *name == parameter.name())
        };
        let is_split = has(QuestionParameter::By);
        !address.filters.is_empty() && !has(QuestionParameter::Where)
            || address.version.is_some() && !has(QuestionParameter::Version) && !is_split
    }

    /// What tells it from other calls of a panel: the event, property or entry.
    pub(super) fn subject(&self) -> String {
        let of = |parameter: QuestionParameter| {
            let pair = self.pairs.iter().find(|(name, _)| *name == parameter.name());
            pair.map(|(_, value)| value.as_str())
        };
        let named = [QuestionParameter::Event, QuestionParameter::Property].map(of);
        let named: Vec<&str> = named.into_iter().flatten().collect();
        if named.is_empty() { self.question.name().to_owned() } else { named.join(" ") }
    }

    /// The page that says what is asked, and that leads back to this one.
    pub(super) fn page(&self, address: &PageAddress) -> String {
        let mut pairs = self.pairs.clone();
        pairs.push((BACK, address.query()));
        with_query(&format!("/question/{}", self.question.name()), &pairs)
    }

    /// Reads it as one that came over HTTP.
    pub(super) fn read(&self, registry: &Registry, today: Day) -> Result<AskedQuestion, String> {
        let pairs = self.pairs.iter().map(|(name, value)| ((*name).to_owned(), value.clone()));
        AskedQuestion::read(self.question, pairs.collect(), registry, today)
            .map_err(|bad| bad.message().to_owned())
    }
}

/// The answer to a call.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Answered {
    /// The days that were asked about and, if these are wanted, those to
    /// compare with.
    spans: Vec<Span>,
}

/// Days, and the store's rows for them.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Span {
    pub(super) from: Day,
    pub(super) to: Day,
    /// The first day of which raw events were counted, where a filter asks for
    /// those.
    pub(super) counted_from: Option<Day>,
    pub(super) rows: Vec<AnswerRows>,
}

impl Span {
    fn counted_later(&self) -> Option<Day> {
        self.counted_from.filter(|day| *day > self.from)
    }
}

impl Answered {
    /// An answer to nothing.
    #[cfg(test)]
    pub(super) fn none() -> Self {
        Self { spans: Vec::new() }
    }

    /// The store's rows for the days that were asked about.
    pub(super) fn rows(&self) -> &[AnswerRows] {
        self.spans.first().map_or(&[], |span| &span.rows)
    }

    /// The first day that was counted, if it is after the first that was asked
    /// about: raw events before it have expired.
    pub(super) fn counted_later(&self) -> Option<Day> {
        self.spans.first().and_then(Span::counted_later)
    }

    /// The same of the days to compare with.
    pub(super) fn compared_later(&self) -> Option<Day> {
        self.before().and_then(Span::counted_later)
    }

    /// The days to compare with, if they were asked about.
    pub(super) fn before(&self) -> Option<&Span> {
        self.spans.get(1)
    }
}

/// Gives the rows of one variant of a list of answers.
macro_rules! rows {
    ($answers:expr, $variant:ident) => {
        $answers.iter().flat_map(|answer| match answer {
            headcount_store::AnswerRows::$variant(rows) => rows.as_slice(),
            _ => &[],
        })
    };
}
pub(super) use rows;

/// Asks the store everything at once, and each question once.
///
/// A call that cannot be asked, because a filter names what the product does
/// not have, has its sentence in place of an answer.
pub(super) async fn ask(
    app: &App,
    registry: &Registry,
    calls: &[Call],
) -> Result<Vec<Result<Answered, String>>, StoreUnavailable> {
    let today = app.today();
    let read: Vec<_> = calls.iter().map(|call| call.read(registry, today)).collect();
    let mut questions: Vec<Question> = Vec::new();
    for question in read.iter().flatten().flat_map(AskedQuestion::for_store).flatten() {
        if !questions.contains(question) {
            questions.push(question.clone());
        }
    }
    let answers = app.ask(questions.clone()).await?;
    let known = |question: &Question| {
        let place = questions.iter().position(|own| own == question)?;
        answers.get(place).cloned()
    };
    let answered = |asked: AskedQuestion| {
        let mut spans = Vec::new();
        for ((from, to), questions) in asked.days().zip(asked.for_store()) {
            let rows: Vec<AnswerRows> = questions.iter().filter_map(known).collect();
            let counted_from = counted_from(&rows).map_err(|bad| bad.message().to_owned())?;
            let rows = rows.into_iter().map(counted).collect();
            spans.push(Span { from, to, counted_from, rows });
        }
        Ok(Answered { spans })
    };
    Ok(read.into_iter().map(|read| read.and_then(answered)).collect())
}

/// The rows themselves, if raw events were counted.
fn counted(rows: AnswerRows) -> AnswerRows {
    match rows {
        AnswerRows::Raw(RawAnswer::Counted { rows, .. }) => *rows,
        rows => rows,
    }
}

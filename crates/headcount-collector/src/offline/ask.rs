//! Answers a question about a product as the server would, also while a
//! collector runs.

use std::path::Path;

use headcount_catalog::Day;
use headcount_store::StoredAnswers;

use super::error::OfflineError;
use crate::ask::{AskedQuestion, ExplainedQuestion, HttpQuestion, QuestionParameter};
use crate::registry::{Registry, kept_registry};

/// Answers a question with the parameters of a request, names and values: the
/// text is what the server would answer with, JSON or CSV. Takes no lock and
/// changes nothing.
///
/// # Errors
///
/// Returns an error if
/// - there is no such folder, or no store in it that this version can read;
/// - no catalog of the product is kept in it;
/// - the parameters are wrong ([`OfflineError::is_bad_question`]).
pub fn ask(
    data: &Path,
    question: HttpQuestion,
    pairs: Vec<(String, String)>,
    today: Day,
) -> Result<String, OfflineError> {
    let (asked, _) = read(data, question, pairs, today)?;
    let store = StoredAnswers::open(data)?;
    let rows = asked.for_store().map(|questions| store.ask(questions));
    let rows = rows.collect::<Result<Vec<_>, _>>()?;
    asked.text(&rows).map_err(|bad| OfflineError::question(bad.message()))
}

/// Explains a question: in words, as a request, and as SQL.
///
/// # Errors
///
/// Returns the errors of [`ask`] but those of the store, which is not read.
pub fn explain(
    data: &Path,
    question: HttpQuestion,
    pairs: Vec<(String, String)>,
    today: Day,
) -> Result<Option<ExplainedQuestion>, OfflineError> {
    let (asked, registry) = read(data, question, pairs, today)?;
    let product = registry.product(asked.product());
    Ok(product.and_then(|product| asked.explained(product)))
}

fn read(
    data: &Path,
    question: HttpQuestion,
    pairs: Vec<(String, String)>,
    today: Day,
) -> Result<(AskedQuestion, Registry), OfflineError> {
    OfflineError::check_folder(data)?;
    let registry = kept_registry(data);
    let product = pairs.iter().find(|(name, _)| name == QuestionParameter::Product.name());
    let product = product.map(|(_, product)| product.clone()).unwrap_or_default();
    match AskedQuestion::read(question, pairs, &registry, today) {
        Ok(asked) => Ok((asked, registry)),
        Err(bad) if bad.is_unknown_product() => {
            Err(OfflineError::no_catalog(&product, registry.name_list()))
        }
        Err(bad) => Err(OfflineError::question(bad.message())),
    }
}

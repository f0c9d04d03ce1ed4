//! Answers a question about a product as the server would, also while a
//! collector runs.

use std::path::Path;

use headcount_catalog::Day;
use headcount_store::StoredAnswers;

use super::error::OfflineError;
use crate::ask::{AskedQuestion, HttpQuestion, QuestionParameter};
use crate::registry::kept_registry;

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
    OfflineError::check_folder(data)?;
    let registry = kept_registry(data);
    let product = pairs.iter().find(|(name, _)| name == QuestionParameter::Product.name());
    let product = product.map(|(_, product)| product.clone()).unwrap_or_default();
    let asked = AskedQuestion::read(question, pairs, &registry, today).map_err(|bad| match bad
        .is_unknown_product()
    {
        true => OfflineError::no_catalog(&product, registry.name_list()),
        false => OfflineError::question(bad.message()),
    })?;
    let store = StoredAnswers::open(data)?;
    let rows = asked.for_store().map(|questions| store.ask(questions));
    Ok(asked.text(&rows.collect::<Result<Vec<_>, _>>()?))
}

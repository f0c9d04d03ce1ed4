//! The closed questions as tools: what each takes, and how a call becomes a
//! question. Made of the table that the OpenAPI document is made of.

use headcount_collector::{HttpQuestion, ParameterForm, QuestionParameter};
use serde_json::{Map, Value as Json, json};

use super::tool;

/// Every tool, in the order of the questions.
pub(super) fn list() -> Vec<Json> {
    HttpQuestion::ALL.map(of_question).to_vec()
}

fn of_question(question: HttpQuestion) -> Json {
    let known = parameters(question);
    let properties: Map<String, Json> =
        known.iter().map(|one| (one.name().to_owned(), schema(*one))).collect();
    let required: Vec<&str> =
        known.iter().filter(|one| question.requires(**one)).map(|one| one.name()).collect();
    let more = "Days are UTC, and both days of a range are included.";
    tool::reading(question.name(), question.meaning(), more, &properties, &required)
}

/// Answers are always JSON.
fn parameters(question: HttpQuestion) -> Vec<QuestionParameter> {
    let all = question.parameters().iter().copied();
    all.filter(|one| *one != QuestionParameter::Format).collect()
}

fn schema(parameter: QuestionParameter) -> Json {
    let mut schema = match parameter.form() {
        ParameterForm::Text => json!({ "type": "string" }),
        ParameterForm::Date => json!({ "type": "string", "format": "date" }),
        ParameterForm::Number { least, most } => {
            json!({ "type": "integer", "minimum": least, "maximum": most })
        }
        ParameterForm::OneOf(words) => json!({ "type": "string", "enum": words }),
        ParameterForm::WordOrDate(words) => json!({ "anyOf": [
            { "type": "string", "enum": words },
            { "type": "string", "format": "date" },
        ] }),
        ParameterForm::NamedValues { most } => {
            json!({ "type": "array", "items": { "type": "string" }, "maxItems": most })
        }
        ParameterForm::Steps { least, most } => json!({
            "type": "array", "items": { "type": "string" }, "minItems": least, "maxItems": most,
        }),
    };
    schema["description"] = json!(parameter.meaning());
    schema
}

/// The names and values of a question.
///
/// # Errors
///
/// Says which argument cannot be read: a sentence that the caller can act on.
pub(super) fn pairs(
    question: HttpQuestion,
    arguments: &Json,
) -> Result<Vec<(String, String)>, String> {
    let empty = Map::new();
    let arguments = match arguments {
        Json::Null => &empty,
        Json::Object(arguments) => arguments,
        _ => return Err("`arguments` is not an object".to_owned()),
    };
    let known = parameters(question);
    let mut pairs = vec![(QuestionParameter::Format.name().to_owned(), "json".to_owned())];
    for (name, value) in arguments {
        let Some(parameter) = known.iter().find(|one| one.name() == name) else {
            let names: Vec<&str> = known.iter().map(|one| one.name()).collect();
            return Err(format!("unknown argument: this question takes {}", names.join(", ")));
        };
        let text = match value {
            // What is left out is often written as null.
            Json::Null => continue,
            Json::String(text) => text.clone(),
            Json::Number(number) if matches!(parameter.form(), ParameterForm::Number { .. }) => {
                number.to_string()
            }
            Json::Array(values) if parameter.is_repeatable() => {
                let name = parameter.name();
                for value in values {
                    let value =
                        value.as_str().ok_or(format!("`{name}` is not a list of strings"))?;
                    pairs.push((name.to_owned(), value.to_owned()));
                }
                continue;
            }
            _ => return Err(format!("`{}` is not a string", parameter.name())),
        };
        pairs.push((parameter.name().to_owned(), text));
    }
    let missing = known
        .iter()
        .find(|one| question.requires(**one) && !pairs.iter().any(|(name, _)| name == one.name()));
    match missing {
        Some(missing) => Err(format!("missing argument `{}`", missing.name())),
        None => Ok(pairs),
    }
}

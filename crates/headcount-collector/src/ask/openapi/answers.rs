//! The schemas of answers, from the columns of their rows.

use serde_json::{Value as Json, json};

use super::super::columns::{AnswerColumn, AnswerShape, CellForm, Presence};
use super::super::http_question::HttpQuestion;
use super::super::question_parameter::QuestionParameter;
use super::json_schema::{object, reference, with_required};

/// `NewAndReturningAnswer`
pub(super) fn name(question: HttpQuestion, suffix: &str) -> String {
    let parts = question.name().split('-').map(|part| {
        let (first, rest) = part.split_at(1);
        format!("{}{rest}", first.to_ascii_uppercase())
    });
    parts.collect::<String>() + suffix
}

/// The whole answer.
pub(super) fn answer(question: HttpQuestion) -> Json {
    let rows = json!({ "type": "array", "items": reference(&name(question, "Row")) });
    let day = schema_of(CellForm::Day);
    let mut before = vec![("from", day.clone()), ("to", day.clone()), ("rows", rows.clone())];
    let mut properties = vec![
        ("question", json!({ "const": question.name() })),
        ("product", json!({ "type": "string" })),
        ("rows", rows),
    ];
    if question.parameters().contains(&QuestionParameter::Where) {
        let mut counted_from = day;
        counted_from["description"] = json!(
            "The first day that was counted, where raw events were: those before it are gone"
        );
        before.push(("counted_from", counted_from.clone()));
        properties.push(("counted_from", counted_from));
    }
    properties.push(("before", with_required(&before, &["from", "to", "rows"])));
    with_required(&properties, &["question", "product", "rows"])
}

/// A row: one of the forms that the parameters and the product can make of it.
pub(super) fn row(question: HttpQuestion) -> Json {
    let mut forms: Vec<Json> = Vec::new();
    for shape in AnswerShape::all(question) {
        for form in forms_of(&shape.columns()) {
            if !forms.contains(&form) {
                forms.push(form);
            }
        }
    }
    if forms.len() == 1 { forms.swap_remove(0) } else { json!({ "oneOf": forms }) }
}

/// Of the columns of which a row has exactly one, each makes a form of its own.
fn forms_of(columns: &[AnswerColumn]) -> Vec<Json> {
    let either: Vec<&AnswerColumn> =
        columns.iter().filter(|column| column.presence == Presence::Either).collect();
    if either.is_empty() {
        return vec![form_of(columns.iter())];
    }
    let is_in = |column: &AnswerColumn, chosen: &AnswerColumn| {
        column.presence != Presence::Either || column == chosen
    };
    let forms =
        either.iter().map(|chosen| form_of(columns.iter().filter(|column| is_in(column, chosen))));
    forms.collect()
}

fn form_of<'a>(columns: impl Iterator<Item = &'a AnswerColumn>) -> Json {
    let mut properties: Vec<(&str, Json)> = Vec::new();
    let mut required: Vec<&str> = Vec::new();
    let mut groups: Vec<(&str, Vec<(&str, Json)>)> = Vec::new();
    for column in columns {
        match column.group {
            None => {
                properties.push((column.name, described(column)));
                if !matches!(
                    column.presence,
                    Presence::EachVersion | Presence::EachValue | Presence::Sometimes
                ) {
                    required.push(column.name);
                }
            }
            Some(group) => {
                if groups.last().is_none_or(|(name, _)| *name != group) {
                    groups.push((group, Vec::new()));
                    required.push(group);
                }
                groups.iter_mut().for_each(|(name, own)| {
                    if *name == group {
                        own.push((column.name, described(column)));
                    }
                });
            }
        }
    }
    properties.extend(groups.iter().map(|(name, own)| (*name, object(own))));
    with_required(&properties, &required)
}

fn described(column: &AnswerColumn) -> Json {
    let mut schema = schema_of(column.form);
    if column.presence == Presence::Nullable {
        schema["type"] = json!([schema["type"].clone(), "null"]);
    }
    schema["description"] = json!(column.meaning);
    schema
}

fn schema_of(form: CellForm) -> Json {
    match form {
        CellForm::Text => json!({ "type": "string" }),
        CellForm::OneOf(words) => json!({ "type": "string", "enum": words }),
        CellForm::Count => json!({ "type": "integer", "minimum": 0 }),
        CellForm::Number => json!({ "type": "number" }),
        CellForm::Share => json!({ "type": "number", "minimum": 0 }),
        CellForm::Day => json!({ "type": "string", "format": "date" }),
        CellForm::Month => json!({ "type": "string", "pattern": "^[0-9]{4}-[0-9]{2}$" }),
        CellForm::Flag => json!({ "type": "boolean", "const": true }),
    }
}

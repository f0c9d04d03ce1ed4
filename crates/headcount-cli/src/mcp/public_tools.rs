//! The tools of `headcount mcp --public`: what public pages show, and nothing
//! else. Whatever the questions can tell beyond that is refused.

use headcount_collector::HttpQuestion;
use serde_json::{Map, Value as Json, json};

use super::tool;

pub(super) const INSTRUCTIONS: &str = "\
Numbers of how people use command-line programs, as their public pages show them: events and devices by week. \
Every number stands for at least 20 devices, and what stands for fewer is withheld. Begin with `public_products`.";

const FEWEST: &str = "Every number stands for at least 20 devices.";
const PRODUCTS: &str = "public_products";
const NUMBERS: &str = "public_numbers";
const PRODUCT: &str = "product";

/// What answers the tools.
#[derive(Clone, Copy)]
pub(super) struct PublicAnswers<'a> {
    /// The names of the products with a public page.
    pub(super) products: &'a dyn Fn() -> Result<Vec<String>, String>,
    /// The numbers of a product's page, as JSON; `None` if it has no page.
    pub(super) numbers: &'a dyn Fn(&str) -> Result<Option<String>, String>,
}

/// Both tools.
pub(super) fn list() -> Vec<Json> {
    let described = json!({ "type": "string", "description": "The product's name" });
    let product = Map::from_iter([(PRODUCT.to_owned(), described)]);
    vec![
        tool::reading(PRODUCTS, "Products with a public page", FEWEST, &Map::new(), &[]),
        tool::reading(
            NUMBERS,
            "What the public page of a product shows, by week",
            FEWEST,
            &product,
            &[PRODUCT],
        ),
    ]
}

/// The text of an answer, or why there is none: the model that asked can read
/// that, and ask again.
///
/// # Errors
///
/// Says that there is no such tool.
pub(super) fn text(
    name: &str,
    arguments: &Json,
    answers: PublicAnswers<'_>,
) -> Result<Result<String, String>, String> {
    match name {
        PRODUCTS => Ok(products(arguments, answers)),
        NUMBERS => Ok(numbers(arguments, answers)),
        _ if HttpQuestion::from_name(name).is_some() => Ok(Err(format!(
            "this server was started with --public, so it answers with what the public pages show \
             and refuses all other questions: use {PRODUCTS} or {NUMBERS}"
        ))),
        _ => Err(format!("unknown tool: use {PRODUCTS} or {NUMBERS}")),
    }
}

fn products(arguments: &Json, answers: PublicAnswers<'_>) -> Result<String, String> {
    if !object(arguments)?.is_empty() {
        return Err(format!("unknown argument: {PRODUCTS} takes none"));
    }
    Ok(json!({ "products": (answers.products)()? }).to_string())
}

fn numbers(arguments: &Json, answers: PublicAnswers<'_>) -> Result<String, String> {
    let arguments = object(arguments)?;
    if arguments.keys().any(|name| name != PRODUCT) {
        return Err(format!("unknown argument: {NUMBERS} takes {PRODUCT}"));
    }
    let product = match arguments.get(PRODUCT) {
        None | Some(Json::Null) => return Err(format!("missing argument `{PRODUCT}`")),
        Some(Json::String(product)) => product,
        Some(_) => return Err(format!("`{PRODUCT}` is not a string")),
    };
    // Whether there is such a product is nobody's business.
    (answers.numbers)(product)?.ok_or_else(|| {
        format!("no product of this name has a public page: ask {PRODUCTS} for those")
    })
}

fn object(arguments: &Json) -> Result<Map<String, Json>, String> {
    match arguments {
        Json::Null => Ok(Map::new()),
        Json::Object(arguments) => Ok(arguments.clone()),
        _ => Err("`arguments` is not an object".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PAGE: &str = r#"{"product":"tool","weeks":[{"devices":null}]}"#;

    fn ask(name: &str, arguments: &Json) -> Result<Result<String, String>, String> {
        let products = || Ok(vec!["tool".to_owned()]);
        let numbers = |product: &str| Ok((product == "tool").then(|| PAGE.to_owned()));
        text(name, arguments, PublicAnswers { products: &products, numbers: &numbers })
    }

    #[test]
    fn there_are_two_tools_and_every_question_is_refused() {
        let names: Vec<Json> = list().iter().map(|tool| tool["name"].clone()).collect();
        assert_eq!(names, ["public_products", "public_numbers"]);
        for question in HttpQuestion::ALL {
            let told = ask(question.name(), &json!({ "product": "tool" })).unwrap().unwrap_err();
            assert!(told.contains("started with --public"), "{told}");
        }
        assert!(ask("sql", &json!({})).unwrap_err().contains("unknown tool"));
    }

    #[test]
    fn an_answer_is_the_text_of_the_page_and_a_mistake_is_a_sentence() {
        assert_eq!(ask(NUMBERS, &json!({ "product": "tool" })), Ok(Ok(PAGE.to_owned())));
        assert_eq!(ask(PRODUCTS, &Json::Null), Ok(Ok(r#"{"products":["tool"]}"#.to_owned())));
        for (name, arguments, told) in [
            (NUMBERS, json!({ "product": "other" }), "no product of this name has a public page"),
            (NUMBERS, json!({}), "missing argument `product`"),
            (NUMBERS, json!({ "product": 7 }), "`product` is not a string"),
            (NUMBERS, json!({ "product": "tool", "event": "run" }), "unknown argument"),
            (NUMBERS, json!([]), "`arguments` is not an object"),
            (PRODUCTS, json!({ "product": "tool" }), "unknown argument"),
        ] {
            let sentence = ask(name, &arguments).unwrap().unwrap_err();
            assert!(sentence.contains(told), "{arguments}: {sentence}");
        }
    }
}

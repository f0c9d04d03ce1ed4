//! Reads JSON with comments and trailing commas, and says where each value
//! stands in the text.

use jsonc_parser::ast::{Array, Object, ObjectProp, Value};
use jsonc_parser::common::Ranged as _;
use jsonc_parser::{CollectOptions, ParseOptions, parse_to_ast};

use super::error::Problem;
use super::strict;

/// What agents take: JSON, and at most comments and trailing commas.
const OPTIONS: ParseOptions = ParseOptions {
    allow_comments: true,
    allow_trailing_commas: true,
    allow_loose_object_property_names: false,
    allow_missing_commas: false,
    allow_single_quoted_strings: false,
    allow_hexadecimal_numbers: false,
    allow_unary_plus_numbers: false,
    allow_bare_decimal_point_numbers: false,
    allow_non_finite_numbers: false,
    allow_extended_string_escapes: false,
};

/// Reads the object that a text holds.
pub(crate) fn root(text: &str) -> Result<Object<'_>, Problem> {
    let value = parse_to_ast(text, &CollectOptions::default(), &OPTIONS).map_err(|error| {
        let problem = error.kind().to_string();
        Problem::Syntax { line: error.line_display(), column: error.column_display(), problem }
    })?;
    if value.value.is_some() {
        strict::check(text)?;
    }
    match value.value {
        Some(Value::Object(object)) => Ok(object),
        Some(_) => Err(Problem::NotAn { what: "the top level".to_owned(), wanted: "an object" }),
        None => Err(Problem::Empty),
    }
}

/// The member of this name, if there is exactly one.
pub(crate) fn member<'o, 't>(
    object: &'o Object<'t>,
    name: &str,
    text: &str,
) -> Result<Option<(usize, &'o ObjectProp<'t>)>, Problem> {
    let mut found = None;
    for (place, property) in object.properties.iter().enumerate() {
        if property.name.as_str() != name {
            continue;
        }
        if found.is_some() {
            let line = text[..property.start()].matches('\n').count() + 1;
            return Err(Problem::Twice { key: name.to_owned(), line });
        }
        found = Some((place, property));
    }
    Ok(found)
}

/// The brackets of an object or an array, and the places of what is between
/// them.
#[derive(Debug, Clone)]
pub(crate) struct Container {
    /// Behind the opening bracket.
    pub(crate) open: usize,
    /// Before the closing bracket.
    pub(crate) close: usize,
    /// From the start to the end of each.
    pub(crate) items: Vec<std::ops::Range<usize>>,
}

impl Container {
    pub(crate) fn of_object(object: &Object<'_>) -> Self {
        let items = object.properties.iter().map(|item| item.start()..item.end());
        Self { open: object.start() + 1, close: object.end() - 1, items: items.collect() }
    }

    pub(crate) fn of_array(array: &Array<'_>) -> Self {
        let items = array.elements.iter().map(|item| item.start()..item.end());
        Self { open: array.start() + 1, close: array.end() - 1, items: items.collect() }
    }
}

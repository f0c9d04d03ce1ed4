//! YAML as values, with bounds: levels, and values with what aliases repeat.

use std::collections::HashMap;

use granit_parser::{Event, Parser, ScalarStyle};
use serde_json::{Map, Number, Value};

use super::limits;

/// A value with what it costs.
#[derive(Clone)]
struct Held {
    value: Value,
    /// Values in it, with itself.
    size: usize,
    /// Levels of it.
    depth: usize,
}

/// A collection whose end is still to come.
struct Open {
    anchor: usize,
    size: usize,
    depth: usize,
    content: Content,
}

enum Content {
    List(Vec<Value>),
    Mapping(Map<String, Value>, Option<String>),
}

/// Reads every document of a text.
///
/// # Errors
///
/// Returns what is wrong, with its line.
pub(super) fn read(text: &str) -> Result<Vec<Value>, String> {
    let options = granit_parser::options! {
        emit_comments: false,
        flow_nesting_limit: limits::DEPTH,
        block_nesting_limit: limits::DEPTH,
    };
    let mut reader = Reader::default();
    for next in Parser::new_from_str_with_options(text, options) {
        let (event, span) = next.map_err(|error| {
            format!("line {} is not YAML: {}", error.marker().line(), error.info())
        })?;
        reader.take(event).map_err(|why| format!("line {}: {why}", span.start.line()))?;
    }
    Ok(reader.roots)
}

#[derive(Default)]
struct Reader {
    roots: Vec<Value>,
    open: Vec<Open>,
    anchors: HashMap<usize, Held>,
    /// Values so far, with those that aliases repeat.
    values: usize,
}

impl Reader {
    fn take(&mut self, event: Event<'_>) -> Result<(), String> {
        match event {
            Event::Scalar(word, style, anchor, _) => {
                let value = match style {
                    ScalarStyle::Plain => plain(&word),
                    _ => Value::from(word.into_owned()),
                };
                self.put(Held { value, size: 1, depth: 1 }, anchor)
            }
            Event::Alias(anchor) => {
                let held = self.anchors.get(&anchor).cloned();
                self.put(held.ok_or("an alias of something that is still open")?, 0)
            }
            Event::SequenceStart(_, anchor, _) => self.begin(anchor, Content::List(Vec::new())),
            Event::MappingStart(_, anchor, _) => {
                self.begin(anchor, Content::Mapping(Map::new(), None))
            }
            Event::SequenceEnd | Event::MappingEnd => {
                let Some(Open { anchor, size, depth, content }) = self.open.pop() else {
                    return Err("an end without a beginning".to_owned());
                };
                let value = match content {
                    Content::List(items) => Value::Array(items),
                    Content::Mapping(map, _) => Value::Object(map),
                };
                self.put(Held { value, size, depth }, anchor)
            }
            Event::DocumentStart(..) => {
                self.anchors.clear();
                Ok(())
            }
            _ => Ok(()),
        }
    }

    fn begin(&mut self, anchor: usize, content: Content) -> Result<(), String> {
        self.open.push(Open { anchor, size: 1, depth: 1, content });
        Ok(())
    }

    fn put(&mut self, held: Held, anchor: usize) -> Result<(), String> {
        self.values += held.size;
        if self.values > limits::VALUES {
            return Err(format!(
                "it has more than {} values with what its aliases repeat",
                limits::VALUES
            ));
        }
        if self.open.len() + held.depth > limits::DEPTH {
            return Err(format!("it has more than {} levels", limits::DEPTH));
        }
        if anchor > 0 {
            self.anchors.insert(anchor, held.clone());
        }
        let Some(parent) = self.open.last_mut() else {
            self.roots.push(held.value);
            return Ok(());
        };
        parent.size += held.size;
        parent.depth = parent.depth.max(held.depth + 1);
        match &mut parent.content {
            Content::List(items) => items.push(held.value),
            Content::Mapping(map, key) => match key.take() {
                Some(key) => {
                    if map.insert(key.clone(), held.value).is_some() {
                        let key = headcount::person::visible(&key);
                        return Err(format!("the key `{key}` is there twice"));
                    }
                }
                None => *key = Some(key_of(held.value)?),
            },
        }
        Ok(())
    }
}

fn key_of(value: Value) -> Result<String, String> {
    match value {
        Value::String(text) => Ok(text),
        Value::Array(_) | Value::Object(_) => Err("a key that is a collection".to_owned()),
        other => Ok(other.to_string()),
    }
}

/// A scalar without quotation marks, by the core schema of YAML 1.2.
fn plain(word: &str) -> Value {
    match word {
        "" | "~" | "null" | "Null" | "NULL" => Value::Null,
        "true" | "True" | "TRUE" => Value::Bool(true),
        "false" | "False" | "FALSE" => Value::Bool(false),
        _ => number(word).map_or_else(|| Value::from(word), Value::Number),
    }
}

fn number(word: &str) -> Option<Number> {
    if !word.bytes().any(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let digits = word.strip_prefix(['+', '-']).unwrap_or(word);
    if !digits.starts_with(|first: char| first.is_ascii_digit() || first == '.') {
        return None;
    }
    let whole = word.parse::<i64>().ok().map(Number::from);
    whole
        .or_else(|| word.parse::<u64>().ok().map(Number::from))
        .or_else(|| word.parse::<f64>().ok().and_then(Number::from_f64))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn values_are_those_of_the_core_schema() {
        let text =
            "a: 1\nb: '1'\nc: [true, ~, 0.5, no, -3]\nd: &x {e: f}\ng: *x\nh: |\n  two\n  lines\n";
        let expected = json!({
            "a": 1, "b": "1", "c": [true, null, 0.5, "no", -3], "d": {"e": "f"}, "g": {"e": "f"},
            "h": "two\nlines\n",
        });
        assert_eq!(read(text).unwrap(), [expected]);
        assert_eq!(read("a: 1\n---\nb: 2\n").unwrap(), [json!({"a": 1}), json!({"b": 2})]);
        assert_eq!(read("").unwrap(), Vec::<Value>::new());
    }

    #[test]
    fn what_would_grow_without_end_is_refused() {
        let mut bomb = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n".to_owned();
        for level in 1..20 {
            let refs = vec![format!("*a{}", level - 1); 10].join(", ");
            bomb += &format!("a{level}: &a{level} [{refs}]\n");
        }
        assert!(read(&bomb).unwrap_err().contains("aliases"), "a bomb");
        let mut chain = "a0: &a0 [x]\n".to_owned();
        for level in 1..200 {
            chain += &format!("a{level}: &a{level} [*a{}]\n", level - 1);
        }
        assert!(read(&chain).unwrap_err().contains("levels"), "a chain");
        for deep in ["[".repeat(100_000), "{a: ".repeat(100_000), "- ".repeat(100_000)] {
            assert!(read(&deep).is_err());
        }
        assert!(read("a: &a [*a]\n").is_err(), "a circle");
        assert!(read("a: 1\na: 2\n").unwrap_err().contains("twice"));
        assert!(read("[a]: 1\n").is_err());
        assert!(read("a: \0\n").is_err());
        assert!(read("a: *gone\n").is_err());
    }
}

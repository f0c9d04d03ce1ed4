//! A strict checker of the part of JSON Schema that the OpenAPI document uses:
//! a keyword that it does not know is a fault.

use headcount_catalog::{Day, Time};
use serde_json::Value as Json;

/// Checks a value against a schema of a document. Returns where it breaks
/// which rule.
pub(crate) fn check(document: &Json, schema: &Json, value: &Json) -> Result<(), String> {
    Checker { document }.check(schema, value, "$")
}

struct Checker<'a> {
    document: &'a Json,
}

/// Keywords that say nothing about a value.
const SILENT: [&str; 1] = ["description"];

impl Checker<'_> {
    fn check(&self, schema: &Json, value: &Json, at: &str) -> Result<(), String> {
        let schema = schema.as_object().ok_or(format!("{at}: the schema is not an object"))?;
        for (keyword, rule) in schema {
            self.keyword(keyword, rule, value, at)?;
        }
        self.object(schema, value, at)
    }

    fn keyword(&self, keyword: &str, rule: &Json, value: &Json, at: &str) -> Result<(), String> {
        let broken = || Err(format!("{at}: {value} breaks `{keyword}`: {rule}"));
        let holds = match keyword {
            "$ref" => {
                let pointer = rule.as_str().unwrap().strip_prefix('#').unwrap();
                let named = self.document.pointer(pointer).ok_or(format!("no {rule}"))?;
                return self.check(named, value, at);
            }
            "oneOf" => {
                let all = rule.as_array().unwrap();
                let fits: Vec<_> = all.iter().map(|one| self.check(one, value, at)).collect();
                match fits.iter().filter(|fit| fit.is_ok()).count() {
                    1 => true,
                    0 => return Err(format!("{at}: {value} fits none: {fits:?}")),
                    number => return Err(format!("{at}: {value} fits {number} of `oneOf`")),
                }
            }
            "type" => match rule {
                Json::Array(all) => all.iter().any(|one| is(one, value)),
                one => is(one, value),
            },
            "const" => rule == value,
            "enum" => rule.as_array().unwrap().contains(value),
            "minimum" => value.as_f64().is_none_or(|number| number >= rule.as_f64().unwrap()),
            "format" => match rule.as_str().unwrap() {
                "date" => value.as_str().is_none_or(|text| Day::parse(text).is_some()),
                "date-time" => value.as_str().is_none_or(|text| Time::parse(text).is_some()),
                other => panic!("{at}: unknown format `{other}`"),
            },
            "pattern" => value.as_str().is_none_or(|text| matches(rule.as_str().unwrap(), text)),
            "items" => {
                for (index, item) in value.as_array().into_iter().flatten().enumerate() {
                    self.check(rule, item, &format!("{at}[{index}]"))?;
                }
                true
            }
            "properties" | "required" | "additionalProperties" => true,
            silent if SILENT.contains(&silent) => true,
            unknown => return Err(format!("{at}: unknown keyword `{unknown}`")),
        };
        if holds { Ok(()) } else { broken() }
    }

    fn object(
        &self,
        schema: &serde_json::Map<String, Json>,
        value: &Json,
        at: &str,
    ) -> Result<(), String> {
        let Some(value) = value.as_object() else { return Ok(()) };
        let required = schema.get("required").and_then(Json::as_array).into_iter().flatten();
        for name in required.map(|name| name.as_str().unwrap()) {
            if !value.contains_key(name) {
                return Err(format!("{at}: there is no `{name}`"));
            }
        }
        for (name, own) in value {
            let known = schema.get("properties").and_then(|all| all.get(name));
            let at = format!("{at}.{name}");
            match (known, schema.get("additionalProperties")) {
                (Some(known), _) => self.check(known, own, &at)?,
                (None, Some(Json::Bool(false))) => {
                    return Err(format!("{at} is not in the schema"));
                }
                (None, Some(rest)) => self.check(rest, own, &at)?,
                (None, None) => {}
            }
        }
        Ok(())
    }
}

fn is(kind: &Json, value: &Json) -> bool {
    match kind.as_str().unwrap() {
        "object" => value.is_object(),
        "array" => value.is_array(),
        "string" => value.is_string(),
        "integer" => value.is_u64() || value.is_i64(),
        "number" => value.is_number(),
        "boolean" => value.is_boolean(),
        "null" => value.is_null(),
        unknown => panic!("unknown type `{unknown}`"),
    }
}

/// `^[0-9]{4}-[0-9]{2}$` and the like: classes of characters with a number, and
/// characters.
fn matches(pattern: &str, text: &str) -> bool {
    let inner = pattern.strip_prefix('^').and_then(|rest| rest.strip_suffix('$')).expect(pattern);
    let (mut rest, mut text) = (inner, text);
    while !rest.is_empty() {
        let Some(class) = rest.strip_prefix('[') else {
            let (expected, after) = rest.split_at(1);
            let Some(left) = text.strip_prefix(expected) else { return false };
            (rest, text) = (after, left);
            continue;
        };
        let (class, after) = class.split_once("]{").expect(pattern);
        let (number, after) = after.split_once('}').expect(pattern);
        let ranges: Vec<&[u8]> = class.as_bytes().chunks(3).collect();
        let fits = |byte: u8| ranges.iter().any(|range| (range[0]..=range[2]).contains(&byte));
        let number: usize = number.parse().unwrap();
        if text.len() < number || !text.bytes().take(number).all(fits) {
            return false;
        }
        (rest, text) = (after, &text[number..]);
    }
    text.is_empty()
}

#[test]
fn what_does_not_fit_is_told() {
    use serde_json::json;
    let document = json!({ "a": { "type": "integer", "minimum": 0 } });
    let row = json!({
        "type": "object",
        "properties": {
            "day": { "type": "string", "format": "date" },
            "month": { "type": "string", "pattern": "^[0-9]{4}-[0-9]{2}$" },
            "count": { "$ref": "#/a" },
            "of": { "type": ["integer", "null"] },
            "rows": { "type": "array", "items": { "enum": ["x", "y"] } },
        },
        "required": ["day"],
        "additionalProperties": false,
    });
    let good = json!({
        "day": "2026-11-20", "month": "2026-11", "count": 0, "of": null, "rows": ["x"],
    });
    assert_eq!(check(&document, &row, &good), Ok(()));
    for (name, wrong) in [
        ("day", json!("2026-02-30")),
        ("day", json!(7)),
        ("month", json!("2026-1")),
        ("month", json!("2026-11-20")),
        ("count", json!(-1)),
        ("count", json!(0.5)),
        ("of", json!("1")),
        ("rows", json!(["z"])),
        ("other", json!(1)),
    ] {
        let mut bad = good.clone();
        bad[name] = wrong;
        assert!(check(&document, &row, &bad).is_err(), "{bad}");
    }
    assert!(check(&document, &row, &json!({})).unwrap_err().contains("there is no `day`"));
    let two = json!({ "oneOf": [{ "type": "integer" }, { "type": "number" }] });
    assert!(check(&document, &two, &json!(1)).is_err());
    assert_eq!(check(&document, &two, &json!(0.5)), Ok(()));
    assert!(check(&document, &json!({ "maxLength": 1 }), &json!("a")).is_err());
}

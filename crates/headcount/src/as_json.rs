//! JSON of our own files and answers, field by field.
//!
//! `serde_json::json!` compiles how each type is serialized into every place
//! where it is written. None of those places is ever in a hurry, so here each
//! type has one function for it, and one function puts an object together.

use headcount_catalog::NameSet;
use serde_json::{Map, Value as Json};

/// What can be written as JSON.
pub(crate) trait AsJson {
    /// Returns it as JSON.
    fn as_json(&self) -> Json;
}

/// Makes an object of these fields.
pub(crate) fn object(fields: &[(&str, &dyn AsJson)]) -> Json {
    let mut object = Map::new();
    for (key, value) in fields {
        object.insert((*key).to_owned(), value.as_json());
    }
    Json::Object(object)
}

/// Makes an object of fields of one type.
pub(crate) fn object_of(fields: &mut dyn Iterator<Item = (&'static str, Json)>) -> Json {
    let mut object = Map::new();
    for (key, value) in fields {
        object.insert(key.to_owned(), value);
    }
    Json::Object(object)
}

/// An object with these fields, or one value: like `serde_json::json!`.
macro_rules! json {
    ({ $($key:literal: $value:expr),* $(,)? }) => {
        $crate::as_json::object(&[$(($key, &$value as &dyn $crate::as_json::AsJson)),*])
    };
    ($value:expr) => {
        $crate::as_json::AsJson::as_json(&$value)
    };
}
pub(crate) use json;

macro_rules! of_numbers {
    ($($number:ty),*) => {$(
        impl AsJson for $number {
            fn as_json(&self) -> Json {
                Json::from(*self)
            }
        }
    )*};
}
of_numbers!(bool, u16, u32, u64, usize, i64, f64);

impl AsJson for str {
    fn as_json(&self) -> Json {
        Json::from(self)
    }
}

impl AsJson for String {
    fn as_json(&self) -> Json {
        self.as_str().as_json()
    }
}

impl AsJson for Json {
    fn as_json(&self) -> Json {
        self.clone()
    }
}

impl AsJson for Map<String, Json> {
    fn as_json(&self) -> Json {
        Json::Object(self.clone())
    }
}

impl<T: AsJson + ?Sized> AsJson for &T {
    fn as_json(&self) -> Json {
        (**self).as_json()
    }
}

impl<T: AsJson> AsJson for Option<T> {
    fn as_json(&self) -> Json {
        self.as_ref().map_or(Json::Null, AsJson::as_json)
    }
}

impl<T: AsJson> AsJson for Vec<T> {
    fn as_json(&self) -> Json {
        Json::Array(self.iter().map(AsJson::as_json).collect())
    }
}

impl AsJson for NameSet {
    fn as_json(&self) -> Json {
        Json::Array(self.iter().map(Json::from).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tree_is_that_of_serde_json() {
        let (text, none) = ("a\"\u{1b}".to_owned(), None::<u64>);
        let inner = json!({"z": 1_u16, "a": [1.5, f64::NAN].to_vec()});
        let ours = json!({
            "text": text, "none": none, "some": Some(true), "inner": inner,
            "list": vec!["b", "a"], "set": NameSet::from(["b", "a"]), "number": -7_i64,
        });
        let theirs = serde_json::json!({
            "text": text, "none": null, "some": true, "inner": {"z": 1, "a": [1.5, null]},
            "list": ["b", "a"], "set": ["a", "b"], "number": -7,
        });
        assert_eq!((ours.to_string(), &ours), (theirs.to_string(), &theirs));
        assert_eq!(json!(7_u64), serde_json::json!(7));
    }
}

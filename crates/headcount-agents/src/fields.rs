//! Reads a payload by a list of allowed keys. Of everything else only the shape
//! is looked at: it is neither kept nor copied.

use std::borrow::Cow;
use std::fmt;

use serde_core::de::{Deserialize, DeserializeSeed, Deserializer, Error, IgnoredAny, MapAccess};
use serde_core::de::{SeqAccess, Visitor};

use crate::limits;

/// What is taken of the value of an allowed key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Take {
    /// The text, if it is one and not too long; `true` and `false` as text.
    Text,
    /// The first word of the text: what follows is the person's.
    FirstWord,
    /// Whether there is a value other than `null`.
    Presence,
}

/// An allowed key.
pub(crate) type Allowed = (&'static str, Take);

/// What a payload has under the allowed keys.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Fields(Vec<(&'static str, Option<String>)>);

impl Fields {
    /// Reads one object of JSON. `None` if it is not one, if anything follows
    /// it, or if an allowed key is in it twice.
    pub(crate) fn read(bytes: &[u8], allowed: &'static [Allowed]) -> Option<Self> {
        let mut json = serde_json::Deserializer::from_slice(bytes);
        let fields = json.deserialize_map(Object(allowed)).ok()?;
        json.end().ok()?;
        Some(fields)
    }

    /// The text under a key.
    pub(crate) fn text(&self, key: &str) -> Option<&str> {
        self.0.iter().find(|(known, _)| *known == key)?.1.as_deref()
    }

    /// The first of these keys that has a text.
    pub(crate) fn first_text(&self, keys: &[&str]) -> Option<&str> {
        keys.iter().find_map(|key| self.text(key))
    }

    /// Whether a key has a value.
    pub(crate) fn has(&self, key: &str) -> bool {
        self.0.iter().any(|(known, _)| *known == key)
    }
}

struct Object(&'static [Allowed]);

impl<'de> Visitor<'de> for Object {
    type Value = Fields;

    fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Fields, A::Error> {
        let mut fields = Fields::default();
        while let Some(key) = map.next_key::<Key<'de>>()? {
            let Some((key, take)) = self.0.iter().find(|(known, _)| *known == key.0) else {
                map.next_value::<IgnoredAny>()?;
                continue;
            };
            if fields.has(key) {
                return Err(A::Error::custom("a key is there twice"));
            }
            if let Some(taken) = map.next_value_seed(Taken(*take))? {
                fields.0.push((key, taken));
            }
        }
        Ok(fields)
    }
}

struct Key<'de>(Cow<'de, str>);

impl<'de> Deserialize<'de> for Key<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct KeyVisitor;
        impl<'de> Visitor<'de> for KeyVisitor {
            type Value = Key<'de>;

            fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
                out.write_str("a key")
            }

            fn visit_borrowed_str<E: Error>(self, text: &'de str) -> Result<Key<'de>, E> {
                Ok(Key(Cow::Borrowed(text)))
            }

            fn visit_str<E: Error>(self, text: &str) -> Result<Key<'de>, E> {
                Ok(Key(Cow::Owned(text.to_owned())))
            }
        }
        deserializer.deserialize_str(KeyVisitor)
    }
}

/// Takes a value: `None` for `null`, `Some(None)` for one without a text that
/// is wanted.
struct Taken(Take);

impl<'de> DeserializeSeed<'de> for Taken {
    type Value = Option<Option<String>>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Taken {
    type Value = Option<Option<String>>;

    fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("a value")
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Self::Value, E> {
        let taken = match self.0 {
            Take::Text => Some(text).filter(|text| text.len() <= limits::TEXT_BYTES),
            Take::FirstWord => first_word(text),
            Take::Presence => None,
        };
        Ok(Some(taken.map(str::to_owned)))
    }

    fn visit_unit<E: Error>(self) -> Result<Self::Value, E> {
        Ok(None)
    }

    fn visit_bool<E: Error>(self, flag: bool) -> Result<Self::Value, E> {
        let is_wanted = self.0 == Take::Text;
        Ok(Some(is_wanted.then(|| flag.to_string())))
    }

    fn visit_i64<E: Error>(self, _: i64) -> Result<Self::Value, E> {
        Ok(Some(None))
    }

    fn visit_u64<E: Error>(self, _: u64) -> Result<Self::Value, E> {
        Ok(Some(None))
    }

    fn visit_f64<E: Error>(self, _: f64) -> Result<Self::Value, E> {
        Ok(Some(None))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Self::Value, A::Error> {
        while seq.next_element::<IgnoredAny>()?.is_some() {}
        Ok(Some(None))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
        Ok(Some(None))
    }
}

/// The word with which a text begins, if it is as short as the name of a
/// command with what agents put before it.
fn first_word(text: &str) -> Option<&str> {
    const LONGEST: usize = "/prompts:".len() + limits::NAME_BYTES;
    let word = text.split(char::is_whitespace).next()?;
    (!word.is_empty() && word.len() <= LONGEST).then_some(word)
}

#[cfg(test)]
mod tests {
    use super::*;

    const ALLOWED: &[Allowed] =
        &[("id", Take::Text), ("prompt", Take::FirstWord), ("agent_id", Take::Presence)];

    fn read(text: &str) -> Option<Fields> {
        Fields::read(text.as_bytes(), ALLOWED)
    }

    #[test]
    fn allowed_keys_are_read_in_any_order_and_others_are_not_kept() {
        for text in [
            r#"{"id":"a","prompt":"$commit fix my secret","x":{"id":"b","y":[1,{"id":2}]},"agent_id":7}"#,
            r#"  { "agent_id" : {"id":"c"}, "more" : "id", "prompt" : "$commit\tfix", "id" : "a" }
"#,
        ] {
            let fields = read(text).expect("an object");
            assert_eq!((fields.text("id"), fields.text("prompt")), (Some("a"), Some("$commit")));
            assert!(fields.has("agent_id") && !fields.has("x"));
            assert!(!format!("{fields:?}").contains("secret"));
        }
        let fields = read(r#"{"agent_id":null,"id":7,"prompt":["$commit"]}"#).unwrap();
        assert!(!fields.has("agent_id"));
        assert_eq!((fields.text("id"), fields.text("prompt")), (None, None));
    }

    #[test]
    fn what_is_not_one_object_is_not_read() {
        for text in [
            "",
            "null",
            "[]",
            "7",
            "{",
            r#"{"id":"a""#,
            r#"{"id":"a"}{}"#,
            r#"{"id":"a"} x"#,
            r#"{"id":"a","id":"b"}"#,
            r#"{"id":"a","x":tru}"#,
            "{\"id\":\"\u{0}\"}",
        ] {
            assert_eq!(read(text), None, "{text:?}");
        }
        assert_eq!(Fields::read(b"{\"id\":\"\xff\"}", ALLOWED), None);
        let deep = format!("{{\"x\":{}1{},\"id\":\"a\"}}", "[".repeat(9000), "]".repeat(9000));
        assert_eq!(
            read(&deep).and_then(|fields| fields.text("id").map(str::to_owned)),
            Some("a".into())
        );
    }

    #[test]
    fn of_a_long_text_nothing_is_taken() {
        let long = "x".repeat(limits::TEXT_BYTES + 1);
        let fields = read(&format!(r#"{{"id":"{long}","prompt":"{long} y"}}"#)).unwrap();
        assert_eq!((fields.text("id"), fields.text("prompt")), (None, None));
        assert_eq!(read(r#"{"prompt":" $commit"}"#).unwrap().text("prompt"), None);
    }
}

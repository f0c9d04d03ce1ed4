//! The request with which a person asks a collector to erase what their device
//! sent, `POST /api/v1/forget`, and its answer: both ways.

use super::DeviceSecret;
use crate::json::{Object, Written, parse};
use crate::payload::bearer;
use crate::{Gzip, Json, Malformed, Post, limits};

/// The path where a collector takes it.
pub const FORGET_PATH: &str = "/api/v1/forget";

/// Encodes the request: `{"product":NAME,"secret":HEX}`. The id of the device
/// is a hash of the secret, which proves that the events with this id are the
/// person's.
#[must_use]
pub fn erasure(key: &str, product: &str, secret: &str) -> Post {
    let mut json = Object::new();
    json.put("product", &Written::Text(product));
    json.put("secret", &Written::Text(secret));
    let body = json.finish().into_bytes();
    let headers = vec![("content-type", "application/json".to_owned()), bearer(key)];
    Post { query: Vec::new(), headers, body, gzip: Gzip::NotTaken }
}

/// What a person asks a collector for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ErasureRequest {
    /// The product; releases from before November 2026 leave it out, and have
    /// its key alone.
    pub product: Option<String>,
    /// The secret behind the id.
    pub secret: DeviceSecret,
}

impl ErasureRequest {
    /// Reads the body of a request. Other keys are skipped.
    ///
    /// # Errors
    ///
    /// Returns an error if that is not a JSON object with the secret.
    pub fn decode(body: &[u8]) -> Result<Self, Malformed> {
        let json = parse(Malformed::utf8(body, WANTED)?)
            .map_err(|fault| Malformed::json(body, fault, WANTED))?;
        if !json.is_object() {
            return Err(Malformed::because(format!(
                "the body is valid JSON but not an object: send {WANTED}"
            )));
        }
        let product = match json.get("product") {
            None | Some(Json::Null) => None,
            Some(Json::Text(name)) => Some(name.clone().into_owned()),
            Some(_) => {
                let sentence = format!("`product` is not a string: send {WANTED}");
                return Err(Malformed::because(sentence));
            }
        };
        let secret = json.get("secret").and_then(Json::text).and_then(DeviceSecret::from_hex);
        // What was sent is not repeated: it may be nearly a secret.
        let sentence =
            || format!("`secret` is not a string of 32 hexadecimal digits: send {WANTED}");
        let secret = secret.ok_or_else(|| Malformed::because(sentence()))?;
        Ok(Self { product, secret })
    }
}

/// What a request is told that is anything else.
const WANTED: &str = "{\"product\":NAME,\"secret\":HEX}";

/// What a collector answers to it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ErasureAnswer {
    /// The number of events that are gone now; `None` if the collector does not
    /// say.
    pub erased: Option<u64>,
    /// What the collector's operator can check later.
    pub proof: Option<String>,
}

impl ErasureAnswer {
    /// Encodes the answer: `{"erased":N,"proof":TEXT}`.
    #[must_use]
    pub fn encode(&self) -> String {
        let mut json = Object::new();
        if let Some(erased) = self.erased {
            json.put("erased", &Written::Whole(i64::try_from(erased).unwrap_or(i64::MAX)));
        }
        if let Some(proof) = &self.proof {
            json.put("proof", &Written::Text(proof));
        }
        json.finish()
    }

    /// Reads the body of a 200: nothing, or a JSON object. `None` if it is
    /// neither, as a block page is. A proof that a terminal could not show as
    /// it is counts as none.
    #[must_use]
    pub fn decode(body: &[u8]) -> Option<Self> {
        let text = std::str::from_utf8(body).ok()?;
        if text.trim().is_empty() {
            return Some(Self::default());
        }
        let json = parse(text).ok().filter(Json::is_object)?;
        let erased = json.get("erased").and_then(Json::whole);
        let erased = erased.and_then(|erased| u64::try_from(erased).ok());
        let proof = json.get("proof").and_then(Json::text).filter(|proof| is_proof(proof));
        Some(Self { erased, proof: proof.map(str::to_owned) })
    }
}

fn is_proof(text: &str) -> bool {
    let may_be_in_it =
        |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'_');
    (1..=limits::PROOF_BYTES).contains(&text.len()) && text.bytes().all(may_be_in_it)
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECRET: &str = "00112233445566778899aabbccddeeff";

    #[test]
    fn what_is_sent_is_what_is_read() {
        let post = erasure("key", "atomic", SECRET);
        assert_eq!(
            String::from_utf8(post.body.clone()).as_deref(),
            Ok("{\"product\":\"atomic\",\"secret\":\"00112233445566778899aabbccddeeff\"}")
        );
        let secret = DeviceSecret::from_hex(SECRET).expect("a secret");
        let read = ErasureRequest::decode(&post.body).expect("a request");
        assert_eq!(read, ErasureRequest { product: Some("atomic".to_owned()), secret });
        // What the first releases send, and what a later one may add.
        let older = format!("{{\"device\":\"an id\",\"secret\":\"{SECRET}\",\"more\":[{{}}]}}");
        let read = ErasureRequest::decode(older.as_bytes()).expect("a request");
        assert_eq!(read, ErasureRequest { product: None, secret });
    }

    #[test]
    fn anything_else_is_a_sentence_without_what_was_sent() {
        for (body, told) in [
            ("", "not valid JSON"),
            ("[]", "valid JSON but not an object"),
            ("{}", "`secret` is not a string of 32 hexadecimal digits"),
            ("{\"secret\":7}", "`secret` is not a string"),
            ("{\"secret\":\"00112233445566778899aabbccddeefg\"}", "`secret` is not a string"),
            ("{\"product\":7,\"secret\":\"00112233445566778899aabbccddeeff\"}", "`product` is not"),
            ("{\"secret\":\"00112233445566778899aabbccddeeff\"", "not valid JSON"),
        ] {
            let error = ErasureRequest::decode(body.as_bytes()).expect_err(body).to_string();
            assert!(error.contains(told) && !error.contains("0011"), "{body}: {error}");
        }
        assert!(ErasureRequest::decode(b"{\"secret\":\"\xff\"}").is_err());
    }

    #[test]
    fn a_block_page_has_erased_nothing() {
        let of = |erased, proof: Option<&str>| {
            Some(ErasureAnswer { erased, proof: proof.map(str::to_owned) })
        };
        for (body, read) in [
            ("", of(None, None)),
            ("\n", of(None, None)),
            ("{}", of(None, None)),
            (" {\"erased\":7}\n", of(Some(7), None)),
            ("{\"erased\":0,\"proof\":\"a.1-b_c\"}", of(Some(0), Some("a.1-b_c"))),
            ("{\"erased\":-1,\"proof\":7}", of(None, None)),
            ("{\"erased\":1,\"proof\":\"\\u001b[31m\"}", of(Some(1), None)),
            ("<html>", None),
            ("ok", None),
            ("[]", None),
            ("7", None),
            ("{", None),
            ("\u{feff}{}", None),
        ] {
            assert_eq!(ErasureAnswer::decode(body.as_bytes()), read, "{body}");
        }
        let long = format!("{{\"proof\":\"{}\"}}", "a".repeat(limits::PROOF_BYTES + 1));
        assert_eq!(ErasureAnswer::decode(long.as_bytes()), of(None, None));
        let answer = ErasureAnswer { erased: Some(7), proof: Some("a.b".to_owned()) };
        assert_eq!(answer.encode(), "{\"erased\":7,\"proof\":\"a.b\"}");
        assert_eq!(ErasureAnswer::decode(answer.encode().as_bytes()), Some(answer));
    }
}

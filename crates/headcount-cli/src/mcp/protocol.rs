//! The Model Context Protocol, as far as a server of read-only tools needs it.
//! A pure function: a message in, at most one message out.
//!
//! It speaks both generations. Clients of 2025-11-25 and before begin with
//! `initialize`; those of 2026-07-28 name their version with each request, and
//! may ask `server/discover`. That is five methods, and no library: one that
//! has them all brings an async server, macros and a generator of schemas,
//! where the table of questions is the schema.

use headcount_collector::HttpQuestion;
use serde_json::{Value as Json, json};

use super::public_tools::{self, PublicAnswers};
use super::{limits, tools};

/// The version whose requests say it themselves.
const STATELESS: &str = "2026-07-28";

/// The versions that begin with `initialize`, the newest first.
const WITH_HANDSHAKE: [&str; 4] = ["2025-11-25", "2025-06-18", "2025-03-26", "2024-11-05"];

/// Where a request says its version.
const VERSION_KEY: &str = "io.modelcontextprotocol/protocolVersion";

const INSTRUCTIONS: &str = "\
Numbers of how people use command-line programs: counts of events and devices by day, week and version. \
Each tool is one closed question about one product; there is nothing about a person. If you do not know \
the names of products, events or properties, ask with any name: the answer lists those that there are.";

/// What the tools are.
#[derive(Clone, Copy)]
pub(super) enum Offer<'a> {
    /// The closed questions.
    Questions(Answers<'a>),
    /// What public pages show.
    Public(PublicAnswers<'a>),
}

impl Offer<'_> {
    fn tools(self) -> Vec<Json> {
        match self {
            Self::Questions(_) => tools::list(),
            Self::Public(_) => public_tools::list(),
        }
    }

    fn instructions(self) -> &'static str {
        match self {
            Self::Questions(_) => INSTRUCTIONS,
            Self::Public(_) => public_tools::INSTRUCTIONS,
        }
    }

    /// The text of an answer, or why there is none.
    ///
    /// # Errors
    ///
    /// Says that there is no such tool.
    fn text(self, parameters: &Json) -> Result<Result<String, String>, String> {
        let name = parameters["name"].as_str().unwrap_or_default();
        let arguments = &parameters["arguments"];
        match self {
            Self::Questions(answers) => match HttpQuestion::from_name(name) {
                Some(question) => {
                    Ok(tools::pairs(question, arguments).and_then(|pairs| answers(question, pairs)))
                }
                None => {
                    let known = HttpQuestion::ALL.map(HttpQuestion::name).join(", ");
                    Err(format!("unknown tool: use {known}"))
                }
            },
            Self::Public(answers) => public_tools::text(name, arguments, answers),
        }
    }
}

/// What answers a question: the text of the answer, or why there is none.
pub(super) type Answers<'a> =
    &'a dyn Fn(HttpQuestion, Vec<(String, String)>) -> Result<String, String>;

// The codes of JSON-RPC 2.0, and that of the protocol.
const NOT_JSON: i32 = -32_700;
const NOT_A_REQUEST: i32 = -32_600;
const NO_METHOD: i32 = -32_601;
const BAD_PARAMETERS: i32 = -32_602;
const OTHER_VERSION: i32 = -32_022;

/// What is said of a line that is not JSON.
pub(super) fn not_json() -> Json {
    failure(&Json::Null, NOT_JSON, "the line is not JSON: send one message a line")
}

/// What is said of a line that is too long.
pub(super) fn too_long() -> Json {
    let most = limits::LINE_BYTES / 1024;
    failure(&Json::Null, NOT_A_REQUEST, &format!("the line is longer than {most} KiB"))
}

/// Answers a message; `None` if it wants no answer.
pub(super) fn answer(message: &Json, offer: Offer<'_>) -> Option<Json> {
    let id = message.get("id").cloned();
    let is_id = |id: &Json| id.is_string() || id.is_number();
    let (Some(method), "2.0") =
        (message["method"].as_str(), message["jsonrpc"].as_str().unwrap_or_default())
    else {
        // An answer to what was never asked is no request.
        let is_answer = message.get("result").is_some() || message.get("error").is_some();
        let id = id.filter(is_id).unwrap_or(Json::Null);
        let sentence = "the message is not a request of JSON-RPC 2.0";
        return (!is_answer).then(|| failure(&id, NOT_A_REQUEST, sentence));
    };
    // Without an id it is a notification, and nothing here does anything at
    // one.
    let id = id?;
    if !is_id(&id) {
        let sentence = "`id` is neither a string nor a number";
        return Some(failure(&Json::Null, NOT_A_REQUEST, sentence));
    }
    let parameters = &message["params"];
    let said = parameters["_meta"][VERSION_KEY].as_str();
    if let Some(said) = said.filter(|said| *said != STATELESS) {
        let mut failure = failure(&id, OTHER_VERSION, "unsupported version of the protocol");
        failure["error"]["data"] = json!({ "supported": [STATELESS], "requested": shown(said) });
        return Some(failure);
    }
    let result = match method {
        "initialize" => Ok(initialized(parameters, offer)),
        "server/discover" => Ok(discovered(offer)),
        "ping" => Ok(json!({})),
        "tools/list" => Ok(json!({ "tools": offer.tools() })),
        "tools/call" => called(parameters, offer),
        _ => Err((NO_METHOD, "unknown method: this server has tools alone".to_owned())),
    };
    Some(match result {
        Ok(mut result) => {
            if said.is_some() {
                result["resultType"] = json!("complete");
            }
            if said.is_some() && matches!(method, "tools/list" | "server/discover") {
                result["ttlMs"] = json!(limits::LIST_MILLISECONDS);
                result["cacheScope"] = json!("public");
            }
            json!({ "jsonrpc": "2.0", "id": id, "result": result })
        }
        Err((code, sentence)) => failure(&id, code, &sentence),
    })
}

fn initialized(parameters: &Json, offer: Offer<'_>) -> Json {
    let wanted = parameters["protocolVersion"].as_str().unwrap_or_default();
    let version = WITH_HANDSHAKE.into_iter().find(|own| *own == wanted);
    json!({
        "protocolVersion": version.unwrap_or(WITH_HANDSHAKE[0]),
        "capabilities": { "tools": {} },
        "serverInfo": server(),
        "instructions": offer.instructions(),
    })
}

fn discovered(offer: Offer<'_>) -> Json {
    json!({
        "supportedVersions": [STATELESS],
        "capabilities": { "tools": {} },
        "serverInfo": server(),
        "instructions": offer.instructions(),
    })
}

fn server() -> Json {
    json!({ "name": "headcount", "title": "Headcount", "version": env!("CARGO_PKG_VERSION") })
}

/// A question that cannot be asked like this is a result that says so: the
/// model that asked can read it and ask again.
fn called(parameters: &Json, offer: Offer<'_>) -> Result<Json, (i32, String)> {
    let answered = offer.text(parameters).map_err(|sentence| (BAD_PARAMETERS, sentence))?;
    let answered = answered.and_then(|text| {
        if text.len() > limits::ANSWER_BYTES {
            let most = limits::ANSWER_BYTES / 1024;
            return Err(format!("the answer is longer than {most} KiB: ask about fewer days"));
        }
        Ok(text)
    });
    Ok(match answered {
        Ok(text) => {
            let structured: Json = serde_json::from_str(&text).unwrap_or(Json::Null);
            let mut result =
                json!({ "content": [{ "type": "text", "text": text }], "isError": false });
            if structured.is_object() {
                result["structuredContent"] = structured;
            }
            result
        }
        Err(sentence) => {
            json!({ "content": [{ "type": "text", "text": sentence }], "isError": true })
        }
    })
}

fn failure(id: &Json, code: i32, sentence: &str) -> Json {
    json!({ "jsonrpc": "2.0", "id": id, "error": { "code": code, "message": sentence } })
}

fn shown(text: &str) -> String {
    text.chars().filter(|letter| !letter.is_control()).take(40).collect()
}

#[cfg(test)]
#[path = "protocol_tests.rs"]
mod tests;

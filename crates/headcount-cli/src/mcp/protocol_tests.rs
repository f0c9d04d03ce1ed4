//! Messages of both generations, and messages that are none.

use super::*;

fn ask(message: &Json) -> Option<Json> {
    let answers = |question: HttpQuestion, pairs: Vec<(String, String)>| {
        let pairs: Vec<String> =
            pairs.iter().map(|(name, value)| format!("{name}={value}")).collect();
        if pairs.iter().any(|pair| pair == "product=nothing") {
            return Err("unknown product; this collector has catalogs for atomic".to_owned());
        }
        if pairs.iter().any(|pair| pair == "product=huge") {
            return Ok("x".repeat(limits::ANSWER_BYTES + 1));
        }
        Ok(json!({ "question": question.name(), "asked": pairs }).to_string())
    };
    answer(message, Offer::Questions(&answers))
}

fn request(method: &str, params: &Json) -> Json {
    json!({ "jsonrpc": "2.0", "id": 7, "method": method, "params": params })
}

fn call(name: &str, arguments: &Json) -> Json {
    ask(&request("tools/call", &json!({ "name": name, "arguments": arguments }))).unwrap()
}

fn code(answer: &Json) -> i64 {
    answer["error"]["code"].as_i64().unwrap_or_default()
}

#[test]
fn a_client_with_a_handshake_gets_its_version_or_the_newest() {
    for (wanted, got) in
        [("2025-06-18", "2025-06-18"), ("2024-11-05", "2024-11-05"), ("1999-01-01", "2025-11-25")]
    {
        let params = json!({ "protocolVersion": wanted, "capabilities": {}, "clientInfo": {} });
        let answer = ask(&request("initialize", &params)).unwrap();
        assert_eq!((&answer["id"], &answer["jsonrpc"]), (&json!(7), &json!("2.0")));
        assert_eq!(answer["result"]["protocolVersion"], got);
        assert!(answer["result"].get("resultType").is_none());
    }
    assert_eq!(ask(&json!({"jsonrpc": "2.0", "method": "notifications/initialized"})), None);
    assert_eq!(ask(&request("ping", &Json::Null)).unwrap()["result"], json!({}));
}

#[test]
fn a_client_without_one_says_its_version_with_each_request() {
    let meta = |version: &str| json!({ "_meta": { VERSION_KEY: version } });
    for method in ["server/discover", "tools/list"] {
        let result = &ask(&request(method, &meta(STATELESS))).unwrap()["result"];
        assert_eq!(
            (&result["resultType"], &result["cacheScope"]),
            (&json!("complete"), &json!("public"))
        );
    }
    let other = ask(&request("tools/list", &meta("2031-01-01"))).unwrap();
    assert_eq!(
        (code(&other), &other["error"]["data"]["supported"][0]),
        (-32_022, &json!(STATELESS))
    );
}

#[test]
fn every_question_is_a_tool_that_says_what_it_takes() {
    let listed = ask(&request("tools/list", &json!({}))).unwrap();
    let tools = listed["result"]["tools"].as_array().unwrap();
    assert_eq!(tools.len(), HttpQuestion::ALL.len());
    for (tool, question) in tools.iter().zip(HttpQuestion::ALL) {
        assert_eq!(tool["name"], question.name());
        assert_eq!(tool["annotations"]["readOnlyHint"], true);
        let schema = &tool["inputSchema"];
        for parameter in question.parameters() {
            let is_there = schema["properties"].get(parameter.name()).is_some();
            assert_eq!(is_there, parameter.name() != "format", "{}", parameter.name());
            let required = schema["required"].as_array().unwrap();
            assert_eq!(required.contains(&json!(parameter.name())), question.requires(*parameter));
        }
    }
}

#[test]
fn a_call_is_a_question_and_a_mistake_is_a_result_that_says_so() {
    let answer = call("events", &json!({ "product": "atomic", "days": 7, "from": null }));
    let result = &answer["result"];
    assert_eq!(result["isError"], false);
    let asked = &result["structuredContent"]["asked"];
    for pair in ["format=json", "product=atomic", "days=7"] {
        assert!(asked.as_array().unwrap().contains(&json!(pair)), "{asked}");
    }
    let text: Json = serde_json::from_str(result["content"][0]["text"].as_str().unwrap()).unwrap();
    assert_eq!(text, result["structuredContent"]);
    for (name, arguments, told) in [
        ("events", json!({ "product": "nothing" }), "unknown product"),
        ("events", json!({ "product": "huge" }), "ask about fewer days"),
        ("events", json!({}), "missing argument `product`"),
        ("failures", json!({ "product": "atomic" }), "missing argument `event`"),
        ("events", json!({ "product": 7 }), "`product` is not a string"),
        ("events", json!({ "product": "atomic", "format": "csv" }), "unknown argument"),
        ("events", json!({ "product": "atomic", "<b>": "x" }), "unknown argument"),
        ("events", json!([1]), "`arguments` is not an object"),
    ] {
        let answer = call(name, &arguments);
        let result = &answer["result"];
        let text = result["content"][0]["text"].as_str().unwrap_or_default();
        assert!(result["isError"] == true && text.contains(told), "{arguments}: {answer}");
        assert!(!text.contains("<b>"), "{text}");
    }
}

#[test]
fn what_is_not_a_request_is_an_error_and_never_the_end() {
    for (message, expected) in [
        (json!([]), -32_600),
        (json!([request("ping", &Json::Null)]), -32_600),
        (json!(null), -32_600),
        (json!("x"), -32_600),
        (json!({}), -32_600),
        (json!({"jsonrpc": "1.0", "id": 1, "method": "ping"}), -32_600),
        (json!({"jsonrpc": "2.0", "id": 1}), -32_600),
        (json!({"jsonrpc": "2.0", "id": 1, "method": 7}), -32_600),
        (json!({"jsonrpc": "2.0", "id": null, "method": "ping"}), -32_600),
        (json!({"jsonrpc": "2.0", "id": {}, "method": "ping"}), -32_600),
        (request("tools/delete", &json!({})), -32_601),
        (request("resources/list", &json!({})), -32_601),
        (request("tools/call", &json!({})), -32_602),
        (request("tools/call", &json!([1, 2])), -32_602),
        (request("tools/call", &json!({"name": "drop table"})), -32_602),
    ] {
        let answer = ask(&message).unwrap_or_else(|| panic!("{message}"));
        assert_eq!(code(&answer), expected, "{message}: {answer}");
    }
    assert_eq!(ask(&json!({"jsonrpc": "2.0", "id": 1, "result": {}})), None);
    assert_eq!(ask(&json!({"jsonrpc": "2.0", "method": "tools/call", "params": 7})), None);
    assert_eq!((code(&not_json()), code(&too_long())), (-32_700, -32_600));
}

//! `GET /api/v1/openapi.json` against the answers: every form that a row can
//! have, every parameter, and every error.

use serde_json::{Value as Json, json};

use crate::asking::{FIRST, LAST, known};
use crate::client::{Answer, get, post};
use crate::fixture::Fixture;
use crate::schema;

fn document(fixture: &Fixture) -> Json {
    fixture.get("/api/v1/openapi.json").json()
}

/// Checks an answer against what the document says about its path, method and
/// status.
#[track_caller]
fn fits(document: &Json, path: &str, method: &str, answer: &Answer) {
    let operation = &document["paths"][path][method];
    let mut response = &operation["responses"][answer.status.to_string()];
    if let Some(named) = response["$ref"].as_str() {
        response = document.pointer(named.strip_prefix('#').unwrap()).unwrap();
    }
    assert!(response.is_object(), "{method} {path} says nothing about {answer:?}");
    let kind = answer.header("content-type").unwrap();
    let kind = kind.split(';').next().unwrap();
    let content = &response["content"][kind];
    assert!(content.is_object(), "{method} {path}: {kind}: {answer:?}");
    if kind == "application/json" {
        let checked = schema::check(document, &content["schema"], &answer.json());
        assert_eq!(checked, Ok(()), "{method} {path}: {}", answer.body);
    }
    for name in response["headers"].as_object().into_iter().flatten().map(|(name, _)| name) {
        assert!(answer.header(&name.to_ascii_lowercase()).is_some(), "{name}: {answer:?}");
    }
}

fn questions(document: &Json) -> Vec<String> {
    let paths = document["paths"].as_object().unwrap().keys();
    paths.filter_map(|path| path.strip_prefix("/api/v1/ask/")).map(str::to_owned).collect()
}

/// What a question cannot be asked without.
fn required(question: &str) -> &'static str {
    match question {
        "by-property" => "&event=run&property=command",
        "across" => "&event=run&one=command&other=agent",
        "failures" => "&event=run",
        "quantiles" => "&event=run&property=took",
        "steps" => "&step=run:command:build&step=run",
        _ => "",
    }
}

#[test]
fn the_document_is_the_one_in_the_repository() {
    let fixture = Fixture::new();
    let answer = fixture.get("/api/v1/openapi.json");
    assert_eq!((answer.status, answer.header("content-type")), (200, Some("application/json")));
    let mut document = answer.json();
    // Not a new file with each release.
    document["info"]["version"] = json!("0.0.0");
    let text = format!("{document:#}\n");
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/reference/openapi.json");
    if std::env::var_os("UPDATE").is_some() {
        std::fs::write(file, &text).unwrap();
    }
    let written = std::fs::read_to_string(file).unwrap_or_default().replace("\r\n", "\n");
    assert!(written == text, "docs/reference/openapi.json is old: run this test with UPDATE=1");
}

#[test]
fn every_answer_fits_its_schema() {
    let fixture = known();
    let document = document(&fixture);
    let asked = questions(&document);
    assert_eq!(asked.len(), 12);
    for question in &asked {
        let path = format!("/api/v1/ask/{question}");
        let takes = parameters(&document, question);
        let all = format!("{path}?product=tool{}", required(question));
        let mut forms = vec![String::new(), "&before=yes".to_owned(), "&days=400".to_owned()];
        if takes.contains(&"by".to_owned()) {
            forms.extend(
                ["&by=version", "&version=1.4.0", "&by=version&before=yes"].map(str::to_owned),
            );
            forms.extend(
                ["&by=agent&before=yes", "&where=command:build&where=command:test&where=agent:"]
                    .map(str::to_owned),
            );
        }
        if takes.contains(&"period".to_owned()) {
            let periods = ["day", "week", "month"];
            forms.extend(periods.map(|period| format!("&period={period}&by=version")));
        }
        for form in forms {
            let answer = fixture.get(&format!("{all}{form}"));
            assert_eq!(answer.status, 200, "{all}{form}: {answer:?}");
            fits(&document, &path, "get", &answer);
            let csv = fixture.get(&format!("{all}{form}&format=csv"));
            assert_eq!(csv.status, 200, "{all}{form}: {csv:?}");
            fits(&document, &path, "get", &csv);
        }
    }
}

/// Each shape of `oneOf` is one that the collector really answers with.
#[test]
fn every_form_of_a_row_is_answered() {
    let fixture = known();
    let (counting, _) = crate::counting::counted();
    let document = document(&fixture);
    let (mut met, mut forms) = (0, 0);
    for (name, schema) in document["components"]["schemas"].as_object().unwrap() {
        let Some(one_of) = schema["oneOf"].as_array().filter(|_| name.ends_with("Row")) else {
            continue;
        };
        forms += one_of.len();
        let rows: Vec<Json> = match name.as_str() {
            "ActiveRow" => ["day", "week", "month"]
                .iter()
                .flat_map(|period| rows(&fixture, &format!("active?product=tool&period={period}")))
                .collect(),
            "QuantilesRow" => ["day", "week", "month"]
                .iter()
                .flat_map(|period| {
                    let question = format!("quantiles?product=tool&period={period}");
                    rows(&fixture, &(question + required("quantiles")))
                })
                .collect(),
            "RetentionRow" => [
                rows(&fixture, "retention?product=tool"),
                rows(&counting, "retention?product=tool&days=60"),
            ]
            .concat(),
            other => panic!("{other} has several forms and no test"),
        };
        for form in one_of {
            let fitting = rows.iter().filter(|row| schema::check(&document, form, row).is_ok());
            assert!(fitting.count() > 0, "no row is like {form}");
            met += 1;
        }
    }
    assert_eq!((met, forms), (9, 9));
}

fn rows(fixture: &Fixture, question: &str) -> Vec<Json> {
    let answer = fixture.get(&format!("/api/v1/ask/{question}"));
    answer.json()["rows"].as_array().unwrap_or_else(|| panic!("{answer:?}")).clone()
}

fn parameters(document: &Json, question: &str) -> Vec<String> {
    let path = format!("/api/v1/ask/{question}");
    let all = document["paths"][path]["get"]["parameters"].as_array().unwrap();
    all.iter().map(|parameter| parameter["name"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn each_parameter_of_the_document_is_accepted_and_no_other() {
    let fixture = known();
    let document = document(&fixture);
    let value = |name: &str| match name {
        "product" | "event" | "property" | "one" | "other" | "step" => None,
        "within" => Some("14"),
        "per" => Some("device"),
        "period" => Some("week"),
        "from" => Some(FIRST),
        "to" => Some(LAST),
        "days" => Some("3"),
        "before" => Some("yes"),
        "version" => Some("1.4.0"),
        "by" => Some("version"),
        "where" => Some("command:build"),
        "format" => Some("csv"),
        unknown => panic!("{unknown} is new: give it a value"),
    };
    let every = [
        "product", "event", "property", "one", "other", "step", "within", "per", "period", "from",
        "to", "days", "before", "version", "by", "where", "format",
    ];
    for question in questions(&document) {
        let takes = parameters(&document, &question);
        let path = format!("/api/v1/ask/{question}");
        let asked = format!("{path}?product=tool{}", required(&question));
        for name in every {
            let own = asked.contains(&format!("{name}="));
            let answer = match value(name) {
                _ if own => fixture.get(&asked),
                Some(value) => fixture.get(&format!("{asked}&{name}={value}")),
                None => fixture.get(&format!("{asked}&{name}=command")),
            };
            let expected = if takes.iter().any(|taken| taken == name) { 200 } else { 400 };
            assert_eq!(answer.status, expected, "{question} with {name}: {answer:?}");
            fits(&document, &path, "get", &answer);
        }
        // What is required is missed, and nothing else is.
        let all = document["paths"][&path]["get"]["parameters"].as_array().unwrap();
        for parameter in all.iter().filter(|parameter| parameter["required"] == json!(true)) {
            let name = parameter["name"].as_str().unwrap();
            let kept: Vec<&str> = asked[path.len() + 1..]
                .split('&')
                .filter(|pair| !pair.starts_with(&format!("{name}=")))
                .collect();
            let without = format!("{path}?{}", kept.join("&"));
            let answer = fixture.get(&without);
            assert_eq!(answer.status, 400, "{without}: {answer:?}");
            assert!(answer.error().contains(&format!("add `{name}=…`")), "{answer:?}");
        }
        for empty in ["from", "to", "days", "before", "where", "format"] {
            let answer = fixture.get(&format!("{asked}&{empty}="));
            assert_eq!(answer.status, 400, "{question} with an empty {empty}: {answer:?}");
        }
    }
}

#[test]
fn every_error_is_as_the_document_says() {
    let fixture = known();
    let document = document(&fixture);
    let events = "/api/v1/ask/events";
    for (query, status) in [("?product=tool&days=0", 400), ("?product=nobody", 404), ("", 400)] {
        let answer = fixture.get(&format!("{events}{query}"));
        assert_eq!(answer.status, status, "{answer:?}");
        fits(&document, events, "get", &answer);
    }
    for (path, item) in document["paths"].as_object().unwrap() {
        let (method, answer) = match item.get("get") {
            Some(_) => ("get", post(path, "").send(fixture.address())),
            None => ("post", fixture.get(path)),
        };
        assert_eq!(answer.status, 405, "{path}: {answer:?}");
        fits(&document, path, method, &answer);
        let elsewhere = get(path).header("host", "example.org").send(fixture.address());
        assert_eq!(elsewhere.status, 421, "{path}: {elsewhere:?}");
        fits(&document, path, method, &elsewhere);
    }
    for other in ["/healthz", "/readyz", "/metrics", "/api/v1/ask", "/api/v1/openapi.json"] {
        fits(&document, other, "get", &fixture.get(other));
    }
    // A name that is not text is not the name of a question.
    assert_eq!(fixture.get("/api/v1/ask/%ff").status, 404);
    assert!(fixture.get("/api/v1/ask/%ff").error().starts_with("unknown question"));
    let head = post(events, "").send(fixture.address());
    assert_eq!(head.header("allow"), Some("GET,HEAD"), "{head:?}");
}

#[test]
fn what_is_sent_is_answered_as_the_document_says() {
    let fixture = Fixture::new();
    let document = document(&fixture);
    let bodies: [(&str, &str, &[&str]); 7] = [
        ("/api/v1/events", "{\"event\":\"invented\"}", &["{", "[1]"]),
        (
            "/api/v1/forget",
            "{\"secret\":\"00112233445566778899aabbccddeeff\"}",
            &["{}", "{\"secret\":\"1\"}"],
        ),
        ("/v1/logs", "{\"resourceLogs\":[]}", &["[", "{\"resourceLogs\":1}"]),
        ("/api/v2/logs", "[]", &["{", "7"]),
        (
            "/batch",
            "{\"api_key\":\"archon\",\"batch\":[]}",
            &["[", "{\"api_key\":\"archon\",\"batch\":7}"],
        ),
        ("/i/v1/analytics/events", "{\"batch\":[]}", &["{", "[1]"]),
        ("/e", "{\"api_key\":\"archon\",\"event\":\"x\",\"properties\":{}}", &["["]),
    ];
    for (path, good, bad) in bodies {
        let send = |key: &str, body: &str| {
            let request = post(path, body).key(key).header("content-type", "application/json");
            let request =
                if path == "/api/v2/logs" { request.header("dd-api-key", key) } else { request };
            request.send(fixture.address())
        };
        let answer = send("archon", good);
        assert!((200..300).contains(&answer.status), "{path}: {answer:?}");
        fits(&document, path, "post", &answer);
        for body in bad {
            let answer = send("archon", body);
            fits(&document, path, "post", &answer);
        }
        fits(&document, path, "post", &send("nobody", good));
        let packed = post(path, good).key("archon").header("content-encoding", "compress");
        let answer = packed.header("content-type", "application/json").send(fixture.address());
        assert_eq!(answer.status, 415, "{path}: {answer:?}");
        fits(&document, path, "post", &answer);
    }
    let accepted = post("/api/v1/events", crate::fixture::line(1)).key("atomic");
    fits(&document, "/api/v1/events", "post", &accepted.send(fixture.address()));
    let again = post("/api/v1/events", crate::fixture::line(1)).key("atomic");
    let again = again.send(fixture.address());
    again.assert_taken(0, 1);
    fits(&document, "/api/v1/events", "post", &again);
}

/// Who says nothing of themselves gets a 401, wherever the document wants a
/// token or a key, and nowhere else.
#[test]
fn strangers_are_answered_as_the_document_says() {
    let mut fixture = Fixture::new();
    let document = document(&fixture);
    fixture.stop();
    let mut config = fixture.config();
    config.access = headcount_collector::Access::Credentials;
    fixture.run(headcount_collector::Collector::start(config).unwrap());
    for (path, item) in document["paths"].as_object().unwrap() {
        let (method, answer) = match item.get("get") {
            Some(_) => ("get", fixture.get(path)),
            None => {
                let request = post(path, "{}").header("content-type", "application/json");
                ("post", request.send(fixture.address()))
            }
        };
        let expected = match path.as_str() {
            "/healthz" | "/readyz" | "/flags" | "/decide" => 200,
            // No catalog of this collector makes them.
            "/v1/traces" | "/v1/metrics" => 404,
            _ => 401,
        };
        assert_eq!(answer.status, expected, "{path}: {answer:?}");
        fits(&document, path, method, &answer);
    }
    let in_address = fixture.get("/api/v1/ask/events?token=hcr_0123456789");
    fits(&document, "/api/v1/ask/events", "get", &in_address);
}

//! `headcount mcp`: a conversation with a folder, with a collector, and with
//! input that is none.

use headcount_testkit::Home;
use serde_json::{Value as Json, json};

use super::stage::{call, headcount, serve};

/// Sends lines, and returns what is answered.
#[track_caller]
fn converse(home: &Home, place: &[&str], lines: &[String]) -> Vec<Json> {
    let args = [&["mcp"], place].concat();
    let output = headcount(home, &args).stdin(lines.join("\n") + "\n").run();
    assert_eq!((output.code(), output.stderr_text().as_str()), (Some(0), ""));
    let text = output.stdout_text();
    text.lines().map(|line| serde_json::from_str(line).expect(line)).collect()
}

fn request(id: u32, method: &str, params: &Json) -> String {
    json!({ "jsonrpc": "2.0", "id": id, "method": method, "params": params }).to_string()
}

fn ask(id: u32, product: &str) -> String {
    let arguments = json!({ "product": product, "days": 7 });
    request(id, "tools/call", &json!({ "name": "events", "arguments": arguments }))
}

#[test]
fn an_agent_asks_a_folder_and_a_collector_and_hears_the_same() {
    let home = Home::new();
    let served = serve(&home);
    let now = headcount::Time::from_system(std::time::SystemTime::now());
    let today = now.format(headcount::catalog::Grain::Second)[..10].to_owned();
    let line = format!(
        "{{\"id\":\"00000000-0000-4000-8000-000000000001\",\"event\":\"startup\",\
         \"time\":\"{today}T00:00:00Z\",\"device_id\":\"device-1\",\"version\":\"1.0.0\",\
         \"os\":\"linux\",\"launch_source\":\"cli\"}}"
    );
    let key = "authorization: Bearer clacky\r\n";
    assert_eq!(call(&served.url, "POST", "/api/v1/events", key, &line).0, 200);
    let hello = json!({ "protocolVersion": "2025-06-18", "capabilities": {},
                        "clientInfo": { "name": "test", "version": "1" } });
    let lines = [
        request(1, "initialize", &hello),
        json!({ "jsonrpc": "2.0", "method": "notifications/initialized" }).to_string(),
        request(2, "tools/list", &json!({})),
        ask(3, "clacky"),
        ask(4, "nothing"),
    ];
    let folder = converse(&home, &["--data", "data"], &lines);
    let ids: Vec<_> = folder.iter().map(|answer| answer["id"].as_u64().unwrap()).collect();
    assert_eq!(ids, [1, 2, 3, 4]);
    assert_eq!(folder[0]["result"]["protocolVersion"], "2025-06-18");
    let counted = &folder[2]["result"]["structuredContent"];
    assert_eq!((&counted["question"], &counted["product"]), (&json!("events"), &json!("clacky")));
    assert_eq!(counted["rows"][0]["count"], 1, "{counted}");
    assert_eq!(folder[3]["result"]["isError"], true);
    let told = folder[3]["result"]["content"][0]["text"].as_str().unwrap();
    assert!(told.contains("clacky"), "it names the products that there are: {told}");
    let address = converse(&home, &["--url", &served.url], &lines);
    assert_eq!(address[2], folder[2]);
}

#[test]
fn nothing_that_is_sent_ends_it() {
    let home = Home::new();
    let lines = [
        "nonsense".to_owned(),
        "x".repeat(1024 * 1024),
        "[".repeat(10_000),
        "\u{0}\u{1b}[2J".to_owned(),
        "{}".to_owned(),
        "[]".to_owned(),
        String::new(),
        request(1, "sampling/createMessage", &json!({})),
        request(2, "tools/call", &json!({ "name": "../../etc/passwd" })),
        // There is no such folder.
        ask(3, "clacky"),
        request(4, "ping", &json!({})),
    ];
    let answers = converse(&home, &["--data", "nowhere"], &lines);
    let codes: Vec<_> = answers.iter().map(|one| one["error"]["code"].as_i64()).collect();
    let expected = [-32_700, -32_600, -32_700, -32_700, -32_600, -32_600, -32_601, -32_602];
    assert_eq!(codes[..8], expected.map(Some), "{answers:#?}");
    let told = answers[8]["result"]["content"][0]["text"].as_str().unwrap();
    assert!(answers[8]["result"]["isError"] == true && told.contains("nowhere"), "{told}");
    assert_eq!(answers[9]["result"], json!({}));
    assert!(!home.path().join("nowhere").exists(), "it reads, and makes nothing");
}

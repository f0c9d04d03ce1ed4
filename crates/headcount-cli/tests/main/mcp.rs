//! `headcount mcp`: a conversation with a folder, with a collector, and with
//! input that is none.

use headcount_testkit::Home;
use serde_json::{Value as Json, json};

use super::stage::{call, catalog, counting, headcount, serve};

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

/// What was published of a product: one value is shown, others are withheld.
const PUBLISHED: &str = r#"{"format":1,"products":{"wren":{"weeks":[
    {"week":"2026-11-02","devices":null,"events":60,"tables":[
        {"event":null,"by":null,"values":[{"value":"ran","events":60}],"others":false},
        {"event":null,"by":"version","values":[],"others":true}]}],
    "catalogs":[[1,"2026-11-01"]]}}}"#;

#[test]
fn in_public_an_agent_hears_what_the_page_shows_and_nothing_else() {
    let home = Home::new();
    let wren = counting();
    assert!(wren.contains("\n[product]\n"), "{wren}");
    let wren = wren.replace("\n[product]\n", "\n[product]\npublic = true\n");
    home.write("catalogs/wren.toml", wren);
    home.write("catalogs/clacky.toml", std::fs::read_to_string(catalog("clacky")).unwrap());
    let running = headcount(&home, &["serve", "--listen", "127.0.0.1:0", "--development"])
        .args(["--data", "data", "--catalogs", "catalogs"])
        .spawn();
    let line = running.line("listening on ");
    let url = line.trim().strip_prefix("listening on ").unwrap();
    home.write("data/public.json", PUBLISHED);
    let tool = |id: u32, name: &str, arguments: &Json| {
        request(id, "tools/call", &json!({ "name": name, "arguments": arguments }))
    };
    let of = |product: &str| json!({ "product": product });
    let lines = [
        request(1, "tools/list", &json!({})),
        tool(2, "public_products", &json!({})),
        tool(3, "public_numbers", &of("wren")),
        tool(4, "public_numbers", &of("clacky")),
        tool(5, "public_numbers", &of("nobody")),
        tool(6, "public_numbers", &of("../api/v1/notes?product=wren&x=")),
        tool(7, "events", &of("wren")),
        tool(8, "drop table", &json!({})),
    ];
    let folder = converse(&home, &["--public", "--data", "data"], &lines);
    let names = ["wren", "clacky", "nobody"].map(|name| ["--product", name]).concat();
    let address = converse(&home, &[&["--public", "--url", url], &names[..]].concat(), &lines);
    assert_eq!(folder, address);
    let tools: Vec<_> = folder[0]["result"]["tools"].as_array().unwrap().iter().collect();
    let names: Vec<_> = tools.iter().map(|tool| tool["name"].as_str().unwrap()).collect();
    assert_eq!(names, ["public_products", "public_numbers"]);
    assert_eq!(folder[1]["result"]["structuredContent"], json!({ "products": ["wren"] }));
    let page = call(url, "GET", "/public/wren.json", "", "").1;
    let text = |answer: usize| folder[answer]["result"]["content"][0]["text"].as_str().unwrap();
    assert_eq!(text(2), page);
    let week = &folder[2]["result"]["structuredContent"]["weeks"][0];
    assert_eq!((&week["devices"], &week["events"]), (&Json::Null, &json!(60)), "withheld");
    // What is not public and what does not exist are told alike.
    assert_eq!((text(3), text(3)), (text(4), text(5)));
    assert!(text(3).contains("no product of this name has a public page"), "{}", text(3));
    assert!(text(6).contains("started with --public"), "{}", text(6));
    assert!(folder[3..7].iter().all(|answer| answer["result"]["isError"] == true), "{folder:#?}");
    assert_eq!(folder[7]["error"]["code"], -32_602);
    let unnamed = converse(&home, &["--public", "--url", url], &lines[1..2]);
    let told = unnamed[0]["result"]["content"][0]["text"].as_str().unwrap();
    assert!(told.contains("--product NAME"), "{told}");
}

#[test]
fn in_public_no_token_is_read() {
    let home = Home::new();
    let args = ["mcp", "--public", "--url", "https://telemetry.example", "--token-file", "token"];
    let output = headcount(&home, &args).stdin("").run();
    assert_eq!(output.code(), Some(2), "{}", output.stderr_text());
    assert!(output.stderr_text().contains("cannot be used with"), "{}", output.stderr_text());
}

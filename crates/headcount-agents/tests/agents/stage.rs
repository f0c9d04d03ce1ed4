//! A product with events of hooks, and a person's home.

use std::collections::HashMap;

use headcount::{Host, Surroundings, Telemetry, Time};
use headcount_agents::{Agent, HookCall, Input};
use headcount_catalog::{Catalog, parse};
use headcount_testkit::{CatalogHead, Home};
use serde_json::Value as Json;

const REST: &str = r#"
[identity]
scheme = "none"

[envelope]
id = "event-id"
event = "event"
time = { is = "time", grain = "second" }
version = "version"
"*" = "properties"

[[destination]]
kind = "headcount"
endpoint = "http://127.0.0.1:9"

[retention]
on-machine = "30d"
raw = "90d"

[event.session]
why = "How long are sessions, and what is used in them?"
owner = "tests"
hook = "session"

[event.session.properties]
agent = { choice = ["claude", "codex", "copilot", "opencode", "cursor", "qwen", "goose", "gemini", "grok"] }
started = { time = "second" }
seconds = { duration = "s" }
commands = { choices = ["/commit", "/create-spec", "/ralph:help"] }
count = { count-of = "commands" }
turns = { count = 1000 }
ended = { choice = ["exit", "clear", "resume", "logout", "error", "other", "unknown"] }

[event.begun]
why = "How often are agents started?"
owner = "tests"
hook = "start"

[event.begun.properties]
agent = { choice = ["claude", "codex", "copilot", "opencode", "cursor", "qwen", "goose", "gemini", "grok"] }

[event.invoked]
why = "Who invokes commands?"
owner = "tests"
hook = "command"

[event.invoked.properties]
command = { choice = ["/commit", "/create-spec", "/ralph:help"], other = "own" }
by = { choice = ["typed", "model", "unknown"] }
"#;

/// Where everything of a test happens.
pub(crate) struct Stage {
    pub(crate) home: Home,
    pub(crate) variables: HashMap<String, String>,
    catalog: &'static Catalog,
}

impl Stage {
    pub(crate) fn new() -> Self {
        let head = CatalogHead {
            name: "tally",
            default: "on",
            settings: ("settings.json", "telemetry"),
            queue: "events.jsonl",
        };
        let catalog = parse(&head.with(REST)).unwrap_or_else(|mistakes| panic!("{mistakes}"));
        let catalog = Box::leak(Box::new(catalog));
        Self { home: Home::new(), variables: HashMap::new(), catalog }
    }

    /// One call at a second of the test's day, and what the agent reads.
    pub(crate) fn call(&self, second: i64, agent: Agent, event: &str, payload: &[u8]) -> &str {
        let now = Time::from_seconds(start().seconds() + second);
        let surroundings = Surroundings::given(self.home.path(), self.variables.clone(), now);
        let telemetry = Telemetry::new(self.catalog, Host::new("1.2.3"), surroundings);
        let call = HookCall { agent, event: Some(event).filter(|event| !event.is_empty()) };
        headcount_agents::answer(&telemetry, call, Input::Given(payload.to_vec()))
    }

    /// The same for Claude Code: the rest of the payload after the session.
    pub(crate) fn claude(&self, second: i64, session: &str, event: &str, rest: &str) {
        let payload = format!(
            "{{\"session_id\":\"{session}\",\"hook_event_name\":\"{event}\",\"cwd\":\"/home/ada\"{rest}}}\n"
        );
        assert_eq!(self.call(second, Agent::Claude, "", payload.as_bytes()), "");
    }

    /// What was recorded of an event.
    pub(crate) fn recorded(&self, event: &str) -> Vec<Json> {
        let path = self.home.path().join(".tally/events.jsonl");
        let text = std::fs::read_to_string(path).unwrap_or_default();
        let lines = text.lines().map(|line| serde_json::from_str::<Json>(line).expect("JSON"));
        lines.filter(|line| line["event"] == event).collect()
    }

    /// Each session as one text: agent, seconds since the test's start, length,
    /// commands, turns, ending.
    pub(crate) fn sessions(&self) -> Vec<String> {
        let told = |line: &Json| {
            let time =
                |key: &str| Time::parse(line[key].as_str().expect("a time")).expect("a time");
            let commands: Vec<&str> = line["commands"]
                .as_array()
                .expect("a list")
                .iter()
                .filter_map(Json::as_str)
                .collect();
            let began = time("started").seconds() - start().seconds();
            assert_eq!(
                time("time").seconds() - start().seconds(),
                began + line["seconds"].as_i64().expect("a value")
            );
            format!(
                "{} {began}+{} [{}] {} {}",
                line["agent"].as_str().expect("a value"),
                line["seconds"],
                commands.join(" "),
                line["turns"],
                line["ended"].as_str().expect("a value")
            )
        };
        self.recorded("session").iter().map(told).collect()
    }
}

pub(crate) fn start() -> Time {
    Time::parse("2026-11-20T10:00:00Z").expect("a time")
}

//! The dialects as their clients speak them: a request of events with ids of
//! their own, and what an answer has to look like.

use headcount_catalog::{Checked, Encoding, EventId};
use headcount_wire::{HomeLifetime, Payload, Rate, otlp};
use serde_json::{Value as Json, json};

use super::tls::Answer;
use crate::stage;

/// Where and how events are sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Dialect {
    Native,
    OtlpJson,
    OtlpProtobuf,
    PostHog,
    PostHogNewer,
    Datadog,
    Clacky,
}

/// An answer, as its client understands it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Verdict {
    /// Every event of the request is stored, now or before.
    Acknowledged,
    /// The key is not valid.
    UnknownKey,
    TooLarge,
    /// The same request is to be sent again later.
    Later,
}

/// A request without its key.
#[derive(Debug, Clone)]
pub(super) struct Sent {
    pub(super) ids: Vec<String>,
    pub(super) body: Vec<u8>,
}

impl Dialect {
    pub(super) const ALL: [Self; 7] = [
        Self::Native,
        Self::OtlpJson,
        Self::OtlpProtobuf,
        Self::PostHog,
        Self::PostHogNewer,
        Self::Datadog,
        Self::Clacky,
    ];

    /// Whose events it is used for here.
    pub(super) fn product(self) -> &'static str {
        match self {
            Self::Native | Self::OtlpJson | Self::OtlpProtobuf => "atomic",
            Self::PostHog | Self::PostHogNewer => "archon",
            Self::Datadog => "assembly",
            Self::Clacky => "clacky",
        }
    }

    /// The events of OpenClacky's own path have no id, so one that is sent
    /// again counts again; a version that nobody else has tells them apart.
    pub(super) fn sends_ids(self) -> bool {
        self != Self::Clacky
    }

    pub(super) fn most_events(self) -> u64 {
        if self.sends_ids() { 20 } else { 1 }
    }

    /// A request with as many events as there are ids. `mark` is one that no
    /// other request has.
    pub(super) fn request(self, day: &str, ids: &[EventId], mark: &str) -> Sent {
        let texts: Vec<String> = ids.iter().map(ToString::to_string).collect();
        let lines = || texts.iter().map(|id| atomic_line(day, id));
        let body = match self {
            Self::Native => lines().collect::<Vec<_>>().join("\n").into_bytes(),
            Self::OtlpJson => export(Encoding::Json, lines()),
            Self::OtlpProtobuf => export(Encoding::Protobuf, lines()),
            Self::PostHog | Self::PostHogNewer => {
                let events: Vec<Json> = texts.iter().map(|id| startup(day, id)).collect();
                json!({ "batch": events }).to_string().into_bytes()
            }
            Self::Datadog => {
                let logs: Vec<Json> = texts.iter().map(|id| log(day, id)).collect();
                Json::from(logs).to_string().into_bytes()
            }
            Self::Clacky => {
                let sent = json!({
                    "device_id": "d1", "version": mark, "os": "linux", "launch_source": "cli",
                });
                return Sent { ids: vec![mark.to_owned()], body: sent.to_string().into_bytes() };
            }
        };
        Sent { ids: texts, body }
    }

    /// The bytes on the wire, with a key where its clients have it.
    pub(super) fn bytes(self, sent: &[u8], key: &str) -> Vec<u8> {
        let bearer = format!("authorization: Bearer {key}\r\n");
        let (path, header, kind) = match self {
            Self::Native => ("/api/v1/events", bearer, "application/x-ndjson"),
            Self::OtlpJson => ("/v1/logs", bearer, "application/json"),
            Self::OtlpProtobuf => ("/v1/logs", bearer, "application/x-protobuf"),
            Self::PostHog => ("/batch/", String::new(), "application/json"),
            Self::PostHogNewer => ("/i/v1/analytics/events", bearer, "application/json"),
            Self::Datadog => ("/api/v2/logs", format!("dd-api-key: {key}\r\n"), "application/json"),
            Self::Clacky => ("/api/v1/telemetry/startup", bearer, "application/json"),
        };
        // PostHog's clients have the key in the body.
        let own =
            if self == Self::PostHog { format!("{{\"api_key\":\"{key}\",") } else { String::new() };
        let rest = if own.is_empty() { sent } else { sent.strip_prefix(b"{").unwrap_or(sent) };
        let mut bytes = format!(
            "POST {path} HTTP/1.1\r\nhost: localhost\r\n{header}content-type: {kind}\r\n\
             content-length: {}\r\n\r\n{own}",
            own.len() + rest.len()
        )
        .into_bytes();
        bytes.extend_from_slice(rest);
        bytes
    }

    /// What an answer means, or what in it is not of this dialect.
    pub(super) fn verdict(self, answer: &Answer, ids: &[String]) -> Result<Verdict, String> {
        let verdict = match answer.status {
            200 | 202 => Verdict::Acknowledged,
            401 => Verdict::UnknownKey,
            413 => Verdict::TooLarge,
            429 | 503 => Verdict::Later,
            _ => return Err(format!("{self:?}: an answer that nothing has asked for: {answer:?}")),
        };
        let is_own = match verdict {
            Verdict::Acknowledged => self.is_success(answer, ids),
            _ => self.is_error(answer),
        };
        let is_own = is_own
            && match verdict {
                Verdict::UnknownKey => answer.header("www-authenticate") == Some("Bearer"),
                Verdict::Later => answer.header("retry-after").is_some_and(is_number),
                _ => true,
            };
        if is_own { Ok(verdict) } else { Err(format!("{self:?}: not of its dialect: {answer:?}")) }
    }

    fn is_success(self, answer: &Answer, ids: &[String]) -> bool {
        let status = if self == Self::Datadog { 202 } else { 200 };
        let is_form = match self {
            Self::Native => {
                let told = answer.json();
                let of = |name: &str| told[name].as_u64();
                let taken = of("accepted").zip(of("duplicate")).map(|(new, old)| new + old);
                taken == Some(ids.len() as u64) && of("rejected") == Some(0)
            }
            Self::OtlpProtobuf => answer.body.is_empty(),
            Self::PostHog => answer.json() == json!({ "status": "Ok" }),
            Self::PostHogNewer => {
                let is_ok = |id: &String| answer.json()["results"][id]["result"] == "ok";
                ids.iter().all(is_ok)
            }
            Self::OtlpJson | Self::Datadog | Self::Clacky => answer.json() == json!({}),
        };
        answer.status == status && is_form && answer.header("content-type") == Some(self.kind())
    }

    fn is_error(self, answer: &Answer) -> bool {
        let told = answer.json();
        let is_form = match self {
            Self::Native | Self::Clacky => told["error"].is_string(),
            Self::OtlpJson => told["code"].is_u64() && told["message"].is_string(),
            // google.rpc.Status: code = 1, message = 2.
            Self::OtlpProtobuf => {
                answer.body.len() > 3 && answer.body[0] == 0x08 && answer.body[2] == 0x12
            }
            Self::PostHog | Self::PostHogNewer => {
                told["error"].is_string() && told["error_description"].is_string()
            }
            Self::Datadog => {
                let error = &told["errors"][0];
                error["status"].as_str() == Some(&answer.status.to_string())
                    && error["detail"].is_string()
            }
        };
        is_form && answer.header("content-type") == Some(self.kind())
    }

    fn kind(self) -> &'static str {
        if self == Self::OtlpProtobuf { "application/x-protobuf" } else { "application/json" }
    }
}

fn is_number(text: &str) -> bool {
    text.parse::<u32>().is_ok()
}

pub(super) fn atomic_line(day: &str, id: &str) -> String {
    format!(
        "{{\"anonymousId\":\"d1\",\"eventId\":\"{id}\",\"eventType\":\"atomic_command\",\
         \"timestamp\":\"{day}T00:00:00Z\",\"command\":\"update\",\"agentType\":null,\
         \"success\":true,\"platform\":\"linux\",\"atomicVersion\":\"0.1.0\",\"source\":\"cli\"}}"
    )
}

fn startup(day: &str, id: &str) -> Json {
    json!({
        "event": "binary.startup", "uuid": id, "distinct_id": "d1",
        "timestamp": format!("{day}T00:00:00.123Z"),
        "properties": {
            "archon_version": "1.2.3", "archon_git_commit": "abc", "archon_is_binary": true,
            "platform": "linux", "arch": "x64",
        },
    })
}

fn log(day: &str, id: &str) -> Json {
    json!({
        "service": "assembly", "date": format!("{day}T00:00:00.000Z"), "message": "command_run",
        "event_id": id, "device_id": "d1", "command": "assembly init", "outcome": "success",
        "exit_code": 0, "duration_ms": 12, "cli_version": "1.2.3", "os": "linux", "ci": false,
    })
}

/// An export as the SDK encodes it.
fn export(encoding: Encoding, lines: impl Iterator<Item = String>) -> Vec<u8> {
    let text = std::fs::read_to_string(stage::catalog("atomic")).unwrap();
    let catalog = headcount_catalog::parse(&text).unwrap_or_else(|mistakes| panic!("{mistakes}"));
    let lines: Vec<String> = lines.collect();
    let read = |line: &String| headcount_wire::read(&catalog, line).expect("a line that fits");
    let records: Vec<Checked> = lines.iter().map(read).collect();
    let payload = Payload {
        catalog: &catalog,
        records: &records,
        key: None,
        rate: Rate::WHOLE,
        home: HomeLifetime::Lasting,
    };
    otlp::encode(&payload, encoding).expect("records that fit").body
}

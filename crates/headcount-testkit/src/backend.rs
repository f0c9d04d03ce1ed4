//! The backends that products' documents name, as a client sees them: what they
//! demand of a request, and what they answer. Written after their public
//! documentation; `.ci/peers` runs the real clients of both.

use std::time::Duration;

use serde_json::Value;

use crate::{CannedAnswer, CaptureServer, CapturedRequest};

/// A backend.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Backend {
    /// PostHog's `POST /batch/`.
    PostHog,
    /// Datadog's intake of logs, as its browser library uses it: a public
    /// client token in the query, and a line of JSON for each log.
    Datadog,
}

/// A [`CaptureServer`] in the place of a backend.
#[derive(Debug)]
pub struct BackendServer {
    backend: Backend,
    server: CaptureServer,
}

impl BackendServer {
    /// Starts one that takes everything, as the real one does.
    #[must_use]
    pub fn start(backend: Backend) -> Self {
        let server = CaptureServer::start();
        let (status, body) = match backend {
            Backend::PostHog => (200, "{\"status\":\"Ok\"}"),
            Backend::Datadog => (202, "{}"),
        };
        let answer = CannedAnswer::status(status).header("content-type", "application/json");
        server.reply_otherwise(answer.body(body));
        Self { backend, server }
    }

    /// Returns its address, without a path.
    #[must_use]
    pub fn url(&self) -> String {
        self.server.url()
    }

    /// The server, for answers of another kind.
    #[must_use]
    pub fn server(&self) -> &CaptureServer {
        &self.server
    }

    /// Returns every event so far, in order of arrival, as the backend has it.
    ///
    /// # Panics
    ///
    /// If a request is not what the backend takes.
    #[must_use]
    #[track_caller]
    pub fn events(&self) -> Vec<Value> {
        let read = match self.backend {
            Backend::PostHog => posthog,
            Backend::Datadog => datadog,
        };
        self.server.requests().iter().flat_map(read).collect()
    }

    /// Waits for the first `requests` requests, and returns the events.
    ///
    /// # Panics
    ///
    /// If fewer came within `limit`, and as [`Self::events`].
    #[must_use]
    #[track_caller]
    pub fn events_of(&self, requests: usize, limit: Duration) -> Vec<Value> {
        drop(self.server.wait_for(requests, limit));
        self.events()
    }
}

/// <https://posthog.com/docs/api/capture>: a public key of the project, and
/// events with a name, an id of the person and properties.
fn posthog(request: &CapturedRequest) -> Vec<Value> {
    assert_eq!((request.method.as_str(), request.path.as_str()), ("POST", "/batch/"));
    is_json(request);
    let body: Value = serde_json::from_str(&request.text()).expect("a body of JSON");
    let key = body["api_key"].as_str().expect("`api_key` is a string");
    assert!(key.starts_with("phc_"), "{key} is not the public key of a project");
    let events = body["batch"].as_array().expect("`batch` is an array");
    for event in events {
        let text = |key: &str| event[key].as_str().is_some_and(|text| !text.is_empty());
        assert!(text("event") && text("distinct_id") && event["properties"].is_object(), "{event}");
        assert!(text("timestamp") && text("uuid"), "{event}");
    }
    events.clone()
}

/// <https://docs.datadoghq.com/api/latest/logs/>, in the browser's form.
fn datadog(request: &CapturedRequest) -> Vec<Value> {
    let (path, query) = request.path.split_once('?').expect("a query");
    assert_eq!((request.method.as_str(), path), ("POST", "/api/v2/logs"));
    let value = |name: &str| {
        let pairs = query.split('&').filter_map(|pair| pair.split_once('='));
        pairs.into_iter().find(|(key, _)| *key == name).map(|(_, value)| value)
    };
    let token = value("dd-api-key").expect("a client token in the query");
    assert!(token.starts_with("pub"), "{token} is not a client token");
    assert_eq!(value("ddsource"), Some("browser"));
    assert!(request.header("dd-api-key").is_none(), "browsers send no such header");
    let logs: Vec<Value> = request
        .text()
        .lines()
        .map(|line| serde_json::from_str(line).expect("a line is an object of JSON"))
        .collect();
    assert!(logs.iter().all(|log| log["message"].is_string() || log["service"].is_string()));
    logs
}

fn is_json(request: &CapturedRequest) {
    let kind = request.header("content-type").unwrap_or_default();
    assert!(kind.starts_with("application/json"), "PostHog reads JSON, not {kind}");
}

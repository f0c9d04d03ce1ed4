//! Where events are sent, as far as all products have the paths. Which events
//! a product has, its catalog says; the paths that only a catalog names are not
//! here.

use headcount_catalog::Reason;
use serde_json::{Map, Value as Json, json};

use super::json_schema::{object, reference, with_required};
use super::operations::{dialect_error, texts};
use crate::access::Gate;
use BodySchema::{Named, Opaque};

/// An intake that answers every fault in the form of its dialect.
struct IntakePath {
    path: &'static str,
    id: &'static str,
    summary: &'static str,
    /// Schemas of the bodies that it reads, by content type.
    bodies: &'static [(&'static str, BodySchema)],
    status: &'static str,
    /// The schema of its answer.
    answer: &'static str,
    /// The schema of its errors.
    error: &'static str,
    key: KeyPlace,
    /// Whether no body is a body without events.
    takes_nothing: bool,
}

/// Where a write key is sent.
#[derive(Clone, Copy)]
enum KeyPlace {
    /// `Authorization: Bearer KEY`.
    Bearer,
    /// The same; in development the body can name the product instead.
    BearerOrBody,
    /// `DD-API-KEY: KEY` or `?dd-api-key=KEY`, and in development likewise.
    Datadog,
    /// In the body, which no scheme can say.
    Body,
}

#[derive(Clone, Copy)]
enum BodySchema {
    /// The schema of this name.
    Named(&'static str),
    /// Lines or bytes.
    Opaque,
}

const JSON: &str = "application/json";

const PATHS: [IntakePath; 12] = [
    IntakePath {
        path: "/api/v1/events",
        id: "events",
        summary: "Events under the product's own names",
        bodies: &[(JSON, Named("NativeEvents")), ("application/x-ndjson", Opaque)],
        status: "200",
        answer: "BatchAnswer",
        error: "Error",
        key: KeyPlace::Bearer,
        takes_nothing: true,
    },
    IntakePath {
        path: "/api/v1/forget",
        id: "forget",
        summary: "Erases what a device has sent, for whoever has its secret",
        bodies: &[(JSON, Named("ErasureRequest"))],
        status: "200",
        answer: "ErasureAnswer",
        error: "Error",
        key: KeyPlace::BearerOrBody,
        takes_nothing: false,
    },
    IntakePath {
        path: "/v1/logs",
        id: "otlpLogs",
        summary: "OTLP/HTTP logs; also in protocol buffers, with an answer in them",
        bodies: &[(JSON, Named("OtlpLogs"))],
        status: "200",
        answer: "OtlpAnswer",
        error: "OtlpError",
        key: KeyPlace::BearerOrBody,
        takes_nothing: false,
    },
    observed(
        "/v1/traces",
        "otlpTraces",
        "OTLP/HTTP spans of somebody else's program, of which events are kept; where a catalog has \
         `[opentelemetry]`",
        &[(JSON, Named("OtlpTraces"))],
    ),
    observed(
        "/v1/metrics",
        "otlpMetrics",
        "OTLP/HTTP metrics of somebody else's program, which are not kept; where a catalog has \
         `[opentelemetry]`",
        &[(JSON, Named("OtlpMetrics"))],
    ),
    IntakePath {
        path: "/api/v2/logs",
        id: "datadogLogs",
        summary: "Logs, as Datadog's clients send them",
        bodies: &[(JSON, Named("AnyJson"))],
        status: "202",
        answer: "EmptyAnswer",
        error: "DatadogError",
        key: KeyPlace::Datadog,
        takes_nothing: true,
    },
    posthog("/batch", "posthogBatch"),
    posthog("/capture", "posthogCapture"),
    posthog("/e", "posthogE"),
    posthog("/i/v0/e", "posthogV0"),
    posthog("/track", "posthogTrack"),
    IntakePath {
        path: "/i/v1/analytics/events",
        id: "posthogV1",
        summary: "Events, as PostHog's newer clients send them",
        bodies: &[(JSON, Named("AnyJson"))],
        answer: "PostHogResults",
        key: KeyPlace::Bearer,
        ..posthog("", "")
    },
];

/// What only a catalog of somebody else's program makes this collector take.
const fn observed(
    path: &'static str,
    id: &'static str,
    summary: &'static str,
    bodies: &'static [(&'static str, BodySchema)],
) -> IntakePath {
    IntakePath {
        path,
        id,
        summary,
        bodies,
        status: "200",
        answer: "OtlpAnswer",
        error: "OtlpError",
        key: KeyPlace::BearerOrBody,
        takes_nothing: false,
    }
}

const fn posthog(path: &'static str, id: &'static str) -> IntakePath {
    IntakePath {
        path,
        id,
        summary: "Events, as PostHog's clients send them",
        bodies: &[(JSON, Named("PostHogEvents"))],
        status: "200",
        answer: "PostHogAnswer",
        error: "PostHogError",
        key: KeyPlace::Body,
        takes_nothing: false,
    }
}

pub(super) fn paths(gate: &Gate) -> impl Iterator<Item = (String, Json)> + use<'_> {
    PATHS.into_iter().map(move |intake| (intake.path.to_owned(), intake.operation(gate)))
}

/// The paths of feature flags, which need no key. There are no flags.
pub(super) fn flag_paths() -> impl Iterator<Item = (String, Json)> {
    let operation = |id| {
        json!({
            "post": {
                "operationId": id,
                "tags": ["intake"],
                "summary": "Feature flags, which PostHog's clients ask for: there are none",
                "security": [],
                "responses": {
                    "200": {
                        "description": "There are no flags; the request is not read",
                        "content": { JSON: { "schema": reference("PostHogFlags") } },
                    },
                    "405": { "$ref": "#/components/responses/MethodNotAllowed" },
                    "421": { "$ref": "#/components/responses/Misdirected" },
                    "429": dialect_error("Too often", "PostHogError", Some("Retry-After")),
                },
            },
        })
    };
    [("/flags", "posthogFlags"), ("/decide", "posthogDecide")]
        .into_iter()
        .map(move |(path, id)| (path.to_owned(), operation(id)))
}

impl IntakePath {
    fn operation(&self, gate: &Gate) -> Json {
        let contents = self.bodies.iter().map(|(kind, schema)| {
            let schema = match schema {
                Named(name) => reference(name),
                Opaque => json!({ "type": "string" }),
            };
            ((*kind).to_owned(), json!({ "schema": schema }))
        });
        json!({
            "post": {
                "operationId": self.id,
                "tags": ["intake"],
                "summary": self.summary,
                "security": self.key.security(gate),
                "requestBody": {
                    "required": !self.takes_nothing,
                    "content": contents.collect::<Map<String, Json>>(),
                },
                "responses": self.responses(),
            },
        })
    }

    fn responses(&self) -> Json {
        let error = |description, header| dialect_error(description, self.error, header);
        json!({
            self.status: {
                "description": "Everything that was accepted is on disk",
                "content": { JSON: { "schema": reference(self.answer) } },
            },
            "400": error("The body cannot be read", None),
            "401": error("Without a write key, or with an unknown one", Some("WWW-Authenticate")),
            "403": error("From a web page of another origin, without a key", None),
            "404": error("There is no such product", None),
            "405": { "$ref": "#/components/responses/MethodNotAllowed" },
            "413": error("The body is too large", None),
            "415": error("The content type or encoding is not supported", None),
            "421": { "$ref": "#/components/responses/Misdirected" },
            "429": error("Too often: send the same request again", Some("Retry-After")),
            "503": error("For now: send the same request again", Some("Retry-After")),
        })
    }
}

impl KeyPlace {
    fn security(self, gate: &Gate) -> Json {
        let schemes: &[&str] = match self {
            Self::Bearer | Self::BearerOrBody => &["writeKey"],
            Self::Datadog => &["datadogKey", "datadogKeyInQuery"],
            Self::Body => &[],
        };
        let mut all: Vec<Json> = schemes.iter().map(|scheme| json!({ *scheme: [] })).collect();
        if matches!(self, Self::BearerOrBody | Self::Datadog) && gate.is_development() {
            all.insert(0, json!({}));
        }
        Json::Array(all)
    }
}

pub(super) fn schemas() -> Map<String, Json> {
    let text = json!({ "type": "string" });
    let count = json!({ "type": "integer", "minimum": 0 });
    // A line that is not an object is a rejected event, and no fault.
    let any = "An array of events, `{\"events\":[…]}`, or one event a line";
    let named = [
        ("NativeEvents", json!({ "description": any })),
        ("AnyJson", json!({ "type": ["object", "array"] })),
        (
            "PostHogEvents",
            json!({
                "type": "object",
                "properties": { "api_key": { "type": "string" }, "batch": { "type": "array" } },
                "required": ["api_key"],
            }),
        ),
        ("OtlpLogs", json!({ "type": "object" })),
        ("OtlpTraces", json!({ "type": "object" })),
        ("OtlpMetrics", json!({ "type": "object" })),
        ("EmptyAnswer", object(&[])),
        (
            "BatchAnswer",
            with_required(
                &[
                    ("accepted", count.clone()),
                    (
                        "catalog",
                        json!({"type": "integer", "minimum": 0, "description": "The version of the newest catalog, if the batch has no event"}),
                    ),
                    ("duplicate", count.clone()),
                    ("rejected", count.clone()),
                    ("refused", count.clone()),
                    ("events", json!({ "type": "array", "items": reference("EventOutcome") })),
                ],
                &["accepted", "duplicate", "rejected", "events"],
            ),
        ),
        ("EventOutcome", event_outcome()),
        (
            "ErasureRequest",
            json!({
                "type": "object",
                "properties": {
                    "product": { "type": ["string", "null"] },
                    "secret": { "type": "string", "pattern": "^[0-9a-fA-F]{32}$" },
                },
                "required": ["secret"],
            }),
        ),
        ("ErasureAnswer", object(&[("erased", count.clone()), ("proof", text.clone())])),
        (
            "OtlpAnswer",
            with_required(
                &[(
                    "partialSuccess",
                    with_required(
                        &[
                            ("rejectedLogRecords", text.clone()),
                            ("rejectedSpans", text.clone()),
                            ("rejectedDataPoints", text.clone()),
                            ("errorMessage", text.clone()),
                        ],
                        &["errorMessage"],
                    ),
                )],
                &[],
            ),
        ),
        ("OtlpError", object(&[("code", count), ("message", text.clone())])),
        ("PostHogAnswer", object(&[("status", json!({ "const": "Ok" }))])),
        (
            "PostHogResults",
            object(&[(
                "results",
                json!({
                    "type": "object",
                    "additionalProperties": with_required(
                        &[("result", json!({ "enum": ["ok", "drop", "retry"] })), ("details", text)],
                        &["result"],
                    ),
                }),
            )]),
        ),
        (
            "PostHogFlags",
            object(&[
                ("flags", object(&[])),
                ("featureFlags", object(&[])),
                ("featureFlagPayloads", object(&[])),
                ("errorsWhileComputingFlags", json!({ "const": false })),
            ]),
        ),
        ("PostHogError", texts(&["error", "error_description"])),
        (
            "DatadogError",
            object(&[(
                "errors",
                json!({
                    "type": "array",
                    "items": texts(&["status", "title", "detail"]),
                }),
            )]),
        ),
    ];
    named.into_iter().map(|(name, schema)| (name.to_owned(), schema)).collect()
}

/// What became of an event that was not stored.
fn event_outcome() -> Json {
    let reasons: Vec<&str> = Reason::ALL.iter().map(|reason| reason.name()).collect();
    with_required(
        &[
            ("index", json!({ "type": "integer", "minimum": 0 })),
            ("outcome", json!({ "enum": ["duplicate", "rejected", "refused"] })),
            ("reason", json!({ "enum": reasons })),
            ("path", json!({ "type": "string" })),
            ("kind", json!({ "type": "string" })),
            ("catalog", json!({ "type": "integer", "minimum": 1 })),
        ],
        &["index", "outcome"],
    )
}

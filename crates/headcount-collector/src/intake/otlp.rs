//! `POST /v1/logs`: OTLP/HTTP logs, in JSON and in protocol buffers. The answer
//! has the encoding of the request.
//!
//! `POST /v1/traces` and `/v1/metrics` are for the catalogs of somebody else's
//! program: of spans the events are judged, and everything else is counted as
//! not kept. Without such a catalog there are no such paths.

use std::iter;
use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::Response;
use headcount_catalog::Reason;
use headcount_wire::flat::BodyForm;
use headcount_wire::otlp::Signal;
use headcount_wire::{Outcome, otlp};

use super::body::IncomingBody;
use super::judge_body::{BodyRules, Owner};
use super::outcomes::{Answered, outcomes};
use super::rejection::Rejection;
use super::{body, write_key};
use crate::answer;
use crate::app::App;
use crate::batch::batch_head;
use crate::plan::Missing;

const NO_KEY: &str = "missing write key: send `Authorization: Bearer KEY`; with --development, every \
                      resource can name its product in `service.name` instead";

const UNKNOWN_TYPE: &str = "unsupported Content-Type: send `application/json` or \
                            `application/x-protobuf`";

/// The encoding of a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum OtlpEncoding {
    Json,
    Protobuf,
}

pub(super) async fn handle(State(app): State<Arc<App>>, request: Request) -> Response {
    take_in(&app, Signal::Logs, request).await
}

/// Takes spans in, if a catalog reads them.
pub(super) async fn handle_traces(State(app): State<Arc<App>>, request: Request) -> Response {
    take_in_observed(&app, Signal::Traces, request).await
}

/// Takes metrics in, if a catalog reads what is sent beside them.
pub(super) async fn handle_metrics(State(app): State<Arc<App>>, request: Request) -> Response {
    take_in_observed(&app, Signal::Metrics, request).await
}

async fn take_in_observed(app: &Arc<App>, signal: Signal, request: Request) -> Response {
    if app.registry().has_observed() {
        take_in(app, signal, request).await
    } else {
        rejected(&Rejection::NotObserved, request.headers())
    }
}

async fn take_in(app: &Arc<App>, signal: Signal, request: Request) -> Response {
    let (parts, mut body) = request.into_parts();
    let encoding = encoding(&parts.headers);
    let incoming = IncomingBody { headers: &parts.headers, body: &mut body };
    match (store(app, signal, encoding, incoming).await, encoding) {
        (Ok(outcomes), Some(OtlpEncoding::Protobuf)) => {
            let answer = otlp::encode_answer_protobuf(signal, &outcomes);
            answer::of(StatusCode::OK, otlp::CONTENT_TYPE_PROTOBUF, answer)
        }
        (Ok(outcomes), _) => answer::json(StatusCode::OK, otlp::encode_answer(signal, &outcomes)),
        (Err(rejection), _) => {
            body::discard(&mut body).await;
            rejected(&rejection, &parts.headers)
        }
    }
}

/// Answers in the encoding of the request.
pub(super) fn rejected(rejection: &Rejection, headers: &HeaderMap) -> Response {
    match encoding(headers) {
        Some(OtlpEncoding::Protobuf) => rejection.otlp_protobuf(),
        _ => rejection.otlp(),
    }
}

async fn store(
    app: &Arc<App>,
    signal: Signal,
    encoding: Option<OtlpEncoding>,
    body: IncomingBody<'_>,
) -> Result<Vec<Outcome>, Rejection> {
    let registry = app.registry();
    let owner = match write_key::bearer(app, body.headers, NO_KEY)? {
        Some(key) => {
            let product = write_key::product(app, &registry, key)?;
            if signal != Signal::Logs && !product.is_observed() {
                return Err(Rejection::NotObserved.of(product.name()));
            }
            Owner::Product(product.name())
        }
        None => Owner::Service { no_key: NO_KEY },
    };
    // This also keeps web pages from writing here: a browser sends these types
    // to another origin only after a preflight request, and this route never
    // allows one.
    let encoding = encoding.ok_or(Rejection::UnknownType(UNKNOWN_TYPE))?;
    let form = match (signal, encoding) {
        (Signal::Logs, OtlpEncoding::Json) => BodyForm::Otlp,
        (Signal::Logs, OtlpEncoding::Protobuf) => BodyForm::OtlpProtobuf,
        (Signal::Traces, OtlpEncoding::Json) => BodyForm::OtlpTraces,
        (Signal::Traces, OtlpEncoding::Protobuf) => BodyForm::OtlpTracesProtobuf,
        (Signal::Metrics, OtlpEncoding::Json) => BodyForm::OtlpMetrics,
        (Signal::Metrics, OtlpEncoding::Protobuf) => BodyForm::OtlpMetricsProtobuf,
    };
    let (batch, missing) = (batch_head(body.headers), Missing::Set);
    let rules = BodyRules { form, owner, batch, missing, outside: None };
    let Answered { mut outcomes, unclaimed, .. } = outcomes(app, registry, body, rules).await?;
    outcomes.extend(iter::repeat_n(Outcome::Rejected(Reason::UnknownProduct), unclaimed));
    Ok(outcomes)
}

fn encoding(headers: &HeaderMap) -> Option<OtlpEncoding> {
    let sent = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok())?;
    let name = sent.split(';').next().unwrap_or("").trim();
    let is = |kind: &str| name.eq_ignore_ascii_case(kind);
    if is(otlp::CONTENT_TYPE) {
        Some(OtlpEncoding::Json)
    } else if is(otlp::CONTENT_TYPE_PROTOBUF) || is("application/protobuf") {
        Some(OtlpEncoding::Protobuf)
    } else {
        None
    }
}

//! `POST /v1/logs`: OTLP/HTTP logs, in JSON and in protocol buffers. The answer
//! has the encoding of the request.

use std::iter;
use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::Response;
use headcount_catalog::Reason;
use headcount_wire::flat::BodyForm;
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

/// The path of both encodings.
pub(super) const PATH: &str = "/v1/logs";

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
    let (parts, mut body) = request.into_parts();
    let encoding = encoding(&parts.headers);
    let incoming = IncomingBody { headers: &parts.headers, body: &mut body };
    match (store(&app, encoding, incoming).await, encoding) {
        (Ok(outcomes), Some(OtlpEncoding::Protobuf)) => {
            let answer = otlp::encode_answer_protobuf(&outcomes);
            answer::of(StatusCode::OK, otlp::CONTENT_TYPE_PROTOBUF, answer)
        }
        (Ok(outcomes), _) => answer::json(StatusCode::OK, otlp::encode_answer(&outcomes)),
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
    encoding: Option<OtlpEncoding>,
    body: IncomingBody<'_>,
) -> Result<Vec<Outcome>, Rejection> {
    let registry = app.registry();
    let owner = match write_key::bearer(app, body.headers, NO_KEY)? {
        Some(key) => Owner::Product(write_key::product(app, &registry, key)?.name()),
        None => Owner::Service { no_key: NO_KEY },
    };
    // This also keeps web pages from writing here: a browser sends these types
    // to another origin only after a preflight request, and this route never
    // allows one.
    let form = match encoding.ok_or(Rejection::UnknownType(UNKNOWN_TYPE))? {
        OtlpEncoding::Json => BodyForm::Otlp,
        OtlpEncoding::Protobuf => BodyForm::OtlpProtobuf,
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

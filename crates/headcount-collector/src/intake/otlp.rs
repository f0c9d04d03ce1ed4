//! `POST /v1/logs`: OTLP/HTTP logs, in JSON and in protocol buffers. The answer
//! has the encoding of the request.

use std::borrow::Cow;
use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::Response;
use headcount_wire::{Outcome, otlp};

use super::body::IncomingBody;
use super::outcomes::outcomes;
use super::rejection::Rejection;
use super::request_judge::{MissingId, RequestJudge};
use super::{body, write_key};
use crate::answer;
use crate::app::App;
use crate::registry::LoadedProduct;

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
        (Err(rejection), encoding) => {
            body::discard(&mut body).await;
            match encoding {
                Some(OtlpEncoding::Protobuf) => rejection.otlp_protobuf(),
                _ => rejection.otlp(),
            }
        }
    }
}

async fn store(
    app: &App,
    encoding: Option<OtlpEncoding>,
    body: IncomingBody<'_>,
) -> Result<Vec<Outcome>, Rejection> {
    let registry = app.registry();
    let keyed = match write_key::bearer(body.headers)? {
        Some(key) => Some(write_key::product(app, &registry, key)?),
        None => None,
    };
    // This also keeps web pages from writing here: a browser sends these types
    // to another origin only after a preflight request, and this route never
    // allows one.
    let encoding = encoding.ok_or(Rejection::UnknownType(UNKNOWN_TYPE))?;
    outcomes(app, body, MissingId::Assign, |request_judge, body| {
        let named = |name: &str| write_key::named(app, &registry, name);
        judge(named, request_judge, keyed, encoding, body)
    })
    .await
}

/// Judges every record, after finding the product of each: a request that names
/// an unknown product is rejected as a whole.
fn judge<'a>(
    named: impl Fn(&str) -> Result<&'a LoadedProduct, Rejection>,
    request_judge: &mut RequestJudge<'_>,
    keyed: Option<&'a LoadedProduct>,
    encoding: OtlpEncoding,
    body: &[u8],
) -> Result<(), Rejection> {
    let export = match encoding {
        OtlpEncoding::Json => otlp::decode(body)?,
        OtlpEncoding::Protobuf => otlp::decode_protobuf(body)?,
    };
    let records = export.records()?;
    let owners = records
        .iter()
        .map(|record| match (keyed, record.service) {
            (Some(product), _) => Ok(product),
            (None, Some(name)) => named(name),
            (None, None) => Err(Rejection::NoKey(NO_KEY)),
        })
        .collect::<Result<Vec<_>, _>>()?;
    for (record, product) in records.iter().zip(owners) {
        request_judge.judge(product, |_| Ok(Cow::Borrowed(&record.unchecked)));
    }
    Ok(())
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

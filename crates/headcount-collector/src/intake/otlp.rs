//! `POST /v1/logs`: OTLP/HTTP logs, in JSON and in protocol buffers. The answer
//! has the encoding of the request.

use std::borrow::Cow;
use std::iter;
use std::sync::Arc;
use std::sync::atomic::Ordering;

use axum::extract::{Request, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::Response;
use headcount_catalog::Reason;
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
    let keyed = match write_key::bearer(body.headers)? {
        Some(key) => Some(write_key::product(app, key)?),
        None => None,
    };
    // This also keeps web pages from writing here: a browser sends these types
    // to another origin only after a preflight request, and this route never
    // allows one.
    let encoding = encoding.ok_or(Rejection::UnknownType(UNKNOWN_TYPE))?;
    let mut unclaimed = 0;
    let outcomes = outcomes(app, body, MissingId::Assign, |request_judge, body| {
        unclaimed = judge(app, request_judge, keyed, encoding, body)?;
        Ok(())
    });
    let mut outcomes = outcomes.await?;
    app.unclaimed_events.fetch_add(unclaimed as u64, Ordering::Relaxed);
    outcomes.extend(iter::repeat_n(Outcome::Rejected(Reason::UnknownProduct), unclaimed));
    Ok(outcomes)
}

/// Judges every record of a product that has a catalog, and returns the number
/// of the others. A request without any such product is rejected as a whole, so
/// that its sender keeps it until the catalog is loaded.
fn judge(
    app: &App,
    request_judge: &mut RequestJudge<'_>,
    keyed: Option<&LoadedProduct>,
    encoding: OtlpEncoding,
    body: &[u8],
) -> Result<usize, Rejection> {
    let export = match encoding {
        OtlpEncoding::Json => otlp::decode(body)?,
        OtlpEncoding::Protobuf => otlp::decode_protobuf(body)?,
    };
    let records = export.records()?;
    let owners = records.iter().map(|record| match (keyed, record.service) {
        (Some(product), _) => Ok(product),
        (None, Some(name)) => write_key::named(app, name),
        (None, None) => Err(Rejection::NoKey(NO_KEY)),
    });
    let owners = owners.collect::<Vec<_>>();
    write_key::some_owner(&owners)?;
    let mut unclaimed = 0;
    for (record, owner) in records.iter().zip(owners) {
        match owner {
            Ok(product) => {
                request_judge.judge(product, |_| Ok(Cow::Borrowed(&record.unchecked)));
            }
            Err(_) => unclaimed += 1,
        }
    }
    Ok(unclaimed)
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

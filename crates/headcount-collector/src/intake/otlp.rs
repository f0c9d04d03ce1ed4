//! `POST /v1/logs`: OTLP/HTTP logs, in JSON and in protocol buffers. The answer is in the encoding of
//! the request, whatever it says.

use std::borrow::Cow;
use std::sync::Arc;

use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::Response;
use headcount_wire::Outcome;
use headcount_wire::otlp;

use super::batch::{Batch, Unnamed};
use super::turned_away::TurnedAway;
use super::{body, key};
use crate::app::App;
use crate::registry::Product;

const NO_PRODUCT: &str = "this request has no key, and a resource in it no `service.name`: send \
                          `Authorization: Bearer KEY`, or in development the product's name as \
                          `service.name`";

const NEITHER: &str = "OTLP is taken in JSON and in protocol buffers: send `Content-Type: \
                       application/json` or `application/x-protobuf`";

/// What a body is written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Spoken {
    Json,
    Protobuf,
}

pub(super) async fn take(State(app): State<Arc<App>>, request: Request) -> Response {
    let (parts, mut body) = request.into_parts();
    let spoken = spoken(&parts.headers);
    match (outcomes(&app, spoken, (&parts.headers, &mut body)).await, spoken) {
        (Ok(outcomes), Some(Spoken::Protobuf)) => {
            let answer = otlp::encode_answer_protobuf(&outcomes);
            crate::answer::of(StatusCode::OK, otlp::CONTENT_TYPE_PROTOBUF, answer)
        }
        (Ok(outcomes), _) => super::json(StatusCode::OK, otlp::encode_answer(&outcomes)),
        (Err(turned_away), spoken) => {
            body::discard(&mut body).await;
            match spoken {
                Some(Spoken::Protobuf) => turned_away.otlp_protobuf(),
                _ => turned_away.otlp(),
            }
        }
    }
}

async fn outcomes(
    app: &App,
    spoken: Option<Spoken>,
    (headers, body): (&HeaderMap, &mut Body),
) -> Result<Vec<Outcome>, TurnedAway> {
    let keyed = match key::bearer(headers)? {
        Some(key) => Some(key::product(&app.registry, app.access, key)?),
        None => None,
    };
    // Also what keeps a page in a browser on this machine from writing here: without asking first,
    // which is never granted, a page cannot send these types to another origin.
    let spoken = spoken.ok_or(TurnedAway::UnknownType(NEITHER))?;
    super::outcomes(app, (headers, body), Unnamed::Named, |batch, body| {
        judge(app, batch, keyed, (spoken, body))
    })
    .await
}

/// Judges every record, once it is clear whose each one is: a request that names an unknown product
/// is not taken by halves.
fn judge(
    app: &App,
    batch: &mut Batch<'_>,
    keyed: Option<&Product>,
    (spoken, body): (Spoken, &[u8]),
) -> Result<(), TurnedAway> {
    let export = match spoken {
        Spoken::Json => otlp::decode(body)?,
        Spoken::Protobuf => otlp::decode_protobuf(body)?,
    };
    let records = export.records()?;
    let owners = records
        .iter()
        .map(|record| match (keyed, record.service) {
            (Some(product), _) => Ok(product),
            (None, Some(name)) => key::named(&app.registry, app.access, name),
            (None, None) => Err(TurnedAway::NoKey(NO_PRODUCT)),
        })
        .collect::<Result<Vec<_>, _>>()?;
    for (record, product) in records.iter().zip(owners) {
        batch.judge(product, |_| Ok(Cow::Borrowed(&record.unchecked)));
    }
    Ok(())
}

fn spoken(headers: &HeaderMap) -> Option<Spoken> {
    let sent = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok())?;
    let name = sent.split(';').next().unwrap_or("").trim();
    let is = |kind: &str| name.eq_ignore_ascii_case(kind);
    if is(otlp::CONTENT_TYPE) {
        Some(Spoken::Json)
    } else if is(otlp::CONTENT_TYPE_PROTOBUF) || is("application/protobuf") {
        Some(Spoken::Protobuf)
    } else {
        None
    }
}

//! `POST /api/v1/forget`: erases what a device has sent, for whoever has the
//! secret behind its id.
//!
//! It tells nobody whether an id exists: the secret is 128 random bits, which
//! no one can find for an id, and to whoever has it the status and the form of
//! the answer are the same whether there were events or not. The answer's time
//! is too, as far as [`limits::ERASURE_ANSWER_TIME`] covers the work.
//!
//! What arrives later under the same id is taken like anything else: the
//! machine has deleted the id before it asked, and a copy of it cannot be told
//! from a device.

use std::sync::Arc;

use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::Response;
use headcount_store::{Erasure, Pseudonym};
use headcount_wire::native::{ErasureAnswer, ErasureRequest};
use tokio::time::{Instant, sleep_until, timeout};

use super::rejection::Rejection;
use super::{body, write_key};
use crate::answer;
use crate::app::App;
use crate::erasure_proof::ErasureProof;
use crate::limits;
use crate::operator_log::LogPart;
use crate::pseudonym::IdKind;

pub(super) async fn handle(State(app): State<Arc<App>>, request: Request) -> Response {
    let began = Instant::now();
    let (parts, mut body) = request.into_parts();
    match forget(&app, &parts.headers, &mut body).await {
        Ok(erased) => {
            sleep_until(next_answer(began)).await;
            answer::json(StatusCode::OK, erased.encode())
        }
        Err(rejection) => {
            body::discard(&mut body).await;
            rejection.native()
        }
    }
}

/// The next whole multiple of [`limits::ERASURE_ANSWER_TIME`] after `began`.
fn next_answer(began: Instant) -> Instant {
    let (grain, took) = (limits::ERASURE_ANSWER_TIME, began.elapsed());
    let passed = took.as_nanos() / grain.as_nanos();
    began + grain * u32::try_from(passed + 1).unwrap_or(u32::MAX)
}

async fn forget(
    app: &Arc<App>,
    headers: &HeaderMap,
    body: &mut Body,
) -> Result<ErasureAnswer, Rejection> {
    let _permit = app.erasures.try_acquire().map_err(|_| Rejection::Busy)?;
    let registry = app.registry();
    let keyed = match write_key::bearer(app, headers, write_key::NO_BEARER_KEY)? {
        Some(key) => Some(write_key::product(app, &registry, key)?),
        None => None,
    };
    let request = ErasureRequest::decode(&read(headers, body).await?)?;
    let product = match (keyed, &request.product) {
        (Some(product), None) => product,
        (Some(product), Some(name)) if product.name() == name => product,
        (Some(_), Some(_)) => return Err(Rejection::Malformed(OTHER_PRODUCT.to_owned())),
        (None, Some(name)) => write_key::named(app, &registry, name)?,
        (None, None) => return Err(Rejection::NoKey(write_key::NO_BEARER_KEY)),
    };
    let device = app.pseudonyms.make(IdKind::Device, product.name(), &request.secret.device());
    let erased = erase(app, product.name(), device).await?;
    let product = product.name().to_owned();
    let proof = ErasureProof { product, day: app.today(), erased, person: device };
    Ok(proof.answer(&app.pseudonyms))
}

const OTHER_PRODUCT: &str =
    "`product` is not the product of the write key: send the same for both, or leave one out";

/// Reads the body, which is small and not compressed.
async fn read(headers: &HeaderMap, body: &mut Body) -> Result<Vec<u8>, Rejection> {
    let encoding = headers.get(header::CONTENT_ENCODING);
    if encoding.is_some_and(|encoding| encoding != "identity") {
        return Err(Rejection::UnknownEncoding);
    }
    let end = Instant::now() + limits::BODY_TIME;
    let mut whole = Vec::new();
    while let Some(bytes) = body::next(body, end).await? {
        if whole.len() + bytes.len() > limits::FORGET_BYTES {
            let most = limits::FORGET_BYTES / 1024;
            return Err(Rejection::TooMuch(format!("the body is longer than {most} KiB")));
        }
        whole.extend_from_slice(&bytes);
    }
    Ok(whole)
}

/// Erases on a thread that may wait for the disk, one erasure at a time. It is
/// done to its end, also for a client that does not wait.
async fn erase(app: &Arc<App>, product: &'static str, device: Pseudonym) -> Result<u64, Rejection> {
    let turn = timeout(limits::ERASURE_TURN_TIME, Arc::clone(&app.erasing).lock_owned());
    let turn = turn.await.map_err(|_| Rejection::Busy)?;
    let (store, log) = (Arc::clone(&app.store), app.log.clone());
    let erased = tokio::task::spawn_blocking(move || {
        let _turn = turn;
        let erased = store.erase(product, Erasure::Device(device));
        erased.map_err(|error| log.error(LogPart::Store, &error))
    });
    match erased.await {
        Ok(Ok(erased)) => Ok(erased),
        // The details are for the operator alone.
        Ok(Err(())) => Err(Rejection::StoreFailed),
        Err(_) => Err(Rejection::Internal),
    }
}

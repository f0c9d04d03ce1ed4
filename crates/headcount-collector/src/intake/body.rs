//! Reading a body: bounded before and after decompression, in time, and among all others.

use std::sync::Arc;

use axum::body::{Body, Bytes};
use axum::http::{HeaderMap, header};
use http_body_util::BodyExt as _;
use tokio::sync::Semaphore;
use tokio::time::{Instant, timeout_at};

use super::kept::Taken;
use super::turned_away::TurnedAway;
use super::unpack::Unpacker;
use crate::limits;

/// Reads a body to its end, or to the first limit it passes.
pub(super) async fn read(
    headers: &HeaderMap,
    body: &mut Body,
    room: &Arc<Semaphore>,
) -> Result<Taken, TurnedAway> {
    let mut unpacker = Unpacker::new(headers, room)?;
    let announced =
        headers.get(header::CONTENT_LENGTH).and_then(|it| it.to_str().ok()?.parse().ok());
    if announced.is_some_and(|bytes: u64| bytes > limits::BODY_BYTES as u64) {
        return Err(TurnedAway::TooLarge);
    }
    let end = Instant::now() + limits::BODY_TIME;
    let mut sent = 0;
    while let Some(bytes) = next(body, end).await? {
        sent += bytes.len();
        if sent > limits::BODY_BYTES {
            return Err(TurnedAway::TooLarge);
        }
        unpacker.write(&bytes)?;
    }
    unpacker.finish()
}

/// Reads what is left of a body and keeps nothing of it.
pub(super) async fn discard(body: &mut Body) {
    let end = Instant::now() + limits::DISCARD_TIME;
    let mut left = limits::DISCARDED_BYTES;
    while let Ok(Some(bytes)) = next(body, end).await {
        match left.checked_sub(bytes.len()) {
            Some(less) => left = less,
            None => return,
        }
    }
}

/// The next bytes of a body; `None` at its end.
async fn next(body: &mut Body, end: Instant) -> Result<Option<Bytes>, TurnedAway> {
    match timeout_at(end, body.frame()).await {
        Err(_) => Err(TurnedAway::TooSlow),
        Ok(None) => Ok(None),
        Ok(Some(Err(_))) => Err(TurnedAway::Malformed(
            "the body ended before it was whole: send it again".to_owned(),
        )),
        // Trailers carry nothing for us.
        Ok(Some(Ok(frame))) => Ok(Some(frame.into_data().unwrap_or_default())),
    }
}

#[cfg(test)]
mod tests {
    use std::convert::Infallible;
    use std::future::pending;
    use std::io::Write as _;

    use axum::http::HeaderValue;
    use http_body_util::Full;

    use super::super::kept::all_room;
    use super::*;

    /// A body that begins and never ends.
    fn stalled() -> Body {
        let trailers = pending::<Option<Result<HeaderMap, Infallible>>>();
        Body::new(Full::new(Bytes::from_static(b"{")).with_trailers(trailers))
    }

    fn gzipped(length: usize) -> (HeaderMap, Body) {
        let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
        encoder.write_all(&vec![b' '; length]).unwrap();
        let mut headers = HeaderMap::new();
        headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static("gzip"));
        (headers, Body::from(encoder.finish().unwrap()))
    }

    #[tokio::test(start_paused = true)]
    async fn a_client_that_stalls_is_not_waited_for_forever() {
        let began = Instant::now();
        let mut body = stalled();
        let read = read(&HeaderMap::new(), &mut body, &all_room()).await;
        assert!(matches!(read, Err(TurnedAway::TooSlow)));
        assert_eq!(began.elapsed(), limits::BODY_TIME);
        discard(&mut body).await;
        assert_eq!(began.elapsed(), limits::BODY_TIME + limits::DISCARD_TIME);
    }

    #[tokio::test]
    async fn bodies_share_their_room_and_give_it_back() {
        let room = all_room();
        let whole = room.available_permits();
        let (headers, mut body) = gzipped(limits::DECOMPRESSED_BYTES);
        let first = read(&headers, &mut body, &room).await.unwrap();
        assert_eq!(first.bytes().len(), limits::DECOMPRESSED_BYTES);
        let used = whole - room.available_permits();
        assert_eq!(used * limits::ROOM_BYTES, limits::DECOMPRESSED_BYTES);

        let rest = room
            .clone()
            .try_acquire_many_owned(u32::try_from(room.available_permits() - 1).unwrap());
        let (headers, mut body) = gzipped(2 * limits::ROOM_BYTES);
        assert!(matches!(read(&headers, &mut body, &room).await, Err(TurnedAway::Busy)));
        drop((first, rest));
        assert_eq!(room.available_permits(), whole);
    }

    #[tokio::test]
    async fn one_byte_too_many_inside_is_too_many() {
        let room = all_room();
        let whole = room.available_permits();
        let (headers, mut body) = gzipped(limits::DECOMPRESSED_BYTES + 1);
        let read = read(&headers, &mut body, &room).await;
        assert!(matches!(read, Err(TurnedAway::TooLargeInside)));
        assert_eq!(room.available_permits(), whole);
    }
}

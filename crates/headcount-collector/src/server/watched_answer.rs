//! An answer's body that comes in parts: until the last one is there the
//! collector works, and its client is not waited for.

use std::pin::Pin;
use std::task::{Context, Poll, ready};

use axum::Error;
use axum::body::{Body, Bytes};
use hyper::body::{Body as HttpBody, Frame, SizeHint};

/// Returns `body`. Calls `when_complete` once its last part is there, or it is
/// given up. A body of known length is complete at once.
pub(super) fn watched(body: Body, when_complete: impl FnOnce() + Send + 'static) -> Body {
    if body.size_hint().exact().is_some() {
        when_complete();
        return body;
    }
    Body::new(WatchedAnswer { body, when_complete: Some(Box::new(when_complete)) })
}

struct WatchedAnswer {
    body: Body,
    when_complete: Option<Box<dyn FnOnce() + Send>>,
}

impl WatchedAnswer {
    fn complete(&mut self) {
        if let Some(when_complete) = self.when_complete.take() {
            when_complete();
        }
    }
}

impl HttpBody for WatchedAnswer {
    type Data = Bytes;
    type Error = Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Error>>> {
        let frame = ready!(Pin::new(&mut self.body).poll_frame(context));
        if frame.is_none() || self.body.is_end_stream() {
            self.complete();
        }
        Poll::Ready(frame)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

impl Drop for WatchedAnswer {
    fn drop(&mut self) {
        self.complete();
    }
}

#[cfg(test)]
mod tests {
    use std::collections::VecDeque;
    use std::convert::Infallible;
    use std::sync::Arc;
    use std::sync::atomic::{AtomicU32, Ordering};

    use http_body_util::BodyExt;

    use super::*;

    /// A body that comes in these parts.
    struct Parts(VecDeque<&'static str>);

    impl HttpBody for Parts {
        type Data = Bytes;
        type Error = Infallible;

        fn poll_frame(
            mut self: Pin<&mut Self>,
            _: &mut Context<'_>,
        ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
            Poll::Ready(self.0.pop_front().map(|part| Ok(Frame::data(Bytes::from(part)))))
        }

        fn is_end_stream(&self) -> bool {
            self.0.is_empty()
        }
    }

    fn told(body: Body) -> (Body, impl Fn() -> u32) {
        let told = Arc::new(AtomicU32::new(0));
        let tell = Arc::clone(&told);
        let body = watched(body, move || {
            tell.fetch_add(1, Ordering::Relaxed);
        });
        (body, move || told.load(Ordering::Relaxed))
    }

    #[tokio::test]
    async fn the_last_part_is_told_once() {
        let (mut body, times) = told(Body::new(Parts(["one", "two"].into())));
        assert_eq!(times(), 0);
        body.frame().await.unwrap().unwrap();
        assert_eq!(times(), 0, "the collector still works");
        body.frame().await.unwrap().unwrap();
        assert_eq!(times(), 1);
        assert!(body.frame().await.is_none());
        drop(body);
        assert_eq!(times(), 1);
    }

    #[tokio::test]
    async fn a_body_that_nobody_wants_any_more_is_told() {
        let (mut body, times) = told(Body::new(Parts(["one", "two"].into())));
        body.frame().await.unwrap().unwrap();
        drop(body);
        assert_eq!(times(), 1);
    }

    #[test]
    fn a_body_of_one_part_is_told_at_once() {
        for body in [Body::empty(), Body::from("one")] {
            assert_eq!(told(body).1(), 1);
        }
    }
}

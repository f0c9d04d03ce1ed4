//! A page that is sent in two parts: what is known before anything is counted,
//! and the numbers.
//!
//! A browser prepares and paints the first part while the store counts, and a
//! person sees at once that the page is coming. By then the status is sent, so
//! a page begins only once the store has answered something.

use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use axum::body::{Body, Bytes};
use axum::http::{HeaderName, HeaderValue, StatusCode};
use axum::response::Response;
use hyper::body::{Body as HttpBody, Frame};
use maud::{Markup, html};
use tokio::sync::oneshot;
use tokio::sync::oneshot::error::RecvError;

use super::frame::{self, Content};
use super::layout::{UNAVAILABLE, page_answer, page_of_body};
use crate::answer;
use crate::app::StoreUnavailable;

/// Has nginx pass the first part on at once (`ngx_http_proxy_module`,
/// "proxy_buffering").
const UNBUFFERED: (HeaderName, HeaderValue) =
    (HeaderName::from_static("x-accel-buffering"), HeaderValue::from_static("no"));

/// A page of which nothing is sent.
pub(super) struct UnsentPage(oneshot::Sender<Beginning>);

/// A page whose first part is sent.
pub(super) struct BegunPage(oneshot::Sender<Bytes>);

/// A page that is sent, or for which nobody waits any more.
pub(super) struct FinishedPage {
    /// Whether it was sent, with what was asked for.
    pub(super) has_answered: bool,
}

/// The second part of a page.
pub(super) struct Rest {
    pub(super) part: Markup,
    /// Whether the numbers are in it.
    pub(super) has_numbers: bool,
}

/// How an answer begins.
struct Beginning {
    status: StatusCode,
    part: Markup,
    /// `None` if that was all.
    rest: Option<oneshot::Receiver<Bytes>>,
}

/// The body of a page in two parts. If the second one cannot be drawn it ends
/// with an error, and so without the end of its chunks.
struct PageBody {
    first: Option<Bytes>,
    rest: Option<oneshot::Receiver<Bytes>>,
}

/// Answers with the page that `draw` draws, in a task of its own.
pub(super) async fn answered<F>(draw: impl FnOnce(UnsentPage) -> F) -> Response
where
    F: Future<Output = FinishedPage> + Send + 'static,
{
    let (sender, beginning) = oneshot::channel();
    tokio::spawn(draw(UnsentPage(sender)));
    let Ok(Beginning { status, part, rest }) = beginning.await else {
        return answer::internal_error();
    };
    if rest.is_none() {
        return page_answer(status, part);
    }
    let first = Some(Bytes::from(part.into_string()));
    let mut response = page_of_body(status, Body::new(PageBody { first, rest }));
    let (name, value) = UNBUFFERED;
    response.headers_mut().insert(name, value);
    response
}

impl Rest {
    /// The numbers, or that there are none now, and what is below them.
    pub(super) fn of(numbers: Result<Markup, StoreUnavailable>) -> Self {
        let has_numbers = numbers.is_ok();
        let part = html! {
            @match numbers {
                Ok(numbers) => (numbers),
                Err(StoreUnavailable) => p.low role="alert" data-failed="yes" { (UNAVAILABLE) },
            }
            (frame::below_content(Content::Numbers))
        };
        Self { part, has_numbers }
    }
}

impl UnsentPage {
    /// Sends all of it.
    pub(super) fn whole(self, status: StatusCode, page: Markup) -> FinishedPage {
        let is_sent = self.send(Beginning { status, part: page, rest: None });
        FinishedPage { has_answered: is_sent && status.is_success() }
    }

    /// Sends what is above the numbers, with a status of success.
    pub(super) fn begin(self, above: Markup) -> BegunPage {
        let (sender, rest) = oneshot::channel();
        self.send(Beginning { status: StatusCode::OK, part: above, rest: Some(rest) });
        BegunPage(sender)
    }

    /// Whether somebody waited for it.
    fn send(self, beginning: Beginning) -> bool {
        self.0.send(beginning).is_ok()
    }
}

impl BegunPage {
    /// Sends the rest once it is drawn. If its connection ends before that, or
    /// only the head of the answer was wanted, it is not drawn any further.
    pub(super) async fn end(self, rest: impl Future<Output = Rest>) -> FinishedPage {
        let Self(mut sender) = self;
        let Rest { part, has_numbers } = tokio::select! {
            drawn = rest => drawn,
            () = sender.closed() => return FinishedPage { has_answered: false },
        };
        let is_sent = sender.send(Bytes::from(part.into_string())).is_ok();
        FinishedPage { has_answered: is_sent && has_numbers }
    }
}

impl HttpBody for PageBody {
    type Data = Bytes;
    type Error = RecvError;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, RecvError>>> {
        if let Some(first) = self.first.take() {
            return Poll::Ready(Some(Ok(Frame::data(first))));
        }
        let Some(rest) = self.rest.as_mut() else { return Poll::Ready(None) };
        let drawn = ready!(Pin::new(rest).poll(context));
        self.rest = None;
        Poll::Ready(Some(drawn.map(Frame::data)))
    }

    fn is_end_stream(&self) -> bool {
        self.first.is_none() && self.rest.is_none()
    }
}

#[cfg(test)]
mod tests {
    use http_body_util::BodyExt;

    use super::*;

    fn markup(text: &str) -> Markup {
        html! { (text) }
    }

    fn rest(text: &str) -> Rest {
        Rest { part: markup(text), has_numbers: true }
    }

    #[tokio::test]
    async fn the_first_part_is_there_before_the_second_is_drawn() {
        let (count, counted) = oneshot::channel::<&str>();
        let response = answered(|page| async move {
            let begun = page.begin(markup("above"));
            begun.end(async { rest(counted.await.unwrap()) }).await
        });
        let mut body = response.await.into_body();
        let mut next = async || body.frame().await?.ok()?.into_data().ok();
        assert_eq!(next().await.unwrap(), "above");
        count.send("numbers").unwrap();
        assert_eq!(next().await.unwrap(), "numbers");
        assert_eq!(next().await, None);
        assert!(body.is_end_stream());
    }

    #[tokio::test]
    async fn a_page_that_cannot_be_drawn_ends_with_an_error() {
        let response = answered(|page| async move {
            page.begin(markup("above"));
            FinishedPage { has_answered: false }
        });
        let mut body = response.await.into_body();
        assert!(body.frame().await.unwrap().is_ok());
        assert!(body.frame().await.unwrap().is_err());
        let response = answered(|_| async move { FinishedPage { has_answered: false } }).await;
        assert_eq!(response.status(), StatusCode::SERVICE_UNAVAILABLE);
    }

    #[tokio::test]
    async fn nothing_is_drawn_for_whoever_does_not_want_the_rest() {
        let (over, is_over) = oneshot::channel();
        let response = answered(|page| async move {
            let page = page.begin(markup("above")).end(std::future::pending()).await;
            over.send(page.has_answered).unwrap();
            page
        });
        drop(response.await);
        assert!(!is_over.await.unwrap());
    }

    #[tokio::test]
    async fn a_whole_page_has_a_status_and_a_length() {
        let page =
            |page: UnsentPage| async move { page.whole(StatusCode::NOT_FOUND, markup("no")) };
        let response = answered(page).await;
        assert_eq!(response.status(), StatusCode::NOT_FOUND);
        assert_eq!(HttpBody::size_hint(response.body()).exact(), Some(2));
    }
}

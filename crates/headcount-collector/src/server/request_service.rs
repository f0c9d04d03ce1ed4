//! What every request passes: the guard, its own task, the routes, and what
//! every answer has.

use std::convert::Infallible;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::http::{HeaderValue, Request, StatusCode, header};
use axum::response::Response;
use hyper::body::Incoming;
use hyper::service::Service;
use hyper_util::service::TowerToHyperService;
use tokio::sync::Semaphore;

use super::canonical_path::canonical;
use super::connection_state::ConnectionState;
use super::connections::OpenConnection;
use super::watched_body::WatchedBody;
use crate::app::App;
use crate::{answer, guard};

/// What the requests of one connection pass.
pub(super) struct RequestService {
    app: Arc<App>,
    router: TowerToHyperService<Router>,
    state: Arc<ConnectionState>,
    started: Arc<Semaphore>,
}

impl RequestService {
    pub(super) fn new(app: &Arc<App>, router: &Router, open: &OpenConnection) -> Self {
        Self {
            app: Arc::clone(app),
            router: TowerToHyperService::new(router.clone()),
            state: Arc::clone(&open.state),
            started: open.started_requests(),
        }
    }

    /// Answers in a task of its own: a client that goes away does not take back
    /// what it has sent.
    fn start(&self, request: Request<Body>) -> impl Future<Output = Response> + Send + use<> {
        let (router, started) = (self.router.clone(), Arc::clone(&self.started));
        let answering = tokio::spawn(async move {
            // The semaphore is never closed.
            let _started = started.acquire_owned().await;
            match router.call(request).await {
                Ok(response) => response,
                Err(never) => match never {},
            }
        });
        async move { answering.await.unwrap_or_else(|_| answer::internal_error()) }
    }
}

impl Service<Request<Incoming>> for RequestService {
    type Response = Response;
    type Error = Infallible;
    type Future = Pin<Box<dyn Future<Output = Result<Response, Infallible>> + Send>>;

    fn call(&self, request: Request<Incoming>) -> Self::Future {
        let (app, state) = (Arc::clone(&self.app), Arc::clone(&self.state));
        state.head_is_here();
        let mut request =
            request.map(|body| Body::new(WatchedBody::new(body, Arc::clone(&self.state))));
        if let Some(uri) = canonical(request.uri()) {
            *request.uri_mut() = uri;
        }
        let origin = request.headers().get(header::ORIGIN).cloned();
        let answering = match guard::check_host(app.access, &request) {
            Ok(()) => Ok(self.start(request)),
            Err(misdirected) => Err(*misdirected),
        };
        Box::pin(async move {
            let mut response = match answering {
                Ok(answering) => answering.await,
                Err(misdirected) => misdirected,
            };
            guard::protect(&mut response, origin);
            if closes(response.status()) {
                let close = HeaderValue::from_static("close");
                response.headers_mut().insert(header::CONNECTION, close);
            }
            app.answered_requests.count(response.status());
            state.answered();
            Ok(response)
        })
    }
}

/// Whether the rest of the request may still be on its way.
fn closes(status: StatusCode) -> bool {
    status == StatusCode::MISDIRECTED_REQUEST
}

//! What every request passes: the door, the guard, its own task, the routes,
//! and what every answer has.

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
use tokio::task::JoinHandle;
use tokio::time::Instant;

use super::canonical_path::canonical;
use super::connection_state::ConnectionState;
use super::connections::OpenConnection;
use super::watched_answer::watched;
use super::watched_body::WatchedBody;
use crate::answer::WhyRefused;
use crate::app::App;
use crate::connection_facts::{PeerHash, PeerStanding};
use crate::door::TurnedAway;
use crate::listener::Accepted;
use crate::operator_log::RefusalKind;
use crate::route_class::RouteClass;
use crate::route_of_path::route_of;
use crate::{answer, guard, intake};

/// What the requests of one connection pass.
pub(super) struct RequestService {
    app: Arc<App>,
    router: TowerToHyperService<Router>,
    state: Arc<ConnectionState>,
    started: Arc<Semaphore>,
    peer: PeerHash,
    standing: PeerStanding,
}

impl RequestService {
    pub(super) fn new(
        app: &Arc<App>,
        router: &Router,
        open: &OpenConnection,
        accepted: &Accepted,
    ) -> Self {
        Self {
            app: Arc::clone(app),
            router: TowerToHyperService::new(router.clone()),
            state: Arc::clone(&open.state),
            started: open.started_requests(),
            peer: accepted.peer,
            standing: accepted.standing,
        }
    }

    /// The connection is plain, and was to be encrypted.
    pub(super) fn is_not_encrypted(&mut self) {
        self.standing = PeerStanding::WithoutTls;
    }

    /// Answers whoever may come in, and tells the others why not.
    fn answer(&self, mut request: Request<Body>) -> Answering {
        let door = &self.app.door;
        match door.admit(&request, self.peer, self.standing, Instant::now()) {
            Err(why) => Answering::TurnedAway(Box::new(request), why),
            Ok(facts) => match guard::check_host(&door.names, &request) {
                Err(misdirected) => Answering::Misdirected(misdirected),
                Ok(()) => {
                    request.extensions_mut().insert(facts);
                    Answering::Started(self.start(request))
                }
            },
        }
    }

    /// Answers in a task of its own: a client that goes away does not take back
    /// what it has sent.
    fn start(&self, request: Request<Body>) -> JoinHandle<Response> {
        let (router, started) = (self.router.clone(), Arc::clone(&self.started));
        tokio::spawn(async move {
            // The semaphore is never closed.
            let _started = started.acquire_owned().await;
            match router.call(request).await {
                Ok(response) => response,
                Err(never) => match never {},
            }
        })
    }
}

/// How a request is answered.
enum Answering {
    Started(JoinHandle<Response>),
    Misdirected(Box<Response>),
    TurnedAway(Box<Request<Body>>, TurnedAway),
}

impl Answering {
    async fn response(self, app: &App) -> Response {
        match self {
            Self::Started(task) => task.await.unwrap_or_else(|_| answer::internal_error()),
            Self::Misdirected(response) => *response,
            Self::TurnedAway(request, why) => intake::turn_away(app, *request, why).await,
        }
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
        let began = Instant::now();
        let route = route_of(request.uri().path(), &app.registry());
        let origin = request.headers().get(header::ORIGIN).cloned();
        let answering = self.answer(request);
        Box::pin(async move {
            let mut response = answering.response(&app).await;
            guard::protect(&mut response, origin);
            if closes(response.status()) {
                let close = HeaderValue::from_static("close");
                response.headers_mut().insert(header::CONNECTION, close);
            }
            app.answered_requests.count(response.status());
            tell_refused(&app, route, &mut response);
            Ok(response.map(|body| {
                watched(body, move || {
                    app.measurements.answered(route, began.elapsed());
                    state.answered();
                })
            }))
        })
    }
}

/// Notes why a request was refused, if it was. Who asks for health hears that
/// something is wrong, and is not refused.
fn tell_refused(app: &App, route: RouteClass, response: &mut Response) {
    let status = response.status();
    let is_refused = status.is_client_error() || status.is_server_error();
    if !is_refused || route == RouteClass::Health {
        return;
    }
    let why = response.extensions_mut().remove::<WhyRefused>();
    let WhyRefused { reason, product } = why.unwrap_or(WhyRefused::by(status));
    let kind = RefusalKind::Request { route, status: status.as_u16(), reason, product };
    app.refusals.note(kind, 1, Instant::now().into_std());
}

/// Whether the rest of the request may still be on its way.
fn closes(status: StatusCode) -> bool {
    status == StatusCode::MISDIRECTED_REQUEST
}

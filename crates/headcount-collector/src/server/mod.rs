//! The server: connections in, answers out.
//!
//! A connection is a task, and so is each of its requests: a client that closes
//! as soon as its request is written ends the first and not the second. A page
//! is drawn in a third one, which ends once nobody wants the page any more.

mod canonical_path;
mod connection;
mod connection_state;
mod connections;
mod handshake;
mod request_service;
mod socket;
mod watched_answer;
mod watched_body;
#[cfg(test)]
mod door_tests;
#[cfg(test)]
mod tests;

use std::net::TcpListener;
use std::sync::Arc;

use axum::Router;
use tokio::runtime::Runtime;
use tokio::sync::oneshot;
use tokio::time::{Instant, MissedTickBehavior, interval, timeout};

use crate::app::App;
use crate::connection_facts::{PeerHash, PeerStanding};
use crate::limits;
use crate::listener::{Accepted, AnonymousListener};
use crate::routes;
use connection::Connection;
use connection_state::ConnectionPhase;
use connections::Connections;
use request_service::RequestService;

/// Serves until it is told to stop or `stopped` is dropped. Returns once every
/// request that had started is answered, or [`limits::STOP_TIME`] is over.
pub(crate) fn run(
    runtime: &Runtime,
    listener: TcpListener,
    app: &Arc<App>,
    stopped: oneshot::Receiver<()>,
) {
    let connections = Connections::new(limits::CONNECTIONS, Arc::clone(&app.measurements));
    run_with(connections, runtime, listener, app, stopped);
}

fn run_with(
    connections: Connections,
    runtime: &Runtime,
    listener: TcpListener,
    app: &Arc<App>,
    stopped: oneshot::Receiver<()>,
) {
    runtime.block_on(async {
        let Ok(listener) = tokio::net::TcpListener::from_std(listener) else {
            app.health.fail("cannot accept connections");
            return;
        };
        let router: Router = routes::all(app).with_state(Arc::clone(app));
        let connections = Arc::new(connections);
        let sweeping = tokio::spawn(sweep(Arc::clone(&connections), Arc::clone(app)));
        let watching = tokio::spawn(watch_health(Arc::clone(app)));
        tokio::select! {
            () = accept(AnonymousListener::new(listener, app), &connections, app, &router) => {}
            // A dropped sender stops it, too.
            _ = stopped => {}
        }
        connections.end_all();
        // What is not over by then is given up: nothing of it was acknowledged.
        let _ = timeout(limits::STOP_TIME, connections.are_over()).await;
        sweeping.abort();
        watching.abort();
    });
}

async fn accept(
    listener: AnonymousListener,
    connections: &Arc<Connections>,
    app: &Arc<App>,
    router: &Router,
) {
    loop {
        let accepted = match listener.accept().await {
            Ok(accepted) => accepted,
            // The system has no handle left. A connection that waits has one.
            Err(_) => {
                connections.shed(Instant::now());
                tokio::time::sleep(limits::ACCEPT_RETRY_TIME).await;
                continue;
            }
        };
        let acceptor = app.door.certificate().map(|own| own.acceptor());
        let counted = counted(&accepted, app);
        if let (Some(peer), Some(_)) = (counted, &acceptor)
            && app.door.rates.handshake_of(peer, Instant::now()).is_err()
        {
            continue;
        }
        let phase = match acceptor {
            Some(_) => ConnectionPhase::Handshake,
            None => ConnectionPhase::Idle,
        };
        let Some(open) = connections.admit(phase, counted).await else { continue };
        let service = RequestService::new(app, router, &open, &accepted);
        let connection = Connection { stream: accepted.stream, acceptor, open, service };
        tokio::spawn(connection.run());
    }
}

/// Whose connection it is, if it counts: those of a proxy are everybody's, and
/// in development nobody is limited.
fn counted(accepted: &Accepted, app: &App) -> Option<PeerHash> {
    let is_counted = accepted.standing != PeerStanding::Proxy && app.door.rates.are_limited();
    is_counted.then_some(accepted.peer)
}

/// Ends what is overdue, and replaces the salt of the clients' addresses.
async fn sweep(connections: Arc<Connections>, app: Arc<App>) {
    let mut ticks = interval(limits::SWEEP_TIME);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        ticks.tick().await;
        let now = Instant::now();
        connections.end_overdue(now);
        if app.door.salt.replace_if_old(now) {
            app.door.rates.forget_peers();
        }
        app.refusals.tell_due(now.into_std());
        let left = app.body_memory.available_permits() * limits::MEMORY_UNIT_BYTES;
        if left < limits::SHORT_MEMORY_BYTES {
            connections.end_slow_bodies(now);
        }
    }
}

/// Looks after the collector's own parts. What is wrong is told there.
async fn watch_health(app: Arc<App>) {
    let mut ticks = interval(limits::SWEEP_TIME);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        ticks.tick().await;
        let _ = app.check_health().await;
    }
}

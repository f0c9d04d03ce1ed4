//! Starts and stops a collector.

use std::net::{SocketAddr, TcpListener};
use std::num::NonZero;
use std::sync::Arc;
use std::thread::{self, JoinHandle};

use axum::Router;
use axum::middleware;
use headcount_store::{AnswerRows, DataFolder, EmbeddedStore, Question, Store};
use tokio::runtime::{Builder, Runtime};
use tokio::sync::{Semaphore, oneshot};

use crate::app::App;
use crate::config::{Access, Config};
use crate::desks::Desks;
use crate::dropped_fields::DroppedFields;
use crate::error::{StartError, StartFailure};
use crate::inbox::Inbox;
use crate::judges::{JudgeQueue, Judges};
use crate::listener::AnonymousListener;
use crate::pseudonym::Pseudonyms;
use crate::secret::{self, StoredEvents};
use crate::writer::Writer;
use crate::{guard, intake, limits, routes};

/// The file in the data folder that is locked while a collector runs.
const LOCK: &str = "collector.lock";

/// Starts collectors.
#[derive(Debug)]
pub struct Collector;

impl Collector {
    /// Starts a collector on the embedded store in the data folder. It runs on
    /// threads of its own until it is stopped or dropped.
    ///
    /// # Errors
    ///
    /// Returns an error if
    /// - the address cannot be listened on;
    /// - other machines can reach the address, and there are no keys;
    /// - the data folder or the store in it cannot be used;
    /// - another collector uses the data folder;
    /// - the secret is missing or damaged.
    pub fn start(config: Config) -> Result<Running, StartError> {
        check_access(&config)?;
        let folder = DataFolder::lock(&config.data, LOCK)?;
        let store = EmbeddedStore::open(folder.path())?;
        start(config, folder, Arc::new(store))
    }

    /// Starts a collector on another store. The data folder then has the secret
    /// only.
    ///
    /// # Errors
    ///
    /// Returns the errors of [`start`](Self::start).
    pub fn start_on(config: Config, store: Arc<dyn Store>) -> Result<Running, StartError> {
        check_access(&config)?;
        let folder = DataFolder::lock(&config.data, LOCK)?;
        start(config, folder, store)
    }
}

/// A running collector. Dropping it stops it.
#[derive(Debug)]
pub struct Running {
    address: SocketAddr,
    /// `None` once it is stopped.
    parts: Option<Parts>,
}

struct Parts {
    stop: oneshot::Sender<()>,
    server: JoinHandle<()>,
    judges: Judges,
    writer: Writer,
    /// Locked until everything else has ended.
    folder: DataFolder,
}

impl Running {
    /// The address that it listens on, with the real port if [`Config::listen`]
    /// has port 0.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// The URL of its page.
    #[must_use]
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Stops the collector: accepts no more connections, answers requests that
    /// have started, and commits what waits.
    pub fn stop(mut self) {
        self.end();
    }

    fn end(&mut self) {
        let Some(Parts { stop, server, judges, writer, folder }) = self.parts.take() else {
            return;
        };
        // Both fail only if the server has ended by a panic, which was printed.
        let _ = stop.send(());
        let _ = server.join();
        judges.stop();
        writer.stop();
        drop(folder);
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.end();
    }
}

impl std::fmt::Debug for Parts {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.debug_struct("Parts").field("folder", &self.folder).finish_non_exhaustive()
    }
}

fn check_access(config: &Config) -> Result<(), StartError> {
    match config.access {
        Access::Development if !config.listen.ip().is_loopback() => {
            Err(StartFailure::NotLoopback(config.listen).into())
        }
        Access::Development => Ok(()),
    }
}

fn start(config: Config, folder: DataFolder, store: Arc<dyn Store>) -> Result<Running, StartError> {
    let secret = secret::open(&folder, stored_events(store.as_ref())?)?;
    let (listener, address) = listen(config.listen)?;
    let runtime =
        Builder::new_current_thread().enable_all().build().map_err(StartFailure::Thread)?;
    let inbox = Arc::new(Inbox::new());
    let dropped_fields = Arc::new(DroppedFields::default());
    let judge_queue = Arc::new(JudgeQueue::default());
    let app = Arc::new(App {
        registry: config.registry,
        access: config.access,
        clock: config.clock,
        error_log: Arc::clone(&config.error_log),
        pseudonyms: Pseudonyms::under(&secret),
        inbox: Arc::clone(&inbox),
        store: Arc::clone(&store),
        address,
        requests: Semaphore::new(limits::REQUESTS),
        body_memory: intake::body_memory(),
        questions: Semaphore::new(limits::QUESTIONS),
        dropped_fields: Arc::clone(&dropped_fields),
        judge_queue: Arc::clone(&judge_queue),
        desks: Desks::default(),
    });
    let writer = Writer::start(inbox, store, dropped_fields, config.error_log)
        .map_err(StartFailure::Thread)?;
    // As many as there are cores; one if the system does not say.
    let threads = thread::available_parallelism().map_or(1, NonZero::get);
    let judges = Judges::start(judge_queue, threads).map_err(StartFailure::Thread)?;
    let (stop, stopped) = oneshot::channel();
    let server = thread::Builder::new()
        .name("headcount-server".to_owned())
        .spawn(move || serve(&runtime, listener, app, stopped))
        .map_err(StartFailure::Thread)?;
    Ok(Running { address, parts: Some(Parts { stop, server, judges, writer, folder }) })
}

fn stored_events(store: &dyn Store) -> Result<StoredEvents, StartError> {
    match store.ask(&Question::Products)? {
        AnswerRows::Products(rows) if !rows.is_empty() => Ok(StoredEvents::Some),
        _ => Ok(StoredEvents::None),
    }
}

fn listen(address: SocketAddr) -> Result<(TcpListener, SocketAddr), StartError> {
    TcpListener::bind(address)
        .and_then(|listener| {
            listener.set_nonblocking(true)?;
            let address = listener.local_addr()?;
            Ok((listener, address))
        })
        .map_err(|error| StartFailure::Listen { address, error }.into())
}

fn serve(runtime: &Runtime, listener: TcpListener, app: Arc<App>, stopped: oneshot::Receiver<()>) {
    runtime.block_on(async move {
        let Ok(listener) = tokio::net::TcpListener::from_std(listener) else {
            (app.error_log)("cannot accept connections: restart the collector");
            return;
        };
        let router: Router = routes::all()
            .layer(middleware::from_fn_with_state(Arc::clone(&app), guard::check_host))
            .layer(middleware::map_response(guard::protect))
            .with_state(app);
        let (stopping, is_stopping) = oneshot::channel();
        let stop = async move {
            // A dropped sender stops it, too.
            let _ = stopped.await;
            let _ = stopping.send(());
        };
        let time_is_up = async move {
            let _ = is_stopping.await;
            tokio::time::sleep(limits::STOP_TIME).await;
        };
        tokio::select! {
            // It never fails: the listener retries.
            _ = axum::serve(AnonymousListener::new(listener), router).with_graceful_shutdown(stop) => {}
            () = time_is_up => {}
        }
    });
}

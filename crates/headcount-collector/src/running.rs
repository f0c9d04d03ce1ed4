//! A collector from its start to its stop.

use std::net::{SocketAddr, TcpListener};
use std::sync::Arc;
use std::thread::{self, JoinHandle};

use axum::Router;
use axum::middleware;
use headcount_store::{AnswerRows, EmbeddedStore, Question, Store};
use tokio::runtime::{Builder, Runtime};
use tokio::sync::{Semaphore, oneshot};

use crate::app::{self, App};
use crate::config::{Access, Config};
use crate::door::Door;
use crate::folder::Folder;
use crate::left_out::LeftOut;
use crate::pseudonym::Pseudonyms;
use crate::secret::{self, Before};
use crate::writer::{Desk, Writer};
use crate::{StartError, intake, limits, routes, visitor};

/// Starts collectors.
#[derive(Debug)]
pub struct Collector;

impl Collector {
    /// Starts one on the embedded store in the data folder. It runs on threads of its own until it
    /// is stopped or dropped.
    ///
    /// # Errors
    /// Where it cannot listen, where the data folder cannot be used or is another collector's, and
    /// where it would serve without keys to more than this machine.
    pub fn start(config: Config) -> Result<Running, StartError> {
        check_access(&config)?;
        let folder = Folder::take(&config.data)?;
        let store = EmbeddedStore::open(folder.path())
            .map_err(|error| StartError::because(error.to_string()))?;
        start(config, folder, Arc::new(store))
    }

    /// Starts one on another store; the data folder then holds the secret alone.
    ///
    /// # Errors
    /// As [`start`](Self::start).
    pub fn start_on(config: Config, store: Arc<dyn Store>) -> Result<Running, StartError> {
        check_access(&config)?;
        let folder = Folder::take(&config.data)?;
        start(config, folder, store)
    }
}

/// A collector that runs. Dropping it stops it.
#[derive(Debug)]
pub struct Running {
    address: SocketAddr,
    /// `None` once it is stopped.
    parts: Option<Parts>,
}

struct Parts {
    stop: oneshot::Sender<()>,
    server: JoinHandle<()>,
    writer: Writer,
    /// Held until everything else has ended.
    folder: Folder,
}

impl Running {
    /// Where it listens, with the port it was given for port 0.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Where its page is.
    #[must_use]
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Stops it: no new connections, requests in flight are answered, what waits is committed.
    pub fn stop(mut self) {
        self.end();
    }

    fn end(&mut self) {
        let Some(Parts { stop, server, writer, folder }) = self.parts.take() else { return };
        // The server may have ended by itself, and whatever ended it has said so on stderr.
        let _ = stop.send(());
        let _ = server.join();
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
            Err(StartError::because(format!(
                "development lets in everybody who can reach {}, and that is more than this \
                 machine: listen on 127.0.0.1",
                config.listen
            )))
        }
        Access::Development => Ok(()),
    }
}

fn start(config: Config, folder: Folder, store: Arc<dyn Store>) -> Result<Running, StartError> {
    let secret = secret::open(&folder, before(store.as_ref())?)?;
    let (listener, address) = listen(config.listen)?;
    let threads = |error: std::io::Error| {
        StartError::because(format!("the system gives no thread to the collector: {error}"))
    };
    let runtime = Builder::new_current_thread().enable_all().build().map_err(threads)?;
    let desk = Desk::default();
    let app = Arc::new(App {
        registry: config.registry,
        access: config.access,
        clock: config.clock,
        trouble: Arc::clone(&config.trouble),
        pseudonyms: Pseudonyms::under(&secret),
        desk: desk.clone(),
        store: Arc::clone(&store),
        address,
        requests: Semaphore::new(limits::REQUESTS),
        bodies: intake::all_room(),
        questions: app::question_places(),
        left_out: LeftOut::default(),
    });
    let writer = Writer::start(&desk, store, config.trouble).map_err(threads)?;
    let (stop, stopped) = oneshot::channel();
    let server = thread::Builder::new()
        .name("headcount-server".to_owned())
        .spawn(move || serve(&runtime, listener, app, stopped))
        .map_err(threads)?;
    Ok(Running { address, parts: Some(Parts { stop, server, writer, folder }) })
}

/// Whether there are events already.
fn before(store: &dyn Store) -> Result<Before, StartError> {
    match store.ask(&Question::Products) {
        Ok(AnswerRows::Products(rows)) if !rows.is_empty() => Ok(Before::Events),
        Ok(_) => Ok(Before::Nothing),
        Err(error) => Err(StartError::because(error.to_string())),
    }
}

fn listen(address: SocketAddr) -> Result<(TcpListener, SocketAddr), StartError> {
    TcpListener::bind(address)
        .and_then(|listener| {
            listener.set_nonblocking(true)?;
            let address = listener.local_addr()?;
            Ok((listener, address))
        })
        .map_err(|error| {
            let advice = match error.kind() {
                std::io::ErrorKind::AddrInUse => {
                    "another program listens there; stop it, or name another port with --listen"
                }
                std::io::ErrorKind::PermissionDenied => {
                    "this user may not; name a port above 1023 with --listen"
                }
                _ => "name another address with --listen",
            };
            StartError::because(format!(
                "the collector cannot listen on {address}: {advice} ({error})"
            ))
        })
}

fn serve(runtime: &Runtime, listener: TcpListener, app: Arc<App>, stopped: oneshot::Receiver<()>) {
    runtime.block_on(async move {
        let Ok(listener) = tokio::net::TcpListener::from_std(listener) else {
            (app.trouble)("the collector cannot wait for connections: start it again");
            return;
        };
        let router: Router = routes::all()
            .layer(middleware::from_fn_with_state(Arc::clone(&app), visitor::admit))
            .layer(middleware::map_response(visitor::guard))
            .with_state(app);
        let (hang_up, hung_up) = oneshot::channel();
        let stop = async move {
            // An error says that whoever could stop it is gone, which stops it too.
            let _ = stopped.await;
            let _ = hang_up.send(());
        };
        let late = async move {
            let _ = hung_up.await;
            tokio::time::sleep(limits::STOP_TIME).await;
        };
        tokio::select! {
            // It never fails: accepting is retried inside.
            _ = axum::serve(Door::new(listener), router).with_graceful_shutdown(stop) => {}
            () = late => {}
        }
    });
}

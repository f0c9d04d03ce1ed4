//! Starts and stops a collector.

use std::net::{SocketAddr, TcpListener};
use std::num::NonZero;
use std::sync::Arc;
use std::sync::atomic::AtomicU64;
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use headcount_catalog::{Day, Time};
#[cfg(feature = "clickhouse")]
use headcount_store::ClickHouseStore;
use headcount_store::{
    AnswerRows, DataFolder, EmbeddedStore, HouseReport, LockHolder, Question, Store, StoreError,
};
use tokio::runtime::Builder;
use tokio::sync::{Semaphore, oneshot};

use crate::access::{Gate, GuardedAccess};
use crate::alerts::{AlertRule, AlertWatch};
use crate::answered_requests::AnsweredRequests;
use crate::app::App;
use crate::clock_watch::{ClockWatch, TimeSinceStart, Witnesses};
use crate::config::{Access, Config, Encryption, PassedTime, StoreConfig};
use crate::credentials::CurrentCredentials;
use crate::desks::Desks;
use crate::door::{Door, Scheme};
use crate::dropped_fields::DroppedFields;
use crate::error::{StartError, StartFailure};
use crate::file_watch::FileWatch;
use crate::folder_watch::FolderWatch;
use crate::health::{FailureWatch, Health, LifeSign, WatchedPart};
use crate::housekeeper;
use crate::inbox::Inbox;
use crate::judges::{JudgeQueue, Judges};
use crate::last_asked::LastAsked;
use crate::metrics::Measurements;
use crate::notes::{self, CurrentNotes};
use crate::operator_log::{LogPart, Refusals, Sentence};
use crate::part_state::CertificateExpiry;
use crate::pseudonym::Pseudonyms;
use crate::registry::{CurrentCatalogs, KeptCatalogs};
use crate::reloader::Reloader;
use crate::repeated_task::RepeatedTask;
use crate::reports::ReportRule;
use crate::secret::{self, StoredEvents};
use crate::start_check::LOCK;
use crate::watched_store::WatchedStore;
use crate::writer::{Writer, WriterReports};
use crate::{
    access, encryption, intake, kept_clock, limits, public, registry, server, start_check,
};

/// Starts collectors.
#[derive(Debug)]
pub struct Collector;

impl Collector {
    /// Starts a collector on the store that its configuration names. It runs on
    /// threads of its own until it is stopped or dropped.
    ///
    /// # Errors
    ///
    /// Returns an error if
    /// - the address cannot be listened on;
    /// - other machines can reach the address, and there are no keys;
    /// - the certificate or its key cannot be used;
    /// - the data folder or the store in it cannot be used;
    /// - another collector uses the data folder;
    /// - the secret is missing or damaged.
    pub fn start(config: Config) -> Result<Running, StartError> {
        start_check::check_access(&config)?;
        let door = Door::open(&config)?;
        let folder = DataFolder::lock(&config.data, LOCK)?;
        let store = open_store(&config, &folder)?;
        start(config, door, folder, store)
    }

    /// Says what [`start`](Self::start) would say of a configuration. Starts,
    /// creates and changes nothing, and does not look at the address and at the
    /// events. What a start would warn of is told to the log.
    ///
    /// Returns every error. A start returns the first. One that
    /// [`is_busy`](StartError::is_busy) may be of the collector that runs now.
    #[must_use]
    pub fn check(config: &Config) -> Vec<StartError> {
        start_check::check(config)
    }

    /// Starts a collector on another store. The data folder then has the secret
    /// only.
    ///
    /// # Errors
    ///
    /// Returns the errors of [`start`](Self::start).
    pub fn start_on(config: Config, store: Arc<dyn Store>) -> Result<Running, StartError> {
        start_check::check_access(&config)?;
        let door = Door::open(&config)?;
        let folder = DataFolder::lock(&config.data, LOCK)?;
        start(config, door, folder, store)
    }
}

/// A running collector. Dropping it stops it.
#[derive(Debug)]
pub struct Running {
    address: SocketAddr,
    /// What connections to the address speak.
    scheme: Scheme,
    failure: FailureWatch,
    /// `None` once it is stopped.
    parts: Option<Parts>,
}

struct Parts {
    stop: oneshot::Sender<()>,
    server: JoinHandle<()>,
    judges: Judges,
    housekeeper: RepeatedTask,
    /// The watches of the notes, and of the catalogs, the credentials and the
    /// certificate if there are any.
    watches: Vec<RepeatedTask>,
    /// The thread of alerts, if there are any.
    alerts: Option<RepeatedTask>,
    writer: Writer,
    app: Arc<App>,
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
        format!("{}{}", self.scheme.as_str(), self.address)
    }

    /// What waits for a failure: for a part of the collector that has ended by
    /// itself. Whoever hears of one should stop the collector and end the
    /// process, so that its supervisor can start it again.
    #[must_use]
    pub fn failure_watch(&self) -> FailureWatch {
        self.failure.clone()
    }

    /// What reads catalogs, credentials and certificate again, from any thread;
    /// `None` once it is stopped.
    #[must_use]
    pub fn reloader(&self) -> Option<Reloader> {
        let parts = self.parts.as_ref()?;
        let App { catalogs, gate, door, .. } = &*parts.app;
        let (catalogs, gate) = (Arc::clone(catalogs), Arc::clone(gate));
        Some(Reloader { catalogs, gate, certificate: door.certificate().cloned() })
    }

    /// Looks at these rules and sends these reports from now on, until the
    /// collector is stopped. What was given before is looked at no more.
    ///
    /// # Errors
    ///
    /// Returns the error of the system if no thread starts.
    pub fn watch_alerts(
        &mut self,
        rules: Vec<AlertRule>,
        reports: Vec<ReportRule>,
    ) -> std::io::Result<()> {
        let Some(parts) = &mut self.parts else { return Ok(()) };
        // First the old one, which has the same file.
        parts.alerts = None;
        let App { catalogs, data, url, store, clock, log, measurements, .. } = &*parts.app;
        let registry = parts.app.registry();
        for rule in &rules {
            if let Some(mistake) = rule.mistake(&registry) {
                let sentence = format!("the alert `{}` cannot ring: {mistake}", rule.name);
                log.warn(LogPart::Alerts, Sentence::of_files(&sentence));
            }
        }
        for report in &reports {
            if let Some(mistake) = report.mistake(&registry) {
                let sentence = format!("the report `{}` cannot be whole: {mistake}", report.name);
                log.warn(LogPart::Alerts, Sentence::of_files(&sentence));
            }
        }
        let watch = AlertWatch {
            rules,
            reports,
            catalogs: Arc::clone(catalogs),
            data: data.clone(),
            url: url.clone(),
            store: Arc::clone(store),
            clock: Arc::clone(clock),
            log: log.clone(),
            measurements: Arc::clone(measurements),
        };
        parts.alerts = Some(watch.start()?);
        Ok(())
    }

    /// Keeps the store in order now: seals, merges and expires by the clock and
    /// the newest catalogs. The collector does so itself, soon after the start
    /// and then hourly. Once it is stopped, nothing is done.
    ///
    /// # Errors
    ///
    /// Returns an error if the store cannot be written. What is left is tried
    /// again the next time.
    pub fn keep_house(&self) -> Result<HouseReport, StoreError> {
        self.parts.as_ref().map_or(Ok(HouseReport::default()), |parts| keep_in_order(&parts.app))
    }

    /// Stops the collector: accepts no more connections, answers requests that
    /// have started, and commits what waits.
    pub fn stop(mut self) {
        self.end();
    }

    fn end(&mut self) {
        let Some(parts) = self.parts.take() else { return };
        let Parts { stop, server, judges, housekeeper, watches, alerts, writer, app, folder } =
            parts;
        app.health.stopping();
        self.failure.stop();
        // Both fail only if the server has ended by a panic, which was printed.
        let _ = stop.send(());
        let _ = server.join();
        judges.stop();
        drop(housekeeper);
        drop(watches);
        writer.stop();
        // It may wait for the network, and everything is on disk now.
        drop(alerts);
        app.last_asked.write();
        kept_clock::look(&app);
        app.refusals.tell_all(Instant::now());
        drop(app);
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

fn open_store(config: &Config, folder: &DataFolder) -> Result<Arc<dyn Store>, StartError> {
    let log = config.log.of_store();
    match &config.store {
        StoreConfig::Embedded => Ok(Arc::new(EmbeddedStore::open_with_log(folder.path(), log)?)),
        #[cfg(feature = "clickhouse")]
        StoreConfig::ClickHouse(settings) => {
            Ok(Arc::new(ClickHouseStore::open_with_log(settings.clone(), log)?))
        }
    }
}

/// What the credentials are checked with, if they are.
fn gate(config: &Config, folder: &DataFolder) -> Result<Gate, StartError> {
    if config.access == Access::Development {
        start_check::warn_of_development(config, folder.path());
        return Ok(Gate::Development);
    }
    let credentials = CurrentCredentials::open(folder.path(), config.log.clone())
        .map_err(StartFailure::Credentials)?;
    start_check::warn_of_access(config, &credentials.now());
    let identity_header = match &config.encryption {
        Encryption::Proxy(proxy) => proxy.identity_header.as_ref(),
        Encryption::None | Encryption::Own(_) => None,
    };
    let identity_header = identity_header.and_then(|name| name.as_str().parse().ok());
    let guarded = GuardedAccess::new(credentials, identity_header);
    Ok(Gate::Guarded(Box::new(guarded.map_err(StartFailure::RandomBytes)?)))
}

fn start(
    config: Config,
    door: Door,
    folder: DataFolder,
    store: Arc<dyn Store>,
) -> Result<Running, StartError> {
    let (newest_day, stored_events) = match newest_day(store.as_ref()) {
        Ok(newest) => (newest, newest.map_or(StoredEvents::None, |_| StoredEvents::Some)),
        // It commits and cannot answer now: nobody knows, so the secret must be
        // there.
        Err(_) if !matches!(config.store, StoreConfig::Embedded) => (None, StoredEvents::Some),
        Err(_) if !store.problems().is_empty() => (None, StoredEvents::Some),
        Err(error) => return Err(error),
    };
    let secret = secret::open(&folder, stored_events, &config.log)?;
    let started = (config.clock)();
    let clock_watch = clock_watch(&config, started, (newest_day, stored_events));
    let gate = gate(&config, &folder)?;
    let kept = KeptCatalogs::of(folder.path());
    let catalogs = CurrentCatalogs::open(config.registry, kept, config.log.clone())?;
    let catalogs = Arc::new(catalogs);
    let (listener, address) = listen(config.listen)?;
    let folder_watch = FolderWatch::new(folder.path())
        .map_err(|error| StartFailure::Folder { path: folder.path().to_path_buf(), error })?;
    let store: Arc<dyn Store> = Arc::new(WatchedStore { store, folder: folder_watch });
    let inbox = Arc::new(Inbox::new());
    let dropped_fields = Arc::new(DroppedFields::default());
    let judge_queue = Arc::new(JudgeQueue::default());
    let housekeeper = LifeSign::default();
    let gate = Arc::new(gate);
    let notes = Arc::new(CurrentNotes::open(folder.path(), config.log.clone()));
    let watches: Vec<FileWatch> = registry::watch(&catalogs)
        .into_iter()
        .chain(door.certificate().map(encryption::watch))
        .chain(access::watch(&gate))
        .chain([notes::watch(&notes)])
        .collect();
    let mut parts = parts(&inbox, &judge_queue, &housekeeper);
    parts.extend(watches.iter().map(FileWatch::part));
    let scheme = door.listening_scheme();
    let url = door.url(address, &config.hosts);
    let refusals = Arc::new(Refusals::new(config.log.clone()));
    let measurements = Arc::new(Measurements::default());
    let certificate_expiry = certificate_expiry(&door);
    let app = Arc::new(App {
        catalogs,
        door,
        gate,
        notes,
        last_asked: Arc::new(LastAsked::open(folder.path(), config.log.clone())),
        clock: config.clock,
        log: config.log.clone(),
        refusals: Arc::clone(&refusals),
        measurements: Arc::clone(&measurements),
        data: folder.path().to_path_buf(),
        certificate_expiry,
        pseudonyms: Pseudonyms::under(&secret),
        inbox: Arc::clone(&inbox),
        store: Arc::clone(&store),
        url,
        body_memory: intake::body_memory(),
        erasures: Semaphore::new(limits::ERASURES),
        erasing: Arc::default(),
        questions: Arc::new(Semaphore::new(limits::QUESTIONS)),
        dropped_fields: Arc::clone(&dropped_fields),
        judge_queue: Arc::clone(&judge_queue),
        desks: Desks::default(),
        answered_requests: AnsweredRequests::default(),
        unclaimed_events: AtomicU64::default(),
        clock_watch,
        health: Health::new(Arc::clone(&store), parts, config.log.clone()),
        looking: Arc::default(),
    });
    kept_clock::hear_operator(&app);
    kept_clock::tell(&app);
    let failure = app.health.failure_watch();
    let reports = WriterReports { log: config.log, refusals, measurements };
    let writer =
        Writer::start(inbox, store, dropped_fields, reports).map_err(StartFailure::Thread)?;
    // As many as there are cores; one if the system does not say.
    let threads = thread::available_parallelism().map_or(1, NonZero::get);
    let judges = Judges::start(judge_queue, threads).map_err(StartFailure::Thread)?;
    let housekeeper = keep_house(&app, housekeeper).map_err(StartFailure::Thread)?;
    let (stop, server) = serve(Arc::clone(&app), listener).map_err(StartFailure::Thread)?;
    let watches = watches.into_iter().map(|watch| watch.start(app.log.clone()));
    let watches = watches.collect::<Result<_, _>>().map_err(StartFailure::Thread)?;
    let process = std::process::id();
    let told = Some(format!("{}{address}", scheme.as_str()));
    folder.tell_holder(&LockHolder { process, address: told, since: started });
    let alerts = None;
    let parts = Parts { stop, server, judges, housekeeper, watches, alerts, writer, app, folder };
    Ok(Running { address, scheme, failure, parts: Some(parts) })
}

/// The parts without which there is no collector, except for the server, which
/// looks after them.
fn parts(
    inbox: &Arc<Inbox>,
    judge_queue: &Arc<JudgeQueue>,
    housekeeper: &LifeSign,
) -> Vec<WatchedPart> {
    let (inbox, judge_queue) = (Arc::clone(inbox), Arc::clone(judge_queue));
    let has_writer = Box::new(move || inbox.has_writer());
    let has_judges = Box::new(move || judge_queue.has_judges());
    vec![
        WatchedPart { name: "the writer", is_alive: has_writer },
        WatchedPart { name: "a judge", is_alive: has_judges },
        housekeeper.part("the housekeeper"),
    ]
}

/// What watches the clock. Without events nothing can be lost, so nothing is in
/// doubt.
fn clock_watch(
    config: &Config,
    started: Time,
    (newest_day, stored): (Option<Day>, StoredEvents),
) -> ClockWatch {
    let believed = match stored {
        StoredEvents::Some => kept_clock::read(&config.data, &config.log),
        StoredEvents::None => None,
    };
    let passed: TimeSinceStart = match config.passed {
        PassedTime::Measured => {
            let start = Instant::now();
            Box::new(move || start.elapsed())
        }
        PassedTime::OfTheClock => {
            let clock = Arc::clone(&config.clock);
            Box::new(move || {
                let passed = clock().seconds().saturating_sub(started.seconds());
                Duration::from_secs(u64::try_from(passed).unwrap_or(0))
            })
        }
    };
    ClockWatch::new(started, Witnesses { believed, newest_day }, passed)
}

/// Until when the certificate holds that is shown, if there is one.
fn certificate_expiry(door: &Door) -> CertificateExpiry {
    let certificate = door.certificate().cloned();
    Box::new(move || Some(certificate.as_ref()?.expiry()))
}

/// The newest day with an event, of any product.
fn newest_day(store: &dyn Store) -> Result<Option<Day>, StartError> {
    match store.ask(&Question::Products)? {
        AnswerRows::Products(rows) => Ok(rows.iter().map(|row| row.last).max()),
        _ => Ok(None),
    }
}

fn keep_house(app: &Arc<App>, life_sign: LifeSign) -> std::io::Result<RepeatedTask> {
    let told = (app.log.clone(), Arc::clone(&app.measurements));
    let clock = Arc::clone(&app.clock);
    let app = Arc::clone(app);
    let keep_house = move || keep_in_order(&app);
    housekeeper::start(housekeeper::PAUSES, keep_house, move || clock(), told, life_sign)
}

fn keep_in_order(app: &App) -> Result<HouseReport, StoreError> {
    kept_clock::look(app);
    // What expires is gone, so a clock that is in doubt expires nothing.
    let today = app.clock_watch.certain_day(app.now());
    let kept = app.store.keep_house(&housekeeper::policy(&app.registry(), today));
    public::publish(app);
    app.last_asked.keep(&app.registry(), today);
    kept
}

fn serve(
    app: Arc<App>,
    listener: TcpListener,
) -> std::io::Result<(oneshot::Sender<()>, JoinHandle<()>)> {
    let runtime = Builder::new_current_thread().enable_all().build()?;
    let (stop, stopped) = oneshot::channel();
    let run = move || {
        let app = FailAtEnd(app);
        server::run(&runtime, listener, &app.0, stopped);
    };
    let server = thread::Builder::new().name("headcount-server".to_owned()).spawn(run)?;
    Ok((stop, server))
}

/// Fails the collector when the server's thread ends, even by a panic. After a
/// stop this has no effect.
struct FailAtEnd(Arc<App>);

impl Drop for FailAtEnd {
    fn drop(&mut self) {
        self.0.health.fail("the server has ended by itself: restart the collector");
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

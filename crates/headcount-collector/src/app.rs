//! The parts of a running collector, as every request uses them.

use std::ops::RangeInclusive;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::AtomicU64;

use headcount_catalog::{Day, Time};
use headcount_store::{AnswerRows, Question, Store};
use tokio::sync::Semaphore;
use tokio::time::timeout;

use crate::access::Gate;
use crate::answered_requests::AnsweredRequests;
use crate::clock_watch::ClockWatch;
use crate::config::TimeSource;
use crate::desks::Desks;
use crate::door::Door;
use crate::dropped_fields::DroppedFields;
use crate::health::Health;
use crate::inbox::Inbox;
use crate::judges::JudgeQueue;
use crate::last_asked::LastAsked;
use crate::limits;
use crate::metrics::Measurements;
use crate::notes::{CurrentNotes, DayNote};
use crate::operator_log::{LogPart, OperatorLog, Refusals};
use crate::part_state::CertificateExpiry;
use crate::pseudonym::Pseudonyms;
use crate::registry::{CurrentCatalogs, Registry};

/// The parts of a running collector.
pub(crate) struct App {
    /// The catalogs, which may change while it runs.
    pub(crate) catalogs: Arc<CurrentCatalogs>,
    pub(crate) door: Door,
    pub(crate) gate: Arc<Gate>,
    /// What readers wrote about days.
    pub(crate) notes: Arc<CurrentNotes>,
    /// When events and properties were last asked for.
    pub(crate) last_asked: Arc<LastAsked>,
    pub(crate) clock: TimeSource,
    pub(crate) log: OperatorLog,
    pub(crate) refusals: Arc<Refusals>,
    pub(crate) pseudonyms: Pseudonyms,
    pub(crate) inbox: Arc<Inbox>,
    pub(crate) store: Arc<dyn Store>,
    /// Where clients reach the collector, such as `http://127.0.0.1:7070`.
    pub(crate) url: String,
    /// The data folder.
    pub(crate) data: PathBuf,
    /// Until when the certificate holds.
    pub(crate) certificate_expiry: CertificateExpiry,
    pub(crate) measurements: Arc<Measurements>,
    /// A permit for each unit of memory of a body.
    pub(crate) body_memory: Arc<Semaphore>,
    /// A permit for each erasure that runs or waits.
    pub(crate) erasures: Semaphore,
    /// Held by the erasure that runs.
    pub(crate) erasing: Arc<tokio::sync::Mutex<()>>,
    /// A permit for each question.
    pub(crate) questions: Arc<Semaphore>,
    pub(crate) dropped_fields: Arc<DroppedFields>,
    /// Bodies that wait for a judge.
    pub(crate) judge_queue: Arc<JudgeQueue>,
    pub(crate) desks: Desks,
    pub(crate) answered_requests: AnsweredRequests,
    /// Events that name a product without a catalog, beside events that do.
    pub(crate) unclaimed_events: AtomicU64,
    pub(crate) clock_watch: ClockWatch,
    pub(crate) health: Health,
    /// Held by the look at all parts that goes on.
    pub(crate) looking: Arc<tokio::sync::Mutex<()>>,
}

impl App {
    /// The catalogs now. A request takes them once, and uses them to its end.
    pub(crate) fn registry(&self) -> Arc<Registry> {
        self.catalogs.registry()
    }

    pub(crate) fn now(&self) -> Time {
        (self.clock)()
    }

    /// The current day, UTC.
    pub(crate) fn today(&self) -> Day {
        self.now().day()
    }

    /// The notes on these days of a product, by day.
    pub(crate) fn notes(&self, product: &str, days: &RangeInclusive<Day>) -> Vec<DayNote> {
        self.notes.of(product, days)
    }

    /// Asks the store on a thread that may wait for the disk. The details of an
    /// error go to the operator only. Once nobody waits for the answers, the
    /// question that is being counted is the last one.
    pub(crate) async fn ask(
        &self,
        questions: Vec<Question>,
    ) -> Result<Vec<AnswerRows>, StoreUnavailable> {
        // The semaphore is never closed.
        let permit = Arc::clone(&self.questions).acquire_owned().await;
        let store = Arc::clone(&self.store);
        let waiting = Arc::new(());
        let still_waiting = Arc::downgrade(&waiting);
        let answers = tokio::task::spawn_blocking(move || {
            // The thread has it, since whoever waits may go before it is done.
            let _permit = permit;
            let awaited = questions.iter().take_while(|_| still_waiting.strong_count() > 0);
            awaited.map(|question| store.ask(question)).collect()
        });
        let answers = answers.await;
        drop(waiting);
        match answers {
            Ok(Ok(answers)) => Ok(answers),
            Ok(Err(error)) => {
                self.log.error(LogPart::Store, &error);
                Err(StoreUnavailable)
            }
            Err(_) => Err(StoreUnavailable),
        }
    }

    /// Looks at every part that has to be alive. If the disk does not answer in
    /// time, it is as at the last look: a start would not help.
    pub(crate) async fn check_health(self: &Arc<Self>) -> Result<(), String> {
        let app = Arc::clone(self);
        let checked = self.look(move || app.health.check()).await;
        checked.unwrap_or_else(|| self.health.last())
    }

    /// Looks at parts on a thread that may wait for the disk, one look at a
    /// time: however often somebody asks, one thread waits. Returns `None` if
    /// it takes longer than [`limits::HEALTH_TIME`].
    pub(crate) async fn look<T: Send + 'static>(
        &self,
        look: impl FnOnce() -> T + Send + 'static,
    ) -> Option<T> {
        let looking = Arc::clone(&self.looking);
        let looked = async move {
            let turn = looking.lock_owned().await;
            let looked = tokio::task::spawn_blocking(move || {
                let _turn = turn;
                look()
            });
            // A look that panics was printed.
            looked.await.ok()
        };
        timeout(limits::HEALTH_TIME, looked).await.ok().flatten()
    }
}

/// The store could not answer.
#[derive(Debug, Clone, Copy)]
pub(crate) struct StoreUnavailable;

#[cfg(test)]
pub(crate) mod hanging_store;

#[cfg(test)]
pub(crate) mod tests {
    use std::path::Path;
    use std::time::Duration;

    use headcount_store::EmbeddedStore;
    use headcount_testkit::Home;

    use super::hanging_store::HangingStore;
    use super::*;
    use crate::access::GuardedAccess;
    use crate::clock_watch::Witnesses;
    use crate::credentials::CurrentCredentials;
    use crate::intake;
    use crate::judges::Judges;
    use crate::registry::KeptCatalogs;
    use crate::secret::Secret;
    use crate::writer::{Writer, WriterReports};

    /// The parts of a collector without its server, on a temporary folder.
    pub(crate) struct TestApp {
        pub(crate) app: Arc<App>,
        parts: Option<(Judges, Writer)>,
        home: Home,
    }

    /// A store of a data folder.
    fn embedded(data: &Path) -> Arc<dyn Store> {
        Arc::new(EmbeddedStore::open(data).unwrap())
    }

    impl TestApp {
        pub(crate) fn start() -> Self {
            Self::behind(Door::of_development())
        }

        /// The same with another door.
        pub(crate) fn behind(door: Door) -> Self {
            Self::with(door, |_| Gate::Development, embedded)
        }

        /// The same with a store that hangs.
        pub(crate) fn hanging() -> (Self, Arc<HangingStore>) {
            let mut hanging = None;
            let test = Self::with(
                Door::of_development(),
                |_| Gate::Development,
                |data| {
                    let store = Arc::new(HangingStore::new(EmbeddedStore::open(data).unwrap()));
                    hanging = Some(Arc::clone(&store));
                    store
                },
            );
            (test, hanging.unwrap())
        }

        /// With credentials, of which there are none yet.
        pub(crate) fn guarded() -> Self {
            let gate = |data: &Path| {
                let credentials = CurrentCredentials::open(data, OperatorLog::unread()).unwrap();
                Gate::Guarded(Box::new(GuardedAccess::new(credentials, None).unwrap()))
            };
            Self::with(Door::of_development(), gate, embedded)
        }

        /// The data folder.
        pub(crate) fn data(&self) -> &Path {
            self.home.path()
        }

        fn with(
            door: Door,
            gate: impl FnOnce(&Path) -> Gate,
            store: impl FnOnce(&Path) -> Arc<dyn Store>,
        ) -> Self {
            let home = Home::new();
            let gate = gate(home.path());
            // With somebody else's program there are all paths.
            let texts = [
                include_str!("../tests/collector/smallest.toml"),
                include_str!("../tests/collector/observed.toml"),
            ];
            let catalogs = texts.map(|text| headcount_catalog::parse(text).unwrap()).to_vec();
            let store = store(home.path());
            let inbox = Arc::new(Inbox::new());
            let log = OperatorLog::unread();
            let refusals = Arc::new(Refusals::new(log.clone()));
            let measurements = Arc::new(Measurements::default());
            let dropped_fields = Arc::new(DroppedFields::default());
            let writer = Writer::start(
                Arc::clone(&inbox),
                Arc::clone(&store),
                Arc::clone(&dropped_fields),
                WriterReports {
                    log: log.clone(),
                    refusals: Arc::clone(&refusals),
                    measurements: Arc::clone(&measurements),
                },
            );
            let judge_queue = Arc::new(JudgeQueue::default());
            let judges = Judges::start(Arc::clone(&judge_queue), 1).unwrap();
            let health = Health::new(Arc::clone(&store), Vec::new(), log.clone());
            let started = Time::from_seconds(1_795_176_000);
            let registry = Registry::of(catalogs).unwrap();
            let kept = KeptCatalogs::of(home.path());
            let catalogs = CurrentCatalogs::open(registry, kept, log.clone()).unwrap();
            let app = App {
                catalogs: Arc::new(catalogs),
                door,
                gate: Arc::new(gate),
                notes: Arc::new(CurrentNotes::open(home.path(), OperatorLog::unread())),
                last_asked: Arc::new(LastAsked::open(home.path(), OperatorLog::unread())),
                clock: Arc::new(move || started),
                log,
                refusals,
                measurements,
                data: home.path().to_path_buf(),
                // The year 2030.
                certificate_expiry: Box::new(|| Some(Time::from_seconds(1_893_456_000))),
                pseudonyms: Pseudonyms::under(&Secret::of(7)),
                inbox,
                store,
                url: "http://127.0.0.1:0".to_owned(),
                body_memory: intake::body_memory(),
                erasures: Semaphore::new(limits::ERASURES),
                erasing: Arc::default(),
                questions: Arc::new(Semaphore::new(limits::QUESTIONS)),
                dropped_fields,
                judge_queue,
                desks: Desks::default(),
                answered_requests: AnsweredRequests::default(),
                unclaimed_events: AtomicU64::default(),
                clock_watch: ClockWatch::new(
                    started,
                    Witnesses::default(),
                    Box::new(|| Duration::ZERO),
                ),
                health,
                looking: Arc::default(),
            };
            Self { app: Arc::new(app), parts: Some((judges, writer.unwrap())), home }
        }

        /// Commits what waits. The store can still be asked.
        pub(crate) fn stop(&mut self) {
            let (judges, writer) = self.parts.take().expect("a test stops once");
            judges.stop();
            writer.stop();
        }
    }

    #[test]
    fn whoever_goes_leaves_one_question_that_is_counted_and_has_its_permit() {
        let (mut test, store) = TestApp::hanging();
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        let app = Arc::clone(&test.app);
        runtime.block_on(async {
            let asking = Arc::clone(&app);
            let waiting = tokio::spawn(async move {
                let _ = asking.ask(vec![Question::Outcomes; 3]).await;
            });
            let hung = Arc::clone(&store);
            tokio::task::spawn_blocking(move || hung.await_hung(1)).await.unwrap();
            waiting.abort();
            assert!(waiting.await.unwrap_err().is_cancelled());
            assert_eq!(app.questions.available_permits(), limits::QUESTIONS - 1);
            store.let_go();
            let all = u32::try_from(limits::QUESTIONS).unwrap();
            drop(app.questions.acquire_many(all).await.unwrap());
        });
        assert_eq!(store.hung(), 1);
        test.stop();
    }
}

//! The one handle a host owns, from its start to its end.

use std::io;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use headcount_catalog::{Catalog, Change, Given, Kind, Mode, Source, Time, Token, Value};
use headcount_queue::{Bounds, Queue};

use crate::built::BUILT;
use crate::consent::{self, Agreement, Decision, Flag, Permit, Reach};
use crate::from_memory::Memory;
use crate::identity::Pool;
use crate::record::{self, RecordError, Stamp};
use crate::state::State;
use crate::{Context, Paths, Surroundings, TypedEvent, identity, limits, ship};

/// What a host says of itself.
#[derive(Debug, Clone)]
pub struct Host {
    version: Token,
    /// Whether `--no-telemetry` was given.
    pub flag: Flag,
}

impl Host {
    /// A host of this version, usually `env!("CARGO_PKG_VERSION")`. Text that
    /// is no version is reported as `unknown`.
    #[must_use]
    pub fn new(version: &str) -> Self {
        let token = Kind::Version.token(version).or_else(|_| Kind::Version.token("unknown"));
        Self { version: token.expect("`unknown` has the shape of a version"), flag: Flag::Absent }
    }

    /// The same host with what its flag says.
    #[must_use]
    pub fn with_flag(self, flag: Flag) -> Self {
        Self { flag, ..self }
    }
}

/// Telemetry for one run of a host.
///
/// Opening it decides and creates nothing. Threads may share it.
#[must_use = "without `finish` nothing that was recorded is shipped until the next run"]
#[derive(Debug)]
pub struct Session {
    pub(crate) catalog: &'static Catalog,
    pub(crate) host: Host,
    pub(crate) surroundings: Surroundings,
    pub(crate) paths: Option<Paths>,
    decision: OnceLock<Decision>,
    permit: Option<Permit>,
    context: Vec<(usize, Value)>,
    device: OnceLock<Option<String>>,
    state: OnceLock<State>,
    agreement: OnceLock<Agreement>,
    queue: OnceLock<Option<Queue>>,
    /// Set once what was agreed to is written where it was not.
    written: OnceLock<()>,
    /// Language and continuous integration, asked for once and only where the
    /// envelope carries them.
    said_of_the_machine: OnceLock<(Option<String>, Option<bool>)>,
    /// Where a product that keeps no event on disk has them until they are sent.
    memory: OnceLock<Arc<Memory>>,
    random: Pool,
    opened: Time,
    /// What takes this one's place when its decision is no longer of today.
    renewed: Mutex<Option<Box<Session>>>,
}

/// Opens telemetry: decides, and no more.
pub fn open(catalog: &'static Catalog, host: &Host, surroundings: Surroundings) -> Session {
    let paths = if BUILT { Paths::of(catalog, &surroundings) } else { None };
    let opened = surroundings.now();
    let decision = OnceLock::new();
    let mut permit = None;
    if !BUILT || !consent::is_refused(catalog, host.flag, &surroundings) {
        let settled = consent::settle(catalog, host.flag, &surroundings, paths.as_ref());
        permit = settled.permit();
        let _ = decision.set(settled);
    }
    Session {
        catalog,
        host: host.clone(),
        surroundings,
        paths,
        permit,
        decision,
        context: Vec::new(),
        device: OnceLock::new(),
        state: OnceLock::new(),
        agreement: OnceLock::new(),
        queue: OnceLock::new(),
        written: OnceLock::new(),
        said_of_the_machine: OnceLock::new(),
        memory: OnceLock::new(),
        random: Pool::default(),
        opened,
        renewed: Mutex::default(),
    }
}

impl Session {
    /// What was decided, and whose word that is.
    #[must_use]
    pub fn decision(&self) -> &Decision {
        // Where a variable refused, nobody asked yet whether somebody refused before it.
        self.decision.get_or_init(|| {
            let Self { catalog, host, surroundings, paths, .. } = self;
            consent::settle(catalog, host.flag, surroundings, paths.as_ref())
        })
    }

    /// Whether events are recorded, to be sent or for the person's own eyes.
    /// Does not ask whose word that is, which [`Session::decision`] may have to
    /// look for.
    #[must_use]
    pub fn is_recording(&self) -> bool {
        self.permit.is_some()
    }

    /// Whether events are recorded, and sent.
    pub(crate) fn is_on(&self) -> bool {
        self.permit.as_ref().is_some_and(|it| it.reach() == Reach::Destinations)
    }

    /// Sets the host's part of the envelope for the events that follow.
    pub fn describe(&mut self, context: &dyn Context) {
        self.context = context.entries();
        self.renewed = Mutex::default();
    }

    /// Records an event, if that is permitted. What goes wrong is nobody's
    /// business but [`Session::try_record`]'s caller's.
    pub fn record(&self, event: &dyn TypedEvent) {
        let _ = self.try_record(event);
    }

    /// Records an event.
    ///
    /// # Errors
    ///
    /// Why it was not recorded.
    pub fn try_record(&self, event: &dyn TypedEvent) -> Result<(), RecordError> {
        if !BUILT {
            return Err(RecordError::Off);
        }
        self.of_today(|session| session.write(event))
    }

    fn write(&self, event: &dyn TypedEvent) -> Result<(), RecordError> {
        let line = self.make(event)?;
        let queue = self.queue.get_or_init(|| self.queue()).as_ref();
        let (Some(queue), Some(paths)) = (queue, &self.paths) else {
            return Err(RecordError::Off);
        };
        if self.keeps_none() {
            self.memory().put(paths, &line);
            return Ok(());
        }
        record::append(queue, paths, &line)
    }

    /// The line an event would be recorded as.
    ///
    /// # Errors
    ///
    /// Why it would not be recorded.
    pub fn line(&self, event: &dyn TypedEvent) -> Result<String, RecordError> {
        if !BUILT {
            return Err(RecordError::Off);
        }
        self.of_today(|session| session.make(event))
    }

    fn make(&self, event: &dyn TypedEvent) -> Result<String, RecordError> {
        let (Some(permit), Some(paths)) = (&self.permit, &self.paths) else {
            return Err(RecordError::Off);
        };
        if self.agreement() == &Agreement::Unwritten && self.written.get().is_none() {
            consent::agree(self.catalog, permit, paths).map_err(RecordError::NoIdentity)?;
            let _ = self.written.set(());
        }
        let catalog = self.in_force().ok_or(RecordError::Withheld)?;
        let device = match self.device.get() {
            Some(device) => device,
            None => {
                let device = self.identify(catalog, permit, paths)?;
                self.device.get_or_init(|| device)
            }
        };
        let (locale, ci) = self.said_of_the_machine.get_or_init(|| {
            let carries = |wanted: fn(&Source) -> bool| catalog.key_of(wanted).is_some();
            let locale = carries(|source| matches!(source, Source::Locale))
                .then(|| locale(&self.surroundings));
            let ci = carries(|source| matches!(source, Source::Ci))
                .then(|| consent::in_integration(&self.surroundings));
            (locale.flatten(), ci)
        });
        let stamp = Stamp {
            catalog,
            whole: self.catalog,
            given: Given {
                device: device.as_deref(),
                version: Some(self.host.version.as_str()),
                platform: Some(self.surroundings.platform),
                arch: Some(self.surroundings.arch),
                locale: locale.as_deref(),
                ci: *ci,
                ..Given::default()
            },
            context: &self.context,
            random: &self.random,
        };
        record::line(&stamp, event, self.surroundings.now())
    }

    /// The device's id; for one's own eyes there is none, and a word stands in
    /// its place.
    fn identify(
        &self,
        catalog: &Catalog,
        permit: &Permit,
        paths: &Paths,
    ) -> Result<Option<String>, RecordError> {
        match permit.reach() {
            Reach::Machine => Ok(Some("local".to_owned())),
            Reach::Destinations => {
                let files = (paths, self.state(paths));
                identity::device(catalog, permit, files, &self.surroundings)
                    .map_err(RecordError::NoIdentity)
            }
        }
    }

    /// What of this release is withheld, until the person has seen it.
    #[must_use]
    pub fn withheld(&self) -> &[Change] {
        if !BUILT {
            return &[];
        }
        match self.agreement() {
            Agreement::Part { news, .. } => news,
            Agreement::Unwritten | Agreement::Whole => &[],
        }
    }

    /// How the catalog stands to what was agreed to; only what is sent needs
    /// agreement.
    pub(crate) fn agreement(&self) -> &Agreement {
        self.agreement.get_or_init(|| match (&self.permit, &self.paths) {
            (Some(permit), Some(paths)) if permit.reach() == Reach::Destinations => {
                Agreement::read(self.catalog, paths, self.state(paths))
            }
            _ => Agreement::Whole,
        })
    }

    /// Our own state, as it was when it was first needed.
    fn state(&self, paths: &Paths) -> &State {
        self.state.get_or_init(|| State::read(&paths.state))
    }

    /// The catalog that holds for this person; `None` where nothing may be
    /// recorded.
    pub(crate) fn in_force(&self) -> Option<&'static Catalog> {
        self.agreement().in_force(self.catalog)
    }

    /// Ends the run: starts the shipper, detached, if something is due.
    pub fn finish(self) {
        let _ = self.start_shipper();
    }

    /// Ends the run as [`Session::finish`] does, and says what came of it. A
    /// product that keeps no event on disk hands over what has not gone; what it
    /// records after that is lost.
    ///
    /// # Errors
    ///
    /// What kept the shipper from starting.
    pub fn start_shipper(&self) -> io::Result<ship::Started> {
        if !BUILT {
            return Ok(ship::Started::NotPermitted);
        }
        self.of_today(Self::start)
    }

    fn start(&self) -> io::Result<ship::Started> {
        match (&self.permit, &self.paths) {
            (Some(permit), Some(paths)) if permit.reach() == Reach::Destinations => {
                match self.memory.get() {
                    Some(memory) => memory.hand_over(),
                    None if self.keeps_none() => Ok(ship::Started::NothingDue),
                    None => ship::start(self, paths),
                }
            }
            _ => Ok(ship::Started::NotPermitted),
        }
    }

    /// Whether what is recorded is sent from memory and never written to disk.
    /// What is for the person's own eyes has no other place.
    fn keeps_none(&self) -> bool {
        self.is_on() && self.catalog.shipping.mode == Mode::Thread
    }

    /// Does something with this session, or, where its yes is older than a
    /// moment, with one that was opened since: an `off` that somebody said
    /// meanwhile holds here too, and an id that was deleted is not used again.
    fn of_today<T>(&self, act: impl FnOnce(&Self) -> T) -> T {
        let now = self.surroundings.now();
        if self.permit.is_none() || self.holds(now) {
            return act(self);
        }
        // Whoever panicked here left a session, or none.
        let mut renewed = self.renewed.lock().unwrap_or_else(PoisonError::into_inner);
        let session = match renewed.take() {
            Some(session) if session.holds(now) => renewed.insert(session),
            _ => renewed.insert(Box::new(self.anew())),
        };
        act(session)
    }

    fn holds(&self, now: Time) -> bool {
        let age = now.milliseconds().saturating_sub(self.opened.milliseconds());
        (0..=limits::DECISION_MS).contains(&age)
    }

    fn anew(&self) -> Self {
        let anew = open(self.catalog, &self.host, self.surroundings.clone());
        let anew = Self { context: self.context.clone(), ..anew };
        match self.keeps_none() {
            true => anew.sharing(self.memory()),
            false => anew,
        }
    }

    fn memory(&self) -> &Arc<Memory> {
        self.memory
            .get_or_init(|| Arc::new(Memory::new(self.catalog, &self.host, &self.surroundings)))
    }

    /// Shares the memory of a host that opens a session for each event.
    pub(crate) fn sharing(self, memory: &Arc<Memory>) -> Self {
        Self { memory: OnceLock::from(Arc::clone(memory)), ..self }
    }

    /// Where this session records.
    pub(crate) fn queue(&self) -> Option<Queue> {
        match self.permit.as_ref().map(Permit::reach) {
            Some(Reach::Machine) => self.local_queue(),
            _ => self.shipped_queue(),
        }
    }

    /// What is shipped.
    pub(crate) fn shipped_queue(&self) -> Option<Queue> {
        Queue::new(&self.paths.as_ref()?.queue, self.bounds()).ok()
    }

    /// What is for the person's own eyes.
    pub(crate) fn local_queue(&self) -> Option<Queue> {
        Queue::new(&self.paths.as_ref()?.local(), self.bounds()).ok()
    }

    /// A record waits no longer than the catalog says, on what was agreed to.
    fn bounds(&self) -> Bounds {
        let catalog = self.in_force().unwrap_or(self.catalog);
        Bounds { days: u32::from(catalog.retention.on_machine.0), ..Bounds::USUAL }
    }
}

/// The language and region the environment asks for, without its encoding.
fn locale(surroundings: &Surroundings) -> Option<String> {
    let value = ["LC_ALL", "LC_MESSAGES", "LANG"]
        .into_iter()
        .filter_map(|name| surroundings.variable(name))
        .find(|value| !value.is_empty())?;
    let plain = value.split(['.', '@']).next()?;
    Some(if matches!(plain, "C" | "POSIX") { "C".to_owned() } else { plain.replace('_', "-") })
}

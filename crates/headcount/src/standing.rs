//! What is read once and then holds for a moment: the decision, the paths, our
//! own state, the agreement, and the catalog in force.
//!
//! A [`Standing`] never changes. A long-running program makes another when this
//! one is too old, so an `off` in the meantime counts there too. Threads share
//! one by `Arc` and do not wait for a lock while another reads or writes a
//! file.

use std::sync::OnceLock;
use std::sync::atomic::{AtomicI32, Ordering};

use headcount_catalog::{
    Age, Catalog, Change, Day, Mode, Period, RunningAgent, Source, Time, Value,
};
use headcount_queue::{Bounds, Queue};

use crate::built::BUILT;
use crate::consent::{
    self, Agreement, Answers, Decision, Permit, Reach, Refusals, SendPermit, Told,
};
use crate::disk::lock::{Patience, Terms};
use crate::disk::paths::Place;
use crate::disk::state::State;
use crate::disk::{counted, versions};
use crate::error::{Cause, RecordError};
use crate::marked_periods::MarkedPeriods;
use crate::{Host, Paths, Surroundings, Telemetry, identity, limits, no_wait};

/// What holds at one moment. Making it decides, and creates nothing on disk.
#[derive(Debug)]
pub(crate) struct Standing {
    telemetry: Telemetry,
    paths: Option<Paths>,
    permit: Option<Permit>,
    /// What was read for the decision, if that needed any file.
    answers: Option<Answers>,
    /// The purposes that are refused, where anything is permitted.
    refusals: Refusals,
    /// The host's part of the envelope: indexes in the envelope of the whole
    /// catalog, and values.
    context: Vec<(usize, Value)>,
    since: Time,
    /// Empty while a variable refuses and nobody has asked which rule won.
    decision: OnceLock<Decision>,
    kept: OnceLock<Kept>,
    in_force: OnceLock<Option<&'static Catalog>>,
    known: OnceLock<Known>,
    /// The number of the day for which the state was last asked for marks.
    asked_for_marks: AtomicI32,
}

/// The number of a day that no clock shows.
const NO_DAY: i32 = i32::MIN;

/// Our own files, as they were when first needed.
#[derive(Debug)]
struct Kept {
    state: State,
    agreement: Agreement,
    /// The periods that this device has marked.
    marked: Option<MarkedPeriods>,
}

/// What the first record finds out for all that follow.
#[derive(Debug)]
pub(crate) struct Known {
    /// The device's id, if the catalog has one.
    pub(crate) device: Option<String>,
    /// The language, if the envelope has it.
    pub(crate) locale: Option<String>,
    /// Whether this is continuous integration, if the envelope has it.
    pub(crate) ci: Option<bool>,
    /// The coding agent that runs the host, if the envelope asks for it.
    pub(crate) agent: Option<RunningAgent>,
    /// The queue to record in.
    pub(crate) queue: Option<Queue>,
}

impl Standing {
    /// Reads and decides now.
    pub(crate) fn of(telemetry: &Telemetry) -> Self {
        let paths = if BUILT { telemetry.paths() } else { None };
        let since = telemetry.surroundings().now();
        let decision = OnceLock::new();
        let (mut permit, mut answers, mut refusals) = (None, None, Refusals::default());
        let (catalog, host) = (telemetry.catalog(), telemetry.host());
        if !BUILT || !consent::is_refused(catalog, host.flag, telemetry.surroundings()) {
            let settled = telemetry.decide_at(paths.as_ref());
            permit = settled.decision.permit();
            (answers, refusals) = (settled.answers, settled.refusals);
            let _ = decision.set(settled.decision);
        }
        let standing = Self {
            telemetry: telemetry.clone(),
            paths,
            permit,
            answers,
            refusals,
            context: Vec::new(),
            since,
            decision,
            kept: OnceLock::new(),
            in_force: OnceLock::new(),
            known: OnceLock::new(),
            asked_for_marks: AtomicI32::new(NO_DAY),
        };
        // A run begins with its first standing.
        if standing.is_on() && standing.decision().is_on_by_default(catalog.consent.default) {
            // The decision has read that state already.
            let answers = standing.answers.as_ref();
            let told = || answers.map_or_else(|| standing.is_told_now(), Answers::was_told);
            telemetry.was_told_before_this_run(told);
        }
        standing
    }

    /// The same with the host's part of the envelope.
    pub(crate) fn with_context(self, context: Vec<(usize, Value)>) -> Self {
        Self { context, ..self }
    }

    /// Reads and decides again, for the same host and context.
    pub(crate) fn anew(&self) -> Self {
        Self::of(&self.telemetry).with_context(self.context.clone())
    }

    /// Sets the host's part of the envelope.
    pub(crate) fn describe(&mut self, context: Vec<(usize, Value)>) {
        self.context = context;
    }

    pub(crate) fn context(&self) -> &[(usize, Value)] {
        &self.context
    }

    pub(crate) fn telemetry(&self) -> &Telemetry {
        &self.telemetry
    }

    /// The catalog the host was compiled with.
    pub(crate) fn catalog(&self) -> &'static Catalog {
        self.telemetry.catalog()
    }

    pub(crate) fn host(&self) -> &Host {
        self.telemetry.host()
    }

    pub(crate) fn surroundings(&self) -> &Surroundings {
        self.telemetry.surroundings()
    }

    /// The folders; none in a build without telemetry. That is known to the
    /// compiler here, so nothing that needs one is in such a program.
    pub(crate) fn paths(&self) -> Option<&Paths> {
        if BUILT { self.paths.as_ref() } else { None }
    }

    /// The permission to record; none in a build without telemetry, as above.
    pub(crate) fn permit(&self) -> Option<&Permit> {
        if BUILT { self.permit.as_ref() } else { None }
    }

    /// The decision when this was made.
    pub(crate) fn decision(&self) -> &Decision {
        no_wait::get_or_make(&self.decision, || self.decide())
    }

    /// Decides again, now.
    pub(crate) fn decide(&self) -> Decision {
        self.telemetry.decide_at(self.paths()).decision
    }

    /// Whether the decision now still gives this permit.
    pub(crate) fn still_gives(&self, permit: &Permit) -> bool {
        self.decide().permit().is_some_and(|now| now.reach() == permit.reach())
    }

    /// Whether events are recorded, and sent.
    pub(crate) fn is_on(&self) -> bool {
        self.permit.as_ref().is_some_and(|permit| permit.reach() == Reach::Destinations)
    }

    /// The permission to send under this standing.
    pub(crate) fn send_permit(&self) -> Option<SendPermit> {
        self.decision().send_permit(|| self.told())
    }

    /// The permission to send after deciding again, now.
    pub(crate) fn send_permit_now(&self) -> Option<SendPermit> {
        self.decide().send_permit(|| self.told())
    }

    /// The permission to send what this catalog allows, after deciding again,
    /// now; `None` also if another catalog is in force by now.
    pub(crate) fn send_permit_for(&self, catalog: &Catalog) -> Option<SendPermit> {
        let now = Self::of(&self.telemetry);
        // Whatever is agreed to and refused, a catalog is cut by it once.
        let is_in_force = now.in_force().is_some_and(|in_force| std::ptr::eq(in_force, catalog));
        now.send_permit().filter(|_| is_in_force)
    }

    /// When the person was told what the product reports: in the usual place,
    /// since whoever sets a variable could plant a state where it points. What
    /// another run tells while this one goes on, the person may not have read.
    /// In continuous integration the log is all that a person ever sees, so
    /// there the run that tells counts at once.
    pub(crate) fn told(&self) -> Told {
        let is_log = self.surroundings().is_integration();
        if self.telemetry.was_told_in_this_run() {
            return if is_log { Told::Before } else { Told::InThisRun };
        }
        if !self.is_told_now() {
            return Told::Never;
        }
        let before = is_log || self.telemetry.was_told_before_this_run(|| true);
        if before { Told::Before } else { Told::InThisRun }
    }

    /// Whether any run has told the person, by now.
    fn is_told_now(&self) -> bool {
        let was_told = |paths: &Paths| {
            let Place { state, product, .. } = paths.usual();
            State::read(&state).belonging_to(product).was_told()
        };
        self.paths().is_some_and(was_told)
    }

    /// Whether this still holds: it does for one second, and not after the
    /// clock was set back.
    pub(crate) fn holds(&self) -> bool {
        let now = self.surroundings().now();
        let age_ms = now.milliseconds().saturating_sub(self.since.milliseconds());
        (0..=limits::DECISION_MS).contains(&age_ms)
    }

    /// How the catalog compares to what was agreed to. Only what is sent needs
    /// agreement.
    pub(crate) fn agreement(&self) -> &Agreement {
        self.kept().map_or(&Agreement::Whole, |kept| &kept.agreement)
    }

    /// Our own files. They are read only if something may be sent.
    fn kept(&self) -> Option<&Kept> {
        let paths = self.paths().filter(|_| self.is_on())?;
        Some(no_wait::get_or_make(&self.kept, || {
            let read = || State::read(&paths.state);
            let state = self.answers.as_ref().map_or_else(read, |it| it.state().clone());
            let agreement = Agreement::read(self.catalog(), &self.refusals, paths, &state);
            // Without answers the first mark finds out.
            let usual = self.answers.as_ref().map(Answers::usual_state);
            let marked = usual.and_then(|state| state.counted.clone());
            Kept { state, agreement, marked }
        }))
    }

    /// The catalog in force for this person; `None` if nothing may be recorded.
    pub(crate) fn in_force(&self) -> Option<&'static Catalog> {
        *no_wait::get_or_make(&self.in_force, || {
            let agreed = self.agreement().in_force(self.catalog())?;
            consent::without_refused(agreed, &self.refusals)
        })
    }

    /// The purposes that are refused, where anything is permitted.
    pub(crate) fn refusals(&self) -> &Refusals {
        &self.refusals
    }

    /// What is new in this release and withheld until the person agrees,
    /// without what they have refused.
    pub(crate) fn withheld(&self) -> &[Change] {
        match self.agreement() {
            Agreement::Part { news, .. } if BUILT => news,
            Agreement::Part { .. } | Agreement::Unwritten | Agreement::Whole => &[],
        }
    }

    /// What every record of this standing carries. The first call saves the
    /// agreement, if it is not saved yet, and creates the id.
    ///
    /// # Errors
    ///
    /// Returns an error if there is no id and none can be created or saved.
    pub(crate) fn known(&self, permit: &Permit) -> Result<&Known, RecordError> {
        if let Some(known) = self.known.get() {
            return Ok(known);
        }
        let (Some(catalog), Some(paths)) = (self.in_force(), self.paths()) else {
            return Err(Cause::Withheld.into());
        };
        let is_still_on: &dyn Fn() -> bool = &|| self.still_gives(permit);
        let terms = Terms { patience: Patience::Host, is_still_on };
        if self.agreement() == &Agreement::Unwritten {
            let agreed = consent::agree(self.catalog(), permit, paths, terms);
            match agreed {
                // Another process saves the same at this moment, or a later run
                // does.
                Err(error) if error.is_busy() => {}
                agreed => agreed.map_err(Cause::of_creation)?,
            }
        }
        consent::note_joined(self.catalog(), &self.refusals, paths, terms);
        self.note(catalog, paths, terms);
        let device = self.identify(catalog, permit, paths, terms)?;
        let carries = |wanted: fn(&Source) -> bool| catalog.key_of(wanted).is_some();
        let surroundings = self.surroundings();
        let locale = carries(|source| matches!(source, Source::Locale));
        let ci = carries(|source| matches!(source, Source::Ci));
        let agent = carries(|source| matches!(source, Source::Agent | Source::Attended));
        Ok(self.known.get_or_init(|| Known {
            device,
            locale: locale.then(|| surroundings.locale()).flatten(),
            ci: ci.then(|| surroundings.is_integration()),
            agent: agent.then(|| surroundings.agent()).flatten(),
            queue: self.queue(),
        }))
    }

    /// Says that this version records, before it does.
    fn note(&self, catalog: &Catalog, paths: &Paths, terms: Terms<'_>) {
        let Some(kept) = self.kept().filter(|_| !self.keeps_none()) else { return };
        let today = self.surroundings().now().day();
        let catalogs = (self.catalog(), catalog);
        // A record that an older version may not send is better than none.
        let _ = versions::note(catalogs, paths, &kept.state, today, terms);
    }

    /// The device's id. Records for the person only have the word `local`
    /// instead.
    fn identify(
        &self,
        catalog: &Catalog,
        permit: &Permit,
        paths: &Paths,
        terms: Terms<'_>,
    ) -> Result<Option<String>, RecordError> {
        let Some(kept) = self.kept() else { return Ok(Some("local".to_owned())) };
        let files = identity::Files { paths, state: &kept.state };
        identity::device(catalog, permit, &files, self.surroundings(), terms)
            .map_err(|error| Cause::of_creation(error).into())
    }

    /// Marks the periods of which an event of today is the device's first one,
    /// where devices are counted without an id. Most events need no file for
    /// it. `None` if there is nothing to mark, or if it cannot be done now: a
    /// later event has the mark then.
    pub(crate) fn mark(
        &self,
        permit: &Permit,
        catalog: &Catalog,
        today: Day,
    ) -> Option<(Vec<Period>, Age)> {
        let count = catalog.identity.count;
        let is_asked = || self.asked_for_marks.load(Ordering::Relaxed) == today.number();
        if count.is_empty() || is_asked() {
            return None;
        }
        let (kept, paths) = (self.kept()?, self.paths()?);
        if kept.marked.as_ref().is_some_and(|marked| !marked.is_due(count, today)) {
            return None;
        }
        let is_still_on: &dyn Fn() -> bool = &|| self.still_gives(permit);
        let terms = Terms { patience: Patience::Host, is_still_on };
        match counted::take(count, paths, today, terms) {
            Err(error) if error.is_busy() => None,
            taken => {
                self.asked_for_marks.store(today.number(), Ordering::Relaxed);
                taken.ok().flatten()
            }
        }
    }

    /// Whether records are sent from memory and never written to disk. Records
    /// for the person only are always on disk.
    pub(crate) fn keeps_none(&self) -> bool {
        self.is_on() && self.catalog().shipping.mode == Mode::Thread
    }

    /// The queue that this standing records in.
    pub(crate) fn queue(&self) -> Option<Queue> {
        match self.permit.as_ref().map(Permit::reach) {
            Some(Reach::Machine) => self.local_queue(),
            Some(Reach::Destinations) | None => self.shipped_queue(),
        }
    }

    /// The queue that is shipped.
    pub(crate) fn shipped_queue(&self) -> Option<Queue> {
        Queue::new(&self.paths()?.queue, self.bounds()).ok()
    }

    /// The queue for the person only.
    pub(crate) fn local_queue(&self) -> Option<Queue> {
        Queue::new(&self.paths()?.local(), self.bounds()).ok()
    }

    /// The limits of the queue: a record waits no longer than the catalog in
    /// force says.
    fn bounds(&self) -> Bounds {
        let catalog = self.in_force().unwrap_or(self.catalog());
        Bounds { days: u32::from(catalog.retention.on_machine.0), ..Bounds::USUAL }
    }
}

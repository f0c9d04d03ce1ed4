//! What is read once and then holds for a moment: the decision, the paths, our own state, what was
//! agreed to, and the catalog in force.
//!
//! A [`Standing`] never changes. A program that stays makes another one when this one is too old,
//! so an `off` that was said meanwhile holds there too. Threads share one by `Arc` and wait for no
//! lock while one of them reads or writes a file.

use std::sync::OnceLock;

use headcount_catalog::{Catalog, Change, Mode, Source, Time, Value};
use headcount_queue::{Bounds, Queue};

use crate::built::BUILT;
use crate::consent::{self, Agreement, Decision, Permit, Reach};
use crate::disk::state::State;
use crate::error::{Cause, RecordError};
use crate::{Host, Paths, Surroundings, Telemetry, identity, limits, no_wait};

/// What holds at one moment. Making it decides and creates nothing.
#[derive(Debug)]
pub(crate) struct Standing {
    telemetry: Telemetry,
    paths: Option<Paths>,
    permit: Option<Permit>,
    /// The host's part of the envelope: places in the whole catalog's, and values.
    context: Vec<(usize, Value)>,
    since: Time,
    /// Not looked for where a variable refuses, until somebody asks whose word won.
    decision: OnceLock<Decision>,
    kept: OnceLock<Kept>,
    known: OnceLock<Known>,
}

/// What our own files said when they were first needed.
#[derive(Debug)]
struct Kept {
    state: State,
    agreement: Agreement,
}

/// What the first record of a standing finds out for all that follow.
#[derive(Debug)]
pub(crate) struct Known {
    /// The device's id, where the catalog has one.
    pub(crate) device: Option<String>,
    /// The language, where the envelope carries it.
    pub(crate) locale: Option<String>,
    /// Whether this is continuous integration, where the envelope carries it.
    pub(crate) ci: Option<bool>,
    /// Where it is recorded.
    pub(crate) queue: Option<Queue>,
}

impl Standing {
    /// What holds now.
    pub(crate) fn of(telemetry: &Telemetry) -> Self {
        let paths = if BUILT { telemetry.paths() } else { None };
        let since = telemetry.surroundings().now();
        let decision = OnceLock::new();
        let mut permit = None;
        let (catalog, host) = (telemetry.catalog(), telemetry.host());
        if !BUILT || !consent::is_refused(catalog, host.flag, telemetry.surroundings()) {
            let settled = telemetry.decide_at(paths.as_ref());
            permit = settled.permit();
            let _ = decision.set(settled);
        }
        Self {
            telemetry: telemetry.clone(),
            paths,
            permit,
            context: Vec::new(),
            since,
            decision,
            kept: OnceLock::new(),
            known: OnceLock::new(),
        }
    }

    /// The same with the host's part of the envelope.
    pub(crate) fn with_context(self, context: Vec<(usize, Value)>) -> Self {
        Self { context, ..self }
    }

    /// What holds now, for the same host in the same context.
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

    pub(crate) fn paths(&self) -> Option<&Paths> {
        self.paths.as_ref()
    }

    pub(crate) fn permit(&self) -> Option<&Permit> {
        self.permit.as_ref()
    }

    /// What was decided when this was made, and whose word that was.
    pub(crate) fn decision(&self) -> &Decision {
        no_wait::get_or_make(&self.decision, || self.decide())
    }

    /// The decision of this very moment.
    pub(crate) fn decide(&self) -> Decision {
        self.telemetry.decide_at(self.paths())
    }

    /// Whether events are recorded, and sent.
    pub(crate) fn is_on(&self) -> bool {
        self.permit.as_ref().is_some_and(|permit| permit.reach() == Reach::Destinations)
    }

    /// Whether this still holds: a yes does for a second, and for a clock that was set back not at
    /// all.
    pub(crate) fn holds(&self) -> bool {
        let now = self.surroundings().now();
        let age_ms = now.milliseconds().saturating_sub(self.since.milliseconds());
        (0..=limits::DECISION_MS).contains(&age_ms)
    }

    /// How the catalog stands to what was agreed to; only what is sent needs agreement.
    pub(crate) fn agreement(&self) -> &Agreement {
        self.kept().map_or(&Agreement::Whole, |kept| &kept.agreement)
    }

    /// What our own files say. Nothing is read where nothing is sent.
    fn kept(&self) -> Option<&Kept> {
        let paths = self.paths().filter(|_| self.is_on())?;
        Some(no_wait::get_or_make(&self.kept, || {
            let state = State::read(&paths.state);
            let agreement = Agreement::read(self.catalog(), paths, &state);
            Kept { state, agreement }
        }))
    }

    /// The catalog that holds for this person; `None` where nothing may be recorded.
    pub(crate) fn in_force(&self) -> Option<&'static Catalog> {
        self.agreement().in_force(self.catalog())
    }

    /// What of this release is withheld, until the person has seen it.
    pub(crate) fn withheld(&self) -> &[Change] {
        match self.agreement() {
            Agreement::Part { news, .. } if BUILT => news,
            Agreement::Part { .. } | Agreement::Unwritten | Agreement::Whole => &[],
        }
    }

    /// What every record of this standing carries. The first one keeps what was agreed to, where
    /// that is not written yet, and mints the id.
    ///
    /// # Errors
    ///
    /// There is no id, and it cannot be made or kept.
    pub(crate) fn known(&self, permit: &Permit) -> Result<&Known, RecordError> {
        if let Some(known) = self.known.get() {
            return Ok(known);
        }
        let (Some(catalog), Some(paths)) = (self.in_force(), self.paths()) else {
            return Err(Cause::Withheld.into());
        };
        if self.agreement() == &Agreement::Unwritten {
            consent::agree(self.catalog(), permit, paths).map_err(Cause::NoIdentity)?;
        }
        let device = self.identify(catalog, permit, paths)?;
        let carries = |wanted: fn(&Source) -> bool| catalog.key_of(wanted).is_some();
        let surroundings = self.surroundings();
        let locale = carries(|source| matches!(source, Source::Locale));
        let ci = carries(|source| matches!(source, Source::Ci));
        Ok(self.known.get_or_init(|| Known {
            device,
            locale: locale.then(|| surroundings.locale()).flatten(),
            ci: ci.then(|| surroundings.is_integration()),
            queue: self.queue(),
        }))
    }

    /// The device's id. What is recorded for the person's own eyes has none, and a word stands in
    /// its place.
    fn identify(
        &self,
        catalog: &Catalog,
        permit: &Permit,
        paths: &Paths,
    ) -> Result<Option<String>, RecordError> {
        let Some(kept) = self.kept() else { return Ok(Some("local".to_owned())) };
        let files = identity::Files { paths, state: &kept.state };
        identity::device(catalog, permit, &files, self.surroundings())
            .map_err(|error| Cause::NoIdentity(error).into())
    }

    /// Whether what is recorded is sent from memory and never written to disk. What is for the
    /// person's own eyes has no other place.
    pub(crate) fn keeps_none(&self) -> bool {
        self.is_on() && self.catalog().shipping.mode == Mode::Thread
    }

    /// Where this records.
    pub(crate) fn queue(&self) -> Option<Queue> {
        match self.permit.as_ref().map(Permit::reach) {
            Some(Reach::Machine) => self.local_queue(),
            Some(Reach::Destinations) | None => self.shipped_queue(),
        }
    }

    /// What is shipped.
    pub(crate) fn shipped_queue(&self) -> Option<Queue> {
        Queue::new(&self.paths()?.queue, self.bounds()).ok()
    }

    /// What is for the person's own eyes.
    pub(crate) fn local_queue(&self) -> Option<Queue> {
        Queue::new(&self.paths()?.local(), self.bounds()).ok()
    }

    /// A record waits no longer than the catalog says that was agreed to.
    fn bounds(&self) -> Bounds {
        let catalog = self.in_force().unwrap_or(self.catalog());
        Bounds { days: u32::from(catalog.retention.on_machine.0), ..Bounds::USUAL }
    }
}

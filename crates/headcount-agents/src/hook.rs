//! One call of a hook: read the payload, note what it tells, and record an
//! event for what is over.

use std::io;

use headcount::{AgentNotes, DiskError, Past, Session, Telemetry, Time};
use headcount_catalog::{HookEvent, HookRole, Rotation};
use hmac_sha256::Hash;

use crate::command_name::CommandName;
use crate::event_name::EventName;
use crate::hook_record::{self, Facts, More};
use crate::input::Input;
use crate::process::AgentProcess;
use crate::sitting::{self, Opening, Sitting, Sittings};
use crate::told::{Ending, Invocation, SessionKey, Told, What};
use crate::transcript::{Invoked, Transcript};
use crate::{Agent, agent_transcript, cursor, limits, reading};

/// How a hook was called: by the words of the installed command.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct HookCall<'a> {
    /// The agent for which the hook was installed.
    pub agent: Agent,
    /// The agent's name of the event. The payload's own name, where it has one,
    /// comes first.
    pub event: Option<&'a str>,
}

impl<'a> HookCall<'a> {
    /// Reads the words `AGENT [EVENT]`; `None` if the agent is not known. More
    /// words are of a newer release.
    pub fn read(words: impl IntoIterator<Item = &'a str>) -> Option<Self> {
        let mut words = words.into_iter();
        Some(Self { agent: Agent::read(words.next()?)?, event: words.next() })
    }

    /// What the agent must read on standard output, whatever the payload is:
    /// nothing, but for Cursor.
    #[must_use]
    pub fn answer_alone(&self) -> &'static str {
        heard(self.agent, self.event.and_then(EventName::read).as_ref())
    }
}

/// What an agent must read at an event.
fn heard(agent: Agent, event: Option<&EventName>) -> &'static str {
    match agent {
        Agent::Cursor => cursor::session::answer(event),
        _ => "",
    }
}

/// Answers one call, and returns what the agent must read on standard output:
/// nothing, but for Cursor.
///
/// It takes what the payload tells of the session, and nothing else of it. It
/// records the catalog's events with a `hook`, if that is permitted, and starts
/// the shipper, detached. Whatever the payload is, the caller exits with 0.
pub fn answer(telemetry: &Telemetry, call: HookCall<'_>, input: Input) -> &'static str {
    let payload = input.payload(limits::PAYLOAD_BYTES, limits::PAYLOAD_WAIT).unwrap_or_default();
    let variables = &telemetry.surroundings().variables;
    let told = reading::told(call.agent, call.event, variables, &payload);
    if let Some(told) = told {
        // What cannot be noted is lost. An agent has nothing to do with it.
        let _ = take(telemetry, &told);
    }
    heard(call.agent, reading::event(call.agent, call.event, &payload).as_ref())
}

fn take(telemetry: &Telemetry, told: &Told) -> Result<(), HookError> {
    let session = telemetry.open();
    if !session.is_recording() || !hook_record::knows(telemetry.catalog(), told.agent) {
        return Ok(());
    }
    let hook = Hook { telemetry, session: &session, told };
    match &told.what {
        What::Start => hook.start("start")?,
        What::Continued => hook.start("continued")?,
        What::Command(name, by) => hook.command(name, *by)?,
        What::Turn if telemetry.catalog().has_hook_role(HookRole::Turns) => {
            hook.note("turn", None)?;
        }
        What::Turn => return Ok(()),
        What::End(ending) => hook.end(*ending)?,
    }
    session.finish();
    Ok(())
}

/// Why a call could not be noted. Nobody is told: an agent could do nothing
/// with it, and would show it to a person who asked for none of this.
struct HookError;

impl From<DiskError> for HookError {
    fn from(_: DiskError) -> Self {
        Self
    }
}

impl From<io::Error> for HookError {
    fn from(_: io::Error) -> Self {
        Self
    }
}

/// Where the product reports no sessions, or the person refused or has not yet
/// agreed to that, nothing is noted of one.
fn may_note(telemetry: &Telemetry, session: &Session) -> bool {
    let event = telemetry.catalog().hook_event(HookEvent::Session);
    event.is_some_and(|event| session.may_record(event.name))
}

struct Hook<'a> {
    telemetry: &'a Telemetry,
    session: &'a Session,
    told: &'a Told,
}

impl Hook<'_> {
    fn now(&self) -> Time {
        self.telemetry.surroundings().now()
    }

    /// Notes that a session begins or goes on, and tells the sessions that are
    /// over.
    fn start(&self, is: &'static str) -> Result<(), HookError> {
        let is_start = self.told.what == What::Start;
        let noted = self.try_start(is);
        // Where nobody could note whether it is new, it counts as new.
        if is_start && noted.as_ref().map_or(true, |is_new| *is_new) {
            self.record_now(More::Start);
        }
        noted.map(drop)
    }

    /// Returns whether the session is new.
    fn try_start(&self, is: &'static str) -> Result<bool, HookError> {
        let Some(notes) = self.notes()? else { return Ok(true) };
        let process = AgentProcess::of_this_hook();
        let session = &self.told.session;
        let mut all = notes.read()?;
        let mut sittings = Sittings::of(&all);
        let is_ended = sittings.open(session).is_some_and(|sitting| sitting.ended.is_some());
        let but = (!is_ended).then_some(session);
        if self.tell_over(&notes, &sittings, but, process.as_ref())? > 0 {
            all = notes.read()?;
            sittings = Sittings::of(&all);
        }
        self.add(&notes, &sittings, is, None, process.as_ref())?;
        self.compact(&notes, all.len())?;
        Ok(sittings.open(session).is_none())
    }

    /// The notes, if anything may be noted.
    fn notes(&self) -> Result<Option<AgentNotes>, HookError> {
        if !may_note(self.telemetry, self.session) {
            return Ok(None);
        }
        Ok(self.session.hold_agent_notes()?)
    }

    /// Drops what is not needed any more, once it is most of what there is:
    /// whoever runs an agent a hundred times a day has so many notes that are
    /// needed, and a hook that rewrites them each time waits for the disk.
    fn compact(&self, notes: &AgentNotes, count: usize) -> Result<(), HookError> {
        if count <= limits::NOTES {
            return Ok(());
        }
        let needed = sitting::needed(notes.read()?, self.now());
        if needed.len() <= count / 2 {
            notes.replace(&needed)?;
        }
        Ok(())
    }

    /// Notes a command, and tells it. That there was one is noted even if it is
    /// none of the catalog's: hooks name commands here.
    fn command(&self, name: &CommandName, by: Invocation) -> Result<(), HookError> {
        let catalog = self.telemetry.catalog();
        let listed = hook_record::listed(catalog, name).filter(|_| by != Invocation::Model);
        if catalog.has_hook_role(HookRole::Commands) || catalog.has_hook_role(HookRole::Command) {
            self.record_now(More::Command(name, by));
            return self.note("command", listed);
        }
        Ok(())
    }

    fn note(&self, is: &'static str, command: Option<&str>) -> Result<(), HookError> {
        let Some(notes) = self.notes()? else { return Ok(()) };
        let all = notes.read()?;
        let sittings = Sittings::of(&all);
        self.add(&notes, &sittings, is, command, AgentProcess::of_this_hook().as_ref())?;
        self.compact(&notes, all.len())
    }

    fn add(
        &self,
        notes: &AgentNotes,
        sittings: &Sittings,
        is: &'static str,
        command: Option<&str>,
        process: Option<&AgentProcess>,
    ) -> Result<(), HookError> {
        let session = &self.told.session;
        let opening = match sittings.open(session) {
            Some(_) => None,
            None => Some(Opening { agent: self.told.agent, bits: random()?, process }),
        };
        let mut note = sitting::note(session, is, command, opening.as_ref());
        if let Some(process) = process.filter(|_| matches!(is, "start" | "continued")) {
            note["process"] = process.as_str().into();
        }
        Ok(notes.add(&[(self.now(), note)])?)
    }

    /// Tells the session, and others that are over.
    ///
    /// That it ended is noted first: what cannot be recorded now, or is cut
    /// short, is told at another call, as of the same time and under the same
    /// id, and a collector stores one of them.
    fn end(&self, ending: Ending) -> Result<(), HookError> {
        // A long transcript is read while no other hook waits.
        let transcript = self.transcript()?;
        let Some(notes) = self.notes()? else { return Ok(()) };
        let now = self.now();
        let all = notes.read()?;
        let sittings = Sittings::of(&all);
        let session = &self.told.session;
        let open = sittings.open(session);
        let told = sittings.told(session, now).filter(|_| open.is_none());
        let mut sitting = match open {
            Some(sitting) => sitting.clone(),
            None => Sitting::new(self.told.agent, random()?, now).told_at(told),
        };
        let invoked = transcript.map(|told| self.take_transcript(&mut sitting, told));
        if told.is_some() && !sitting.has_news() {
            // It was told already: an end that comes twice.
            return Ok(());
        }
        if sitting.ended.is_none() {
            let bits = sitting.bits;
            let opening = Opening { agent: self.told.agent, bits, process: None };
            let first_seen = open.is_none().then_some(&opening);
            let end = sitting::ending(session, ending, first_seen);
            let word = |word: &String| (now, sitting::note(session, "command", Some(word), None));
            let before = open.map_or(0, |open| open.commands.len());
            let words = sitting.commands[before..].iter().map(word);
            notes.add(&[(now, end)].into_iter().chain(words).collect::<Vec<_>>())?;
            sitting.ended = Some((now, ending));
        }
        self.tell(&notes, session, &sitting)?;
        self.tell_over(&notes, &sittings, Some(session), None)?;
        self.compact(&notes, all.len())?;
        drop(notes);
        for (place, told) in invoked.iter().flatten().enumerate() {
            self.record_invoked(&sitting, told, place);
        }
        Ok(())
    }

    /// The transcript, where no hook told the commands or the beginning.
    fn transcript(&self) -> Result<Option<Transcript>, HookError> {
        let catalog = self.telemetry.catalog();
        let has_commands =
            [HookRole::Commands, HookRole::Command].map(|it| catalog.has_hook_role(it));
        let Some(named) = self.told.transcript.as_ref().filter(|_| has_commands.contains(&true))
        else {
            return Ok(None);
        };
        let Some(notes) = self.notes()? else { return Ok(None) };
        let sittings = Sittings::of(&notes.read()?);
        drop(notes);
        let session = &self.told.session;
        let is_needed = match sittings.open(session) {
            Some(sitting) => !sitting.is_commanded && sitting.ended.is_none(),
            // Copilot CLI tells an end after each turn where nobody sits.
            None => {
                self.told.agent == Agent::Copilot || sittings.told(session, self.now()).is_none()
            }
        };
        let surroundings = self.telemetry.surroundings();
        Ok(is_needed
            .then(|| agent_transcript::read(self.told.agent, named, surroundings))
            .flatten())
    }

    /// Adds what a transcript tells, and returns the commands of it that count.
    ///
    /// A session that goes on has the commands of the sittings before, too.
    /// Where no hook told the beginning, telemetry may have been off then: only
    /// what came after the last yes counts, which is all of a file that was
    /// made after it.
    fn take_transcript(&self, sitting: &mut Sitting, transcript: Transcript) -> Vec<Invoked> {
        let yes = self.session.on_since();
        let now = self.now();
        let is_after_yes = transcript.made.is_some() && transcript.made >= yes && yes.is_some();
        let since = match sitting.began {
            Some(began) if sitting.is_continued => sitting.told_before.or(Some(began)),
            Some(_) => sitting.told_before,
            None if is_after_yes => sitting.told_before,
            None => sitting.told_before.max(yes.or(Some(now))),
        };
        let is_new = |told: &Invoked| {
            since.is_none_or(|since| told.at.is_some_and(|at| at >= since && at <= now))
        };
        let catalog = self.telemetry.catalog();
        let invoked: Vec<Invoked> = transcript.commands.into_iter().filter(is_new).collect();
        for told in invoked.iter().filter(|told| told.by != Invocation::Model) {
            if let Some(word) = hook_record::listed(catalog, &told.name) {
                sitting.add(word);
            }
        }
        let is_whole = sitting.began.is_none() && sitting.told_before.is_none();
        if let Some((began, yes)) = transcript.began.zip(yes).filter(|_| is_whole) {
            let began = if is_after_yes { began } else { began.max(yes) };
            sitting.first = sitting.first.min(began);
        }
        invoked
    }

    /// Tells the sittings that are over, and returns how many there were.
    fn tell_over(
        &self,
        notes: &AgentNotes,
        sittings: &Sittings,
        but: Option<&SessionKey>,
        beginning: Option<&AgentProcess>,
    ) -> Result<usize, HookError> {
        let over = sittings.over(but, self.now(), beginning);
        for (session, sitting) in &over {
            self.tell(notes, session, sitting)?;
        }
        Ok(over.len())
    }

    /// Records a sitting that is over, and notes that afterwards. What may be
    /// recorded later stays.
    fn tell(
        &self,
        notes: &AgentNotes,
        session: &SessionKey,
        sitting: &Sitting,
    ) -> Result<(), HookError> {
        let Sitting { agent, bits, turns, .. } = *sitting;
        let (ended, ending) = sitting.ended.unwrap_or((sitting.last, Ending::Unknown));
        let more = More::Session { ended, ending, commands: &sitting.commands, turns };
        let facts =
            Facts { agent, bits, began: sitting.began.unwrap_or(sitting.first).min(ended), more };
        let record = hook_record::record(self.telemetry.catalog(), &facts);
        let is_told = sitting.is_worth_telling() && self.is_of_this_id(ended);
        if let Some(record) = record.filter(|_| is_told) {
            match self.session.try_record_past(&record, Past { at: ended, bits }) {
                Err(error) if error.may_succeed_later() => return Ok(()),
                _ => {}
            }
        }
        Ok(notes.add(&[(self.now(), sitting::note(session, "told", None, None))])?)
    }

    /// Whether what happened then can be told under the id of today. Where ids
    /// change, it may have been recorded under the one before already.
    fn is_of_this_id(&self, then: Time) -> bool {
        let month = |time: Time| time.day().month_start();
        match self.telemetry.catalog().identity.rotation {
            Rotation::Monthly => month(then) == month(self.now()),
            Rotation::Never => true,
        }
    }

    /// Records a command of a transcript. Its id comes from the sitting's, so
    /// that an end which is told twice tells it once.
    fn record_invoked(&self, sitting: &Sitting, told: &Invoked, place: usize) {
        let mut hash = Hash::new();
        hash.update(sitting.bits);
        hash.update(place.to_le_bytes());
        let mut bits = [0; 16];
        bits.copy_from_slice(&hash.finalize()[..16]);
        let more = More::Command(&told.name, told.by);
        let began = sitting.began.unwrap_or(sitting.first);
        let facts = Facts { agent: sitting.agent, bits, began, more };
        if let Some(record) = hook_record::record(self.telemetry.catalog(), &facts) {
            let past = Past { at: told.at.unwrap_or(sitting.last), bits };
            let _ = self.session.try_record_past(&record, past);
        }
    }

    /// Records an event of this very moment.
    fn record_now(&self, more: More<'_>) {
        let Ok(bits) = random() else { return };
        let facts = Facts { agent: self.told.agent, bits, began: self.now(), more };
        if let Some(record) = hook_record::record(self.telemetry.catalog(), &facts) {
            self.session.record(&record);
        }
    }
}

/// Random bits of an id.
fn random() -> io::Result<[u8; 16]> {
    let mut bits = [0; 16];
    getrandom::fill(&mut bits).map_err(io::Error::other)?;
    Ok(bits)
}

//! One call of a hook: read the payload, note what it tells, and record an
//! event for what is over.

use std::io;

use headcount::{AgentNotes, DiskError, Past, Session, Telemetry, Time};
use headcount_catalog::HookRole;
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
        match self.agent {
            Agent::Cursor => cursor::session::answer(self.event.and_then(EventName::read).as_ref()),
            _ => "",
        }
    }
}

/// Answers one call, and returns what the agent must read on standard output:
/// nothing, but for Cursor.
///
/// It takes what the payload tells of the session, and nothing else of it. It
/// records the catalog's events with a `hook`, if that is permitted, and starts
/// the shipper, detached. Whatever the payload is, the caller exits with 0.
pub fn answer(telemetry: &Telemetry, call: HookCall<'_>, input: Input) -> &'static str {
    let payload = input.payload(limits::PAYLOAD_BYTES, limits::PAYLOAD_WAIT);
    let variables = &telemetry.surroundings().variables;
    let told =
        payload.and_then(|payload| reading::told(call.agent, call.event, variables, &payload));
    if let Some(told) = told {
        // What cannot be noted is lost. An agent has nothing to do with it.
        let _ = take(telemetry, &told);
    }
    call.answer_alone()
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
    /// over without an end.
    fn start(&self, is: &'static str) -> Result<(), HookError> {
        let Some(notes) = self.session.hold_agent_notes()? else { return Ok(()) };
        let process = AgentProcess::of_this_hook();
        let sittings = Sittings::of(&notes.read()?);
        let is_new = sittings.open(&self.told.session).is_none();
        self.add(&notes, &sittings, is, None, process.as_ref())?;
        self.tell_over(&notes, &sittings, process.as_ref())?;
        if is_new {
            self.record_now(More::Start);
        }
        Ok(())
    }

    /// Notes a command, and tells it. That there was one is noted even if it is
    /// none of the catalog's: hooks name commands here.
    fn command(&self, name: &CommandName, by: Invocation) -> Result<(), HookError> {
        let catalog = self.telemetry.catalog();
        let listed = hook_record::listed(catalog, name).filter(|_| by != Invocation::Model);
        if catalog.has_hook_role(HookRole::Commands) || catalog.has_hook_role(HookRole::Command) {
            self.note("command", listed)?;
        }
        self.record_now(More::Command(name, by));
        Ok(())
    }

    fn note(&self, is: &'static str, command: Option<&str>) -> Result<(), HookError> {
        let Some(notes) = self.session.hold_agent_notes()? else { return Ok(()) };
        let sittings = Sittings::of(&notes.read()?);
        self.add(&notes, &sittings, is, command, AgentProcess::of_this_hook().as_ref())
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
        Ok(notes.add(&[(self.now(), sitting::note(session, is, command, opening.as_ref()))])?)
    }

    /// Tells the session, and others that are over.
    fn end(&self, ending: Ending) -> Result<(), HookError> {
        // A long transcript is read while no other hook waits.
        let transcript = self.transcript()?;
        let Some(notes) = self.session.hold_agent_notes()? else { return Ok(()) };
        let now = self.now();
        let sittings = Sittings::of(&notes.read()?);
        let session = &self.told.session;
        let mut sitting = match sittings.open(session) {
            Some(sitting) => sitting.clone(),
            // It was told already: an end that comes twice.
            None if sittings.told(session, now).is_some() => return Ok(()),
            None => Sitting::new(self.told.agent, random()?, now),
        };
        if let Some(transcript) = transcript {
            self.take_transcript(&mut sitting, &transcript);
        }
        self.tell(&notes, session, &sitting, (now, ending))?;
        self.tell_over(&notes, &sittings, None)?;
        let all = notes.read()?;
        if all.len() > limits::NOTES {
            notes.replace(&sitting::needed(all, now))?;
        }
        Ok(())
    }

    /// The transcript, where no hook told the commands or the beginning.
    fn transcript(&self) -> Result<Option<Transcript>, HookError> {
        let Some(named) = &self.told.transcript else { return Ok(None) };
        let Some(notes) = self.session.hold_agent_notes()? else { return Ok(None) };
        let sittings = Sittings::of(&notes.read()?);
        drop(notes);
        let session = &self.told.session;
        let is_needed = match sittings.open(session) {
            Some(sitting) => !sitting.is_commanded,
            None => sittings.told(session, self.now()).is_none(),
        };
        let surroundings = self.telemetry.surroundings();
        Ok(is_needed
            .then(|| agent_transcript::read(self.told.agent, named, surroundings))
            .flatten())
    }

    /// Adds what a transcript tells. One that goes on has the commands of the
    /// sittings before, too.
    fn take_transcript(&self, sitting: &mut Sitting, transcript: &Transcript) {
        let since = sitting.told_before.or(sitting.began.filter(|_| sitting.is_continued));
        let is_new =
            |told: &&Invoked| since.is_none_or(|since| told.at.is_some_and(|at| at >= since));
        let catalog = self.telemetry.catalog();
        for (place, told) in transcript.commands.iter().filter(is_new).enumerate() {
            let listed = hook_record::listed(catalog, &told.name);
            listed
                .filter(|_| told.by != Invocation::Model)
                .into_iter()
                .for_each(|it| sitting.add(it));
            self.record_invoked(sitting, told, place);
        }
        let is_whole = sitting.began.is_none() && sitting.told_before.is_none();
        if let Some(began) = transcript.began.filter(|_| is_whole) {
            sitting.first = sitting.first.min(began);
        }
    }

    fn tell_over(
        &self,
        notes: &AgentNotes,
        sittings: &Sittings,
        beginning: Option<&AgentProcess>,
    ) -> Result<(), HookError> {
        for (session, sitting) in sittings.over(&self.told.session, self.now(), beginning) {
            self.tell(notes, &session, &sitting, (sitting.last, Ending::Unknown))?;
        }
        Ok(())
    }

    /// Records a sitting, and notes that afterwards: a process that is killed
    /// in between records it again under the same id.
    fn tell(
        &self,
        notes: &AgentNotes,
        session: &SessionKey,
        sitting: &Sitting,
        (ended, ending): (Time, Ending),
    ) -> Result<(), HookError> {
        let Sitting { agent, bits, turns, .. } = *sitting;
        let more = More::Session { ended, ending, commands: &sitting.commands, turns };
        let facts =
            Facts { agent, bits, began: sitting.began.unwrap_or(sitting.first).min(ended), more };
        let record = hook_record::record(self.telemetry.catalog(), &facts);
        if let Some(record) = record.filter(|_| sitting.is_worth_telling()) {
            let _ = self.session.try_record_past(&record, Past { at: ended, bits });
        }
        Ok(notes.add(&[(self.now(), sitting::note(session, "told", None, None))])?)
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

//! A sitting: a session of an agent from its start, or from where it went on,
//! to its end. Notes are what is known of the sittings that are not told yet.

use std::collections::BTreeMap;

use headcount::Time;
use serde_json::{Value as Json, json};

use crate::process::AgentProcess;
use crate::told::{Ending, SessionKey, hex};
use crate::{Agent, limits};

/// A note, with its time.
pub(crate) type Note = (Time, Json);

/// What is known of a sitting that is not over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Sitting {
    pub(crate) agent: Agent,
    /// What makes the id of its event, so that telling it twice tells it once.
    pub(crate) bits: [u8; 16],
    process: Option<AgentProcess>,
    /// When it began, if a hook told it.
    pub(crate) began: Option<Time>,
    /// Whether it began by going on with a session.
    pub(crate) is_continued: bool,
    /// When the session was told before, if it was.
    pub(crate) told_before: Option<Time>,
    /// The first and the last time of anything that was told.
    pub(crate) first: Time,
    pub(crate) last: Time,
    /// Whether a hook told any command, of the catalog or not: then no
    /// transcript needs to.
    pub(crate) is_commanded: bool,
    /// Words of the catalog, each once.
    pub(crate) commands: Vec<String>,
    pub(crate) turns: u64,
    /// When and how it ended, if a hook told it and it could not be recorded
    /// yet.
    pub(crate) ended: Option<(Time, Ending)>,
}

impl Sitting {
    /// One that begins now.
    pub(crate) fn new(agent: Agent, bits: [u8; 16], now: Time) -> Self {
        Self {
            agent,
            bits,
            process: None,
            began: None,
            is_continued: false,
            told_before: None,
            first: now,
            last: now,
            is_commanded: false,
            commands: Vec::new(),
            turns: 0,
            ended: None,
        }
    }

    /// The same of a session that was told before.
    pub(crate) fn told_at(self, told_before: Option<Time>) -> Self {
        Self { told_before, ..self }
    }

    /// Whether there is more to tell than that it was.
    pub(crate) fn has_news(&self) -> bool {
        !self.commands.is_empty() || self.turns > 0
    }

    /// Whether it is to be told once it is over. One session is one event; what
    /// was told is told again only for what came since.
    pub(crate) fn is_worth_telling(&self) -> bool {
        self.told_before.is_none() || self.has_news()
    }

    /// Adds a word of the catalog, if it is new.
    pub(crate) fn add(&mut self, word: &str) {
        if !self.commands.iter().any(|known| known == word) {
            self.commands.push(word.to_owned());
        }
    }

    /// Whether it is over, though no hook told its end: its agent is gone, it
    /// was silent for a day, or its agent, which has one session at a time, has
    /// begun another. `beginning` is the process of the session that begins.
    fn is_over(&self, now: Time, beginning: Option<&AgentProcess>) -> bool {
        let is_silent = now.milliseconds() - self.last.milliseconds() >= limits::SILENCE;
        let is_left = self.process.is_some()
            && self.process.as_ref() == beginning
            && self.agent.has_one_session_at_a_time()
            && self.has_news();
        self.ended.is_some()
            || is_silent
            || is_left
            || self.process.as_ref().is_some_and(AgentProcess::is_gone)
    }
}

/// All notes, read.
#[derive(Debug, Default)]
pub(crate) struct Sittings {
    open: BTreeMap<SessionKey, Sitting>,
    told: BTreeMap<SessionKey, Time>,
}

impl Sittings {
    /// Reads notes, the oldest first. What another release noted is passed
    /// over.
    pub(crate) fn of(notes: &[Note]) -> Self {
        let mut sittings = Self::default();
        for (at, note) in notes {
            let _ = sittings.read(*at, note);
        }
        sittings
    }

    fn read(&mut self, at: Time, note: &Json) -> Option<()> {
        let text = |key: &str| note.get(key)?.as_str();
        let session = SessionKey::noted(text("session")?);
        let is = text("is")?;
        if is == "told" {
            self.open.remove(&session);
            self.told.insert(session, at);
            return Some(());
        }
        let told_before = self.told.get(&session).copied();
        let opened = || {
            let mut sitting = Sitting::new(Agent::read(text("agent")?)?, bits(text("id")?)?, at);
            sitting.process = text("process").map(AgentProcess::noted);
            sitting.told_before = told_before;
            sitting.is_continued = is == "continued";
            sitting.began = matches!(is, "start" | "continued").then_some(at);
            Some(sitting)
        };
        if !self.open.contains_key(&session) {
            self.open.insert(session.clone(), opened()?);
        }
        let sitting = self.open.get_mut(&session)?;
        sitting.last = sitting.last.max(at);
        // A session that was resumed goes on in another process.
        if let Some(process) = text("process") {
            sitting.process = Some(AgentProcess::noted(process));
        }
        match is {
            "command" => {
                sitting.is_commanded = true;
                text("command").into_iter().for_each(|word| sitting.add(word));
            }
            "turn" => {
                let times = note.get("times").and_then(Json::as_u64).unwrap_or(1);
                sitting.turns = sitting.turns.saturating_add(times);
            }
            "ending" => sitting.ended = Some((at, Ending::read(text("how")?)?)),
            _ => {}
        }
        Some(())
    }

    /// The sitting of a session that is not over.
    pub(crate) fn open(&self, session: &SessionKey) -> Option<&Sitting> {
        self.open.get(session)
    }

    /// When a session was told, if that was within the day.
    pub(crate) fn told(&self, session: &SessionKey, now: Time) -> Option<Time> {
        let told = self.told.get(session).copied();
        told.filter(|at| now.milliseconds() - at.milliseconds() < limits::TOLD)
    }

    /// The sittings that are over and not told, but for one.
    pub(crate) fn over(
        &self,
        but: Option<&SessionKey>,
        now: Time,
        beginning: Option<&AgentProcess>,
    ) -> Vec<(SessionKey, Sitting)> {
        let is_over = |(session, sitting): &(&SessionKey, &Sitting)| {
            Some(*session) != but && sitting.is_over(now, beginning)
        };
        let over = self.open.iter().filter(is_over);
        over.map(|(session, sitting)| (session.clone(), sitting.clone())).collect()
    }
}

/// The first note of a sitting names what makes it one.
pub(crate) struct Opening<'a> {
    pub(crate) agent: Agent,
    pub(crate) bits: [u8; 16],
    pub(crate) process: Option<&'a AgentProcess>,
}

/// Makes a note. `opening` goes with the first one of a sitting.
pub(crate) fn note(
    session: &SessionKey,
    is: &'static str,
    command: Option<&str>,
    opening: Option<&Opening<'_>>,
) -> Json {
    let mut note = json!({"session": session.as_str(), "is": is});
    if let Some(command) = command {
        note["command"] = command.into();
    }
    if let Some(Opening { agent, bits, process }) = opening {
        note["agent"] = agent.word().into();
        note["id"] = hex(bits).into();
        if let Some(process) = process {
            note["process"] = process.as_str().into();
        }
    }
    note
}

/// Makes the note of an end.
pub(crate) fn ending(session: &SessionKey, ending: Ending, opening: Option<&Opening<'_>>) -> Json {
    let mut note = note(session, "ending", None, opening);
    note["how"] = ending.word().into();
    note
}

/// The notes that are still needed: those of open sittings, with their turns as
/// one, and that a session was told within the day. The order counts, not the
/// times: a clock may be set back.
pub(crate) fn needed(notes: Vec<Note>, now: Time) -> Vec<Note> {
    let sittings = Sittings::of(&notes);
    let text = |note: &Json, key: &str| note.get(key).and_then(Json::as_str).map(str::to_owned);
    let mut told_last: BTreeMap<String, usize> = BTreeMap::new();
    for (place, (_, note)) in notes.iter().enumerate() {
        if let (Some(session), Some("told")) =
            (text(note, "session"), note.get("is").and_then(Json::as_str))
        {
            told_last.insert(session, place);
        }
    }
    let mut kept: Vec<Note> = Vec::new();
    let mut turns: BTreeMap<String, usize> = BTreeMap::new();
    for (place, (at, note)) in notes.into_iter().enumerate() {
        let (Some(name), Some(is)) = (text(&note, "session"), text(&note, "is")) else { continue };
        let session = SessionKey::noted(&name);
        let last = told_last.get(&name).copied();
        let is_needed = match is.as_str() {
            "told" => last == Some(place) && sittings.told(&session, now).is_some(),
            _ => last.is_none_or(|last| place > last) && sittings.open(&session).is_some(),
        };
        if !is_needed {
            continue;
        }
        // A turn that opens a sitting names what makes it one.
        let is_plain_turn = is == "turn" && note.get("id").is_none();
        match turns.get(&name).filter(|_| is_plain_turn) {
            Some(first) => {
                let (when, turn) = &mut kept[*first];
                let times = |turn: &Json| turn.get("times").and_then(Json::as_u64).unwrap_or(1);
                turn["times"] = times(turn).saturating_add(times(&note)).into();
                *when = at;
            }
            None => {
                if is_plain_turn {
                    turns.insert(name, kept.len());
                }
                kept.push((at, note));
            }
        }
    }
    kept
}

fn bits(text: &str) -> Option<[u8; 16]> {
    let number = u128::from_str_radix(text, 16).ok()?;
    (text.len() == 32).then_some(number.to_be_bytes())
}

#[cfg(test)]
#[path = "sitting_tests.rs"]
mod tests;

//! Reads the payload of a call: which agent, which session, what happened.

use headcount::Variables;

use crate::event_name::EventName;
use crate::fields::{Allowed, Fields};
use crate::told::{SessionKey, Told, What};
use crate::{Agent, caller, claude, codex, copilot, cursor, gemini, goose, opencode, qwen};

/// How the payloads of one agent are read.
struct Form {
    allowed: &'static [Allowed],
    /// The keys of the session's id; the first that is there counts.
    session: &'static [&'static str],
    /// The keys of the event's name.
    event: &'static [&'static str],
    what: fn(&EventName, &Fields) -> Option<What>,
}

/// The key of the event's name in most payloads.
const EVENT: &[&str] = &["hook_event_name"];
const SESSION: &[&str] = &["session_id"];

fn form(agent: Agent) -> Form {
    match agent {
        Agent::Claude => form_of(claude::payload::ALLOWED, SESSION, EVENT, claude::session::what),
        Agent::Grok => {
            let session = &["session_id", "sessionId"];
            form_of(claude::payload::ALLOWED, session, EVENT, claude::session::what)
        }
        Agent::Codex => form_of(codex::payload::ALLOWED, SESSION, EVENT, codex::session::what),
        Agent::Copilot => {
            let session = &["sessionId", "session_id"];
            form_of(copilot::payload::ALLOWED, session, EVENT, copilot::session::what)
        }
        Agent::OpenCode => {
            let session = &["sessionID"];
            form_of(opencode::payload::ALLOWED, session, &["event"], opencode::session::what)
        }
        Agent::Cursor => {
            let session = &["conversation_id", "session_id"];
            form_of(cursor::payload::ALLOWED, session, EVENT, cursor::session::what)
        }
        Agent::Qwen => form_of(qwen::payload::ALLOWED, SESSION, EVENT, qwen::session::what),
        Agent::Goose => {
            let event = &["event", "hook_event_name"];
            form_of(goose::payload::ALLOWED, SESSION, event, goose::session::what)
        }
        Agent::Gemini => form_of(gemini::payload::ALLOWED, SESSION, EVENT, gemini::session::what),
    }
}

const fn form_of(
    allowed: &'static [Allowed],
    session: &'static [&'static str],
    event: &'static [&'static str],
    what: fn(&EventName, &Fields) -> Option<What>,
) -> Form {
    Form { allowed, session, event, what }
}

/// What a call tells that was installed for `named`, with the event of the
/// installed command. The payload's own name of the event comes first: it is
/// the agent's, and a command may have been copied to another event.
pub(crate) fn told(
    named: Agent,
    event: Option<&str>,
    variables: &Variables,
    payload: &[u8],
) -> Option<Told> {
    let mut form = self::form(named);
    let mut fields = Fields::read(payload, form.allowed)?;
    let agent = caller::agent(named, variables, &fields);
    let transcript = fields.text("transcript_path").map(str::to_owned);
    if agent != named {
        form = self::form(agent);
        fields = Fields::read(payload, form.allowed)?;
    }
    let event = fields.first_text(form.event).or(event).and_then(EventName::read)?;
    let session = SessionKey::of(agent, fields.first_text(form.session)?)?;
    let what = (form.what)(&event, &fields)?;
    // Copilot's is found by the session's id, which is not kept otherwise.
    let transcript = match (agent, &what) {
        (Agent::Claude, What::End(_)) => transcript,
        (Agent::Copilot, What::End(_)) => fields.first_text(form.session).map(str::to_owned),
        _ => None,
    };
    Some(Told { agent, session, what, transcript })
}

/// The event of a call: the payload's own name of it, or the one of the
/// installed command.
pub(crate) fn event(named: Agent, event: Option<&str>, payload: &[u8]) -> Option<EventName> {
    let form = self::form(named);
    let fields = Fields::read(payload, form.allowed).unwrap_or_default();
    fields.first_text(form.event).or(event).and_then(EventName::read)
}

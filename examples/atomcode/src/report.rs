//! Turns AtomCode's own values into the types of its catalog.

use headcount::TypedEvent;
use headcount::catalog::EventId;
use headcount::panics::{self, Panic};

use crate::answer::Answer;
use crate::model::ChosenModel;
use crate::repository;
use crate::telemetry::{self, Account, LlmChat, Mode};

/// The location of a panic outside AtomCode's own source.
const ELSEWHERE: &str = "elsewhere:0";

/// A new random reference for a session or a turn, which links to nothing else.
/// `None` if the system has no randomness; then nothing is reported.
pub(crate) fn reference() -> Option<String> {
    let mut bits = [0; 16];
    getrandom::fill(&mut bits).ok()?;
    Some(EventId::random(bits).to_string())
}

/// The envelope of a process or of a daemon's conversation, of whoever is
/// logged in.
pub(crate) fn session(mode: Mode, account: Option<Account>) -> telemetry::Host {
    telemetry::Host {
        account,
        session: reference().and_then(|text| telemetry::Session::new(&text).ok()),
        mode: Some(mode),
        ..telemetry::Host::default()
    }
}

/// The envelope of one turn in a session: with the model, and where the
/// repository of the current folder comes from.
pub(crate) fn turn(session: &telemetry::Host, model: &ChosenModel) -> telemetry::Host {
    // In a folder that is gone nobody knows.
    let origin = std::env::current_dir().ok().map(|folder| repository::origin(&folder));
    telemetry::Host {
        turn: reference().and_then(|text| telemetry::Turn::new(&text).ok()),
        provider: Some(model.provider_word()),
        model: Some(model.word()),
        repo_origin_host: origin.map(|origin| origin.host),
        repo_origin_has_git: origin.map(|origin| origin.has_git),
        ..session.clone()
    }
}

/// The event of a turn that ended with an answer. It has no part of the prompt.
pub(crate) fn chat(answer: &Answer) -> LlmChat {
    LlmChat {
        duration_ms: answer.took,
        tool_calls_count: 0,
        input_tokens: answer.input_tokens,
        output_tokens: answer.output_tokens,
        cached_tokens: 0,
        had_error: false,
    }
}

/// The event of a crash, which the hook has scrubbed.
pub(crate) fn panic(panic: &Panic) -> Option<Box<dyn TypedEvent>> {
    let place = panic.location.as_deref().unwrap_or(ELSEWHERE);
    let frames = panic.frames.iter().map(String::as_str);
    Some(Box::new(telemetry::Panic {
        location: telemetry::Location::new(place).ok()?,
        message_head: telemetry::MessageHead::new(&panic.message_head).ok(),
        thread: match panic.thread {
            panics::Thread::Main => telemetry::Thread::Main,
            panics::Thread::Worker => telemetry::Thread::Worker,
            panics::Thread::Other => telemetry::Thread::Other,
        },
        backtrace_top_5: telemetry::BacktraceTop5::new(frames).ok()?,
    }))
}

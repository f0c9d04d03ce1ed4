//! The question, asked in a terminal. Only a deliberate Yes counts: the cursor
//! starts on No, Esc and end of input mean No, and keys typed before the
//! question appeared are dropped. Ctrl-C ends the program, as it does anywhere
//! else, and answers nothing.

use std::fmt;
use std::io::{self, Write as _};

use headcount_catalog::{Change, ConsentDefault, Purpose, Rule};

use super::answer_error::AnswerError;
use super::audience::Audience;
use super::limits::EXAMPLES;
use super::marks::AS_IT_IS;
use super::prompt::{Choice, Offer, Prompt};
use super::purpose_facts::still_refused;
use super::reply::call;
use super::screen::{Stream, columns_of, given_columns};
use super::shell::{ShellKind, whole};
use super::terminal::Terminal;
use super::wrapped::{whole_commands, wrapped};
use super::{notice, purposes, switch, texts};
use crate::built::BUILT;
use crate::consent::{self, Says, Why};
use crate::disk::in_use::Patient;
use crate::standing::Standing;
use crate::{Owner, Paths, Session};

/// What came of asking.
#[derive(Debug)]
pub enum Asked {
    /// The person agreed and the answer is saved. Sessions opened from now on
    /// record.
    Yes,
    /// The person did not agree, and that answer is saved.
    No,
    /// The question was not asked.
    NotAsked(Silence),
    /// A signal, such as that of Ctrl-C, came at the question, and the host has
    /// a handler of its own for it; else the process has ended. Nothing is
    /// saved. The host should end as it does for that signal: with 130 for
    /// Ctrl-C.
    Interrupted,
    /// The person answered, but the answer could not be saved: nothing is
    /// recorded. Print the error for the person.
    Failed(AnswerError),
}

/// Why the question was not asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Silence {
    /// There is no terminal to ask in.
    NoTerminal,
    /// A program reads the output.
    ForMachines,
    /// The catalog does not ask, or this build has no telemetry in it.
    NotThisProduct,
    /// There is no home folder to keep an answer in.
    NoHome,
    /// The program runs in continuous integration.
    Integration,
    /// The program runs in the shell of a coding agent, which this variable
    /// shows.
    Agent(&'static str),
    /// A rule refuses already.
    Refused(Why),
    /// The question is answered already.
    Answered,
    /// The terminal was closed.
    Gone,
}

impl fmt::Display for Silence {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoTerminal => out.write_str("there is no terminal to ask in"),
            Self::ForMachines => out.write_str("a program reads the output"),
            Self::NotThisProduct => out.write_str("this product does not ask"),
            Self::NoHome => out.write_str("there is no home folder to keep an answer in"),
            Self::Integration => out.write_str("this is continuous integration"),
            Self::Agent(name) => write!(out, "this is a coding agent's shell ({name} is set)"),
            Self::Refused(why) => write!(out, "telemetry is refused already ({why})"),
            Self::Answered => out.write_str("the question is answered already"),
            Self::Gone => out.write_str("the terminal was closed"),
        }
    }
}

/// What to ask.
enum Open<'a> {
    Question,
    News(&'a [Change]),
}

/// Asks whether telemetry may be on, unless that is answered already, and saves
/// the answer. After a release that collects more, asks whether the new data
/// may be reported too.
///
/// It prints to standard error. Without a person at a terminal it does nothing.
pub fn ask(session: &Session, terminal: Terminal, audience: Audience) -> Asked {
    let standing = session.opened();
    if !BUILT {
        return Asked::NotAsked(Silence::NotThisProduct);
    }
    let open = match open(standing, terminal, audience) {
        Ok(open) => open,
        Err(silence) => return Asked::NotAsked(silence),
    };
    let (call, shell) = (call(standing), ShellKind::of(standing.surroundings()));
    let (text, question) = match open {
        Open::Question => {
            let question = texts::question_for(standing.catalog(), &call, shell);
            (question.to_string(), question.question)
        }
        Open::News(news) => (
            texts::news_for(standing.catalog(), news, &call),
            "May this be reported too?".to_owned(),
        ),
    };
    let answer = match converse(standing, &whole(&text, standing), &question, &open) {
        Ok(answer) => answer,
        Err(error) if error.kind() == io::ErrorKind::Interrupted => return Asked::Interrupted,
        Err(_) => return Asked::NotAsked(Silence::Gone),
    };
    let _patient = Patient::thread();
    if let Err(error) = keep(standing, &answer, &open) {
        return Asked::Failed(error);
    }
    confirm(standing, &answer, &open);
    match answer {
        Answer::Yes | Answer::Chosen { .. } => Asked::Yes,
        Answer::No => Asked::No,
    }
}

/// The person's answer.
enum Answer {
    Yes,
    No,
    /// Yes to these purposes, one at least, and no to the others.
    Chosen {
        allowed: Vec<&'static Purpose>,
        refused: Vec<&'static Purpose>,
    },
}

/// Saves the answer.
fn keep(standing: &Standing, answer: &Answer, open: &Open<'_>) -> Result<(), AnswerError> {
    match (answer, open) {
        (Answer::Yes, _) => switch::grant(standing).map_err(AnswerError::from),
        (Answer::Chosen { allowed, refused }, _) => {
            // The no first: nothing is recorded for it at any time.
            purposes::refuse(standing, refused)?;
            let names: Vec<&str> = allowed.iter().map(|purpose| purpose.name).collect();
            purposes::allow(standing, &names)?;
            switch::grant(standing).map_err(AnswerError::from)
        }
        (Answer::No, Open::Question) => switch::end(standing, switch::Records::None).map(drop),
        (Answer::No, Open::News(_)) => match standing.paths() {
            Some(paths) => notice::remember(standing, paths).map(drop).map_err(AnswerError::from),
            None => Ok(()),
        },
    }
}

/// Returns what to ask, or why nothing is asked.
fn open<'a>(
    standing: &'a Standing,
    terminal: Terminal,
    audience: Audience,
) -> Result<Open<'a>, Silence> {
    let (catalog, host, surroundings, paths) =
        (standing.catalog(), standing.host(), standing.surroundings(), standing.paths());
    if audience == Audience::ForMachines {
        return Err(Silence::ForMachines);
    }
    if let Some(name) = surroundings.agent_marker() {
        return Err(Silence::Agent(name));
    }
    if terminal == Terminal::Absent {
        return Err(Silence::NoTerminal);
    }
    if catalog.consent.default != ConsentDefault::Ask {
        return Err(Silence::NotThisProduct);
    }
    let is_theirs = |paths: &Paths| paths.owner(surroundings) == Owner::User;
    if !paths.is_some_and(is_theirs) {
        return Err(Silence::NoHome);
    }
    if surroundings.is_integration() {
        return Err(Silence::Integration);
    }
    if let Some(admin) = consent::administrator(catalog, surroundings) {
        return Err(Silence::Refused(admin.why));
    }
    for (rule, opinion) in consent::explain(catalog, host.flag, surroundings, paths) {
        match opinion {
            None => {}
            Some(opinion) if rule == Rule::Settings && opinion.says == Says::Grant => {
                if notice::has_untold_news(standing) {
                    return Ok(Open::News(standing.withheld()));
                }
                return Err(Silence::Answered);
            }
            Some(opinion) if rule == Rule::Settings => {
                let unreadable = matches!(opinion.why, Why::File { .. });
                return Err(if unreadable {
                    Silence::Refused(opinion.why)
                } else {
                    Silence::Answered
                });
            }
            Some(opinion) => return Err(Silence::Refused(opinion.why)),
        }
    }
    Ok(Open::Question)
}

/// Shows the text and asks until there is an answer. The person can look at an
/// example first, and choose among the purposes.
fn converse(
    standing: &Standing,
    text: &str,
    question: &str,
    open: &Open<'_>,
) -> io::Result<Answer> {
    let (catalog, surroundings) = (standing.catalog(), standing.surroundings());
    let prompt = Prompt::new(surroundings);
    prompt.show(catalog.product.title, text)?;
    let purposes = match open {
        Open::Question => texts::several_purposes(catalog),
        Open::News(_) => &[],
    };
    let offer = if purposes.is_empty() { Offer::Example } else { Offer::PurposesAndExample };
    for _ in 0..EXAMPLES {
        match prompt.ask(question, offer)? {
            Choice::Example => {}
            Choice::Choose => return choose(&prompt, purposes),
            Choice::Yes => return Ok(Answer::Yes),
            Choice::No => return Ok(Answer::No),
        }
        if let Some(event) = catalog.events.first() {
            let example = texts::example(catalog, event, surroundings.now());
            let example: String =
                example.lines().map(|line| format!("{AS_IT_IS}{line}\n")).collect();
            prompt.show(&format!("An example: {}", event.name), &example)?;
        }
    }
    Ok(Answer::No)
}

/// Asks for each purpose in turn. No to all of them is No.
fn choose(prompt: &Prompt, purposes: &'static [Purpose]) -> io::Result<Answer> {
    let (mut allowed, mut refused) = (Vec::new(), Vec::new());
    for purpose in purposes {
        let question = format!("{}? {}", purpose.title, purpose.why);
        match prompt.ask(&question, Offer::YesOrNo)? {
            Choice::Yes => allowed.push(purpose),
            Choice::No | Choice::Choose | Choice::Example => refused.push(purpose),
        }
    }
    Ok(if allowed.is_empty() { Answer::No } else { Answer::Chosen { allowed, refused } })
}

/// Says in a few lines what the answer means.
fn confirm(standing: &Standing, answer: &Answer, open: &Open<'_>) {
    let call = call(standing);
    let line = match (answer, open) {
        (Answer::Yes | Answer::Chosen { .. }, _) => format!(
            "Telemetry is on. To see what is sent: {call} inspect\n{}",
            still_refused(&standing.anew())
        ),
        (Answer::No, Open::Question) => "Telemetry stays off: nothing is recorded.".to_owned(),
        (Answer::No, Open::News(_)) => {
            "What is new stays withheld. The rest is as before.".to_owned()
        }
    };
    let columns = columns_of(Stream::Err, given_columns(standing.surroundings()));
    let line = whole_commands(line.trim_end(), &call);
    // The answer is saved; a closed terminal changes nothing.
    let _ = writeln!(io::stderr(), "{}", wrapped(&line, columns.unwrap_or(usize::MAX)));
}

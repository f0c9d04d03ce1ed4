//! Atomic CLI, the first of the five example products: `init`, `update`,
//! `uninstall`, `config set telemetry`, `atomic -a AGENT -- /command`, the
//! hidden `atomic hook` that coding agents call, and the hidden
//! `--upload-telemetry`.
//!
//! Its file names and keys are those of its design document, and all of them
//! are in `telemetry.toml`.
//!
//! | to change | open |
//! | --- | --- |
//! | what a command line means | `arguments.rs`, `help.rs` |
//! | when something is recorded | `main.rs` |
//! | which slash commands are found among an agent's arguments | `slash_commands.rs` |
//! | how an agent is started | `agent_program.rs` |
//! | which files tell of an agent's sessions | `hook_files.rs`, `own_file.rs` |

// `println!` panics where nobody reads, and would end the program.
#![warn(clippy::print_stdout, clippy::print_stderr)]

mod help;
mod arguments;
mod print;
mod work;
mod choose_agent;
mod slash_commands;
mod agent_program;
mod own_file;
mod hook_files;

use std::env;
use std::ffi::OsString;
use std::process::ExitCode;

use headcount::person::{Asked, Audience, Terminal};
use headcount::{Host, Session, Surroundings, Telemetry, person};
use headcount_agents::{HookCall, Input};

use arguments::{Action, Arguments, Work};
use hook_files::HookFiles;
use telemetry::{AgentType, AtomicCommand, CliCommand, Command};

/// What Atomic may report, generated from its catalog at compile time.
mod telemetry {
    headcount::catalog!("telemetry.toml");
}

fn main() -> ExitCode {
    let arguments = match arguments::read(env::args_os().skip(1)) {
        Ok(arguments) => arguments,
        Err(sentence) => {
            print::err(format_args!("{sentence}\n\n{}\n", help::USAGE));
            return ExitCode::from(2);
        }
    };
    ExitCode::from(run(arguments))
}

/// The exit code of a program that Ctrl-C ended.
const INTERRUPTED: u8 = 130;

/// Runs a command. Whichever it is, the upload of what waits starts when it
/// ends (§5.5).
fn run(Arguments { flag, action }: Arguments) -> u8 {
    let host = Host::new(env!("CARGO_PKG_VERSION")).with_flag(flag);
    let telemetry = Telemetry::new(&telemetry::CATALOG, host, Surroundings::of_this_process());
    match action {
        Action::Print(text) => {
            print::out(text);
            telemetry.open().finish();
            0
        }
        Action::Upload => {
            person::flush(&telemetry.open());
            0
        }
        Action::Hook(words) => hooked(&telemetry, &words),
        Action::Telemetry(words) => {
            let code = person::run(&telemetry.open(), &words).print();
            // The answer may be another one now.
            telemetry.open().finish();
            code
        }
        Action::Work(Work::Init(agent)) => init(&telemetry, agent),
        Action::Work(Work::Update) => update(telemetry.open()),
        Action::Work(Work::Uninstall) => uninstall(&telemetry),
        Action::Run(agent, arguments) => start(telemetry.open(), agent, &arguments),
    }
}

/// A coding agent calls: it hears 0, whatever becomes of the telemetry.
fn hooked(telemetry: &Telemetry, words: &[String]) -> u8 {
    if let Some(call) = HookCall::read(words.iter().map(String::as_str)) {
        print::out(headcount_agents::answer(telemetry, call, Input::Standard));
    }
    0
}

fn recorded(session: &Session, work: Work, success: bool) {
    let (command, agent_type) = (work.command(), work.agent());
    session.record(&AtomicCommand { command, agent_type, success });
}

/// Prints how a command ended, and returns its exit code.
fn said(done: Result<String, String>) -> u8 {
    match done {
        Ok(sentence) => {
            print::out(format_args!("{sentence}\n"));
            0
        }
        Err(sentence) => {
            print::err(format_args!("atomic: {sentence}\n"));
            1
        }
    }
}

fn update(session: Session) -> u8 {
    let done = work::run(Work::Update);
    recorded(&session, Work::Update, done.is_ok());
    session.finish();
    said(done)
}

/// `init` asks for the agent, and at its first run for consent (§5.6). The
/// answer counts from this run on.
fn init(telemetry: &Telemetry, agent: Option<AgentType>) -> u8 {
    let mut session = telemetry.open();
    let surroundings = telemetry.surroundings();
    let terminal = Terminal::of_this_process(surroundings);
    let agent = agent.or_else(|| choose_agent::ask(terminal, surroundings));
    match person::ask(&session, terminal, Audience::ForPeople) {
        Asked::NotAsked(_) => {}
        Asked::Yes | Asked::No => session = telemetry.open(),
        Asked::Interrupted => return INTERRUPTED,
        Asked::Failed(error) => print::err(format_args!("atomic: {error}\n")),
    }
    let done = work::run(Work::Init(agent));
    recorded(&session, Work::Init(agent), done.is_ok());
    // While telemetry is off, nothing of it is created.
    let agent = agent.filter(|_| done.is_ok() && session.is_recording());
    session.finish();
    let code = said(done);
    if let (Some(agent), Some(files)) = (agent, hook_files(telemetry)) {
        let name = choose_agent::name(agent);
        match files.install(agent) {
            Ok(told) if told.is_empty() => {}
            Ok(told) => {
                print::out(format_args!(
                    "{name} tells Atomic when a session ends. To see what that \
                     reports: atomic telemetry inspect\n"
                ));
                told.iter().for_each(|sentence| print::out(format_args!("{sentence}\n")));
            }
            Err(error) => print::err(format_args!(
                "atomic: {name} will not tell Atomic of its sessions. {error}\n"
            )),
        }
    }
    code
}

fn hook_files(telemetry: &Telemetry) -> Option<HookFiles> {
    let (project, program) = (env::current_dir().ok()?, env::current_exe().ok()?);
    let home = telemetry.surroundings().home.clone().unwrap_or_default();
    Some(HookFiles { project, home, program })
}

/// `uninstall` ends with all of telemetry deleted, after what was agreed to has
/// been sent: in ten seconds at most, or not at all.
fn uninstall(telemetry: &Telemetry) -> u8 {
    let session = telemetry.open();
    let removed = hook_files(telemetry).map_or(Ok(Vec::new()), |files| files.remove());
    let done = match removed {
        Ok(agents) => work::run(Work::Uninstall).map(|sentence| {
            let hooks = agents
                .iter()
                .map(|agent| format!("\nThe hooks of {} are removed.", choose_agent::name(*agent)));
            sentence + &hooks.collect::<String>()
        }),
        Err(errors) => Err(errors.join("\natomic: ")),
    };
    recorded(&session, Work::Uninstall, done.is_ok());
    person::flush(&session);
    let mut cleared = person::run(&telemetry.open(), &["clear".to_owned(), "--all".to_owned()]);
    let code = said(done);
    // That it is deleted goes without saying; that it is not does not.
    cleared.out.clear();
    code.max(cleared.print())
}

/// Starts a coding agent. Everything is recorded before (§5.3.2), since the
/// agent takes this process's place.
fn start(session: Session, agent: AgentType, arguments: &[OsString]) -> u8 {
    let name = agent.word();
    let program = agent_program::find(name, &env::var_os("PATH").unwrap_or_default());
    session.record(&AtomicCommand {
        command: Command::Run,
        agent_type: Some(agent),
        success: program.is_some(),
    });
    let commands = slash_commands::among(arguments);
    if !commands.is_empty() {
        session.record(&CliCommand { agent_type: agent, commands });
    }
    session.finish();
    let Some(program) = program else {
        print::err(format_args!("atomic: `{name}` is not installed: put it on your PATH\n"));
        return agent_program::NOT_FOUND;
    };
    agent_program::become_it(&program, arguments).unwrap_or_else(|error| {
        print::err(format_args!("atomic: {} cannot be started: {error}\n", program.display()));
        agent_program::NOT_STARTED
    })
}

//! Archon's own work: minimal workflows that can start, fail and end.
//!
//! A workflow that ships with Archon is a list of nodes in this file. Any other
//! is `.archon/workflows/NAME` in the current folder, with one node per line:
//! its kind, and for a `loop` the number of rounds.

use std::ffi::OsStr;
use std::path::Path;
use std::time::Instant;

use headcount::Session;
use headcount::panics::enter;

use crate::arguments::Work;
use crate::print;
use crate::telemetry::{
    ErrorClass, ErrorClassification, FailedNodeType, NodeType, Provider, SetupCompleted, Where,
    WorkflowName, WorkflowNodeFailed, WorkflowRunCompleted, WorkflowRunFailed, WorkflowRunStarted,
};

/// The nodes of a workflow that ships with Archon.
const BUNDLED: &str = "bash\nprompt\n";

/// The part of a run's progress that a loop makes, in percent.
const LOOP_PERCENT: u32 = 100;

/// Why a command failed.
pub(crate) struct Failure {
    /// The message for the person.
    pub(crate) sentence: String,
    class: ErrorClass,
    node: Option<FailedNodeType>,
}

/// Runs a command and returns what to print.
///
/// # Errors
///
/// Returns why the command failed.
pub(crate) fn run_command(session: &Session, work: &Work) -> Result<String, Failure> {
    let _here = enter(Where::RunCommand.word());
    match work {
        Work::Help => Ok(crate::arguments::USAGE.trim_end().to_owned()),
        Work::Version => Ok(format!("archon {}", env!("CARGO_PKG_VERSION"))),
        Work::Setup(method, assistant) => {
            let _here = enter(Where::RunSetup.word());
            session
                .record(&SetupCompleted { install_method: *method, default_assistant: *assistant });
            Ok(format!("Archon is set up, installed by {}.", method.word()))
        }
        Work::List => Ok(bundled().map(WorkflowName::word).collect::<Vec<_>>().join("\n")),
        Work::Run(name, provider) => run_workflow(session, name, *provider),
    }
}

/// The workflows that ship with Archon.
fn bundled() -> impl Iterator<Item = WorkflowName> {
    WorkflowName::ALL.into_iter().filter(|name| *name != WorkflowName::UserDefined)
}

/// Runs a workflow and reports how it started and ended.
fn run_workflow(session: &Session, name: &OsStr, provider: Provider) -> Result<String, Failure> {
    let _here = enter(Where::RunWorkflow.word());
    let start = Instant::now();
    let workflow_name = WorkflowName::of(&name.to_string_lossy());
    let done = nodes(name, workflow_name).and_then(|text| {
        let nodes: Vec<&str> = text.lines().filter(|line| !line.trim().is_empty()).collect();
        let node_count = nodes.len() as u64;
        session.record(&WorkflowRunStarted {
            workflow_name,
            node_count,
            provider,
            is_cli_invoked: true,
        });
        for node in nodes {
            run_node(node).inspect_err(|_| {
                session.record(&WorkflowNodeFailed {
                    workflow_name,
                    node_type: NodeType::of(kind(node)),
                    error_classification: ErrorClassification::Fatal,
                    provider,
                });
            })?;
        }
        Ok(node_count)
    });
    match done {
        Ok(node_count) => {
            session.record(&WorkflowRunCompleted {
                workflow_name,
                duration_ms: start.elapsed(),
                node_count,
                nodes_completed: node_count,
            });
            Ok(format!("{}: {node_count} nodes done.", name.display()))
        }
        Err(failure) => {
            session.record(&WorkflowRunFailed {
                workflow_name,
                error_class: failure.class,
                failed_node_type: failure.node,
                duration_ms: start.elapsed(),
            });
            Err(failure)
        }
    }
}

/// The text of a workflow.
fn nodes(name: &OsStr, known: WorkflowName) -> Result<String, Failure> {
    let _here = enter(Where::LoadConfig.word());
    if known != WorkflowName::UserDefined {
        return Ok(BUNDLED.to_owned());
    }
    let path = Path::new(".archon").join("workflows").join(name);
    std::fs::read_to_string(&path).map_err(|error| Failure {
        sentence: format!("cannot read the workflow {}: {error}", path.display()),
        class: ErrorClass::ConfigError,
        node: None,
    })
}

/// Runs one node.
fn run_node(node: &str) -> Result<(), Failure> {
    let _here = enter(Where::RunNode.word());
    let node_type = NodeType::of(kind(node));
    match node_type {
        NodeType::Other => Err(Failure {
            sentence: format!("unknown kind of node: `{}`", kind(node)),
            class: ErrorClass::ValidationError,
            node: Some(FailedNodeType::Other),
        }),
        NodeType::Loop => {
            let rounds: u32 =
                node.split_whitespace().nth(1).and_then(|rounds| rounds.parse().ok()).unwrap_or(1);
            // A loop of zero rounds divides by zero: here Archon crashes in the
            // tests of what a crash may report.
            print::err(format_args!("{node}: {} % a round\n", LOOP_PERCENT / rounds));
            Ok(())
        }
        _ => {
            print::err(format_args!("{}: done\n", node_type.word()));
            Ok(())
        }
    }
}

fn kind(node: &str) -> &str {
    node.split_whitespace().next().unwrap_or_default()
}

//! Turns OpenClacky's own values into the types of its catalog.

use headcount::catalog::{Platform, Words};

use crate::agent::{End, RunResult};
use crate::telemetry::{Brand, LaunchSource, Model, Os, Provider, Startup, Status, Task};

/// The event of a start.
pub(crate) fn startup(
    platform: Platform,
    brand: Option<Brand>,
    launched_by: Option<&str>,
) -> Startup {
    Startup {
        os: Os::of(platform.word(Words::Ruby)),
        brand,
        launch_source: match launched_by {
            Some("installer") => LaunchSource::Installer,
            _ => LaunchSource::Cli,
        },
    }
}

/// The event of a run, with its metrics if it has a result. It has no part of
/// the message.
pub(crate) fn task(brand: Option<Brand>, result: Option<&RunResult>) -> Task {
    Task {
        brand,
        model: result.and_then(|result| Model::new(&result.model).ok()),
        provider: result.map(|result| Provider::of(&result.provider)),
        prompt_tokens: result.map(|result| result.prompt_tokens),
        completion_tokens: result.map(|result| result.completion_tokens),
        cost_usd: result.map(|result| result.cost_usd),
        duration_ms: result.map(|result| result.took),
        status: result.map(|result| status(result.end)),
    }
}

fn status(end: End) -> Status {
    match end {
        End::Success => Status::Success,
        End::Error => Status::Error,
        End::Interrupted => Status::Interrupted,
    }
}
